"""Whom a grant brings into a household of the register: nobody who moved out since the application
was handed in, who is granted up to then what an appeal finds owed; and nobody, unseen, who makes a
household on dibao larger. Whoever came to live there by a decision since it was decided first stays
as they are, named by it or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import decisions, determinations
from services.identification.casework.applications import Member
from services.identification.casework.decisions.decided_since import first_decided_at
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools, index_of
from services.identification.histories import History, Recorded
from services.identification.models import Determination, Household, Membership, Person
from shared.problems import Conflict

_SAYS_WHO: Final = ("write", "submit", "correct")
"""Acts by which an application says, or says still, who lives together."""


class LeftSince(Conflict):
    """Somebody of this application moved out since it was handed in: correct it first."""


class ComesUnseen(Conflict):
    """This household is on dibao, and somebody of this application comes to it: let them come in by
    a change, which looks into what the household lives on."""


async def without_who_left(tools: Tools, at: Standing) -> Standing:
    """Whoever moved out meanwhile does not come back by an application that was written before: it
    is corrected, or, where an appeal grants it, they live there no more.

    Raises:
        LeftSince: somebody did, and no appeal grants it.
    """
    left = await _left_since(tools, at)
    if not left:
        return at
    if "appeal" not in at.words:
        raise LeftSince(member=left[0].key)
    members = tuple(
        each.model_copy(update={"lives_together": False}) if each in left else each
        for each in at.application.members
    )
    return replace(at, application=at.application.model_copy(update={"members": members}))


async def gone_since(
    tools: Tools,
    household: Household,
    written: Standing,
    still: Standing,
    of_members: Mapping[str, Mapping[str, Any]],
) -> dict[UUID, tuple[str, Mapping[str, Any]]]:
    """Who of an application as it was `written` lived in the household and left since, by id: the
    last month they lived there, and what an appeal grants them up to it."""
    here = {each.key for each in still.application.members if each.lives_together}
    left = {
        index: of_members[each.key]
        for each in written.application.members
        if each.lives_together and each.key not in here and each.key in of_members
        if (index := index_of(tools.keys, each)) is not None
    }
    stays = await tools.session.exec(
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Membership.household_id) == household.id,
            col(Membership.until) >= col(Membership.since),
            col(Person.id_index).in_(left),
        )
        .order_by(col(Membership.until))
    )
    return {person.id: (str(stay.until), left[person.id_index]) for person, stay in stays}


async def insist_seen(
    tools: Tools, household: Household, people: Sequence[Person], stays: Sequence[Membership]
) -> None:
    """What a household on dibao is paid rises with whoever comes to it: by a grant that found
    nothing of what they live on, nobody does who has no stay there.

    Raises:
        ComesUnseen: somebody would.
    """
    if {each.id for each in people} == {stay.person_id for stay in stays}:
        return
    decided = await decisions.last(tools.session, tools.keys, household.id)
    if decided is not None and decided["facts"].get("on_dibao") == 1:
        raise ComesUnseen()


async def _left_since(tools: Tools, at: Standing) -> list[Member]:
    """Who of an application is said to live there, moved out of where they lived since it was
    handed in, and lives nowhere of the register now."""
    together = (each for each in at.application.members if each.lives_together)
    indexes = {index_of(tools.keys, each): each for each in together}
    found = await tools.session.exec(
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Person.county) == at.case.county,
            col(Person.died_on).is_(None),
            col(Person.id_index).in_([each for each in indexes if each is not None]),
        )
    )
    stays: dict[UUID, list[Membership]] = {}
    named = dict[UUID, Member]()
    for person, stay in found.all():
        stays.setdefault(person.id, []).append(stay)
        named[person.id] = indexes[person.id_index]
    gone = {key: them for key, them in stays.items() if all(each.until for each in them)}
    if not gone:
        return []
    left = await _left_by_decision(tools, at, gone)
    return [member for key, member in named.items() if key in left]


async def came_since(tools: Tools, at: Standing, household: Household) -> set[UUID]:
    """Who came to live there by what was decided since the case was decided first: whom neither the
    decision before names, nor the first since, where that was the first of all."""
    decided_at = first_decided_at(at)
    if decided_at is None:
        return set()
    recorded = (await History.read(tools.session, tools.keys, household.id)).recorded
    before = [each for each in recorded if each.recorded_at <= decided_at] or recorded[:1]
    named = (_living(each) for each in recorded)
    return set[UUID]().union(*named) - set[UUID]().union(*(_living(each) for each in before[-1:]))


def _living(by: Recorded) -> set[UUID]:
    return {UUID(each["person_id"]) for each in determinations.living(by.content)}


async def _left_by_decision(
    tools: Tools, at: Standing, stays: Mapping[UUID, Sequence[Membership]]
) -> set[UUID]:
    """Who of these left where they lived by what was decided since the application said who lives
    together: whoever left before is said to have come back."""
    said = at.done(*_SAYS_WHO)
    since = said[-1].done_at if said else at.case.opened_at
    homes = {stay.household_id for each in stays.values() for stay in each}
    found = await tools.session.exec(
        select(Determination).where(
            col(Determination.household_id).in_(homes),
            col(Determination.programme).is_(None),
            col(Determination.recorded_at) >= since,
        )
    )
    left = set[UUID]()
    for row in found.all():
        content = determinations.unseal(row.id, row.content_sealed, tools.keys)
        left |= {UUID(each["person_id"]) for each in content["members"] if each["until"]}
    return left & stays.keys()
