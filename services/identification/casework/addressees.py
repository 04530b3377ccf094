"""Whom messages and letters of a case go to: who applied, or whoever can act where they cannot; and
somebody of every other household a decision touched. Nobody who is dead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import households
from services.identification.casework.applications import Application, Member
from services.identification.casework.standing import DECISION_NUMBER, TOUCHED, Standing
from services.identification.casework.tools import Tools, index_of
from services.identification.grammar.history import Done
from services.identification.models import Person
from shared.months import Month

_DEATHS: Final = {"death", "note-death"}
_NOTHING_SAID: Final = Application()


@dataclass(frozen=True)
class Addressed:
    """Who of a household is addressed, if anybody is left; everybody who lives there; and whether
    who applied is dead."""

    to: Member | None
    members: Sequence[Member]
    applicant_died: bool = False


async def own(tools: Tools, at: Standing, done: Done) -> Addressed:
    """Who is addressed of whom a case is about, once an act of it was done; of a household of the
    register that was decided on, whoever lives there by the decision."""
    said = at.application
    dead = await _dead(tools, at, done.done_on)
    died = said.applicant is not None and said.applicant.key in dead
    about_household = (at.about or at).path.about_household
    if about_household and at.case.household_id is not None and DECISION_NUMBER in done.words:
        found = await _of_register(tools, at.case.household_id, done, said)
        return replace(found, applicant_died=died)
    alive = [each for each in said.members if each.key not in dead]
    supporters = [each for each in said.supporters if each.key not in dead]
    here = [each for each in said.members if each.lives_together]
    return Addressed(chosen(alive, supporters, done.done_on), here, died)


async def touched(tools: Tools, at: Standing, done: Done) -> list[Addressed]:
    """Who is addressed of each other household a decision touched: of one that a ward heads alone
    the guardian, who may live in the household the case is about."""
    homes = done.words.get(TOUCHED, ())
    if not homes:
        return []
    dead = await _dead(tools, at, done.done_on)
    around = [*at.application.members, *at.application.supporters]
    alive = tuple(each for each in around if each.key not in dead)
    said = at.application.model_copy(update={"supporters": alive})
    return [await _of_register(tools, UUID(str(each)), done, said) for each in homes]


async def known_as(tools: Tools, county: str, member: Member | None) -> UUID | None:
    """Who somebody is in the register, where they are there."""
    index = member and index_of(tools.keys, member)
    if index is None:
        return None
    statement = select(col(Person.id)).where(
        col(Person.county) == county, col(Person.id_index) == index
    )
    return (await tools.session.exec(statement)).first()


async def _of_register(
    tools: Tools, household_id: UUID, done: Done, said: Application = _NOTHING_SAID
) -> Addressed:
    """Of a household of the register: somebody who lives there by a decision, or who left it; their
    guardians are those the case names."""
    guardians = {each.key: each.guardian_key for each in said.members}
    from_month = _from_month(done.words, done.done_on)
    here, before = [
        [
            households.member_of(tools.keys, person, stay.relation).model_copy(
                update={"guardian_key": guardians.get(str(person.id))}
            )
            for person, stay in await households.living_in(tools.session, household_id, month)
            if person.died_on is None or person.died_on > done.done_on
        ]
        for month in (max(from_month, Month.of(done.done_on)), from_month.previous())
    ]
    return Addressed(chosen([*here, *before], said.supporters, done.done_on), here)


def _from_month(words: Mapping[str, Any], done_on: date) -> Month:
    named = words.get("from_month")
    return Month.parse(str(named)) if named else Month.of(done_on)


async def _dead(tools: Tools, at: Standing, on: date) -> set[str]:
    """By key, who of an application is dead, as the register or the case itself says."""
    people = [*at.application.members, *at.application.supporters]
    keys = {index: each.key for each in people if (index := index_of(tools.keys, each))}
    statement = select(col(Person.id_index)).where(
        col(Person.county) == at.case.county,
        col(Person.id_index).in_(keys),
        col(Person.died_on) <= on,
    )
    said = {str(e.words["person_key"]) for e in at.since("start-over") if e.act in _DEATHS}
    return {keys[index] for index in await tools.session.exec(statement)} | said


def chosen(people: Sequence[Member], supporters: Sequence[Member], on: date) -> Member | None:
    """The first of these if they can act, or their guardian; else another of them who can."""
    around = {each.key: each for each in [*people, *supporters]}
    guardians = [around[key] for each in people if (key := each.guardian_key) in around]
    of_first = [around[key] for each in people[:1] if (key := each.guardian_key) in around]
    able = [each for each in people if each.may_guard(on)]
    at_home = [each for each in able if each.away is None]
    first = [each for each in people[:1] if each in able]
    return next(iter([*first, *of_first, *at_home, *guardians, *people]), None)
