"""A county's own settings for paying: funds, ceilings, bank days; data, never code."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared import workdays
from shared.tables import read_table

BUILT_IN: Final = Path(__file__).with_name("places")
TITLE_CHARACTERS_MAX: Final = 7  # "12月" and the title are at most 10 in a passbook.

Programme = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,30}$")]


class PlaceUnreadable(Exception):
    """A county's settings are missing or wrong; the text says which."""


class Place(BaseModel):
    """One county."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    county: str = Field(pattern=r"^\d{6}$")
    standing: Literal["demonstration", "confirmed"]
    funds: dict[str, list[Programme]] = Field(min_length=1)
    titles: dict[str, Annotated[str, Field(max_length=TITLE_CHARACTERS_MAX)]]
    ceilings_fen: dict[Programme, Annotated[int, Field(gt=0)]]
    roster_accounts: Literal["verified", "unverified"]
    hold_working_days: int = Field(ge=1, le=60)
    answer_bank_days: int = Field(ge=1, le=60)
    holidays: frozenset[date] = frozenset()
    worked_weekends: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _one_fund_a_programme(self) -> Self:
        named = [programme for paid in self.funds.values() for programme in paid]
        if len(set(named)) != len(named):
            raise ValueError("a programme is paid from one fund only")
        missing = set(named) - set(self.ceilings_fen)
        if missing:
            raise ValueError(f"ceilings_fen lacks {', '.join(sorted(missing))}")
        return self

    @property
    def fund_of(self) -> Mapping[str, str]:
        """Programme → the fund that names it."""
        return {
            programme: fund for fund, programmes in self.funds.items() for programme in programmes
        }

    def works(self, day: date) -> bool:
        """Whether banks and offices work that day: the nation's calendar, and what differs here."""
        if day in self.holidays or day in self.worked_weekends:
            return day in self.worked_weekends
        return workdays.is_workday(day)

    def working_days_after(self, day: date, count: int) -> date:
        """The day that lies so many working days later."""
        return workdays.add(day, count, self.works)


def load(county: str, folder: Path | None = None) -> Place:
    """A county's settings: from the folder given, else the built-in ones.

    Raises:
        PlaceUnreadable: there are none, or they are wrong.
    """
    name = f"{county}.yaml"
    path = folder / name if folder and (folder / name).exists() else BUILT_IN / name
    try:
        place = Place.model_validate(read_table(path, PlaceUnreadable))
    except ValidationError as problem:
        told = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in problem.errors(include_input=False)
        )
        raise PlaceUnreadable(f"{path}: {told}") from problem
    if place.county != county:
        raise PlaceUnreadable(f"{path}: it speaks of {place.county}")
    return place
