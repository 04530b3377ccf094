"""A case moves: the state an act leads to, its clocks, and the row of what was done."""

from collections.abc import Set
from dataclasses import replace
from datetime import date
from typing import Final

from services.identification import disputes
from services.identification.casework import (
    care,
    classes,
    hits,
    home_counties,
    means,
    objections,
    steps,
    whose_matter,
)
from services.identification.casework.lists import kept_secret, postings
from services.identification.casework.looking_again import checks
from services.identification.casework.paths import UNDECIDED
from services.identification.casework.standing import Standing
from services.identification.casework.visits import APPLICATION, READ
from services.identification.desk import Desk
from services.identification.grammar import moving, rows
from services.identification.grammar.acts import Act
from services.identification.models import CaseAct

ACCEPT: Final = "accept"
ACCEPTS: Final = (ACCEPT, "accept-from-elsewhere")
"""Acts that take a case in, and start its whole clock."""
_CHOSEN: Final = READ | hits.SAID | kept_secret.SAID | {home_counties.TELLS}
"""Acts that move nothing and may end, or begin, that somebody chooses, judges, looks or tells."""


async def move(desk: Desk, at: Standing, act: Act) -> None:
    """The new state with its clocks, and the row of what was done."""
    case, before, was_open = at.case, at.case.state, at.case.closed_at is None
    to_state, runs_until = led_to(act, at), _runs_until(at, act)
    moving.move(case, at.path, act, to_state, at, desk.now)
    _count_by_its_own_day(at, act.name, before)
    if to_state == at.path.begins != before and whose_matter.is_an_offices(at):
        steps.begin_found(case, at.path, at.settings, at.today)
    if act.starts and care.is_asked_anew(at):
        sooner = at.settings.add_workdays(at.today, at.settings.number("self_care_days"))
        case.due_on = min(sooner, case.due_on or sooner)
    if runs_until is not None:
        case.due_on = runs_until
    elif act.name == ACCEPT:
        case.accepted_on = at.today
    if was_open and case.closed_at is not None and not act.starts:
        case.due_on = None
    if case.closed_at is not None:
        _leave_objections(at, act, ends=was_open)
    if act.extends and case.due_on is not None:
        at = replace(at, words={**at.words, "until": case.due_on.isoformat()})
    await _write_down(desk, at, act.name, before, act.scopes)
    if to_state != before:
        await disputes.follow(desk, at, before)


def _runs_until(at: Standing, act: Act) -> date | None:
    """The day the whole clock runs to, with what it was extended by, of a case that is accepted
    once more, as after a death that was noted in error; None of any other act."""
    return at.case.due_on if act.name in ACCEPTS and at.done(*ACCEPTS) else None


def led_to(act: Act, at: Standing) -> str:
    """The state an act leads to from where a case stands."""
    return moving.led_to(act.way, at.case.state, at, lambda name: _chosen(name, at))


async def move_other(desk: Desk, at: Standing, name: str, state: str, clock: str | None) -> None:
    """What was decided elsewhere moves this case too, and begins a whole clock or none."""
    case, before = at.case, at.case.state
    case.state = state
    case.version += 1
    moving.set_clocks(case, at.path, at.settings, at.today)
    _count_by_its_own_day(at, name, before)
    case.due_on = at.settings.add_workdays(at.today, at.settings.number(clock)) if clock else None
    case.closed_at = (case.closed_at or desk.now) if at.path.states[state].ends else None
    await _write_down(desk, at, name, before)
    await disputes.follow(desk, at, before)


def _leave_objections(at: Standing, act: Act, *, ends: bool) -> None:
    """A case that ended undecided waits until whoever objected is answered, by a day of its own."""
    unanswered = objections.unanswered(at).keys() - {at.words.get(objections.WHICH)}
    if at.case.state in UNDECIDED and ends and unanswered and not act.starts:
        days = at.settings.number("objection_answer_days")
        at.case.due_on = at.settings.add_workdays(at.today, days)
    elif act.name == objections.ANSWER and not unanswered:
        at.case.due_on = None


def _count_by_its_own_day(at: Standing, act: str, before: str) -> None:
    """What begins to fade is due when its last month is over, a list that hangs when its days are,
    by whatever calendar; and papers that are missing still, when they were to be there at first."""
    if act == steps.STILL_MISSING:
        at.case.state_due_on = steps.papers_due_on(at)
    elif act == postings.PUT_UP:
        at.case.state_due_on = postings.comes_down_on(at)
    elif at.case.state != before and at.case.state in {steps.FADING, steps.POSTED}:
        at.case.state_due_on = steps.due_on(at)


async def note(desk: Desk, at: Standing, name: str) -> None:
    """Something is done to it that moves it nowhere, by a case of somebody of it."""
    at.case.version += 1
    await _write_down(desk, at, name, at.case.state)


async def _write_down(
    desk: Desk, at: Standing, name: str, before: str, scopes: Set[str] = frozenset()
) -> None:
    """The row of the history, with the right by which it was done; and the row of the audit."""
    case = at.case
    desk.session.add(case)
    by_right = {
        "scopes": sorted(scopes & desk.caller.scopes),
        "areas": [each for each in desk.caller.divisions if case.village.startswith(each)],
    }
    done, witness = rows.write_down(
        desk, CaseAct, case, name, before, at.words, case_id=case.id, **by_right
    )
    moved = case.state != before
    if moved or name in _CHOSEN or APPLICATION in at.words:
        case.choice_waits = _waits_for_another(replace(at, acts=[*at.acts, done]))
    await desk.session.flush()
    await desk.note(
        f"case-{name}",
        str(case.id),
        {
            "from": before,
            "to": case.state,
            "version": case.version,
            "row": witness,
            **{word: at.words[word] for word in ("until",) if word in at.words},
        },
    )


def _waits_for_another(at: Standing) -> bool:
    """Whether somebody is to look at that it is kept secret or that this ends, or to tell a home
    county that it was withdrawn; or, while it is open, to choose between visits, or to judge an
    answer: in whosever queue that is."""
    open_still = at.case.closed_at is None and (
        checks.choice_waits(at) or hits.another_is_to_judge(at)
    )
    over = home_counties.is_to_be_told(at) or bool(kept_secret.to_be_looked_at(at))
    return open_still or over


def _chosen(name: str, at: Standing) -> str:
    """What a way goes by: which list is left, a word of the act, or what the place sets."""
    if name.startswith("list"):
        return postings.way(at, name)
    if name == "money" and name not in at.words:
        return str(means.handed_in_with(at)[name])
    if name == "class-sum":
        return classes.way(at)
    if name == "appraisal" and classes.is_second(at):
        return "always"  # Nobody but the village sets what a household of class 2 is paid.
    return str(at.words.get(name) or at.settings.words.get(name))
