"""The standing board: who is on the list today, made anew from the register whenever it is read.

So it follows every change, whichever way it came: a case, a roster, a death. A household is named
by somebody of age who lives in it; where there is nobody, and where it is kept secret, it is not
there.
"""

from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import names
from services.identification.casework import last_decisions
from services.identification.casework.applications import ADULT_YEARS
from services.identification.casework.last_decisions import Stood
from services.identification.casework.paths import all_paths
from services.identification.desk import Desk
from services.identification.models import CaseAct, CaseFile, Membership, Person
from services.identification.roster.columns import HEAD

CATEGORIES: Final = ("dibao", "tekun", "single-person")
"""What the register itself says of a household; other categories are shown by their cases."""


async def of_area(desk: Desk, area: str) -> list[dict[str, Any]]:
    """A line a household of a village, a township or the county: allowed words, and by which
    opaque id and programme a sum is found elsewhere, for nobody decides one here."""
    shown = set(desk.settings.public_categories)
    stood = last_decisions.of_areas(desk, [area])
    listed = {each.household_id: each async for each in stood if each.listed}
    secret = await _secret(desk, set(listed))
    living = await _living(desk, set(listed) - secret)
    lines = []
    for household_id, people in living.items():
        category, of_person = _category(listed[household_id])
        named = _named(desk, people, of_person)
        if named is not None and category in shown:
            lines.append(
                {
                    "village": listed[household_id].village,
                    "name": names.called(named.name),
                    "members": len(people),
                    "category": all_paths()[category].words.zh,
                    "programme": category.replace("-", "_"),
                    "beneficiary_id": str(of_person or household_id),
                }
            )
    return sorted(lines, key=lambda each: (each["village"], each["name"]))


def _category(stood: Stood) -> tuple[str, UUID | None]:
    """What a household is on the list for; tekun and dibao alone are one person's."""
    if stood.content["facts"]["on_dibao"] == 1:
        return "dibao", None
    for member in stood.content["members"]:
        if member["facts"]["on_tekun"] == 1:
            return "tekun", UUID(member["person_id"])
        if member["facts"].get("on_single_person") == 1:
            return "single-person", UUID(member["person_id"])
    return "dibao", None


def _named(
    desk: Desk, people: list[tuple[Person, Membership, int]], of_person: UUID | None
) -> Person | None:
    """Who stands for a household: the person it is about, or its head, or another of age."""
    grown = [
        (person, stay)
        for person, stay, born in people
        if born + ADULT_YEARS * 10_000 <= int(f"{desk.today:%Y%m%d}")
    ]
    if of_person is not None:
        return next((person for person, _ in grown if person.id == of_person), None)
    grown.sort(key=lambda each: (each[1].relation != HEAD, each[1].since, str(each[0].id)))
    return next((person for person, _ in grown), None)


async def _secret(desk: Desk, household_ids: set[UUID]) -> set[UUID]:
    """Households of which a case is kept secret."""
    found = await desk.session.exec(
        select(CaseFile.household_id)
        .join(CaseAct, col(CaseAct.case_id) == col(CaseFile.id))
        .where(col(CaseAct.act) == "keep-secret", col(CaseFile.household_id).in_(household_ids))
    )
    return {each for each in found if each is not None}


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
