"""How long the whole of a case took, in the working days that count, and how many it had.

One meaning for reports and for what a unit is assessed on, as of a case's due day: a clock that was
extended has the longer one's days, and the days a state stops it are nobody's. What an appeal set
aside is open again, by a clock of its own.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from services.identification.casework.paths import CasePath
from services.identification.casework.visits import SET_ASIDE
from services.identification.grammar.acts import STOPPED
from services.identification.place_settings import PlaceSettings

AGAIN: Final = "decision_again_days"
"""The clock by which what was set aside is decided again."""


class Step(NamedTuple):
    """An act that was done: between which states, and on which day."""

    act: str
    before: str
    after: str
    on: date


class Ran(NamedTuple):
    """Working days a whole clock ran, and those it had."""

    taken: int
    allowed: int

    @property
    def in_time(self) -> bool:
        return self.taken <= self.allowed


def ending(path: CasePath, steps: Sequence[Step]) -> Step | None:
    """The first step that ended the case, since it was last decided to be open again."""
    since = _this_time(steps)
    return next(
        (each for each in since if each.before != each.after and path.states[each.after].ends), None
    )


def decided(path: CasePath, steps: Sequence[Step]) -> Step | None:
    """The first step that ended the case, or its clock, likewise: what is paid in stages is
    decided."""
    ends = ending(path, steps)
    return next((each for each in _this_time(steps) if each is ends or _stops(path, each)), None)


def ran(path: CasePath, steps: Sequence[Step], settings: PlaceSettings, on: date) -> Ran | None:
    """How long the whole clock ran to its end, or up to a day; None where it had not begun."""
    last, steps = decided(path, steps), _this_time(steps)
    started = next((each for each in steps if _starts(path, each) is not None), None)
    if started is None or (last and steps.index(started) >= steps.index(last)):
        return None
    taken, since = 0, started
    for each in [*steps[steps.index(started) + 1 :], None]:
        until = min(each.on, on) if each else on
        if path.states[since.after].clock != STOPPED:
            taken += settings.workdays_between(since.on, until)
        if each is None or each is last:
            break
        since = each
    return Ran(taken, _allowed(path, steps, settings, str(_starts(path, started))))


def _allowed(path: CasePath, steps: Sequence[Step], settings: PlaceSettings, clock: str) -> int:
    longer = [path.acts[each.act].extends for each in steps if each.act in path.acts]
    extended = next((each for each in longer if each), None)
    more = settings.number(extended) - settings.number(path.whole_clock) if extended else 0
    return settings.number(clock) + more


def _starts(path: CasePath, step: Step) -> str | None:
    """The clock an act began; of what another case did to this one, what it set aside."""
    if step.act == SET_ASIDE:
        return AGAIN
    return path.acts[step.act].starts if step.act in path.acts else None


def _this_time(steps: Sequence[Step]) -> Sequence[Step]:
    """What was done since a decision of it was last set aside, with that; all, where none was."""
    began = max((place for place, each in enumerate(steps) if each.act == SET_ASIDE), default=0)
    return steps[began:]


def _stops(path: CasePath, step: Step) -> bool:
    return step.act in path.acts and path.acts[step.act].stops
