"""A granted case: its household comes into the register, and its decision to those who reckon."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import (
    coded,
    decisions,
    id_numbers,
    in_place_of,
    names,
    registrations,
)
from services.identification.casework import (
    applicants,
    care,
    classes,
    means,
    namesakes,
    one_at_a_time,
    register_homes,
    said_of_members,
)
from services.identification.casework.above_standard import refuse_above
from services.identification.casework.applications import Member
from services.identification.casework.decisions import deaths, entering, newcomers
from services.identification.casework.decisions.decided_since import Since
from services.identification.casework.means import MONTHS_A_YEAR
from services.identification.casework.standing import OWED_FROM, REPLACED, Standing
from services.identification.casework.tools import Tools, coded_of, index_of
from services.identification.casework.visits import SET_ASIDE
from services.identification.determinations import NOT_APPLICABLE
from services.identification.histories import Content, Stretch
from services.identification.low_income.groups import last_day, months_of
from services.identification.means.reckoning import Living
from services.identification.models import Household, Membership, Person
from shared.months import Month, day_number
from shared.problems import Conflict

HOLDS_UNTIL: Final = "holds_until"
"""The word of a decision that finds a status: the last day on which it holds."""
_OF_APPLICATION: Final = "month-of-application"
_OF_DECISION: Final = "month-of-decision"
STARTS: Final = (_OF_APPLICATION, _OF_DECISION, "month-after-decision")
"""With which month money begins, as a place sets it."""


class LivesElsewhere(Conflict):
    """Somebody of this household is a member of another one in the register."""


class OthersLiveThere(Conflict):
    """The household of the register has members whom this application does not name."""


class CodedStill(Conflict):
    """The register knows somebody by a code whose number this application says: let the number take
    its place by a change first."""


class NumberDoubtful(Conflict):
    """An ID number of this application does not hold; nothing is granted on it."""


class NotOfTheHousehold(Conflict):
    """Who is to be granted this does not live in the household of the application."""


class OnChildrenLivingAlready(Conflict):
    """The child draws basic living as an orphan or unsupported: no child is on tekun beside it."""


class NotOfTheRegister(Conflict):
    """Nothing is granted to a temporary code: who applies or is to be paid has an ID number."""


async def grant_dibao(tools: Tools, at: Standing) -> None:
    """The household is on dibao, with the income the township found and whatever the law may take
    of its means; for class 2 also with the sum the village set.

    Raises:
        AboveTheStandard: the law finds no gap to the standard, or too much property.
    """
    facts: dict[str, Any] = {
        "on_dibao": 1,
        **income_proposed(at),
        "dibao_confirmed_on": day_number(at.today),
        "dibao_ends_on": NOT_APPLICABLE,
        **classes.granted(at),
    }
    living = means.found(at)
    read = means.as_the_law_reads(at, living, facts)
    refuse_above(at, read["facts"], {e["person_id"]: e["facts"] for e in read["members"]})
    await grant(tools, at, facts, {}, living=living)


def income_proposed(at: Standing) -> dict[str, int]:
    """The income that was proposed, by the month and the year; the year's as it was reckoned, where
    the month's is that."""
    monthly = int(at.the_last("propose").words[means.INCOME])
    reckoned = means.income_fen_yearly(at)
    said = means.of_months(monthly)
    if reckoned is None or reckoned // MONTHS_A_YEAR != monthly:
        return said
    return {**said, "income_fen_yearly": reckoned}


async def grant_tekun(tools: Tools, at: Standing) -> None:
    """The person is on tekun, by mode of care and by what was assessed of self-care.

    Raises:
        OnChildrenLivingAlready: it is a child who draws basic living.
    """
    proposal = at.the_last("propose")
    key = str(proposal.words["person_key"])
    assessed = care.assessed(at, key)
    assert assessed is not None, "nobody is proposed before that"
    facts = {
        "on_tekun": 1,
        "care_mode": care.MODES[str(proposal.words["care_mode"])],
        "self_care": care.self_care(int(assessed.words["failed"])),
    }
    *_, last = await grant(tools, at, {}, {key: facts})
    is_minor = any(each.key == key and each.is_minor(at.today) for each in at.asked_for)
    decided = member_facts(last, await id_of(tools, at, key))
    if is_minor and decided.get("on_children_living") == 1:
        raise OnChildrenLivingAlready()


async def grant_disability(tools: Tools, at: Standing) -> None:
    """The person draws the subsidies the federation read out of the certificate, beside any they
    draw already: what is granted ends nothing.
    """
    reading = at.the_last("read-certificate")
    facts = {
        "disability_grade": int(reading.words["grade"]),
        "disability_kind": int(reading.words["kind"]),
        **{f"on_disability_{each}": 1 for each in ("living", "nursing") if reading.words[each]},
    }
    await grant(tools, at, {}, {str(reading.words["person_key"]): facts})


async def grant_old_age(tools: Tools, at: Standing) -> None:
    """The person draws the old-age allowance."""
    accepted = at.the_last("accept")
    await grant(tools, at, {}, {str(accepted.words["person_key"]): {"on_old_age": 1}})


def starts(at: Standing) -> Month:
    """The month money begins with, as the place sets it, or as an appeal said it was owed."""
    if owed := owed_from(at):
        return owed
    word = at.settings.words["money_starts"][at.case.category]
    if word == _OF_APPLICATION:
        # The day it was handed in, not the day somebody got round to accepting it.
        submitted = at.done("submit")
        return Month.of(submitted[0].done_on if submitted else at.case.accepted_on or at.today)
    return Month.of(at.today) if word == _OF_DECISION else Month.of(at.today).next()


def owed_from(at: Standing) -> Month | None:
    """The month from which an appeal said it was owed, where one did."""
    appealed = [*(each.words for each in at.done(SET_ASIDE, REPLACED)), at.words]
    owed = [words[OWED_FROM] for words in appealed if OWED_FROM in words]
    return Month.parse(str(owed[-1])) if owed else None


async def grant(
    tools: Tools,
    at: Standing,
    facts: Mapping[str, Any],
    of_members: Mapping[str, Mapping[str, Any]],
    living: Living | None = None,
) -> list[dict[str, Any]]:
    """Record the decision of a granted case about its household; `of_members` is by their keys. How
    it stands by that, the first months first: what was decided since the case was decided before
    stands, and nothing is granted where something else has taken its place.

    What they live on goes with it as `living` found it; what of that counts for money, the law
    says.
    """
    if not of_members.keys() <= {e.key for e in at.application.members if e.lives_together}:
        raise NotOfTheHousehold()
    if any(e.id_number is None for e in at.application.members if e.key in of_members):
        raise NotOfTheRegister()
    written = await register_homes.under_their_codes(tools, at)
    at = await newcomers.without_who_left(tools, written)
    said = await said_of_members.of_members(tools, at)
    household, brought = await registered(tools, at, starts(at), found=living is not None)
    living = living or Living()
    decided = await _decided_members(tools, at, of_members, living, said)
    since = Since.of(at)
    people = [(await person_of(tools, at.case.county, each)).id for each in counted(at)]
    people += await newcomers.came_since(tools, at, household)
    of_household = {**living.household, **facts}
    gone = await newcomers.gone_since(tools, household, written, at, of_members)

    def asked(stretch: Stretch) -> decisions.Named:
        still = {key: said for key, (until, said) in gone.items() if str(stretch.first) <= until}
        return of_household, {**decided, **still}

    def named(stretch: Stretch) -> decisions.Named:
        own, members = since.beside(stretch, asked(stretch))
        everybody = dict.fromkeys((*decided, *brings, *members))
        members = {key: {**brought.get(key, {}), **members.get(key, {})} for key in everybody}
        return {**own, **_ended_by_tekun(stretch, members, people)}, members

    def gave_way(stretch: Stretch) -> decisions.Named:
        return since.gave_way(stretch, asked(stretch))

    brings = [key for key, along in brought.items() if along]
    number, hand = str(at.words["decision_number"]), (tools.session, tools.keys, at.caller)
    said_so = decisions.Decided(number, at.today, tools.now, gave_way=gave_way)
    months = _holds_months(at)
    return await decisions.decide_anew(
        *hand, household.id, said_so, starts(at), named, holds_months=months
    )


async def id_of(tools: Tools, at: Standing, key: str) -> UUID:
    """The id in the register of who is meant by a key of the application."""
    (member,) = (each for each in at.application.members if each.key == key)
    return (await person_of(tools, at.case.county, member)).id


def member_facts(content: Content, person_id: UUID) -> Mapping[str, Any]:
    """What a decision says of one who lives in the household."""
    key = str(person_id)
    found: Mapping[str, Any] = next(e["facts"] for e in content["members"] if e["person_id"] == key)
    return found


def _holds_months(at: Standing) -> int | None:
    """For how many months a status of low income holds: as was proposed, or as the place sets."""
    proposal = at.last("propose")
    said = proposal.words.get("valid_months") if proposal else None
    return int(said) if said else months_of(at.settings, at.case.category)


def holds_until(at: Standing) -> date | None:
    """The last day on which a status of low income holds, granted today; none where it has none."""
    months = _holds_months(at)
    return last_day(starts(at).first_day(), months) if months else None


def counted(at: Standing) -> list[Member]:
    """Who counts in the household's size: everybody who lives there; without a number as is set."""
    coded_too = bool(at.settings.words["count_without_id"])
    return [
        each
        for each in at.application.members
        if each.lives_together and (coded_too or each.id_number is not None)
    ]


async def refuse_dead(tools: Tools, at: Standing) -> None:
    """Nobody is for granting it where somebody who counts, or acts for one of them, is dead by the
    register.

    Raises:
        DeadInRegister: somebody is, with their key.
    """
    if at.words["opinion"] == "grant":
        await _refuse_dead(tools, at)


async def _refuse_dead(tools: Tools, at: Standing) -> None:
    """Of those who count and of those who act for them nobody is dead by the register."""
    acting = at.application.who_guard()
    await deaths.refuse_dead(tools, at.case.county, [*counted(at), *acting])


async def registered(
    tools: Tools, at: Standing, from_month: Month, *, found: bool
) -> tuple[Household, Mapping[UUID, Mapping[str, Any]]]:
    """The household of the case, in the register, where they live from the month of the decision
    on; its people are known by numbers that hold. And what those bring along who come there now.

    It is this transaction's alone from here on, and so is everybody who lives there.
    """
    living = counted(at)
    if not living:
        raise NotOfTheHousehold()
    applicant = at.application.applicant
    if applicant is None or applicant.id_number is None:
        raise NotOfTheRegister()
    for each in living:
        if each.id_number is None:
            continue
        if id_numbers.flaw(each.id_number, at.today) is not None:
            raise NumberDoubtful(member=each.key)
    await one_at_a_time.hold(tools, at.application)
    await _refuse_dead(tools, at)
    household, brought = await _household(tools, at, from_month, found=found)
    at.case.household_id = household.id
    await applicants.reach_again(tools.session, at.case.applicant_id)
    return household, brought


async def _household(
    tools: Tools, at: Standing, from_month: Month, *, found: bool
) -> tuple[Household, Mapping[UUID, Mapping[str, Any]]]:
    """The household of the register these people live in, or a new one with its members.

    Raises:
        LivesElsewhere: one of them is a member of another household.
        OthersLiveThere: the household has members who are not named.
        CodedStill: one of them is, by the number that was found since.
        ComesUnseen: it is on dibao, and who comes was not `found` to live on anything.
    """
    members = counted(at)
    people = [
        await person_of(tools, at.case.county, each, applicant_id=at.case.applicant_id)
        for each in members
    ]
    stays = (
        await tools.session.exec(
            select(Membership).where(
                col(Membership.person_id).in_([person.id for person in people]),
                col(Membership.until).is_(None),
            )
        )
    ).all()
    homes = {stay.household_id for stay in stays}
    if len(homes) > 1:
        raise LivesElsewhere()
    if homes:
        # Before anything points to it: two who point to a household both wait to change it.
        household = await tools.session.get_one(Household, homes.pop(), with_for_update=True)
        await _refuse_others(tools, at, household)
        if not found:
            await newcomers.insist_seen(tools, household, people, stays)
    else:
        household = await _of_the_case(tools, at)
    named = list(zip(members, people, strict=True))
    return household, await entering.enter(tools, at, household, named, from_month)


async def _of_the_case(tools: Tools, at: Standing) -> Household:
    """The household that comes into the register by a case, under its receipt: a new one; or that
    of an earlier decision of the case, in which nobody lives any more, as the case now says."""
    new = Household(
        county=at.case.county,
        number=at.case.receipt,
        village=at.case.village,
        registration=registrations.code_of(at.application.registration),
    )
    statement = select(Household).where(
        col(Household.county) == new.county, col(Household.number) == new.number
    )
    known = (await tools.session.exec(statement.with_for_update())).first()
    if known is None:
        tools.session.add(new)
        await tools.session.flush()
        return new
    known.village, known.registration = new.village, new.registration
    tools.session.add(known)
    return known


async def _refuse_others(tools: Tools, at: Standing, household: Household) -> None:
    """A decision about a household is about everybody who lives there, counted or not; of who came
    since it was decided first, what was decided then stands."""
    together = (each for each in at.application.members if each.lives_together)
    named = [index for each in together if (index := index_of(tools.keys, each)) is not None]
    others = await tools.session.exec(
        select(col(Membership.person_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.household_id) == household.id,
            col(Membership.until).is_(None),
            col(Person.id_index).not_in(named),
        )
    )
    if set(others.all()) - await newcomers.came_since(tools, at, household):
        raise CodedStill() if at.lives_in and at.lives_in.coded_still else OthersLiveThere()


async def person_of(
    tools: Tools, county: str, member: Member, *, applicant_id: UUID | None = None
) -> Person:
    """The person of the register an ID number or a code belongs to; a new one if not known.

    Raises:
        NameDiffers, CodeOfAnother: the register knows somebody else by it.
    """
    if member.id_number is None:
        return await coded.person_of(tools.session, tools.keys, county, coded_of(member))
    index = index_of(tools.keys, member)
    assert index is not None
    statement = select(Person).where(col(Person.county) == county, col(Person.id_index) == index)
    known = (await tools.session.exec(statement)).first()
    if known is not None:
        namesakes.insist(known, member)
        return known
    person_id = await applicants.id_to_come(tools.session, applicant_id, index)
    person = Person(
        id=person_id,
        county=county,
        name=member.name,
        name_sort=names.sort_key(member.name),
        id_sealed=tools.keys.encrypt(
            member.id_number, table="person", column="id_sealed", row=person_id
        ),
        id_index=index,
    )
    tools.session.add(person)
    await tools.session.flush()
    return person


def _ended_by_tekun(
    stretch: Stretch, said: Mapping[UUID, Mapping[str, Any]], people: Sequence[UUID]
) -> dict[str, Any]:
    """The facts by which a household is granted nothing as one, over months in which tekun keeps
    everybody of it, and did not before."""
    if stretch.content is None or not any(each.get("on_tekun") == 1 for each in said.values()):
        return {}
    before = {UUID(each["person_id"]): each["facts"] for each in stretch.content["members"]}
    own = ({**before.get(key, {}), **said.get(key, {})} for key in people)
    if any(each.get("on_tekun") != 1 for each in own):
        return {}
    return in_place_of.none_of_household(stretch.content["facts"])


async def _decided_members(
    tools: Tools,
    at: Standing,
    of_members: Mapping[str, Mapping[str, Any]],
    living: Living,
    held: Sequence[said_of_members.Said],
) -> dict[UUID, dict[str, Any]]:
    """What the decision says of each member: what was granted, and what the application says of a
    disability and of who is away, where the register says nothing of it."""
    found: dict[UUID, dict[str, Any]] = {}
    for each in counted(at):
        said: dict[str, Any] = dict(living.members.get(each.key, {}))
        for one in held:
            if one.member == each and one.register is None:
                said |= one.facts
        said |= of_members.get(each.key, {})
        if said:
            found[(await person_of(tools, at.case.county, each)).id] = said
    return found
