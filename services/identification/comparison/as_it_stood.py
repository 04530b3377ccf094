"""How an alert stood on a day gone by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from services.identification.comparison import alerts
from services.identification.comparison.kinds import DISMISSED, read_kinds
from services.identification.desk import Desk
from services.identification.disputes import CAME_BACK
from services.identification.grammar import moving
from services.identification.grammar.as_it_stood import Stood
from services.identification.grammar.history import History
from services.identification.grammar.rows import words_of
from services.identification.models import Alert, AlertAct

SETTLES: Final = "settle"


@dataclass
class AlertStood(Stood):
    """Where an alert stood; `settled` is the act by which it was dealt with, and `was_due_on` by
    when it had to be."""

    settled: AlertAct | None = None
    was_due_on: date | None = None

    @classmethod
    def after(cls, desk: Desk, alert: Alert, acts: Iterable[AlertAct], on: date) -> Self:
        """Where the acts of an alert up to a day led, from the day it was raised on."""
        settings, path = desk.settings, read_kinds().path
        whole = settings.add_workdays(alert.raised_on, settings.number("alert_days"))
        found = cls(alert.county, path.begins, due_on=alert.due_on or whole)
        moving.set_clocks(found, path, settings, alert.raised_on)
        for each in acts:
            if each.done_on <= on:
                found._do(desk, each)
        if found.version == alert.version:
            found.state_due_on = alert.state_due_on
        return found

    @property
    def settled_on(self) -> date | None:
        """The day it was acted on or dismissed."""
        return self.settled.done_on if self.settled else None

    def outcome(self, desk: Desk) -> str | None:
        """What was done about it; none, as long as nothing was."""
        if self.settled is None:
            return None
        return str(words_of(desk.keys, self.settled).get("outcome", DISMISSED))

    def is_late(self, since: date, on: date) -> bool:
        """Whether a clock that runs had run out, or it was dealt with since then, after its day."""
        if self.settled_on is None:
            whole = self.due_on is not None and self.due_on < on
        else:
            in_time = self.was_due_on is None or self.was_due_on >= self.settled_on
            whole = not in_time and self.settled_on >= since
        return whole or self.is_step_late(on)

    def _do(self, desk: Desk, done: AlertAct) -> None:
        path = read_kinds().path
        if done.act == CAME_BACK:
            self.state, self.version = done.to_state, self.version + 1
            self.closed_at = self.settled = None
            moving.set_clocks(self, path, desk.settings, done.done_on)
        else:
            act = path.acts[done.act]
            if act.does == SETTLES:
                self.settled, self.was_due_on = done, self.due_on
            at = History(desk.settings, (), desk.caller, done.done_on, {})
            alerts.move_on(self, act, done.to_state, at, done.done_at)
        self.came(path, done.done_on)
