"""What was granted ends; what was decided wrongly is as it was before."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from services.identification import decisions
from services.identification.casework import heads, households, means
from services.identification.casework.decisions import (
    as_they_lived,
    back_dating,
    carrying,
    changes,
    deaths,
    undone,
)
from services.identification.casework.foresight import ended
from services.identification.casework.homes import Foresight, Home
from services.identification.casework.paths import PERSON
from services.identification.casework.standing import DECISION_NUMBER, TOUCHED, Standing
from services.identification.casework.tools import Tools
from services.identification.histories import History, Stretch
from services.identification.in_place_of import none_of_household
from services.identification.low_income import decided as low_income
from services.identification.means.reckoning import Living
from services.identification.models import Household
from services.identification.stays import Stay, stays_in
from shared.months import Month
from shared.problems import Conflict

LAPSED: Final = "fade-out-ended-by-another"
"""What happens to a case whose fade-out another decision ended."""


class NotGranted(Conflict):
    """By the last decision this is not granted to them: there is nothing to end."""


class NotRisen(Conflict):
    """By the last decision their income was higher already: nothing rose above the standard."""


class NothingToUndo(Conflict):
    """No decision of this case changed anything of this household."""


async def look_up_grant(tools: Tools, at: Standing) -> None:
    """What is to end was granted, to whom it is said to end for; what fades out is granted still.

    Raises:
        NotGranted: it was not, or what is to fade out does so already.
        NotRisen: the income that is said to have risen is less than the one that was decided.
    """
    last, facts = await decided_of_whom(tools, at, at.words)
    grant = ended(at.words)
    on, fades = grant.is_on(facts), grant.is_fading(facts)
    rises = means.INCOME in at.words
    if (rises and (fades or not on)) or not (on or fades):
        raise NotGranted()
    decided = last.get(means.INCOME)
    if isinstance(decided, int) and int(at.words.get(means.INCOME, decided)) < decided:
        raise NotRisen()


async def decided_of_whom(
    tools: Tools, at: Standing, words: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The household's facts by its last decision, and those of whose is what ends by the words."""
    assert at.case.household_id is not None, "what ends is a household's, or one of it's"
    last = await decisions.last(tools.session, tools.keys, at.case.household_id)
    if last is None:
        return {}, {}
    if ended(words).whose != PERSON:
        return last["facts"], last["facts"]
    members = {one["person_id"]: one["facts"] for one in last["members"]}
    return last["facts"], members.get(str(words["person_key"]), {})


async def undo(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """What was decided wrongly is undone; with another income, where a hearing found one. Which
    other households it touched stays among its words.

    Raises:
        NotGranted: it fades out no more; what another decision ended is not given again.
    """
    _refuse_lapsed(at)
    heard = at.words.get(means.INCOME)
    found = Living({} if heard is None else means.of_months(int(heard)))
    return _touched(await as_before(tools, at, found))


async def reopen(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """What the decision that stands changed is as it was, in every month it speaks for, until it is
    decided again; so whoever it found dead is not. Which other households it touched stays among
    its words.

    Raises:
        NotGranted: it fades out no more; what another decision ended is not given again.
        NothingToUndo: nothing was decided.
        BuiltOn: as of what is undone.
    """
    assert at.decided is not None, "only a decision that stands is set aside"
    _refuse_lapsed(at)
    number, household_id = str(at.decided.words[DECISION_NUMBER]), at.case.household_id
    assert household_id is not None, "what was decided was decided of a household"
    history = await History.read(tools.session, tools.keys, household_id)
    months = [each.from_month for each in history.recorded if each.number == number]
    if not months:
        raise NothingToUndo()
    alive = await deaths.take_back_deaths(tools, at)
    return _touched(await _put_back(tools, at, {number}, min(months), Living(), alive))


async def as_before(tools: Tools, at: Standing, found: Living) -> list[UUID]:
    """Whatever this case decided is as it was before, from a month on, but for what was found; what
    was decided otherwise since stands, from its own month. So is every other household it touched;
    which of them somebody lives in.

    Whoever it let come is where they were; who was said to have moved away lives there again; who
    died is dead.

    Raises:
        NothingToUndo: nothing was decided.
        TooFarBack: the month lies before what was decided.
        BuiltOn: whoever it let come has gone on from there, or something was decided since about
            the household they came to.
    """
    from_month = Month.parse(str(at.words["from_month"]))
    await back_dating.refuse_too_far_back(tools, at, from_month)
    numbers = {each.words[DECISION_NUMBER] for each in at.acts if DECISION_NUMBER in each.words}
    return await _put_back(tools, at, numbers, from_month, found)


async def _put_back(
    tools: Tools,
    at: Standing,
    numbers: Collection[str],
    from_month: Month,
    found: Living,
    alive: Collection[UUID] = (),
) -> list[UUID]:
    """The same of what was decided under some numbers; `alive` are those who are dead no more."""
    own, *others = ids = await _homes(tools, at)
    histories = {each: await History.read(tools.session, tools.keys, each) for each in ids}
    stood = as_they_lived.since(histories[own], numbers)
    if not stood or not stood[0]["members"]:
        raise NothingToUndo()
    before = await carrying.whereabouts(tools.session, ids)
    back = await as_they_lived.put_back(tools, at, histories, numbers, from_month)
    now = await carrying.whereabouts(tools.session, ids)
    await carrying.carry(tools.session, at.case.county, before, now)
    stands = bool(at.done("death")) and not alive
    related = () if stands else (each.words for each in at.acts)
    await heads.put_back(tools, ids, related, {*back, *alive})
    undoes = () if found.household else numbers
    number = str(at.words[DECISION_NUMBER])
    decided = decisions.Decided(number, at.today, tools.now, undoes)
    said = list[low_income.Said]()
    for household_id in ids:
        here = await stays_in(tools.session, tools.keys, household_id)
        last = histories[household_id].stretches(from_month)[-1].first
        of_own = found if household_id == own else Living()
        named = partial(_undone, numbers, of_own, here, last)
        hand = (tools.session, tools.keys, at.caller, household_id)
        await decisions.decide_anew(*hand, decided, from_month, named, said)
    await low_income.settle(said)
    return [each for each in others if await households.living(tools.session, each)]


def _refuse_lapsed(at: Standing) -> None:
    if at.moved_by(LAPSED):
        raise NotGranted()


def _touched(others: Collection[UUID]) -> Mapping[str, Any]:
    return {TOUCHED: [str(each) for each in others]} if others else {}


def _undone(
    numbers: Collection[str],
    found: Living,
    here: Mapping[str, Stay],
    last: Month,
    stretch: Stretch,
) -> decisions.Named:
    """What is said over a stretch of months, of whoever the register still knows there; a household
    that all have left is granted nothing."""
    facts, of_members = undone.without(stretch, numbers, found)
    if _have_all_left(here.values(), stretch.first, is_last=stretch.first == last):
        stood = stretch.content["facts"] if stretch.content else {}
        facts = {**facts, **none_of_household({**stood, **facts})}
    return facts, {key: said for key, said in of_members.items() if str(key) in here}


def _have_all_left(stays: Iterable[Stay], first: Month, *, is_last: bool) -> bool:
    """Whether nobody lives there from a month on; or by the end, of the months that have none."""
    return all(stay.until is not None and (is_last or stay.until < str(first)) for stay in stays)


async def _homes(tools: Tools, at: Standing) -> list[UUID]:
    """The case's household and every other it touched, each this transaction's alone from now on.

    Raises:
        NoSuchHousehold: one of them is not of the caller's area.
    """
    assert at.case.household_id is not None
    touched = (UUID(str(one)) for each in at.acts for one in each.words.get(TOUCHED, ()))
    found = list(dict.fromkeys([at.case.household_id, *touched]))
    for household_id in found:
        household = await tools.session.get(Household, household_id, with_for_update=True)
        decisions.of_area(at.caller, household)
    return found


async def decide_facts(
    tools: Tools,
    at: Standing,
    facts: Mapping[str, Any],
    members: Mapping[UUID, dict[str, Any]],
    from_month: Month,
) -> None:
    """Facts are others from a month; nobody comes or goes."""
    household = await tools.session.get(Household, at.case.household_id)
    home = Home(household, facts=dict(facts), of_members=dict(members))
    number = str(at.words[DECISION_NUMBER])
    await changes.carry_out(tools, at, Foresight([home]), number, from_month)
