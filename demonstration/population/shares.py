"""The numbers the population is made by, read from shares.yaml; none stands in the code."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Self

import yaml

SHARES_FILE: Final = Path(__file__).parent / "shares.yaml"
PLACES: Final = Path(__file__).parent.parent / "places"


@dataclass(frozen=True)
class Shares:
    """shares.yaml, by its sections."""

    words: dict[str, Any]

    @classmethod
    def read(cls, path: Path = SHARES_FILE) -> Self:
        """Read the file as it stands in the repository."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    @cached_property
    def sizes(self) -> list[float]:
        """Cumulative shares of households of 1, 2, … members."""
        return list(accumulate(self.words["households"]["per_thousand_by_size"]))

    @cached_property
    def households(self) -> dict[str, Any]:
        """How households are made up."""
        return dict(self.words["households"])

    @cached_property
    def names(self) -> dict[str, Any]:
        """How rare the rare names are."""
        return dict(self.words["names"])

    @cached_property
    def assistance(self) -> dict[str, Any]:
        """How many are on what."""
        return dict(self.words["assistance"])

    @cached_property
    def accounts(self) -> dict[str, Any]:
        """Where the money goes."""
        return dict(self.words["accounts"])

    @cached_property
    def monthly(self) -> dict[str, Any]:
        """What changes from month to month."""
        return dict(self.words["monthly"])

    def standard_fen_monthly(self, urban: bool) -> int:
        """The dibao standard that incomes are made around."""
        return int(self.words["standard_fen_monthly"]["urban" if urban else "rural"]["amount"])


@dataclass(frozen=True, slots=True)
class Village:
    """A village or a neighbourhood, and the town it belongs to."""

    code: str
    name: str
    town: str
    town_name: str

    @property
    def urban(self) -> bool:
        """Neighbourhoods (社区) are urban; their last three digits run below 200."""
        return int(self.code[-3:]) < 200


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank of the demonstration, and how many of a hundred accounts it keeps."""

    code: str
    name: str
    kind: str
    card_prefix: str
    urban_percent: int
    rural_percent: int


def villages(county: str) -> list[Village]:
    """The county's villages, in the order of their codes."""
    place = yaml.safe_load((PLACES / f"{county}.yaml").read_text(encoding="utf-8"))
    return [
        Village(village["code"], village["name"], town["code"], town["name"])
        for town in place["towns"]
        for village in town["villages"]
    ]


def banks(county: str) -> list[Bank]:
    """The county's banks."""
    words = yaml.safe_load((PLACES / f"{county}-banks.yaml").read_text(encoding="utf-8"))
    return [Bank(**bank) for bank in words["banks"]]
