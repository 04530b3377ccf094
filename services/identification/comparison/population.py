"""Everybody the lists are set against: the register and the people of open applications whose own
comparison was filed, keyed as the lists are, with what was decided of them; sealed, because it says
who is ill and who is poor.

Rows stand household by household. A fact that is unknown is told from one that does not apply.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
import pyarrow as pa
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from policies import UNKNOWN
from policies.reading.facts import Fact, State
from services.identification import determinations
from services.identification.comparison import applicants, keyed_files
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.low_income.groups import EDGE, EXPENDITURE, all_groups
from services.identification.people import INDEX_COLUMN
from services.identification.sealed_files import SealedReader, SealedWriter
from shared.database import run
from shared.months import Month, day_number
from shared.secrets import KeyRing

OUT_OF_RANGE: Final = -3
"""What stands in a column of facts for a word the fact cannot have."""

GROUP: Final = "low_income_group"
"""The fact of the group of the low-income database somebody is in themselves, in the month."""

HOUSEHOLDS_AT_ONCE: Final = 5_000
_NOBODY: Final = UUID(int=0)
_NOT_DECIDED: Final = {
    "on_dibao": 0, "on_single_person": 0, "on_tekun": 0, "on_children_living": 0,
    "on_disability_living": 0, "on_disability_nursing": 0, "on_old_age": 0,
    "on_edge": 0, "on_rigid_spending": 0, GROUP: determinations.NOT_APPLICABLE,
    "care_mode": determinations.NOT_APPLICABLE, "self_care": determinations.NOT_APPLICABLE,
    "disability_grade": determinations.NOT_APPLICABLE,
    "disability_kind": determinations.NOT_APPLICABLE,
}  # fmt: skip
"""What is so of somebody of whom nothing was ever decided."""
_DECIDED: Final = {
    *_NOT_DECIDED, "registration", "income_fen_monthly", "born_on", "died_on",
}  # fmt: skip


_STATUSES: Final = {EDGE: "on_edge", EXPENDITURE: "on_rigid_spending"}
"""The groups a decision or a list of the province puts somebody in by what their household has."""


class Origin(IntEnum):
    """Where somebody is from; the household of an applicant is the case, of others they alone.

    A supporter is in a table of their own, with the household they support beside them.
    """

    REGISTER = 0
    APPLICATION = 1
    LOW_INCOME = 2
    SUPPORTER = 3


def path_of(files_dir: Path, comparison_id: UUID, attempt: int) -> Path:
    """Where the people of an attempt lie."""
    return files_dir / "population" / f"{comparison_id}-{attempt}.sealed"


def purpose(comparison_id: UUID, attempt: int) -> str:
    """What the sealed file is for; it opens for nothing else."""
    return f"population|{comparison_id}|{attempt}"


@dataclass
class Columns:
    """People in columns, in the making."""

    facts: Mapping[str, Fact]
    numbers: list[str] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    households: list[UUID] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    villages: list[int] = field(default_factory=list)
    values: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {name: [] for name in self.facts}

    def add(
        self,
        number: str,
        person_id: UUID,
        household_id: UUID,
        village: str,
        said: Mapping[str, Any],
        origin: Origin = Origin.REGISTER,
    ) -> None:
        """One person, with what is known of them and of their household."""
        self.numbers.append(number)
        self.people.append(person_id)
        self.households.append(household_id)
        self.origins.append(origin)
        self.villages.append(int(village))
        for name, fact in self.facts.items():
            value, state = fact.read(said.get(name, _NOT_DECIDED.get(name)))
            if state == State.UNKNOWN:
                value = UNKNOWN
            elif state == State.OUT_OF_RANGE:
                value = OUT_OF_RANGE
            self.values[name].append(value)

    def table(self, pseudonyms: Pseudonyms) -> Any:
        """The columns as one Arrow table."""
        keys = b"".join(pseudonyms.one(number) for number in self.numbers)
        columns = {
            "key": keyed_files.keys_column(np.frombuffer(keys, np.uint8).reshape(-1, 16)),
            "person_id": ids_column(self.people),
            "household_id": ids_column(self.households),
            "origin": pa.array(self.origins, pa.int8()),
            "village": pa.array(self.villages, pa.int64()),
        }
        columns |= {name: pa.array(values, pa.int32()) for name, values in self.values.items()}
        return pa.table(columns)


def decided_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts of the law that a decision brings."""
    return {name: facts[name] for name in sorted(_DECIDED)}


async def write(
    session: AsyncSession,
    keys: KeyRing,
    path: Path,
    purpose_of_it: str,
    facts: Mapping[str, Fact],
    month: str,
) -> int:
    """Write everybody down, sealed; how many there are."""
    pseudonyms, count, writer = Pseudonyms(keys), 0, None
    with SealedWriter(path, keys, purpose_of_it) as file:
        async for columns in _everybody(session, keys, facts, month):
            table = columns.table(pseudonyms)
            count += table.num_rows
            if writer is None:
                writer = pa.ipc.new_stream(_Sink(file), table.schema)
            writer.write_table(table)
        if writer is None:
            empty = Columns(facts).table(pseudonyms)
            writer = pa.ipc.new_stream(_Sink(file), empty.schema)
        writer.close()
    return count


def read(path: Path, keys: KeyRing, purpose_of_it: str) -> Any:
    """Everybody again, as one Arrow table."""
    with SealedReader(path, keys, purpose_of_it) as file:
        # Piece by piece: the whole of it is never in memory twice.
        return pa.ipc.open_stream(file).read_all()


class _Sink:
    """A sealed file as Arrow writes to one; closing it is for whoever opened it."""

    closed = False

    def __init__(self, file: SealedWriter) -> None:
        self._file = file

    def write(self, content: Any) -> int:
        return self._file.write(bytes(content))

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """The sealed file is closed by its own context."""


async def _everybody(
    session: AsyncSession, keys: KeyRing, facts: Mapping[str, Fact], month: str
) -> AsyncIterator[Columns]:
    """The register by households, some at a time; then people of open applications that may be
    compared, and whoever of the low-income database stands in neither."""
    last = _NOBODY
    while True:
        rows = (
            await run(
                session,
                text(_HOUSEHOLDS),
                {"last": last, "limit": HOUSEHOLDS_AT_ONCE, **_within(month)},
            )
        ).all()
        if not rows:
            break
        last = rows[-1].household_id
        yield _of_register(rows, keys, facts)
    applying = Columns(facts)
    seen: set[str] = set()
    for case in await run(session, text(_CASES)):
        for number, group in await _not_at_home(session, keys, case, month):
            if number not in seen:
                seen.add(number)
                said = {
                    "born_on": int(number[6:14]),
                    "died_on": determinations.NOT_APPLICABLE,
                    GROUP: _code(group),
                }
                somebody = applicants.id_of(keys, case.id, number)
                applying.add(number, somebody, case.id, case.village, said, Origin.APPLICATION)
    if applying.numbers:
        yield applying
    async for poor in _low_income(session, keys, facts, seen, month):
        yield poor


async def _low_income(
    session: AsyncSession, keys: KeyRing, facts: Mapping[str, Fact], seen: set[str], month: str
) -> AsyncIterator[Columns]:
    last = _NOBODY
    while True:
        words = {"last": last, "limit": HOUSEHOLDS_AT_ONCE, **_within(month)}
        rows = (await run(session, text(_LOW_INCOME), words)).all()
        if not rows:
            return
        last = rows[-1].id
        columns = Columns(facts)
        for row in rows:
            content = keys.decrypt(
                row.content_sealed, table="low_income_person", column="content_sealed", row=row.id
            )
            number = json.loads(content)["id_number"]
            if number not in seen:
                said = {
                    "registration": row.registration,
                    "born_on": int(number[6:14]),
                    "died_on": determinations.NOT_APPLICABLE,
                    GROUP: _code(row.group_name),
                }
                if row.group_name in _STATUSES:
                    said[_STATUSES[row.group_name]] = 1
                columns.add(number, row.id, row.id, row.village, said, Origin.LOW_INCOME)
        yield columns


def _of_register(rows: Any, keys: KeyRing, facts: Mapping[str, Fact]) -> Columns:
    columns = Columns(facts)
    household_id, content = None, None
    for row in rows:
        if row.person_id is None:
            continue
        if row.household_id != household_id:
            household_id, content = row.household_id, None
            if row.content_sealed is not None:
                content = determinations.unseal(row.determination_id, row.content_sealed, keys)
        number = keys.decrypt(row.id_sealed, table="person", column="id_sealed", row=row.person_id)
        columns.add(
            number, row.person_id, row.household_id, row.village, _said(row, number, content)
        )
    return columns


def _said(row: Any, number: str, content: dict[str, Any] | None) -> dict[str, Any]:
    """What is known of a person: the last decision, and what the register itself says."""
    said: dict[str, Any] = {"registration": row.registration}
    if content is not None:
        said |= content["facts"]
        own = (each for each in content["members"] if each["person_id"] == str(row.person_id))
        said |= next((each["facts"] for each in own), {})
    said["born_on"] = int(number[6:14])
    said[GROUP] = _code(row.group_name)
    died_on = row.died_on
    said["died_on"] = determinations.NOT_APPLICABLE if died_on is None else day_number(died_on)
    return said


async def _not_at_home(
    session: AsyncSession, keys: KeyRing, case: Any, month: str
) -> list[tuple[str, str | None]]:
    """Those of an application who live in no household of the register, and so do not stand there
    already; each with the group the low-income database has them in."""
    numbers = applicants.numbers_of(case, keys)
    indexes = {keys.blind_index(each, column=INDEX_COLUMN): each for each in numbers}
    words = {"county": case.county, "indexes": list(indexes), **_within(month)}
    rows = {bytes(row.id_index): row for row in await run(session, text(_APPLICANTS), words)}
    found = [(number, rows[index]) for index, number in indexes.items()]
    return [(number, row.group_name) for number, row in found if not row.is_at_home]


def _code(group: str | None) -> int | str:
    return determinations.NOT_APPLICABLE if group is None else all_groups()[group].code


def _within(month: str) -> dict[str, Any]:
    """A month, and its first and last day."""
    of = Month.parse(month)
    return {"month": month, "begins": of.first_day(), "ends": of.last_day()}


def ids_column(ids: list[UUID]) -> Any:
    """Ids as a column."""
    return pa.array([each.bytes for each in ids], pa.binary(16))


_IN_MONTH: Final = "since <= :month AND coalesce(until, :month) >= :month"
"""Where somebody lives in the month: the register, applicants and the poor ask the same, so that
nobody is counted in two of them, and of two homes in one month the later counts."""

_GROUP: Final = """
SELECT entry.group_name FROM low_income_entry AS entry
WHERE entry.holder_id = poor.id AND entry.since <= :ends
    AND coalesce(entry.until, :ends) >= greatest(entry.since, :begins)
ORDER BY entry.since DESC, entry.id DESC LIMIT 1
"""
"""The group somebody is in in the month, of several the last: who left before it is in none, and a
stay that never was true ends before it began. Whose days are over is in it until it is cleared."""

_HOUSEHOLDS: Final = f"""
WITH home AS (
    SELECT id, village, registration FROM household WHERE id > :last ORDER BY id LIMIT :limit
)
SELECT home.id AS household_id, home.village, home.registration, person.id AS person_id,
    person.id_sealed, person.died_on, decided.id AS determination_id, decided.content_sealed,
    in_group.group_name
FROM home
LEFT JOIN (SELECT * FROM membership WHERE {_IN_MONTH}) AS stay ON stay.household_id = home.id
    AND NOT EXISTS (
        SELECT FROM membership AS later WHERE person_id = stay.person_id AND {_IN_MONTH}
            AND (since, id) > (stay.since, stay.id)
    )
LEFT JOIN person ON person.id = stay.person_id
LEFT JOIN low_income_person AS poor
    ON poor.county = person.county AND poor.id_index = person.id_index
LEFT JOIN LATERAL ({_GROUP}) AS in_group ON true
LEFT JOIN LATERAL (
    SELECT id, content_sealed FROM determination
    WHERE determination.household_id = home.id AND from_month <= :month
        AND coalesce(until_month, :month) >= :month AND programme IS NULL
    ORDER BY id DESC LIMIT 1
) AS decided ON true
ORDER BY home.id, person.id
"""  # noqa: S608 # A condition of this file.

_CASES: Final = """
SELECT id, county, village, content_sealed FROM case_file
WHERE closed_at IS NULL AND household_id IS NULL
    AND EXISTS (SELECT FROM case_act WHERE case_id = case_file.id AND act = 'compare')
ORDER BY id
"""
"""Applications that were compared themselves, and so have the letter of every adult: nobody else's
means are compared."""

_APPLICANTS: Final = f"""
SELECT wanted.id_index, in_group.group_name,
    EXISTS (
        SELECT FROM person JOIN membership ON person_id = person.id AND {_IN_MONTH}
        WHERE person.county = :county AND person.id_index = wanted.id_index
    ) AS is_at_home
FROM unnest(CAST(:indexes AS bytea[])) AS wanted (id_index)
LEFT JOIN low_income_person AS poor
    ON poor.county = :county AND poor.id_index = wanted.id_index
LEFT JOIN LATERAL ({_GROUP}) AS in_group ON true
"""  # noqa: S608 # The same.

_LOW_INCOME: Final = f"""
SELECT poor.id, poor.village, poor.registration, poor.content_sealed, in_group.group_name
FROM low_income_person AS poor
JOIN LATERAL ({_GROUP}) AS in_group ON true
WHERE poor.id > :last AND NOT EXISTS (
    SELECT FROM person JOIN membership ON person_id = person.id AND {_IN_MONTH}
    WHERE person.id_index = poor.id_index
)
ORDER BY poor.id LIMIT :limit
"""  # noqa: S608 # The same.
