"""The law of the place: read from its files, and kept whole under its hash to explain by it."""

import io
import os
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import policies
from services.identification.settings import Settings
from shared.backup_files import REMADE
from shared.problems import Problem

PACKS: Final = Path(policies.__file__).parent
BATCHES: Final = "registered_poor_batches"
SUPPORT: Final = "alert_support"
"""The warning about whoever supports a household from elsewhere: compared by themselves."""
FOLDER: Final = "laws"
_UNJUDGED: Final = (
    ("unknown-", "不知道“{}”", "not known: {}"),
    ("fact-out-of-range-", "“{}”超出合理范围", "out of range: {}"),
)
CODE: Final = "law"
"""What was compiled of the law, among what is made again when it is gone."""

Law = policies.Law
LawOfPlace = Callable[[], Law]
"""The law as it lies in its files now."""


class LawMissing(Problem):
    """The law this was judged by cannot be read as it was."""


def no_law() -> policies.Law:
    """Where nobody reckons, there is none."""
    raise LawMissing("no law was given to reckon by")


def present(settings: Settings) -> policies.Law:
    """The law as it lies in its files now, give or take a second; read again only when one of them
    has changed."""
    place = (settings.places_dir or PACKS / "places") / settings.county
    written = _written(place, int(time.monotonic()))
    law = _as_written(settings.county, settings.places_dir, written)
    law.code_dir = law.code_dir or settings.files_dir / REMADE / CODE
    return law


@lru_cache(maxsize=2)
def _written(place: Path, _second: int) -> tuple[tuple[str, int], ...]:
    """When each file of the law was written: hundreds of them, and the law is asked several times
    in each answer."""
    packs = [each.path for each in os.scandir(PACKS) if each.is_dir()]
    return tuple(
        sorted(
            (file.path, file.stat().st_mtime_ns)
            for folder in (str(PACKS), str(place), *packs)
            for file in os.scandir(folder)
            if file.name.endswith((".py", ".yaml"))
        )
    )


@lru_cache(maxsize=2)
def _as_written(county: str, places_dir: Path | None, _files: object) -> policies.Law:
    return policies.load(county, places_dir)


def names(settings: Settings) -> Mapping[str, policies.Words]:
    """What each warning is called."""
    return {name: _here(settings).programmes[name].words for name in _here(settings).place.watches}


def unjudged_words(settings: Settings, reasons: Iterable[str]) -> dict[str, policies.Words]:
    """Why somebody was not judged, fact by fact, in words; a reason of no fact is left out."""
    facts, found = _here(settings).facts, {}
    for reason in reasons:
        for prefix, zh, en in _UNJUDGED:
            fact = facts.get(reason.removeprefix(prefix)) if reason.startswith(prefix) else None
            if fact is not None:
                found[reason] = policies.Words(zh.format(fact.label.zh), en.format(fact.label.en))
    return found


def batch_words(settings: Settings) -> Mapping[str, policies.Words]:
    """What each of the four batches is called."""
    rules = _here(settings).packs[BATCHES].rules
    codes = next(rule.codes for rule in rules if rule.codes)
    return {str(value): code.words for value, code in codes.items()}


def keep(settings: Settings, law: policies.Law) -> None:
    """Keep the law's archive under its hash, whole or not at all."""
    path = _path(settings, law.sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(law.archive())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def by_hash(settings: Settings, sha256: str) -> policies.Law:
    """The law of a hash, as it was kept.

    Raises:
        LawMissing: none was kept, or this engine reads it otherwise than it was read.
    """
    path = _path(settings, sha256)
    if not path.exists():
        raise LawMissing("its archive was not kept", law_sha256=sha256)
    law = _unpacked(path, settings.county)
    if law.sha256 != sha256:
        raise LawMissing("this engine is another", law_sha256=sha256)
    return law


def _here(settings: Settings) -> policies.Law:
    return _named(settings.county, settings.places_dir)


@lru_cache(maxsize=2)
def _named(county: str, places_dir: Path | None) -> policies.Law:
    """The law as it was when this process first asked; names of warnings are all it is read for."""
    return policies.load(county, places_dir)


def _path(settings: Settings, sha256: str) -> Path:
    return settings.files_dir / FOLDER / f"{sha256}.tar"


@lru_cache(maxsize=4)
def _unpacked(path: Path, county: str) -> policies.Law:
    with tempfile.TemporaryDirectory(prefix="doudi-law-") as folder:
        with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as tar:
            tar.extractall(folder, filter="data")
        return policies.load(county, Path(folder) / "places", Path(folder) / "packs")
