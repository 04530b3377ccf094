"""What was granted ends; what was decided wrongly is as it was before."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import decisions
from services.identification.casework import heads, means
from services.identification.casework.decisions import back_dating, changes, undone
from services.identification.casework.foresight import ended
from services.identification.casework.homes import Foresight, Home
from services.identification.casework.paths import PERSON
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.casework.tools import Tools
from services.identification.determinations import NOT_APPLICABLE
from services.identification.histories import History
from services.identification.means.reckoning import Living
from services.identification.models import Household, Membership
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


async def undo(tools: Tools, at: Standing) -> None:
    """What was decided wrongly is undone; with another income, where a hearing found one.

    Raises:
        NotGranted: it fades out no more; what another decision ended is not given again.
    """
    if at.moved_by(LAPSED):
        raise NotGranted()
    heard = at.words.get(means.INCOME)
    await as_before(tools, at, Living({} if heard is None else means.of_months(int(heard))))


async def as_before(tools: Tools, at: Standing, found: Living) -> None:
    """Whatever this case decided is as it was before, from a month on, but for what was found; what
    was decided otherwise since stands, from its own month.

    Who was said to have moved away lives there again; who died is dead.

    Raises:
        NothingToUndo: nothing was decided.
        TooFarBack: the month lies before what was decided.
    """
    assert at.case.household_id is not None, "what was decided was decided of a household"
    from_month = Month.parse(str(at.words["from_month"]))
    await back_dating.refuse_too_far_back(tools, at, from_month)
    numbers = {each.words[DECISION_NUMBER] for each in at.acts if DECISION_NUMBER in each.words}
    history = await History.read(tools.session, tools.keys, at.case.household_id)
    own = [each for each in history.in_turn() if each.number in numbers and each.before]
    if not own:
        raise NothingToUndo()
    back = set[UUID]()
    for each in own:
        assert each.before is not None, "before it something was decided"
        back |= await _live_there_again(
            tools, at.case.household_id, each.before.content, each.content
        )
    if not at.done("death"):
        await heads.put_back(tools, (each.words for each in at.acts), back)
    await decisions.decide_anew(
        tools.session,
        tools.keys,
        at.caller,
        at.case.household_id,
        decisions.Decided(str(at.words[DECISION_NUMBER]), at.today, tools.now),
        from_month,
        lambda stretch: undone.without(stretch, numbers, found),
    )


async def _live_there_again(
    tools: Tools, household_id: UUID, before: Mapping[str, Any], after: Mapping[str, Any]
) -> set[UUID]:
    """Whoever was said to have left by a decision, and did not come and go again since; who they
    are."""
    back = set[UUID]()
    earlier = {one["person_id"]: one for one in before["members"]}
    for one in after["members"]:
        then = earlier.get(one["person_id"])
        alive = one["facts"]["died_on"] == NOT_APPLICABLE
        if then is None or then["until"] is not None or one["until"] is None or not alive:
            continue
        statement = (
            select(Membership)
            .where(col(Membership.person_id) == UUID(one["person_id"]))
            .order_by(col(Membership.since).desc())
        )
        last = (await tools.session.exec(statement)).all()[0]
        if last.household_id == household_id and last.until == one["until"]:
            last.until = None
            tools.session.add(last)
            await tools.session.flush()
            back.add(last.person_id)
    return back


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
