"""Whom a look-back looks at because they were refused: each set of people once, and nobody who is
looked at anyway. A case that was refused has no household; its people are known by their numbers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from services.identification import areas
from services.identification.casework import queues
from services.identification.desk import Desk
from services.identification.models import CaseFile, CasePerson, Membership, Person
from shared.database import among
from shared.months import Month

REFUSED: Final = "refused"


@dataclass(frozen=True)
class Refusal:
    """The last refusal of some people, and the household all of them live in, where it is one."""

    case: CaseFile
    home: UUID | None


async def of(
    desk: Desk, area: str, listed: Collection[UUID], taken: Collection[UUID]
) -> list[Refusal]:
    """The refusals of an area within the months of the look-back, but of who is on the list since,
    or all of whom live where the round looks anyway."""
    since = Month.of(desk.today).plus(-desk.settings.number("look_back_months")).first_day()
    cases = await desk.session.exec(
        select(CaseFile)
        .where(
            col(CaseFile.state) == REFUSED,
            col(CaseFile.state_since) >= since.replace(day=min(desk.today.day, 28)),
            areas.within([area], col(CaseFile.village)),
            queues.visible(desk.caller),
        )
        .order_by(col(CaseFile.state_since), col(CaseFile.id))
    )
    by_id = {each.id: each for each in cases}
    asked = await _asked_for(desk, by_id)
    last = {frozenset(asked.get(each, ())) or each: case for each, case in by_id.items()}
    found = []
    for case in last.values():
        homes = set(asked.get(case.id, {}).values()) or {case.household_id}
        if case.household_id in listed or all(home in taken for home in homes):
            continue
        found.append(Refusal(case, homes.pop() if len(homes) == 1 else None))
    return found


async def _asked_for(desk: Desk, cases: Collection[UUID]) -> dict[UUID, dict[bytes, UUID | None]]:
    """Whom each case was for, by the keys of their numbers, and where they live now."""
    found: dict[UUID, dict[bytes, UUID | None]] = {}
    here = and_(
        col(Person.id_index) == col(CasePerson.id_index),
        col(Person.county) == desk.caller.county,
    )
    lives = and_(col(Membership.person_id) == col(Person.id), col(Membership.until).is_(None))
    statement = (
        select(col(CasePerson.case_id), col(CasePerson.id_index), col(Membership.household_id))
        .outerjoin(Person, here)
        .outerjoin(Membership, lives)
        .where(
            among(col(CasePerson.case_id), cases),
            col(CasePerson.asked_for),
            col(CasePerson.id_index).is_not(None),
        )
    )
    for case_id, index, home in await desk.session.exec(statement):
        assert index is not None, "only of whom there is a number"
        found.setdefault(case_id, {})[index] = home
    return found
