"""One application at a time: what is being looked at, or is granted already, is not asked anew.

What is a household's is asked for by any of its members, what is a person's for that person,
whoever applies. A status that runs out may be asked for again before it does. A telephone whose
holder nobody has seen is not told: whose number it is would be learned with it. Nor is a citizen of
anybody but themselves and whom they live with in the register: whoever names a stranger as of their
household would learn what that one is granted. What they handed in is not accepted.
"""

from typing import Final

from sqlmodel import col, select

from services.identification import decisions, people
from services.identification.casework import applicants, one_at_a_time
from services.identification.casework.paths import HOUSEHOLD, ONCE, STATUS, Grant, endable
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools, index_of
from services.identification.desk import Desk
from services.identification.determinations import living
from services.identification.models import CaseFile, CasePerson, Membership, Person
from shared.callers import Kind
from shared.problems import Conflict

GRANTED: Final = "granted"
RUNS_OUT: Final = {name for name, grant in endable().items() if grant.kind == STATUS}
"""What is found for so many months, and then no more unless it is found again."""


class AppliedAlready(Conflict):
    """This is asked for in a case that is open already; go on with that one."""


class GrantedAlready(Conflict):
    """This is granted already; what is different now is a change."""


class NothingBars(Conflict):
    """The same is neither open nor granted: it is accepted, or its missing papers are named."""


class GrantedStill(Conflict):
    """It was granted by this case, and is granted still: what is no longer due ends by an exit, in
    which the household is heard. An appeal makes nothing worse for whoever appealed."""


async def refuse_second(desk: Desk, at: Standing) -> None:
    """An application is handed in once.

    Raises:
        AppliedAlready: with the receipt of the case that is open, where the caller may see it.
        GrantedAlready: with the member who has it.
    """
    bar = await _bar(desk, at)
    if bar is not None:
        raise bar


async def _bar(desk: Desk, at: Standing) -> AppliedAlready | GrantedAlready | None:
    """Why it is a second one, where it is."""
    grant = at.path.grant
    unseen = at.caller.kind is Kind.CITIZEN and not at.applicant_seen
    if grant is None or grant.whose == ONCE or unseen:
        return None
    # A code says less than a number who somebody is: whose it is comes out when it is granted.
    numbered = [each for each in at.asked_for if each.id_number is not None]
    indexes = {index: each.key for each in numbered if (index := index_of(desk.keys, each))}
    if at.caller.kind is Kind.CITIZEN:
        own = await _own(desk)
        indexes = {index: key for index, key in indexes.items() if index in own}
    await one_at_a_time.hold(desk, at.application)
    other = await _open_already(desk, at, set(indexes))
    if other is not None:
        may_see = at.caller.may_see(other.village)
        return AppliedAlready(**({"receipt": other.receipt} if may_see else {}))
    if at.case.category in RUNS_OUT:
        return None
    member = await _granted_to(desk, at, indexes, grant)
    return None if member is None else GrantedAlready(member=member)


async def end_undecided(desk: Desk, at: Standing) -> None:
    """What was handed in is not accepted, where it is a second one; what was accepted is at no
    other end than what it was granted before.

    Raises:
        NothingBars: it was handed in, and is asked for nowhere else and granted to nobody.
        GrantedStill: it was granted, set aside, and nobody has ended it.
    """
    await refuse_while_granted(desk, at)
    if at.case.state in at.path.acts["accept"].sources and await _bar(desk, at) is None:
        raise NothingBars()


async def refuse_while_granted(tools: Tools, at: Standing) -> None:
    """What was granted and then set aside, to be decided again, is refused once it is at an end.

    Raises:
        GrantedStill: it was granted, and nobody has ended it.
    """
    grant = at.path.grant
    was_granted = any(each.to_state == GRANTED for each in at.set_aside())
    if grant is None or grant.whose == ONCE or not was_granted:
        return
    indexes = {index: each.key for each in at.asked_for if (index := index_of(tools.keys, each))}
    if await _granted_to(tools, at, indexes, grant) is not None:
        raise GrantedStill()


async def _own(desk: Desk) -> set[bytes]:
    """Whom a citizen may be told of: themselves, and whom they live with in the register."""
    own = people.index_of(
        desk.keys, (await applicants.identity(desk.session, desk.keys, desk.caller)).id_number
    )
    homes = (
        select(col(Membership.household_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Person.county) == desk.caller.county,
            col(Person.id_index) == own,
            col(Membership.until).is_(None),
        )
    )
    there = (
        select(col(Person.id_index))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.household_id).in_(homes), col(Membership.until).is_(None))
    )
    return {own, *(await desk.session.exec(there))}


async def _open_already(tools: Tools, at: Standing, indexes: set[bytes]) -> CaseFile | None:
    """Another case by which the same is asked for some people."""
    # What was handed in bars a second; of two handed in by telephones the one accepted first does.
    is_draft = at.case.state == at.path.begins
    handed_in = col(CaseFile.state) != at.path.begins
    goes_first = handed_in if is_draft else col(CaseFile.accepted_on).is_not(None)
    statement = (
        select(CaseFile)
        .join(CasePerson, col(CasePerson.case_id) == col(CaseFile.id))
        .where(
            col(CaseFile.county) == at.case.county,
            col(CaseFile.category) == at.case.category,
            col(CaseFile.id) != at.case.id,
            col(CaseFile.closed_at).is_(None),
            goes_first,
            col(CasePerson.asked_for),
            col(CasePerson.id_index).in_(indexes),
        )
    )
    return (await tools.session.exec(statement)).first()


async def _granted_to(
    tools: Tools, at: Standing, indexes: dict[bytes, str], grant: Grant
) -> str | None:
    """The first of some people, by their key, to whom it is granted as the register stands."""
    statement = (
        select(col(Person.id), col(Person.id_index), col(Membership.household_id))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(
            col(Person.county) == at.case.county,
            col(Person.id_index).in_(indexes),
            col(Membership.until).is_(None),
        )
    )
    granted = [name for name in grant.ended if name.startswith("on_")]
    for person_id, index, household_id in await tools.session.exec(statement):
        stood = await decisions.last(tools.session, tools.keys, household_id)
        if stood is None:
            continue
        facts = stood["facts"]
        if grant.whose != HOUSEHOLD:
            theirs = [e["facts"] for e in living(stood) if e["person_id"] == str(person_id)]
            facts = theirs[0] if theirs else {}
        # Of two subsidies one may be asked for beside the other.
        if all(facts.get(name) == 1 for name in granted):
            return indexes[index]
    return None
