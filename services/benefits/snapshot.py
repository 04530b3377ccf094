"""What a run reads, frozen in one file: facts in columns, sealed whole, named by its hash.

Arrow IPC parts lie in it: the determinations that speak for the months in scope (with deaths told
since, without who is in dispute), why each past month is due, what was granted before, who was left
out, and which large sums a person let go. From here nothing that is learned changes the run, and a
replay reads nothing else.
"""

import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import disputes, facts, holds, last_granted, packs
from services.benefits import scope as scopes
from services.benefits.differences import Before, Key
from services.benefits.disputes import Left
from services.benefits.models import Run
from services.benefits.months_due import Cause
from services.benefits.scope import Scope, Spoken
from shared.contracts.benefits import RunKind
from shared.database import run
from shared.months import day_number
from shared.problems import Problem
from shared.secrets import KeyRing, fingerprint

PURPOSE: Final = "benefits-snapshot"
FOLDER: Final = "snapshots"
_MAGIC: Final = b"DOUDI-SNAPSHOT-1\n"
_HOUSEHOLDS_AT_ONCE: Final = 2000


class SnapshotDiffers(Problem):
    """The frozen facts of this run are not the ones it was calculated from."""


@dataclass(frozen=True)
class Frozen:
    """One run's reading, out of its file or about to go into it."""

    facts: policies.Snapshot
    scope: Scope
    before: Mapping[Key, Before]
    left: Sequence[Left]
    """Who is left out of the facts because their part is in dispute."""
    whole: policies.Snapshot
    """Their households as they were decided, to see what the parts in dispute come to."""
    looked_at: frozenset[Key]
    """Whose sum a person let go although it is above the ceiling."""


async def gather(session: AsyncSession, keys: KeyRing, of: Run, law: policies.Law) -> Frozen:
    """Everything the run answers for, as this transaction sees it; its marks are taken."""
    programmes = packs.programmes_of(law, of.family)
    decided_for = of.family if of.kind == RunKind.ONE_OFF else None
    scope = await scopes.find(session, of, programmes)
    spoken = await scopes.determinations(session, of.county, scope, decided_for)
    before = await scopes.granted_before(session, of.county, scope.months(), programmes)
    standing = {
        key: what for key, what in before.items() if scope.covers(what.household_id, key.month)
    }
    disputed = await disputes.standing(session, of.county)
    read, left, whole = [law.snapshot([])], list[Left](), list[dict[str, Any]]()
    async for words in _words(session, keys, of.county, spoken):
        await last_granted.bring(session, law, words)
        standing.update(_of_members(words, before))
        kept = []
        for each in words:
            without, out = disputes.leave_out(each, disputed)
            kept += without
            left += out
            whole += [each] if out else []
        read.append(law.snapshot(kept))
    return Frozen(
        policies.Snapshot.joined(read),
        scope,
        {key: standing[key] for key in sorted(standing)},
        sorted(set(left)),
        law.snapshot(whole),
        await holds.looked_at(session, of.county, scope.months(), programmes),
    )


def write(path: Path, frozen: Frozen, keys: KeyRing) -> str:
    """Seal the reading into its file, whole or not at all; the hash of what was sealed."""
    content = _to_bytes(frozen)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(keys.encrypt_bytes(content, purpose=PURPOSE))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return fingerprint(content)


def read(path: Path, of: Run, keys: KeyRing) -> Frozen:
    """The reading of a run, when it is the very one it froze.

    Raises:
        SnapshotDiffers: the file is gone, was changed, or is another run's.
    """
    try:
        content = keys.decrypt_bytes(path.read_bytes(), purpose=PURPOSE)
    except OSError as problem:
        raise SnapshotDiffers("its file cannot be read", run_id=str(of.id)) from problem
    if fingerprint(content) != of.facts_sha256:
        raise SnapshotDiffers("its hash is another", run_id=str(of.id))
    return _from_bytes(content, of)


def path_of(files_dir: Path, of: Run) -> Path:
    """Where a run's snapshot lies; each attempt has its own."""
    return files_dir / FOLDER / f"{of.id}-{of.attempt}.arrow.sealed"


async def _words(
    session: AsyncSession,
    keys: KeyRing,
    county: str,
    spoken: Mapping[str, Sequence[Spoken]],
) -> AsyncIterator[list[dict[str, Any]]]:
    """The words in force, some households at a time, in the order of household and month."""
    deaths = await deaths_told(session, county)
    households = sorted(spoken)
    for start in range(0, len(households), _HOUSEHOLDS_AT_ONCE):
        some = households[start : start + _HOUSEHOLDS_AT_ONCE]
        wanted = {each.determination_id for household in some for each in spoken[household]}
        rows = await run(session, text(_WORDS), {"determinations": list(wanted)})
        known = {row.determination_id: _with_deaths(row, deaths, keys) for row in rows}
        yield [
            {
                **known[each.determination_id],
                "from_month": each.first,
                "until_month": each.last,
            }
            for household in some
            for each in spoken[household]
        ]


def _with_deaths(row: Any, deaths: Mapping[str, Any], keys: KeyRing) -> dict[str, Any]:
    """The words of a determination, with what was told of deaths after it was recorded."""
    words = facts.unseal(row.determination_id, row.words_sealed, keys)
    return count_dead(words, row.recorded_at, deaths)


async def deaths_told(
    session: AsyncSession, county: str, people: Sequence[str] | None = None
) -> dict[str, Any]:
    """The last that was told of each death, of everybody or of some, by whose it is."""
    found = await run(session, text(_DEATHS), {"county": county, "people": people})
    return {row.person_id: row for row in found}


def count_dead(
    words: dict[str, Any], recorded_at: datetime, deaths: Mapping[str, Any]
) -> dict[str, Any]:
    """The same words, with what was told of deaths after they were recorded."""
    for member in words["members"]:
        death = deaths.get(member["person_id"])
        if death is not None and death.told_at >= recorded_at:
            member["facts"]["died_on"] = (
                "not-applicable" if death.taken_back else day_number(death.died_on)
            )
    return words


def _of_members(
    words: Sequence[Mapping[str, Any]], before: Mapping[Key, Before]
) -> dict[Key, Before]:
    """What was granted before to people who stand in these households in the month itself."""
    found: dict[Key, Before] = {}
    if not before:
        return found
    programmes = {key.programme for key in before}
    months = {key.month for key in before}
    for each in words:
        for month in months:
            if not each["from_month"] <= month <= each["until_month"]:
                continue
            here = {"household_id": each["household_id"], "village": each["village"]}
            for member in each["members"]:
                if (member.get("since") or month) <= month <= (member.get("until") or month):
                    keys = (Key(member["person_id"], name, month) for name in programmes)
                    found.update(
                        (key, replace(before[key], **here)) for key in keys if key in before
                    )
    return found


def _to_bytes(frozen: Frozen) -> bytes:
    due = [
        {"month": month, "household_id": household_id, "cause": cause.value}
        for month, causes in sorted(frozen.scope.due.items())
        for household_id, cause in sorted(causes.items())
    ]
    before = [
        {
            **key._asdict(),
            "beneficiary_kind": what.beneficiary_kind,
            "household_id": what.household_id,
            "village": what.village,
            "budget_item": what.budget_item,
            "granted_fen": what.granted_fen,
            "proposed_fen": what.proposed_fen,
            "differences": what.differences,
        }
        for key, what in frozen.before.items()
    ]
    parts = {
        "facts": frozen.facts.to_bytes(),
        "due": _table(due, _DUE),
        "before": _table(before, _BEFORE),
        "left": _table([each._asdict() for each in frozen.left], _LEFT),
        "whole": frozen.whole.to_bytes(),
        "looked_at": _table([each._asdict() for each in sorted(frozen.looked_at)], _LOOKED_AT),
    }
    head = json.dumps({name: len(part) for name, part in parts.items()})
    return b"".join((_MAGIC, head.encode(), b"\n", *parts.values()))


def _from_bytes(content: bytes, of: Run) -> Frozen:
    assert content.startswith(_MAGIC), "its hash was checked"
    end = content.index(b"\n", len(_MAGIC))
    parts, at = {}, end + 1
    for name, length in json.loads(content[len(_MAGIC) : end]).items():
        parts[name] = content[at : at + length]
        at += length
    scope = Scope(of.pay_month, everyone=of.kind != RunKind.SUPPLEMENTARY)
    for row in _rows(parts["due"]):
        scope.due.setdefault(row["month"], {})[row["household_id"]] = Cause(row["cause"])
    before = {}
    for row in _rows(parts["before"]):
        key = Key(row.pop("beneficiary_id"), row.pop("programme"), row.pop("month"))
        before[key] = Before(**row)
    read = policies.Snapshot.from_bytes(parts["facts"])
    if "left" not in parts:  # Frozen before there were disputes.
        return Frozen(read, scope, before, (), policies.Snapshot.of([], {}), frozenset())
    left = [Left(**row) for row in _rows(parts["left"])]
    whole = policies.Snapshot.from_bytes(parts["whole"])
    # Frozen before anybody's looking was known, there is no such part.
    looked_at = _rows(parts["looked_at"]) if "looked_at" in parts else []
    return Frozen(read, scope, before, left, whole, frozenset(Key(**row) for row in looked_at))


def _table(rows: list[dict[str, Any]], schema: Any) -> bytes:
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, schema, options=options) as writer:
        writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    return bytes(sink.getvalue())


def _rows(part: bytes) -> list[dict[str, Any]]:
    with pa.ipc.open_file(pa.BufferReader(part)) as reader:
        found: list[dict[str, Any]] = reader.read_all().to_pylist()
    return found


_DUE: Final = pa.schema([(name, pa.string()) for name in ("month", "household_id", "cause")])
_LEFT: Final = pa.schema([(name, pa.string()) for name in Left._fields])
_LOOKED_AT: Final = pa.schema([(name, pa.string()) for name in Key._fields])
_BEFORE: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("beneficiary_id", "programme", "month")),
        *(
            (name, pa.string())
            for name in ("beneficiary_kind", "household_id", "village", "budget_item")
        ),
        *((name, pa.int64()) for name in ("granted_fen", "proposed_fen", "differences")),
    ]
)

_DEATHS: Final = """
SELECT DISTINCT ON (person_id) person_id::text, died_on, taken_back, told_at
FROM death WHERE county = :county
    AND (cast(:people AS uuid[]) IS NULL OR person_id = ANY(cast(:people AS uuid[])))
ORDER BY person_id, told_at DESC, learned_number DESC
"""

_WORDS: Final = """
SELECT determination_id::text, recorded_at, words_sealed FROM determination
WHERE determination_id = ANY(cast(:determinations AS uuid[]))
"""
