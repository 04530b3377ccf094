"""What benefits says: that a run is closed, with the control totals its lines must meet; and how
much is to be paid back.
"""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.months import Month


class RunKind(StrEnum):
    """Why a run exists beside the others of its month."""

    REGULAR = "regular"
    SUPPLEMENTARY = "supplementary"
    ONE_OFF = "one-off"


class RunClosed(Event):
    """A run is signed by two; its lines lie at GET /runs/{run_id}/lines."""

    publisher: ClassVar[str] = "benefits"

    run_id: UUID
    family: str
    pay_month: Month
    kind: RunKind
    sequence: int = Field(ge=1)
    lines_count: int = Field(ge=0)
    total_fen: int = Field(ge=0)
    list_sha256: str


class RecoveryDecided(Event):
    """So much of what was granted and is not owed is to be paid back; the last number stands."""

    publisher: ClassVar[str] = "benefits"

    recovery_id: UUID
    number: int = Field(ge=1)
    household_id: UUID
    beneficiary_id: UUID
    programme: str
    month: Month
    amount_fen: int = Field(ge=0)


class Line(BaseModel):
    """One sum owed to one beneficiary for one month; always above zero."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_id: UUID
    run_id: UUID
    beneficiary_kind: str = Field(pattern="^(household|person)$")
    beneficiary_id: UUID
    household_id: UUID
    village: str = Field(pattern=r"^\d{12}$")
    programme: str
    budget_item: str
    month: Month
    difference: int = Field(ge=1)
    kind: str = Field(pattern="^(regular|arrears)$")
    cause: str
    amount_fen: int = Field(gt=0)
