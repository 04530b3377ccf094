"""What an appeal does to the case it is about: decided again by others, or decided otherwise."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from services.identification.casework import said_relatives
from services.identification.casework.decisions import (
    advances,
    back_dating,
    changes,
    endings,
    moving_home,
    payees,
)
from services.identification.casework.decisions.granting import GRANTING
from services.identification.casework.moving import led_to, move_other
from services.identification.casework.needs import county_visits
from services.identification.casework.paths import LAPSED, ONCE
from services.identification.casework.standing import (
    DECISION_NUMBER,
    OWED_FROM,
    REPLACED,
    Standing,
)
from services.identification.casework.visits import SET_ASIDE
from services.identification.casework.whole_clock import AGAIN
from services.identification.desk import Desk
from services.identification.grammar.acts import Act, Field, Words
from services.identification.grammar.history import Done
from shared.months import Month

REFUSED: Final = "refused"
CHANGED: Final = "changed"
KEPT: Final = "kept"
RESTORE: Final = "restore"
TELL: Final = "tell-refusal"
CONFIRMING: Final = "confirming"
STOPPED: Final = "stop-stages"
_SAID_OTHERWISE: Final = {"opinion", "reasons", "stages", DECISION_NUMBER}
"""Words of a finding that an appeal says itself, or that need not be asked: what is won is granted,
and paid at once."""
_AS_VISITED: Final = "income-as-visited"
_INCOME: Final = Field(
    "income_fen_monthly",
    "fen",
    Words(
        "核定家庭月收入（元，与原来不同的）", "the household's income a month, where it is another"
    ),
    optional=True,
)


async def reopen_case(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """The case stands where it stood before the decision, and others decide it again; until then
    what it changed or ended of the household, where that lives and money goes is as it was. Which
    other households that touched stays among the words.
    """
    about, decided = _about(at), _about(at).decided
    assert decided is not None, "only a decision that stands is set aside"
    words = {"appeal": at.case.receipt, "reasons": at.words["reasons"]}
    if OWED_FROM in at.words:
        owed_from = Month.parse(str(at.words[OWED_FROM]))
        await back_dating.refuse_too_far_back(desk, about, owed_from)
        words[OWED_FROM] = str(owed_from)
    touched = dict[str, Any]()
    if about.path.about_household and decided.act != RESTORE:
        with suppress(endings.NothingToUndo):
            touched |= await _undo(desk, replace(about, words=at.words), endings.reopen)
    again = replace(about, words=words)
    await advances.reopen(desk, again)
    await move_other(desk, again, SET_ASIDE, decided.from_state, AGAIN)
    return touched


async def win_appeal(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """What was refused is granted, what was ended or changed is as it was, from the month it was
    owed; and benefits finds the arrears. Which other households it touched stays among the words.
    """
    about = _about(at)
    words = {"appeal": at.case.receipt, **at.words, OWED_FROM: at.words["from_month"]}
    won, touched = replace(about, words=words), dict[str, Any]()
    if about.path.grant is not None:
        owed_from = Month.parse(str(at.words["from_month"]))
        await back_dating.refuse_too_far_back(desk, about, owed_from)
        granting, won = _granting(about), replace(as_found(at), words=words)
        found = await GRANTING[str(granting.does)](desk, won)
        won = replace(won, words={**words, **(found or {})})
        state = led_to(granting, won)
    elif about.case.state == REFUSED:
        touched |= await changes.change_household(desk, won)
        state = CHANGED
    else:
        touched |= await _undo(desk, won)
        state = CHANGED if about.case.state == CHANGED else KEPT
    await move_other(desk, replace(won, acts=about.acts), REPLACED, state, None)
    return touched


async def _undo(
    desk: Desk,
    at: Standing,
    of_household: Callable[[Desk, Standing], Awaitable[Mapping[str, Any]]] = endings.undo,
) -> Mapping[str, Any]:
    """What was ended or changed is as it was, and money goes where it went; which other households
    that touched.

    Raises:
        NothingToUndo: nothing was decided, of the household, of where it lives or money goes.
    """
    led_back = await payees.put_back(desk, at)
    moved_back = await moving_home.put_back(desk, at)
    try:
        return await of_household(desk, at)
    except endings.NothingToUndo:
        if not (led_back or moved_back):
            raise
    return {}


def asked_to_win(at: Standing) -> Mapping[str, Field]:
    """What an appeal that is won says besides: whatever the decision would have rested on."""
    about = _about(at)
    if about.path.grant is None:
        return {_INCOME.name: _INCOME}
    acts = (about.path.acts[about.path.grant.found_by], _granting(about))
    return {
        name: field
        for act in acts
        for name, field in act.fields.items()
        if name not in _SAID_OTHERWISE
    }


def as_found(at: Standing) -> Standing:
    """The appealed case as if the hearing's finding were its own, with the words of it."""
    about = _about(at)
    if about.path.grant is None:
        return replace(about, words={**at.words, "opinion": "grant"})
    finds = about.path.acts[about.path.grant.found_by]
    before, by = about.last(finds.name), at.caller
    asked = {*finds.fields, *_granting(about).fields} - _SAID_OTHERWISE
    said = {name: at.words[name] for name in asked if name in at.words}
    found = {**(before.words if before else {}), **said, "opinion": "grant", "stages": 1}
    heard_at = at.acts[-1].done_at
    done = (
        Done(name, CONFIRMING, CONFIRMING, by.subject, by.person, at.today, heard_at, words)
        for name, words in ((finds.name, found), (_granting(about).name, at.words))
    )
    return replace(about, acts=[*about.acts, *done], words=found)


def rests_on(at: Standing) -> frozenset[str]:
    """What must be there for what is found and granted in the case that is appealed; of what was
    ended or changed, that no less income is said than the visit found."""
    about = _about(at)
    if about.path.grant is None:
        return frozenset({_AS_VISITED})
    acts = (about.path.acts[about.path.grant.found_by], _granting(about))
    return frozenset(need for act in acts for need in act.needs)


def _granting(about: Standing) -> Act:
    return next(act for act in about.path.acts.values() if act.does in GRANTING)


def lodged_in_time(at: Standing) -> bool:
    """Whether it was lodged in its days; on an earlier day than it is written down, by a letter."""
    lodged = at.last("lodge")
    if lodged is None:
        return False
    said = date.fromisoformat(str(lodged.words["lodged_on"]))
    on = said if "letter_id" in lodged.words else lodged.done_on
    until = last_day(at)
    return _appealed(at).done_on <= on and (until is None or on <= until)


def last_day(at: Standing) -> date | None:
    """The last day on which the decision can be appealed, counted from when it was told; none
    before."""
    return last_day_of(_about(at), _appealed(at))


def last_day_of(about: Standing, decided: Done) -> date | None:
    """The last day on which a decision of a case can be appealed: one that is worked. Of what is to
    be handed over in writing there is none before that was done, for the days run from receipt."""
    from_day = decided.done_on
    tells = about.path.acts.get(TELL)
    if tells is not None and decided.to_state in tells.sources:
        told = [each for each in about.after(decided) if each.act == TELL]
        if not told:
            return None
        # Whoever writes the day down late takes no day from whoever was told.
        from_day = told[-1].done_on
    days = about.decided_by(decided.done_on).reconsideration_days
    return about.settings.workday_from(from_day + timedelta(days=days))


def decided_by(at: Standing) -> set[str]:
    """Everybody who had a hand in the case that is appealed: none of them hears it."""
    return {each.person for each in _about(at).acts if each.act not in {SET_ASIDE, REPLACED}}


def stands(at: Standing) -> bool:
    """Whether the decision that is appealed was neither set aside nor replaced meanwhile."""
    decided = _about(at).decided
    return decided is not None and decided.act != REPLACED


def not_given_once(at: Standing) -> bool:
    """What was given once is not given again beside it: only its refusal is decided otherwise."""
    about = _about(at)
    grant = about.path.grant
    return grant is None or grant.whose != ONCE or about.case.state == REFUSED


def not_given_again(at: Standing) -> bool:
    """Set aside is a refusal of what is given once, or that it ended before it was decided, or that
    the stages still to come were ended."""
    decided = _about(at).decided
    given_nothing = not_given_once(at) or not decided_on_its_matter(at)
    return given_nothing or (decided is not None and decided.act == STOPPED)


def decided_on_its_matter(at: Standing) -> bool:
    """What ended for want of papers or by a death was not looked into: it can only go on."""
    return _about(at).case.state not in LAPSED


def kin_visited_before(at: Standing) -> bool:
    """Nobody is granted by an appeal what the county was to visit first, and did not."""
    about = _about(at)
    if about.path.grant is None:
        return True
    return county_visits.done_where_due(about) and not said_relatives.not_looked_up(about)


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


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "lodged-in-time": lodged_in_time,
    "decision-stands": stands,
    "decided-on-its-matter": decided_on_its_matter,
    "not-given-once": not_given_once,
    "not-given-again": not_given_again,
    "kin-visited-before": kin_visited_before,
}
"""Appeals, by the words the tables use."""
