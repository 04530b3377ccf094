"""Temporary assistance: who has to approve a sum, and its decisions, one for each stage.

A stage is decided when its turn has come, for its month alone. So an approval that is stopped pays
no more, and the sum of its stages is never more than was approved.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.identification import decisions
from services.identification.casework import households, one_at_a_time, register_homes, steps
from services.identification.casework.decisions import deaths, grants, newcomers
from services.identification.casework.needs.temporary import (
    CAME_BACK,
    COUNTY,
    REPORTS,
    TOWNSHIP,
    advanced_fen,
    proposed,
    released,
    reported,
)
from services.identification.casework.standing import REPLACED, TOWNSHIP_REACH, Standing
from services.identification.casework.tools import Tools, index_of
from services.identification.desk import Desk
from services.identification.determinations import NOT_APPLICABLE
from services.identification.grammar.rows import words_of
from services.identification.models import (
    CaseAct,
    CaseFile,
    CasePerson,
    Determination,
    Household,
)
from shared.contracts.identification import AdvanceVerified
from shared.database import new_id
from shared.months import Month
from shared.outbox import announce
from shared.problems import Conflict

PROGRAMME: Final = "temporary"
KINDS: Final = {"urgent": 1, "expenditure": 2, "winter": 3}
ADVANCE: Final = "advance"
HELPED: Final = (ADVANCE, "confirm", REPLACED)
"""The acts by which somebody is helped: paid first, approved, or won by an appeal."""
RELEASED: Final = "release-stage"
PAYING: Final = "paying"
"""The act by which a further stage is paid, and where a case stands that has some to come."""
LEVELS: Final = {TOWNSHIP: 1, COUNTY: 2}


class HelpedBefore(Conflict):
    """They were helped for the same cause this year: only the county allows it once more."""


class GivenThisMonth(Conflict):
    """What is given once was decided for this household in this month already; decide it next."""


class NobodyLeft(Conflict):
    """Nobody lives in the household that was helped any more: the stages to come are stopped."""


async def help_from_reserve(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """The reserve pays once for one cause; once more is the county's to allow.

    Payments keeps the reserve and draws on it under the case's id: where this act does not come to
    its end, doing it again draws nothing more.

    Raises:
        HelpedBefore: they were helped for it in this calendar year.
        SpokenByPeer: the reserve holds less (`reserve-spent`), or the case drew on it otherwise.
        PeerUnavailable: payments is away.
    """
    if await _same_cause(desk, at):
        raise HelpedBefore()
    assert desk.payments is not None, "an act is done where payments is a peer"
    town = at.case.village[:TOWNSHIP_REACH]
    said = {
        "case_id": str(at.case.id),
        "amount_fen": int(at.words["amount_fen"]),
        "voucher": str(at.words["voucher"]),
    }
    drawn = await desk.payments.post(f"/reserves/{town}/advances", said, key=str(new_id()))
    return {"reserve_left_fen": drawn["left_fen"]}


async def weigh_aid(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """Who has to decide: the township up to its limit, the county above it, or once more for one
    cause in a calendar year.

    Raises:
        DeadInRegister: it is proposed for somebody who is dead by the register.
    """
    await grants.refuse_dead(tools, at)
    same_cause = await _same_cause(tools, at)
    small = int(at.words["amount_fen"]) <= at.settings.number("aid_township_limit_fen")
    within = at.words["opinion"] != "grant" or (small and same_cause == 0)
    return {"same_cause": same_cause, "level": TOWNSHIP if within else COUNTY}


async def grant_aid(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """The first stage is decided with the approval; nothing, where all was paid first.

    What was paid first is verified with it: the township's reserve may be filled up by as much.

    Raises:
        HelpedBefore: they were helped for the same cause since it was proposed.
        GivenThisMonth: the household is given it in this month already.
    """
    if await _same_cause(tools, at) > int(proposed(at)["same_cause"]):
        raise HelpedBefore()
    left_fen = int(proposed(at)["amount_fen"]) - advanced_fen(at)
    if advanced_fen(at):
        county, case_id = at.case.county, at.case.id
        await announce(
            tools.session, AdvanceVerified(county=county, occurred_at=tools.now, case_id=case_id)
        )
    if left_fen:
        living = await register_homes.under_their_codes(tools, at)
        living = await newcomers.without_who_left(tools, living)
        household, _ = await grants.registered(tools, living, Month.of(at.today), found=False)
        await _decide_stage(tools, living, household, 1, at.words)
    stages = int(proposed(at)["stages"]) if left_fen else 1
    return {"left": "more" if stages > 1 else "none", "left_fen": left_fen}


async def release_stage(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """The next stage, while the need lasts.

    Raises:
        NobodyLeft: nobody lives in the household any more.
        DeadInRegister: who applied is dead, and one of the others is to go on with it.
        GivenThisMonth: the household is given it in this month already.
    """
    stage = len(released(at)) + 1
    approved = at.the_last("confirm")
    await _decide_stage(tools, at, await _helped(tools, at), stage, approved.words)
    await steps.begin_again(tools, at, "aid_stage_days")
    return {"stage": stage, "left": "more" if stage < int(proposed(at)["stages"]) else "none"}


async def _helped(tools: Tools, at: Standing) -> Household:
    """The household that was helped, this transaction's alone, in the name of somebody alive. Who
    came or left since changes nothing of what was decided for it, as long as somebody is left."""
    household = await tools.session.get_one(Household, at.case.household_id, with_for_update=True)
    living = await households.living(tools.session, household.id)
    there = {person.id_index for person, _ in living if person.died_on is None}
    if not there:
        raise NobodyLeft()
    named = {each.key: index_of(tools.keys, each) for each in at.asked_for}
    applicant = at.application.applicant
    assert applicant is not None, "only who applied is helped"
    if any(index in there for key, index in named.items() if key != applicant.key):
        await deaths.refuse_dead(tools, at.case.county, [applicant])
    return household


async def _decide_stage(
    tools: Tools, at: Standing, household: Household, stage: int, approved: Mapping[str, Any]
) -> None:
    """A decision about one stage, for this month alone, with the facts the law asks for.

    The law asks its limits of the whole sum, and pays it without what was paid first.
    """
    month = Month.of(at.today)
    await _refuse_twice(tools, household, month)
    said, level = proposed(at), at.case.state == "confirming" or _county_decided(at)
    facts = {
        "registered_elsewhere": int(bool(reported(at)["elsewhere"])),
        "temporary_case": KINDS[str(reported(at)["kind"])],
        "temporary_hardship_found": 1,
        "temporary_same_cause_count": int(said["same_cause"]),
        "temporary_repeat_allowed": int(bool(approved.get("repeat_allowed"))),
        "temporary_decided_fen": int(said["amount_fen"]),
        "temporary_advanced_fen": advanced_fen(at),
        "temporary_above_cap_allowed": int(bool(approved.get("above_cap_allowed"))),
        "temporary_approved_by": LEVELS[COUNTY if level else TOWNSHIP],
        "temporary_stages_count": int(said["stages"]),
        "temporary_stage": stage,
        "temporary_advance_asked_fen": 0,
        "temporary_advances_made": int(advanced_fen(at) > 0),
        "temporary_reserve_fen": None,
        "temporary_papers_filed": 1,
        "temporary_papers_due_on": NOT_APPLICABLE,
    }
    number = str(approved["decision_number"])
    await decisions.decide_once(
        tools.session,
        tools.keys,
        at.caller,
        household,
        decisions.Decided(
            number if stage == 1 else f"{number}（第{stage}期）", at.today, tools.now
        ),
        month,
        PROGRAMME,
        facts,
    )


async def _refuse_twice(tools: Tools, household: Household, month: Month) -> None:
    """A household is given it once a month."""
    given = await tools.session.exec(
        select(col(Determination.id)).where(
            col(Determination.household_id) == household.id,
            col(Determination.programme) == PROGRAMME,
            col(Determination.from_month) == str(month),
        )
    )
    if given.first() is not None:
        raise GivenThisMonth()


def returned() -> Any:
    """The cases whose advance came back before they were decided, so that it was no help."""
    decided = aliased(CaseAct)
    return select(col(CaseAct.case_id)).where(
        col(CaseAct.act) == CAME_BACK,
        ~exists(
            select(decided.id).where(
                decided.case_id == col(CaseAct.case_id),
                decided.number < col(CaseAct.number),
                col(decided.act).in_([each for each in HELPED if each != ADVANCE]),
            )
        ),
    )


def _county_decided(at: Standing) -> bool:
    approved = at.last("confirm")
    return approved is not None and approved.from_state == "confirming"


async def _same_cause(tools: Tools, at: Standing) -> int:
    """How often somebody of this case was helped for the same cause in this calendar year, by an
    approval or from the township's reserve, unless that came back. An approval of the year before
    is help of this one too, where it pays a stage in it or has some to come."""
    await one_at_a_time.hold(tools, at.application)
    people = [index_of(tools.keys, each) for each in at.application.members if each.id_number]
    statement = (
        select(col(CaseFile.id), col(CaseFile.state))
        .join(CasePerson, col(CasePerson.case_id) == col(CaseFile.id))
        .where(
            col(CaseFile.category) == at.case.category,
            col(CaseFile.state).not_in(["refused", "withdrawn"]),
            col(CaseFile.id) != at.case.id,
            col(CasePerson.role) != "proxy",
            col(CasePerson.id_index).in_(people),
        )
        .distinct()
    )
    states = dict((await tools.session.exec(statement)).all())
    acts = await tools.session.exec(
        select(CaseAct)
        .where(
            col(CaseAct.case_id).in_(states),
            col(CaseAct.act).in_([*REPORTS, *HELPED, RELEASED]),
            (col(CaseAct.act) != ADVANCE) | col(CaseAct.case_id).not_in(returned()),
        )
        .order_by(col(CaseAct.case_id), col(CaseAct.number))
    )
    causes, this_year = {}, {case_id for case_id, state in states.items() if state == PAYING}
    for act in acts:
        if act.act in REPORTS:
            causes[act.case_id] = words_of(tools.keys, act)["cause"]
        elif act.done_on.year == at.today.year:
            this_year.add(act.case_id)
    return sum(causes[case_id] == reported(at)["cause"] for case_id in this_year)
