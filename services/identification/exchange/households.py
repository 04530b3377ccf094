"""The roster that goes to the province, and the numbers that come back for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, text
from sqlmodel import col, select

from services.identification import determinations, registrations
from services.identification.desk import Desk
from services.identification.exchange import numbers
from services.identification.exchange.faults import Code, Taken, fault
from services.identification.exchange.reading import Line
from services.identification.exchange.templates import Template
from services.identification.low_income import entries, registered
from services.identification.models import (
    Household,
    LowIncomeEntry,
    LowIncomePerson,
    Membership,
    Person,
)
from services.identification.roster.columns import HEAD
from services.identification.roster.faults import Fault
from shared.database import run

NO_NUMBER: Final = "无"
"""What stands for the number of a household that the province does not have."""
_PUT_RIGHT: Final = "那一户的编号有误的，请在同一文件里写上它的编号，没有的写“无”"
_LAST: Final = text("""
    SELECT DISTINCT ON (decided.household_id) decided.household_id, decided.id,
        decided.content_sealed, decided.decision_number, decided.decided_on, decided.from_month
    FROM unnest(CAST(:homes AS uuid[])) AS home (id)
    JOIN determination decided ON decided.household_id = home.id AND decided.programme IS NULL
    ORDER BY decided.household_id, decided.id DESC
""")


@dataclass(frozen=True)
class _Decided:
    """What the last decision says of a household."""

    number: str
    decided_on: date
    from_month: str
    income_fen: int | None


_Found = tuple[LowIncomePerson, LowIncomeEntry, Membership, Household]


async def rows(desk: Desk, template: Template, file_id: UUID) -> list[Mapping[str, Any]]:
    """Everybody in the groups of the template, household by household, the head first.

    Of whom the register knows only those whom the last decision draws: a list of the province may
    have put them in, and is not certified by itself. What holds no longer is none of it.
    """
    del file_id
    statement = (
        select(LowIncomePerson, LowIncomeEntry, Membership, Household)
        .join(LowIncomeEntry, col(LowIncomeEntry.holder_id) == col(LowIncomePerson.id))
        .outerjoin(
            Person,
            (col(Person.county) == col(LowIncomePerson.county))
            & (col(Person.id_index) == col(LowIncomePerson.id_index)),
        )
        .outerjoin(
            Membership,
            (col(Membership.person_id) == col(Person.id)) & col(Membership.until).is_(None),
        )
        .outerjoin(Household, col(Household.id) == col(Membership.household_id))
        .where(
            col(LowIncomePerson.county) == desk.caller.county,
            col(LowIncomeEntry.until).is_(None),
            col(LowIncomeEntry.group_name).in_(template.words["groups"]),
            or_(
                col(LowIncomeEntry.valid_until).is_(None),
                col(LowIncomeEntry.valid_until) >= desk.today,
            ),
        )
    )
    everybody = (await desk.session.exec(statement)).all()
    groups = await _drawn(desk, everybody)
    found = [each for each in everybody if groups[each[1].id] in template.words["groups"]]
    found.sort(key=_household_first)
    homes = {home.id for *_, home in found if home is not None}
    known = await numbers.of_subjects(desk.session, homes)
    heads = await _heads(desk, homes)
    decided = await _decided(desk, homes)
    lines: list[Mapping[str, Any]] = []
    for serial, (person, entry, stay, home) in enumerate(found, start=1):
        first = home is None or not lines or lines[-1]["household_number"] != home.number
        last = decided.get(home.id) if home else None
        lines.append(
            {
                "serial": serial,
                "provincial_number": known.get(home.id) if home else None,
                "household_number": home.number if home else None,
                "village": person.village,
                "head_name": heads.get(home.id) if home else None,
                "relation": stay.relation if stay else None,
                "name": person.name,
                "id_number": entries.content_of(desk.keys, person)["id_number"],
                "registration": registrations.word_of(person.registration),
                "group": groups[entry.id],
                "since": entry.since.isoformat(),
                # What a household lives on stands once, in its first row.
                "income_fen_monthly": last.income_fen if last and first else None,
                "decision_number": last.number if last else None,
                "decided_on": last.decided_on.isoformat() if last else None,
                "from_month": last.from_month if last else None,
                "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
            }
        )
    return lines


async def _drawn(desk: Desk, found: Iterable[_Found]) -> dict[UUID, str | None]:
    """The group that counts of each: of whom the register knows, what the last decision draws."""
    stays = {person.id_index: entry for person, entry, *_ in found}
    known = await registered.look_up(desk.session, desk.keys, desk.caller.county, list(stays))
    return {
        entry.id: known[index].group if index in known else entry.group_name
        for index, entry in stays.items()
    }


async def check_numbers(desk: Desk, template: Template, lines: Sequence[Line]) -> list[Fault]:
    """Every household is ours, and no number stays another's: whoever has it is named otherwise in
    the same file, or nobody lives there."""
    ours = await _by_number(desk, [line.words["household_number"] for line in lines])
    taken = await numbers.refused(desk.session, desk.caller.county, _said(ours, lines))
    faults = []
    for line in lines:
        home = ours.get(line.words["household_number"])
        if home is None:
            heading = template.columns["household_number"].heading
            faults.append(fault(line.number, heading, Code.HOUSEHOLD_UNKNOWN))
        elif home in taken:
            heading = template.columns["provincial_number"].heading
            faults.append(fault(line.number, heading, Code.NUMBER_TAKEN, _PUT_RIGHT))
    return faults


async def take_numbers(
    desk: Desk, template: Template, file_id: UUID, lines: Sequence[Line]
) -> Taken:
    """Keep the numbers, and which household has none."""
    del template, file_id
    said = _said(await _by_number(desk, [line.words["household_number"] for line in lines]), lines)
    new = await numbers.learn(
        desk.session,
        desk.caller.county,
        numbers.HOUSEHOLD,
        said,
        desk.now,
        desk.caller.subject,
    )
    return Taken({"new": new, "known": len(said) - new})


def _said(ours: Mapping[str, UUID], lines: Sequence[Line]) -> dict[UUID, str | None]:
    """The number the file says of each household of ours; none where it has none."""
    said = {line.words["household_number"]: line.words["provincial_number"] for line in lines}
    return {
        home: None if said[number] == NO_NUMBER else said[number] for number, home in ours.items()
    }


async def _by_number(desk: Desk, wanted: Sequence[str]) -> dict[str, UUID]:
    rows_ = await desk.session.exec(
        select(col(Household.number), col(Household.id)).where(
            col(Household.county) == desk.caller.county, col(Household.number).in_(wanted)
        )
    )
    return dict(rows_.all())


async def _heads(desk: Desk, homes: set[UUID]) -> dict[UUID, str]:
    rows_ = await desk.session.exec(
        select(col(Membership.household_id), col(Person.name))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.household_id).in_(homes),
            col(Membership.until).is_(None),
            col(Membership.relation) == HEAD,
        )
    )
    return dict(rows_.all())


async def _decided(desk: Desk, homes: set[UUID]) -> dict[UUID, _Decided]:
    """The last decision on each household, with what it lives on by that, where it is known."""
    found = {}
    for row in await run(desk.session, _LAST, {"homes": list(homes)}):
        facts = determinations.unseal(row.id, row.content_sealed, desk.keys)["facts"]
        income = facts.get("income_fen_monthly")
        found[row.household_id] = _Decided(
            row.decision_number,
            row.decided_on,
            row.from_month,
            income if isinstance(income, int) else None,
        )
    return found


def _household_first(row: Any) -> tuple[str, str, bool, str]:
    person, _, stay, home = row
    return (
        person.village,
        home.number if home else "",
        stay is None or stay.relation != HEAD,
        str(person.id),
    )
