"""A household of the register changes as was foreseen: who comes and goes, and what is decided.

What is shown before the decision is what is done with it: both read the same foresight.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.identification import coded, decisions, determinations, disputes
from services.identification.casework import (
    classes,
    guardians,
    handing_in,
    heads,
    means,
    merged_homes,
    steps,
    would_stand,
)
from services.identification.casework.above_standard import refuse_above
from services.identification.casework.applications import Application, Proxy
from services.identification.casework.decisions import (
    back_dating,
    carrying,
    deaths,
    grants,
    moving_home,
    payees,
)
from services.identification.casework.foresight import foresee, who_comes
from services.identification.casework.homes import Comes, Foresight, Home
from services.identification.casework.needs import raising
from services.identification.casework.opening import put_application
from services.identification.casework.standing import TOUCHED, Standing
from services.identification.casework.tools import Tools, coded_of
from services.identification.desk import Desk
from services.identification.determinations import living
from services.identification.grammar.asking import read_as
from services.identification.low_income import decided as low_income
from services.identification.low_income.entries import Hand
from services.identification.models import Household, Membership, Person
from shared.months import Month
from shared.problems import Conflict


class NotCounted(Conflict):
    """Whoever has no ID number does not count here: let them come when the number is there."""


async def change_household(tools: Desk, at: Standing) -> Mapping[str, Any]:
    """What was asked for is decided from the month the decision names; which other households it
    touched, and who was what to the head before, stays among its words."""
    from_month = Month.parse(str(at.words["from_month"]))
    # What was never owed ends from the month it was wrong, however long ago: it takes back only.
    if not at.done(steps.NEVER_OWED):
        await back_dating.refuse_too_far_back(tools, at, from_month)
    await _find_numbers(tools, at)
    found = await foresee_locked(tools, at, from_month)
    await raising.insist(tools, at, found, from_month)
    await payees.insist(tools, at, found.own)
    await guardians.insist_fit(tools, at)
    await moving_home.insist(tools, at, found)
    left = guardians.left_alone(
        await handing_in.as_it_will_be(tools, at, found.own), found.own.leaving, at.today
    )
    guardians.insist(at, left)
    found.own.facts |= await classes.facts_after(tools, at, found.own)
    if means.INCOME in found.own.facts:
        await _refuse_above(tools, at, found)
    heads.insist(found.homes)
    related = heads.before(found)
    moved = await moving_home.move(tools, at, found.own)
    await decide_requests(tools, at, found, from_month)
    for person in found.alive:
        await disputes.take_back(tools, at, person.id)
    await payees.decide_payees(tools, at, from_month)
    others = [str(home.household.id) for home in found.homes[1:] if home.household]
    said = {TOUCHED: others, heads.RELATIONS: related, **moved}
    return {word: each for word, each in said.items() if each}


async def name_who_comes(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """Whoever comes is known by a number or a code; a code that is not said is issued.

    Raises:
        NotCounted: the place counts nobody without a number.
        CodeOfAnother: the code that was said is somebody else's.
    """
    with read_as("no_id_reason"):
        who = who_comes(at.words)
    if who.id_number is not None:
        return {}
    if not at.settings.words["count_without_id"]:
        raise NotCounted()
    if who.temporary_code is None:
        return {"temporary_code": coded.new_code()}
    await coded.known(tools.session, tools.keys, at.case.county, coded_of(who))
    return {}


async def _refuse_above(tools: Tools, at: Standing, found: Foresight) -> None:
    """Whoever earns more than the standard leaves, and fades out: no change takes that away.

    Raises:
        AboveTheStandard: they do.
    """
    after = await would_stand.content_of(tools.session, tools.keys, found, found.own)
    members = {each["person_id"]: each["facts"] for each in living(after)}
    refuse_above(at, after["facts"], members)


async def name_proxy(tools: Tools, at: Standing) -> None:
    """Somebody of the village asks for the household, with the consent of its head."""
    with read_as("id_number"):
        proxy = Proxy.model_validate(at.words)
        said = Application.model_validate({**dict(at.application), "proxy": proxy})
    await put_application(tools, at.case, said)


async def _find_numbers(tools: Tools, at: Standing) -> None:
    """ID numbers that were found take the place of temporary codes; who has one now is where the
    last decision puts them."""
    for each in at.since("start-over"):
        if each.act != "find-number":
            continue
        person = await coded.find_number(
            tools.session,
            tools.keys,
            at.caller,
            UUID(str(each.words["person_key"])),
            str(each.words["id_number"]),
            at.today,
        )
        await _enters(tools, at, person)


async def _enters(tools: Tools, at: Standing, person: Person) -> None:
    assert at.case.household_id is not None, "a change is of a household"
    last = await decisions.last_row(tools.session, at.case.household_id)
    if last is None:
        return
    household = await tools.session.get_one(Household, at.case.household_id)
    stands = determinations.unseal(last.id, last.content_sealed, tools.keys)
    county, caller = at.case.county, at.caller.subject
    hand = Hand(tools.session, tools.keys, county, caller, tools.now, at.today)
    await low_income.follow_number(hand, household, person, last.id, stands)


async def foresee_locked(tools: Tools, at: Standing, from_month: Month) -> Foresight:
    """What is asked for, as the register stands now, under the household's lock, to be decided from
    a month: what was shown may be of yesterday."""
    await tools.session.get(Household, at.case.household_id, with_for_update=True)
    found = await foresee(tools.session, tools.keys, at)
    merged_homes.refuse_later(found, from_month)
    return found


async def decide_requests(tools: Tools, at: Standing, found: Foresight, from_month: Month) -> None:
    """Carry out what is asked for, where it changes anything."""
    if not found.changes_nothing:
        await carry_out(tools, at, found, str(at.words["decision_number"]), from_month)


async def carry_out(
    tools: Tools, at: Standing, found: Foresight, decision_number: str, from_month: Month
) -> None:
    """Write down what is foreseen and decide every household it touches, under one number; what is
    open about whoever goes is where they live then."""
    before = await _whereabouts(tools, found)
    for home in found.homes:
        for stay, _, until in home.goes:
            stay.until = str(until)
            tools.session.add(stay)
        for stay, _, relation in home.relations:
            stay.relation = relation
            tools.session.add(stay)
        for stay in home.stays:
            stay.until = None
            tools.session.add(stay)
    for person, died_on in found.deaths:
        await deaths.record_death(tools, at, person, died_on)
    for person in found.alive:
        await deaths.take_back_death(tools, at, person)
    await tools.session.flush()
    said = list[low_income.Said]()
    for home in found.homes:
        decided = await _settle(tools, at, home)
        assert home.household is not None
        # Whoever moves is registered so from the month of the decision, whatever was decided since.
        moved = {} if home.registration is None else {"registration": home.registration}
        await decisions.decide(
            tools.session,
            tools.keys,
            at.caller,
            home.household.id,
            decision_number=decision_number,
            decided_on=at.today,
            from_month=from_month,
            facts={**home.facts, **moved},
            members=decided,
            now=tools.now,
            beside=said,
        )
    await low_income.settle(said)
    now = await _whereabouts(tools, found)
    await carrying.carry(tools.session, at.case.county, before, now)


async def _whereabouts(tools: Tools, found: Foresight) -> dict[UUID, str]:
    """Where those of every household live that is touched; of nobody, where nobody moves."""
    if not any(home.comes or home.goes or home.stays for home in found.homes):
        return {}
    touched = [home.household.id for home in found.homes if home.household is not None]
    return await carrying.whereabouts(tools.session, touched)


async def _settle(tools: Tools, at: Standing, home: Home) -> dict[UUID, Mapping[str, Any]]:
    """Let those who come live there; what was decided of each."""
    if home.household is None:
        own = await tools.session.get(Household, at.case.household_id)
        assert own is not None
        home.household = await _apart(tools, at, own)
    decided: dict[UUID, Mapping[str, Any]] = {**home.of_members}
    for each in home.comes:
        person = each.person or await grants.person_of(tools, at.case.county, each.member)
        await _lives_there(tools, home.household, person.id, each)
        if each.facts:
            decided[person.id] = {**each.facts, **decided.get(person.id, {})}
    await tools.session.flush()
    return decided


async def _apart(tools: Tools, at: Standing, own: Household) -> Household:
    """The household this case sets apart: a new one, or its own of a decision that was undone."""
    statement = select(Household).where(
        col(Household.county) == own.county, col(Household.number) == at.case.receipt
    )
    apart = (await tools.session.exec(statement.with_for_update())).first()
    if apart is None:
        apart = Household(
            county=own.county,
            number=at.case.receipt,
            village=own.village,
            registration=own.registration,
        )
    apart.village, apart.registration = own.village, own.registration
    tools.session.add(apart)
    await tools.session.flush()
    return apart


async def _lives_there(tools: Tools, household: Household, person_id: UUID, comes: Comes) -> None:
    """A stay begins; one of that month whose coming was undone begins anew."""
    statement = select(Membership).where(
        col(Membership.household_id) == household.id,
        col(Membership.person_id) == person_id,
        col(Membership.since) == str(comes.since),
    )
    stay = (await tools.session.exec(statement)).first() or Membership(
        county=household.county,
        household_id=household.id,
        person_id=person_id,
        relation=comes.member.relation,
        since=str(comes.since),
    )
    stay.relation, stay.until = comes.member.relation, None
    tools.session.add(stay)
