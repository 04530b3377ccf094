"""The province's roster on its way in: its rows become rows of ours, household by household, and
go in as any roster does: looked at row by row, weighed, and let in by another person.

A household is known by who lives in it, where all of one live in one place that is of no other;
else by the province's number. One it has numbered since is found by our number where that is said,
or by who lives there; a new one goes by the province's number here as well.
"""

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.exchange import numbers
from services.identification.exchange.faults import Code, fault
from services.identification.exchange.reading import Line
from services.identification.exchange.templates import Column, Template
from services.identification.importing import rosters
from services.identification.models import ExchangeFile, Household
from services.identification.people import index_of
from services.identification.roster.columns import COLUMNS, HEAD, Field
from services.identification.roster.faults import Fault
from services.identification.sealed_files import seal
from shared.database import run
from shared.money import yuan_text
from shared.months import Month

NUMBER: Final = Field.PROVINCIAL_NUMBER.value
GROUP: Final = "group"
"""A column whose codes mean the columns of ours that say yes."""
NEEDED: Final = frozenset(
    {NUMBER, *(each.value for each in (
        Field.VILLAGE, Field.RELATION, Field.NAME, Field.ID_NUMBER, Field.REGISTRATION,
    ))}
)  # fmt: skip
KNOWN: Final = frozenset(each.field.value for each in COLUMNS) - {Field.SERIAL} | {GROUP}
ASSISTED: Final = frozenset(
    {
        Field.DIBAO, Field.TEKUN, Field.DISABILITY_LIVING, Field.DISABILITY_NURSING, Field.OLD_AGE,
    }
)  # fmt: skip
_OF_THE_HEAD: Final = (
    Field.INCOME, Field.DIBAO, Field.DECISION_NUMBER, Field.DECIDED_ON, Field.FROM_MONTH,
    Field.PROVINCIAL_NUMBER,
)  # fmt: skip
"""What our roster says once, in the head's row, and the province in any."""
_YES: Final = "是"
_LIVE: Final = text("""
    SELECT person.id_index, lives.household_id, lives.since, household.number
    FROM unnest(CAST(:indexes AS bytea[])) AS wanted (id_index)
    JOIN person ON person.county = :county AND person.id_index = wanted.id_index
    JOIN membership lives ON lives.person_id = person.id AND lives.until IS NULL
    JOIN household ON household.id = lives.household_id
""")


@dataclass(frozen=True)
class _Stay:
    """Where somebody of the file lives by the register, and since when."""

    household_id: UUID
    number: str
    since: str


@dataclass
class _Homes:
    """Our number of each household of the file, by the province's."""

    ours: dict[str, str] = field(default_factory=dict)
    stays: Mapping[str, _Stay] = field(default_factory=dict)
    new: int = 0
    faults: list[Fault] = field(default_factory=list)


def flaws(template: Template) -> list[str]:
    """What a template of the province's roster lacks, or names that our roster does not know."""
    columns = template.columns
    lacks = sorted(name for name in NEEDED if name not in columns or not columns[name].needed)
    strays = sorted(columns.keys() - KNOWN)
    if GROUP in columns:
        strays += sorted(columns[GROUP].codes.keys() - ASSISTED)
    return [f"{each} is needed" for each in lacks] + [f"{each} is not known" for each in strays]


async def check(desk: Desk, template: Template, lines: Sequence[Line]) -> list[Fault]:
    """Every household of the file is one of ours, or new; what else is wrong the roster says."""
    return (await _homes(desk, template, lines)).faults


async def pass_on(
    desk: Desk, files: Path, template: Template, found: ExchangeFile, lines: Sequence[Line]
) -> Mapping[str, int]:
    """Hand it in as a roster of ours, under the id of the file."""
    homes = await _homes(desk, template, lines)
    content = await asyncio.to_thread(_as_ours, desk, template, lines, homes)
    seal(
        rosters.upload_path(files, found.id),
        desk.keys,
        rosters.purpose("upload", found.id),
        content,
    )
    await go_on(desk, found)
    return {"households": len(homes.ours), "households_new": homes.new}


async def go_on(desk: Desk, found: ExchangeFile) -> None:
    """The same file again: a roster that was set aside goes on, or is asked for again."""
    await rosters.receive(
        desk.session, found.id, found.sha256, found.size_bytes, desk.caller, desk.now
    )


async def _homes(desk: Desk, template: Template, lines: Sequence[Line]) -> _Homes:
    rows = _by_number(lines)
    stays = await _stays(desk, lines)
    known = await numbers.subjects(desk.session, desk.caller.county, numbers.HOUSEHOLD, rows)
    theirs = await numbers.of_subjects(desk.session, {each.household_id for each in stays.values()})
    ours = await _our_numbers(desk, known.values())
    said = await _there_are(desk, lines)
    homes, heading = _Homes(stays=stays), template.columns[NUMBER].heading
    taken: dict[str, str] = {}
    live = {number: _lived_in(its, stays) for number, its in rows.items()}
    named = Counter(home for at in live.values() for home in at)
    for number, its in rows.items():
        at = live[number]
        # One that the file names by another number is that one, and they came from there.
        lives = {home for home, id_ in at.items() if theirs.get(id_) not in rows.keys() - {number}}
        own, alone = its[0].words.get(Field.HOUSEHOLD), [home for home in at if named[home] == 1]
        if own in said and (own in at or number not in known):
            found = own
        elif len(at) == len(alone) == 1:
            (found,) = alone
        elif number in known:
            found = ours[known[number]]
        elif len(lives) > 1:
            homes.faults.append(fault(its[0].number, heading, Code.HOUSEHOLD_UNCLEAR))
            continue
        else:
            found = next(iter(lives), number)
            homes.new += not lives
        if taken.setdefault(found, number) != number:
            homes.faults.append(fault(its[0].number, heading, Code.NUMBER_TAKEN))
        homes.ours[number] = found
    return homes


def _lived_in(lines: Iterable[Line], stays: Mapping[str, _Stay]) -> dict[str, UUID]:
    """Where the people of one household of the file live: our numbers, and the ids."""
    found = (stays.get(line.words[Field.ID_NUMBER]) for line in lines)
    return {stay.number: stay.household_id for stay in found if stay is not None}


def _by_number(lines: Sequence[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.words[NUMBER], []).append(line)
    return found


async def _stays(desk: Desk, lines: Sequence[Line]) -> dict[str, _Stay]:
    """Where everybody of the file lives by the register, by their ID numbers."""
    numbers_of = {index_of(desk.keys, each): each for each in _said(lines, Field.ID_NUMBER)}
    words = {"county": desk.caller.county, "indexes": list(numbers_of)}
    return {
        numbers_of[bytes(row.id_index)]: _Stay(row.household_id, row.number, row.since)
        for row in await run(desk.session, _LIVE, words)
    }


async def _our_numbers(desk: Desk, ids: Iterable[UUID]) -> dict[UUID, str]:
    statement = select(col(Household.id), col(Household.number)).where(
        col(Household.id).in_(list(ids))
    )
    return dict((await desk.session.exec(statement)).all())


async def _there_are(desk: Desk, lines: Sequence[Line]) -> set[str]:
    """Those of our household numbers that the file says and we know."""
    statement = select(col(Household.number)).where(
        col(Household.county) == desk.caller.county,
        col(Household.number).in_(_said(lines, Field.HOUSEHOLD)),
    )
    return set(await desk.session.exec(statement))


def _said(lines: Sequence[Line], name: Field) -> list[str]:
    return sorted({line.words[name] for line in lines if name in line.words})


def _as_ours(desk: Desk, template: Template, lines: Sequence[Line], homes: _Homes) -> bytes:
    """The rows as our roster has them, each on the line of the file that it came from."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink)
    writer.writerow([column.heading for column in COLUMNS])
    of_heads = {number: _of_the_head(its) for number, its in _by_number(lines).items()}
    this_month, above = str(Month.of(desk.today)), 1
    for serial, line in enumerate(lines, start=1):
        number = line.words[NUMBER]
        head, own = of_heads[number], _of_their_own(line)
        if line.words[Field.RELATION] == HEAD:
            own |= head
        stay = homes.stays.get(line.words[Field.ID_NUMBER])
        lives_there = stay is not None and stay.number == homes.ours[number]
        joined = min(str(head.get(Field.FROM_MONTH, this_month)), this_month)
        own.setdefault(Field.SINCE, stay.since if stay and lives_there else joined)
        own |= {Field.SERIAL: serial, Field.HOUSEHOLD: homes.ours[number]}
        writer.writerows([[]] * (line.number - above - 1))
        writer.writerow(
            [_cell(template.columns.get(each.field), own.get(each.field)) for each in COLUMNS]
        )
        above = line.number
    return sink.getvalue().encode()


def _of_the_head(its: Sequence[Line]) -> dict[str, Any]:
    """What a household's rows say of all of it, whichever of them says it."""
    found: dict[str, Any] = {}
    for line in its:
        for name in _OF_THE_HEAD:
            if name in line.words:
                found.setdefault(name, line.words[name])
        if line.words.get(GROUP) == Field.DIBAO:
            found[Field.DIBAO] = _YES
    return found


def _of_their_own(line: Line) -> dict[str, Any]:
    """What a row says of its person."""
    own = {name: said for name, said in line.words.items() if name not in _OF_THE_HEAD}
    group = own.pop(GROUP, None)
    return own | ({group: _YES} if group and group != Field.DIBAO else {})


def _cell(column: Column | None, said: Any) -> str:
    if said is None:
        return ""
    if column is not None and column.type == "fen":
        return yuan_text(said)
    return str(said)
