"""How something stood on a day gone by: its acts until then, moved along its table once more."""

from dataclasses import dataclass
from datetime import date, datetime

from services.identification.grammar.acts import Table


@dataclass
class Stood:
    """Where something stood at the end of a day, with its clocks, and the day on which it ended."""

    county: str
    state: str = ""
    version: int = 0
    state_since: date = date.min
    state_due_on: date | None = None
    due_on: date | None = None
    stopped_on: date | None = None
    closed_at: datetime | None = None
    closed_on: date | None = None

    def is_step_late(self, on: date) -> bool:
        """Whether the clock of its state had run out on a day, while that ran."""
        runs_until = None if self.closed_on else self.state_due_on
        return runs_until is not None and runs_until < on

    def came(self, table: Table, on: date) -> None:
        """It came on a day to where it stands: it ended there by its table, or goes on."""
        self.closed_on = (self.closed_on or on) if table.states[self.state].ends else None
