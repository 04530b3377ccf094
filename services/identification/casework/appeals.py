"""What an appeal does to the case it is about: decided again by others, or decided otherwise."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from services.identification.casework import changes, grants
from services.identification.casework.moving import move_other
from services.identification.casework.standing import DECISION_NUMBER, SET_ASIDE, Standing
from services.identification.desk import Desk
from services.identification.grammar.history import Done
from shared.months import Month

REPLACED: Final = "decision-replaced"
WON_STATES: Final = {"dibao": "granted", "change": "changed", "exit": "kept"}
"""Where a case stands once an appeal has won: those whose decision is about a household's sum."""


async def reopen_case(desk: Desk, at: Standing) -> None:
    """The case stands where it stood before the decision, and others decide it again."""
    about, decided = _about(at), _about(at).decided
    assert decided is not None, "only a decision that stands is set aside"
    words = {"appeal": at.case.receipt, "reasons": at.words["reasons"]}
    if "owed_from" in at.words:
        words["owed_from"] = at.words["owed_from"]
    again = replace(about, words=words)
    await move_other(desk, again, SET_ASIDE, decided.from_state, "decision_again_days")


async def win_appeal(desk: Desk, at: Standing) -> None:
    """The household is on dibao with the income that was found, from the month it was owed."""
    about = replace(_about(at), words={"appeal": at.case.receipt, **at.words})
    facts = {"on_dibao": 1, "income_fen_monthly": at.words["income_fen_monthly"]}
    from_month = Month.parse(str(at.words["from_month"]))
    if about.path.about_household:
        await changes.decide_facts(desk, about, {**facts, **changes.NOT_FADING}, from_month)
    else:
        await grants.grant(desk, about, facts, {}, from_month)
    await move_other(desk, about, REPLACED, WON_STATES[about.case.category], None)


def last_day(at: Standing) -> date:
    """The last day on which the decision can be appealed: counted from when it was told."""
    return last_day_of(_about(at), _appealed(at))


def last_day_of(about: Standing, decided: Done) -> date:
    """The last day on which a decision of a case can be appealed."""
    told = [each for each in about.acts if each.act == "tell-refusal"]
    from_day = decided.done_on
    if told and told[-1].done_on >= decided.done_on:
        from_day = date.fromisoformat(str(told[-1].words["told_on"]))
    days = about.settings.decided_by(about.case.category, decided.done_on).reconsideration_days
    return from_day + timedelta(days=days)


def decided_by(at: Standing) -> set[str]:
    """Everybody who had a hand in the case that is appealed: none of them hears it."""
    return {each.person for each in _about(at).acts if each.act not in {SET_ASIDE, REPLACED}}


def stands(at: Standing) -> bool:
    """Whether the decision that is appealed was neither set aside nor replaced meanwhile."""
    decided = _about(at).decided
    return decided is not None and decided.act != REPLACED


def may_be_won(at: Standing) -> bool:
    """Whether the decision is about a household's sum, so that another can stand in its place."""
    return _about(at).case.category in WON_STATES


def _appealed(at: Standing) -> Done:
    """The decision that is appealed: the last one before this appeal had its outcome."""
    found = None
    for each in _about(at).acts:
        if each.words.get("appeal") == at.case.receipt:
            break
        if DECISION_NUMBER in each.words and each.act != REPLACED:
            found = each
    assert found is not None, "only what was decided is appealed"
    return found


def _about(at: Standing) -> Standing:
    assert at.about is not None, "an appeal is about a case"
    return at.about
