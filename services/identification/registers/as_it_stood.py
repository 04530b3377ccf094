"""How an entry stood on a day gone by: its acts up to that day, moved along its table once more.

A report of a past month is counted by the state and the clocks of its last day, not by today's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from services.identification.desk import Desk
from services.identification.grammar.history import History
from services.identification.grammar.moving import move
from services.identification.grammar.rows import words_of
from services.identification.models import RegisterAct
from services.identification.registers.tables import RegisterTable


@dataclass
class Stood:
    """Where an entry stood at the end of a day; `met_on` is when what was due of it was done."""

    county: str
    state: str = ""
    version: int = -1
    state_since: date = date.min
    state_due_on: date | None = None
    due_on: date | None = None
    stopped_on: date | None = None
    closed_at: datetime | None = None
    closed_on: date | None = None
    met_on: date | None = None

    @classmethod
    def after(cls, desk: Desk, table: RegisterTable, acts: Iterable[RegisterAct]) -> Self:
        """Where these acts of an entry led, from the first that was done on."""
        found = cls(desk.caller.county)
        for each in acts:
            found._do(desk, table, each)
        return found

    def is_late(self, on: date) -> bool:
        """Whether a clock had run out that ran, or what was due was done after its day."""
        if self.stopped_on is not None:
            return False
        done_on = self.met_on or on
        whole = self.due_on is not None and self.due_on < done_on
        step = None if self.closed_on else self.state_due_on
        return whole or (step is not None and step < on)

    def _do(self, desk: Desk, table: RegisterTable, done: RegisterAct) -> None:
        act = table.all_acts[done.act]
        words = words_of(desk.keys, done) if act.due else {}  # Only a day that was said is read.
        at = History(desk.settings, (), desk.caller, done.done_on, words)
        move(self, table, act, done.to_state, at, done.done_at)
        ends, met = table.states[self.state].ends, self.state in table.met_states
        self.closed_on = (self.closed_on or done.done_on) if ends else None
        self.met_on = (self.met_on or done.done_on) if met else None
