"""What benefits says: that a run is closed, with the control totals its lines must meet; how much
is to be paid back; and, when it is asked, what a household would be paid.
"""

from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.identification import DeterminedMember
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


class Supposed(BaseModel):
    """A household as it stands, or would stand, by words to which no decision need belong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    household_id: UUID
    village: str = Field(pattern=r"^\d{12}$")
    recorded_at: AwareDatetime
    """When it was decided so, or is supposed: deaths that were told before count in its words."""
    facts: dict[str, Any]
    members: list[DeterminedMember] = Field(max_length=200)


class ToReckon(BaseModel):
    """Households to be reckoned for a month; nothing of it is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: Month
    households: list[Supposed] = Field(min_length=1, max_length=40)
