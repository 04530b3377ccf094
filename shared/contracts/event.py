"""What every event carries: its own id, the county, and when it happened. Never personal data."""

import re
from typing import ClassVar, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.ids import new_id

_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


class Event(BaseModel):
    """A fact in the past tense; unknown members are passed over, so that publishers may add."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    publisher: ClassVar[str] = ""
    version: ClassVar[int] = 1

    event_id: UUID = Field(default_factory=new_id)
    county: str = Field(pattern=r"^\d{6}$")
    occurred_at: AwareDatetime

    @classmethod
    def subject(cls) -> str:
        """Where it is said: RunClosed of benefits → "benefits.run-closed.v1"."""
        return f"{cls.publisher}.{_WORD.sub('-', cls.__name__).lower()}.v{cls.version}"
