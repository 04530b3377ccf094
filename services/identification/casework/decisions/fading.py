"""A fade-out from the finding to the letter: begun, undone, ended; by its own case or by another.

What another decision ends fades out no more, and its case says so; where that decision is undone,
it goes on. So a case is fading as long as what it found is what fades.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import decisions
from services.identification.casework import means, steps
from services.identification.casework.above_standard import insist_above
from services.identification.casework.decisions import changes, endings
from services.identification.casework.decisions.endings import LAPSED, NotGranted
from services.identification.casework.foresight import DIBAO, ended
from services.identification.casework.homes import Home
from services.identification.casework.moving import move_other
from services.identification.casework.paths import PERSON, Fading, Grant
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.casework.steps import FADING, RISEN
from services.identification.casework.tools import Tools
from services.identification.desk import Desk
from services.identification.determinations import living
from services.identification.models import CaseFile
from shared.months import Month, day_number

CATEGORY: Final = "exit"
FADE: Final = "fade"
EXIT: Final = "exit"
GOES_ON: Final = "fade-out-goes-on"
"""What happens to a case whose fade-out stands again, the decision that ended it being undone."""
LEFT: Final = "exited"
KEPT: Final = "kept"


async def begin_fade_out(tools: Tools, at: Standing) -> None:
    """It fades from the month after the finding, with the income the visit found; what is paid from
    then on is the law's.

    Raises:
        NotGranted: another decision has ended it since it was found.
        NotRisen, NotAbove: the visit found an income that is no higher, or none above the standard.
    """
    from_month = steps.found_in(at).next()
    found = await changes.foresee_locked(tools, at, from_month)
    words = {**at.the_last(RISEN).words, means.INCOME: found.own.facts[means.INCOME]}
    await endings.look_up_grant(tools, replace(at, words=words))
    if words["ends"] == DIBAO:
        await _insist_above(tools, at, found.own)
    await changes.decide_requests(tools, at, found, from_month)


async def end_fade_out(tools: Tools, at: Standing) -> None:
    """Nothing fades any more, from the month after the last.

    Raises:
        NotGranted: it does not fade; what was granted again meanwhile is not ended by this.
    """
    await _insist_it_fades(tools, at)
    words = at.the_last(RISEN).words
    grant, fading = _faded(at)
    facts = {**grant.ended, **fading.over}
    after = months_of(at)[1].next()
    if grant.whose == PERSON:
        of_members = {UUID(str(words["person_key"])): facts}
        await endings.decide_facts(tools, at, {}, of_members, after)
    else:
        await endings.decide_facts(tools, at, facts, {}, after)


def months_of(at: Standing) -> tuple[Month, Month]:
    """The first and the last month of the fade-out a case found."""
    return steps.found_in(at).next(), steps.last_fading_month(at)


async def take_back(tools: Tools, at: Standing) -> None:
    """The fade-out is undone, with the income and the means the visit found.

    Raises:
        NotGranted: it does not fade; what another decision ended is not given again.
    """
    await _insist_it_fades(tools, at)
    await endings.as_before(tools, at, means.as_visited(at))


async def follow(desk: Desk, decision_number: str, household_ids: Collection[UUID]) -> None:
    """After a decision: cases whose fade-out it ended have left, or stay where it is granted
    again; those whose fade-out stands again fade on."""
    found = await desk.session.exec(
        select(CaseFile)
        .where(
            col(CaseFile.category) == CATEGORY,
            col(CaseFile.household_id).in_(household_ids),
            col(CaseFile.state).in_([FADING, LEFT, KEPT]),
        )
        .order_by(col(CaseFile.id))
    )
    for at in await standings(desk, found.all()):
        if at.last(FADE) is None:
            continue
        fades, is_on = await _stands(desk, at)
        said = replace(at, words={"reason": decision_number})
        if at.case.state == FADING and not fades:
            await move_other(desk, said, LAPSED, KEPT if is_on else LEFT, None)
        elif at.moved_by(LAPSED) and fades:
            await move_other(desk, said, GOES_ON, FADING, None)


async def _insist_above(tools: Tools, at: Standing, home: Home) -> None:
    assert home.household is not None, "what fades out is a household's of the register"
    last = await decisions.last(tools.session, tools.keys, home.household.id)
    assert last is not None, "only what was decided fades out"
    members = {
        each["person_id"]: {**each["facts"], **home.of_members.get(UUID(each["person_id"]), {})}
        for each in living(last)
    }
    as_granted = {**home.facts_before, **means.as_visited(at).household}
    insist_above(at, as_granted, members)


async def _insist_it_fades(tools: Tools, at: Standing) -> None:
    if not (await _stands(tools, at))[0]:
        raise NotGranted()


async def _stands(tools: Tools, at: Standing) -> tuple[bool, bool]:
    """Whether by the last decision what this case found fades out, and whether it is granted."""
    grant, fading = _faded(at)
    _, facts = await endings.decided_of_whom(tools, at, at.the_last(RISEN).words)
    found_on = day_number(steps.found_on(at))
    return grant.is_fading(facts) and facts.get(fading.since) == found_on, grant.is_on(facts)


def _faded(at: Standing) -> tuple[Grant, Fading]:
    grant = ended(at.the_last(RISEN).words)
    assert grant.fading is not None, "only what fades out was found above the standard"
    return grant, grant.fading
