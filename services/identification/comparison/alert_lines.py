"""An alert that is to be raised, as it lies in its table."""

from collections.abc import Sequence
from typing import Final, NamedTuple

COLUMNS: Final = (
    "id", "subject_id", "person_id", "household_id", "case_id", "low_income_id", "village",
    "weight", "facts_row", "county", "kind", "month", "comparison_id", "attempt", "state",
    "version", "raised_at", "raised_on", "state_since", "state_due_on", "due_on", "identity",
    "things",
)  # fmt: skip


class Line(NamedTuple):
    """An alert to be raised: what it rests on, and its row as COPY reads it, without that.

    Ids are texts without hyphens; the subject is a person where it is personal, and `home` the
    household of the register whose matter it is.
    """

    alert_id: str
    kind: str
    subject: str
    is_personal: bool
    person_id: str | None
    home: str | None
    facts_row: int
    things: Sequence[int]
    text: str

    def of(self, things: Sequence[int], number: int) -> str:
        """The row as COPY reads it, with what it is raised of, and the number that is so once."""
        return f"{self.text}\t{number}\t{{{','.join(map(str, things))}}}"
