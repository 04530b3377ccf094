"""Moving along a table: who may act now, where an act leads, and the clocks that run there."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from services.identification.grammar.acts import STOPPED, Act, Table, Way
from services.identification.grammar.history import History
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller
from shared.problems import Conflict, Forbidden


class NotHere(Conflict):
    """This act is not for something that stands where this does."""


class MovedOn(Conflict):
    """Somebody else has moved this meanwhile: read it again."""


class NotYet(Conflict):
    """Something must be there first."""


class NotYours(Forbidden):
    """This act is for others to do."""


class Movable(Protocol):
    """What stands in a state, with its clocks; `version` counts its acts."""

    county: str
    state: str
    version: int
    state_since: date
    state_due_on: date | None
    due_on: date | None
    stopped_on: date | None
    closed_at: datetime | None


def allowed(table: Table, row: Movable, caller: Caller, act_name: str, version: int) -> Act:
    """The act of that name, when the caller may do it to what stands here at this version.

    Raises:
        NotHere, NotYours, MovedOn: in this order; NotHere again for an act of another state.
    """
    act = table.acts.get(act_name)
    if act is None:
        raise NotHere(f"its table knows no act {act_name}")
    if not any(caller.has(scope) for scope in act.scopes):
        raise NotYours("one of these scopes is needed", scopes=sorted(act.scopes))
    if row.version != version:
        raise MovedOn(f"it stands at version {row.version}", state=row.state)
    if row.state not in act.sources:
        raise NotHere(f"it is {row.state}", state=row.state)
    return act


def led_to(way: Way | None, state: str, at: History, word: Callable[[str], str]) -> str:
    """The state an act leads to: by its table, by a word, or by what was done before."""
    if way is None:
        return state
    if way.state is not None:
        return way.state
    if way.after is not None:
        acts = at.since(way.since) if way.since else at.acts
        was_done = any(each.act == way.after for each in acts)
        chosen = way.states["then" if was_done else "otherwise"]
        return led_to(chosen, state, at, word)
    return led_to(way.states[word(way.by or "")], state, at, word)


def move(row: Movable, table: Table, act: Act, to_state: str, at: History, now: datetime) -> None:
    """The new state with its clocks; the version counts one act more."""
    before, row.state = row.state, to_state
    row.version += 1
    if to_state != before:
        set_clocks(row, table, at.settings, at.today)
    if act.starts:
        row.due_on = at.settings.add_workdays(at.today, at.settings.number(act.starts))
    if act.due and act.due in at.words:
        row.due_on = date.fromisoformat(str(at.words[act.due]))
    if act.extends and row.due_on is not None:
        more = at.settings.number(act.extends) - at.settings.number(table.whole_clock)
        row.due_on = at.settings.add_workdays(row.due_on, more)
    if act.stops:
        row.due_on = None
    if act.meets:
        row.state_due_on = None
    if table.states[to_state].ends and row.closed_at is None:
        row.closed_at = now


def set_clocks(row: Movable, table: Table, settings: PlaceSettings, today: date) -> None:
    """The clock of the state begins; a state that stops the whole clock gives its days back."""
    if row.stopped_on is not None and row.due_on is not None:
        waited = settings.workdays_between(row.stopped_on, today)
        row.due_on = settings.add_workdays(row.due_on, waited)
    row.state_since = today
    row.stopped_on = today if table.states[row.state].clock == STOPPED else None
    row.state_due_on = step_due_on(row, table, settings)


def step_due_on(row: Movable, table: Table, settings: PlaceSettings) -> date | None:
    """By which day the clock of its state runs out, from the day it came there; none without."""
    state = table.states[row.state]
    clock = state.lapses or state.step or state.clock
    if clock is None or clock == STOPPED:
        return None
    return settings.add_workdays(row.state_since, settings.number(clock))
