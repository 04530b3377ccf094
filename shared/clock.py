"""What time it is: the system's clock, or one stated in a file that several processes share."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from shared.months import Month, civil_date


class ClockUnreadable(Exception):
    """The clock file is missing or does not hold one aware ISO instant."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Business time. Tokens, sessions and leases use the system's time, never this one."""

    file: Path | None

    @classmethod
    def open(cls, spec: str) -> Self:
        """A clock from its setting: "system", or "file:/path" to a file holding one instant.

        Raises:
            ValueError: the setting is neither.
        """
        if spec == "system":
            return cls(None)
        if spec.startswith("file:"):
            return cls(Path(spec.removeprefix("file:")))
        raise ValueError('a clock is "system" or "file:" and a path')

    def now(self) -> datetime:
        """The instant, aware, in UTC.

        Raises:
            ClockUnreadable: the file is missing or holds something else.
        """
        if self.file is None:
            return datetime.now(UTC)
        try:
            instant = datetime.fromisoformat(self.file.read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as problem:
            raise ClockUnreadable(f"{self.file}: {problem}") from problem
        if instant.tzinfo is None:
            raise ClockUnreadable(f"{self.file}: the instant has no offset")
        return instant.astimezone(UTC)

    def today(self) -> date:
        """The county's civil date."""
        return civil_date(self.now())

    def month(self) -> Month:
        """The county's civil month."""
        return Month.of(self.today())
