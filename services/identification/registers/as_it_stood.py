"""How an entry of a register stood on a day gone by.

A report of a past month is counted by the state and the clocks of its last day, not by today's; and
whether something was done in time by the day it was due first, not by the one it was put off to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from services.identification.desk import Desk
from services.identification.grammar.as_it_stood import Stood
from services.identification.grammar.history import History
from services.identification.grammar.moving import move
from services.identification.grammar.rows import words_of
from services.identification.models import RegisterAct
from services.identification.registers.tables import RegisterTable


@dataclass
class EntryStood(Stood):
    """Where an entry stood; `met_on` is when what was due of it was done."""

    met_on: date | None = None

    @classmethod
    def after(cls, desk: Desk, table: RegisterTable, acts: Iterable[RegisterAct]) -> Self:
        """Where these acts of an entry led, from the first that was done on."""
        found = cls(desk.caller.county)
        for each in acts:
            found.do(desk, table, each)
        return found

    def is_late(self, on: date) -> bool:
        """Whether a clock had run out that ran, or what was due was done after its day."""
        if self.stopped_on is not None:
            return False
        done_on = self.met_on or on
        whole = self.due_on is not None and self.due_on < done_on
        return whole or self.is_step_late(on)

    def do(self, desk: Desk, table: RegisterTable, done: RegisterAct) -> None:
        """Move it by one act more."""
        act = table.all_acts[done.act]
        words = words_of(desk.keys, done) if act.due else {}  # Only a day that was said is read.
        at = History(desk.settings, (), desk.caller, done.done_on, words)
        move(self, table, act, done.to_state, at, done.done_at)
        self.came(table, done.done_on)
        met = self.state in table.met_states
        self.met_on = (self.met_on or done.done_on) if met else None


@dataclass
class Stretch:
    """From where something was to be done by a day, with what was done until it began anew."""

    due_on: date
    acts: list[RegisterAct] = field(default_factory=list)

    def is_in_time(self, met: Iterable[str], undone: Iterable[str]) -> bool:
        """Whether one of the acts by which it is met was done by then, and none undid it after."""
        done_on: date | None = None
        for each in self.acts:
            if each.act in met:
                done_on = done_on or each.done_on
            elif each.act in undone:
                done_on = None
        return done_on is not None and done_on <= self.due_on


def stretches(desk: Desk, table: RegisterTable, acts: Iterable[RegisterAct]) -> list[Stretch]:
    """What was due of an entry by its acts, each time from when its whole clock began: a day it was
    put off to begins nothing."""
    stood, found = EntryStood(desk.caller.county), list[Stretch]()
    for each in acts:
        stood.do(desk, table, each)
        if stood.due_on is not None and (table.all_acts[each.act].starts or not found):
            found.append(Stretch(stood.due_on))
        else:
            for last in found[-1:]:
                last.acts.append(each)
    return found
