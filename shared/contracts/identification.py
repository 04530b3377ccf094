"""What identification says: who was determined, and that a list of them is ready to be fetched."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.months import Month


class RosterImported(Event):
    """A roster is in; its determinations lie at GET /determinations?import_id=…"""

    publisher: ClassVar[str] = "identification"

    import_id: UUID
    determinations_count: int = Field(ge=0)
    determinations_sha256: str


class HouseholdDetermined(Event):
    """One household's standing was decided; it lies at GET /determinations?determination_id=…"""

    publisher: ClassVar[str] = "identification"

    determination_id: UUID
    household_id: UUID
    from_month: Month


class PersonDied(Event):
    """A death was learned of."""

    publisher: ClassVar[str] = "identification"

    person_id: UUID
    died_on: date


class DeterminedMember(BaseModel):
    """One member of a determined household, under an opaque id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    person_id: UUID
    since: Month | None = None
    until: Month | None = None
    facts: dict[str, Any]


class Determination(BaseModel):
    """What is known of a household, from a month, by a decision; facts as the packs declare."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    determination_id: UUID
    household_id: UUID
    village: str = Field(pattern=r"^\d{12}$")
    from_month: Month
    until_month: Month | None = None
    decided_on: date
    recorded_at: AwareDatetime
    facts: dict[str, Any]
    members: list[DeterminedMember]
