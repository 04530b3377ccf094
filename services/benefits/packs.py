"""The law a run read, kept whole under its hash, and found again by it."""

import io
import tarfile
import tempfile
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from policies.engine import standings
from policies.reading.programmes import MONEY, ONCE
from services.benefits.models import PolicyPack
from services.benefits.settings import Settings
from shared.backup_files import REMADE
from shared.database import run
from shared.problems import Malformed, Problem

PACKS: Final = Path(policies.__file__).parent
CODE: Final = "law"
"""What was compiled of the law, among what is made again when it is gone."""
_WRITTEN: Final = {".py", ".yaml"}


class NoSuchFamily(Malformed):
    """This place pays no such family of programmes."""


class LawMissing(Problem):
    """The law this run was calculated by cannot be read as it was."""


def present(settings: Settings) -> policies.Law:
    """The law as it lies in its files now; read again only when one of them has changed."""
    folders = {PACKS, settings.places_dir or PACKS}
    written = sorted(
        (str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in _WRITTEN
    )
    code_dir = settings.files_dir / REMADE / CODE
    return _as_written(settings.county, settings.places_dir, code_dir, tuple(written))


@lru_cache(maxsize=4)
def _as_written(
    county: str, places_dir: Path | None, code_dir: Path, _files: object
) -> policies.Law:
    return policies.load(county, places_dir, code_dir=code_dir)


def programmes_of(law: policies.Law, family: str) -> tuple[str, ...]:
    """The programmes that are run together; one that is given once is run by itself.

    Raises:
        NoSuchFamily: the place has no such family.
    """
    if family in law.families:
        return law.families[family]
    if family in given_once(law):
        return (family,)
    raise NoSuchFamily(f"there are {', '.join(sorted([*law.families, *given_once(law)]))}")


def given_once(law: policies.Law) -> frozenset[str]:
    """Programmes that give money once, by a decision of its own, out of a budget item."""
    return frozenset(
        name
        for name, each in law.programmes.items()
        if each.family is None
        and each.declared.gives == MONEY
        and each.declared.period == ONCE
        and each.budget_items
    )


def families_in_words(law: policies.Law) -> list[dict[str, Any]]:
    """What runs may be opened for here: families paid by month, and what is given once."""
    named = {name: each.words for name, each in law.place.families.items()}
    named |= {name: law.programmes[name].words for name in sorted(given_once(law))}
    return [{"code": name, "zh": each.zh, "en": each.en} for name, each in named.items()]


def unconfirmed(law: policies.Law, family: str, month: str) -> list[str]:
    """Numbers a family may read in a month that no two people have confirmed from a document."""
    return sorted(
        {each.name for each in standings.unconfirmed(law, programmes_of(law, family), month)}
    )


async def keep(session: AsyncSession, law: policies.Law, county: str, now: datetime) -> None:
    """Keep the law's archive under its hash."""
    await run(
        session,
        text(
            "INSERT INTO policy_pack (sha256, county, archive, kept_at)"
            " VALUES (:sha256, :county, :archive, :now) ON CONFLICT (sha256) DO NOTHING"
        ),
        {"sha256": law.sha256, "county": county, "archive": law.archive(), "now": now},
    )


async def by_hash(session: AsyncSession, sha256: str, now: policies.Law) -> policies.Law:
    """The law of a hash: the present one, or the one kept.

    Raises:
        LawMissing: none was kept, or this engine reads it otherwise than it was read.
    """
    if now.sha256 == sha256:
        return now
    kept = await session.get(PolicyPack, sha256)
    if kept is None:
        raise LawMissing("its archive was not kept", policy_sha256=sha256)
    law = _unpacked(kept.archive, now.place.code, now.code_dir)
    if law.sha256 != sha256:
        raise LawMissing("this engine is another", policy_sha256=sha256)
    return law


@lru_cache(maxsize=4)
def _unpacked(archive: bytes, place: str, code_dir: Path | None) -> policies.Law:
    with tempfile.TemporaryDirectory(prefix="doudi-law-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        return policies.load(place, Path(folder) / "places", Path(folder) / "packs", code_dir)
