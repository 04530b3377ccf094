"""Whoever is granted something lives in a household of the register from the month it is granted
for on: the law counts nobody in a month before they came.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import coming, heads
from services.identification.casework.applications import Member
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.models import CaseFile, Household, Membership, Person
from shared.months import Month


async def enter(
    tools: Tools,
    at: Standing,
    household: Household,
    people: Sequence[tuple[Member, Person]],
    from_month: Month,
) -> dict[UUID, Mapping[str, Any]]:
    """Everybody of the case lives there: who does not yet, from today's month or, where the
    decision is from an earlier one, from that on; never before they were born, nor in a month in
    which they lived elsewhere. Who came in by a case that said less of the past lived there too.
    One of them heads it, as `heads` says.

    Of whoever comes from another household in the month after, what was decided of them there.
    """
    earliest = min(Month.of(at.today), from_month)
    came_by_case = await _came_by_case(tools, household)
    related = await heads.as_they_enter(tools.session, household.id, people)
    brought = dict[UUID, Mapping[str, Any]]()
    for member, person in people:
        stays = await _stays_of(tools, person.id)
        since = str(_first_month(member, stays, earliest))
        ours = next((each for each in stays if each.until is None), None)
        if ours is None:
            before = await coming.of(tools.session, tools.keys, person.id, Month.parse(since))
            brought[person.id] = before.along
            tools.session.add(
                Membership(
                    county=at.case.county,
                    household_id=household.id,
                    person_id=person.id,
                    relation=related[person.id],
                    since=since,
                )
            )
            continue
        ours.relation = related[person.id]
        if ours.since == came_by_case and since < ours.since:
            ours.since = since
        tools.session.add(ours)
    await tools.session.flush()
    return brought


def _first_month(member: Member, stays: Sequence[Membership], earliest: Month) -> Month:
    ended = [Month.parse(each.until).next() for each in stays if each.until is not None]
    born = member.born()
    return max([earliest, *ended, *([Month.of(born)] if born else [])])


async def _stays_of(tools: Tools, person_id: UUID) -> Sequence[Membership]:
    statement = select(Membership).where(col(Membership.person_id) == person_id)
    return (await tools.session.exec(statement)).all()


async def _came_by_case(tools: Tools, household: Household) -> str | None:
    """With which month the first came in of a household that came into the register by a case,
    and not by a roster: of whoever lived there then, no more is known of when they came."""
    by_case = select(CaseFile.id).where(
        col(CaseFile.county) == household.county, col(CaseFile.receipt) == household.number
    )
    if (await tools.session.exec(by_case)).first() is None:
        return None
    first = (
        select(col(Membership.since))
        .where(col(Membership.household_id) == household.id)
        .order_by(col(Membership.since))
    )
    return (await tools.session.exec(first)).first()
