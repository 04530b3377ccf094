"""The standing board: who is granted what today, made anew from the register whenever it is read.

So it follows every change, whichever way it came: a case, a roster, a death, a status that ran
out. A household is named by somebody of age who lives in it, and what is a person's by that
person; where nobody is of age, and where somebody is kept secret, there is no line.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from services.identification import determinations, names
from services.identification.casework import last_decisions
from services.identification.casework.applications import ADULT_YEARS
from services.identification.casework.asked_once import RUNS_OUT
from services.identification.casework.last_decisions import Stood
from services.identification.casework.lists import secrecy
from services.identification.casework.paths import PERSON, all_paths, endable
from services.identification.desk import Desk
from services.identification.low_income.groups import EDGE, EXPENDITURE
from services.identification.models import LowIncomeEntry, LowIncomePerson, Membership, Person
from services.identification.roster.columns import HEAD
from shared.months import day_number

Granted = tuple[str, UUID | None]
"""A category, and whose it is where it is one person's."""


async def of_area(desk: Desk, area: str, *, whole: bool = False) -> list[dict[str, Any]]:
    """A line for whatever is granted in a village, a township or the county: allowed words, and by
    which opaque id and programme a sum is found elsewhere, for nobody decides one here. Names are
    masked, or whole for the paper that hangs on the board."""
    stood = {each.household_id: each async for each in last_decisions.of_areas(desk, [area])}
    on = {home: found for home, each in stood.items() if (found := list(_granted(desk, each)))}
    hidden = await secrecy.households_of(desk.session, desk.keys, on)
    running = await _running(
        desk, {home for home, found in on.items() if any(name in RUNS_OUT for name, _ in found)}
    )
    living = await _living(desk, set(on) - hidden)
    lines = []
    for home, people in living.items():
        for category, of_person in on[home]:
            named = _named(desk, people, of_person)
            if named is not None and (category not in RUNS_OUT or home in running):
                lines.append(
                    {
                        "village": stood[home].village,
                        "name": named.name if whole else names.called(named.name),
                        "members": len(people),
                        "category": all_paths()[category].words.zh,
                        "programme": category.replace("-", "_"),
                        "beneficiary_id": str(of_person or home),
                    }
                )
    return sorted(lines, key=lambda each: (each["village"], each["name"], each["category"]))


def _granted(desk: Desk, stood: Stood) -> Iterator[Granted]:
    """What of the public categories the last decision says is granted."""
    for category in desk.settings.public_categories:
        grant = endable().get(category)
        if grant is None:
            continue  # What is given once stands nowhere.
        if grant.whose != PERSON:
            if grant.is_on(stood.content["facts"]):
                yield category, None
            continue
        for member in determinations.living(stood.content):
            if grant.is_on(member["facts"]):
                yield category, UUID(member["person_id"])


def _named(
    desk: Desk, people: list[tuple[Person, Membership, int]], of_person: UUID | None
) -> Person | None:
    """Who stands for a line: the person it is about, or the head, or another of age."""
    grown = [
        (person, stay)
        for person, stay, born in people
        if born + ADULT_YEARS * 10_000 <= day_number(desk.today)
    ]
    if of_person is not None:
        return next((person for person, _ in grown if person.id == of_person), None)
    grown.sort(key=lambda each: (each[1].relation != HEAD, each[1].since, str(each[0].id)))
    return next((person for person, _ in grown), None)


async def _running(desk: Desk, household_ids: Collection[UUID]) -> set[UUID]:
    """Households in which somebody's status of low income holds today."""
    found = await desk.session.exec(
        select(col(Membership.household_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(LowIncomePerson, col(LowIncomePerson.id_index) == col(Person.id_index))
        .join(LowIncomeEntry, col(LowIncomeEntry.holder_id) == col(LowIncomePerson.id))
        .where(
            col(Membership.household_id).in_(household_ids),
            col(Membership.until).is_(None),
            col(LowIncomePerson.county) == desk.caller.county,
            col(LowIncomeEntry.group_name).in_((EDGE, EXPENDITURE)),
            col(LowIncomeEntry.until).is_(None),
            or_(
                col(LowIncomeEntry.valid_until).is_(None),
                col(LowIncomeEntry.valid_until) >= desk.today,
            ),
        )
    )
    return set(found.all())


async def _living(
    desk: Desk, household_ids: set[UUID]
) -> dict[UUID, list[tuple[Person, Membership, int]]]:
    """Everybody alive who lives in each household now, with the day of birth as a number."""
    found: dict[UUID, list[tuple[Person, Membership, int]]] = {}
    rows = await desk.session.exec(
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.household_id).in_(household_ids),
            col(Membership.until).is_(None),
            col(Person.died_on).is_(None),
        )
    )
    for person, stay in rows:
        number = desk.keys.decrypt(
            person.id_sealed, table="person", column="id_sealed", row=person.id
        )
        found.setdefault(stay.household_id, []).append((person, stay, int(number[6:14])))
    return found
