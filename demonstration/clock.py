"""The stated clock: one instant in one file, which only the demonstration moves."""

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from shared.clock import Clock
from shared.months import COUNTY_ZONE, Month

FIRST_PAY_MONTH: Final = Month(2026, 10)
OFFICE_OPENS: Final = time(9, 0)


class StatedClock:
    """Moves the county's day; it never goes back."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._clock = Clock(file)

    @property
    def now(self) -> datetime:
        """The instant it is in the demonstration."""
        return self._clock.now()

    @property
    def today(self) -> date:
        """The county's civil date."""
        return self._clock.today()

    def begin(self, day: date) -> None:
        """Open the office on a day, unless it is later already."""
        if not self._file.exists() or self.today < day:
            self._write(datetime.combine(day, OFFICE_OPENS, COUNTY_ZONE))

    def next_day(self) -> date:
        """Let a day pass."""
        day = self.today + timedelta(days=1)
        self._write(datetime.combine(day, OFFICE_OPENS, COUNTY_ZONE))
        return day

    def _write(self, instant: datetime) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{instant.isoformat()}\n", encoding="utf-8")
        os.replace(draft, self._file)


def desk_day(pay_month: Month, cut_off_day: int) -> date:
    """When the county's staff take up a pay month: the day after the cut-off before it."""
    return pay_month.previous().first_day() + timedelta(days=cut_off_day)
