"""The county's villages and its banks, as two files name them; a roster may name no others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from shared.tables import read_table

_BANK_CODE = re.compile(r"[a-z0-9]{2,16}")
NAME_BEGINS_MIN: Final = 2
"""With fewer characters a name of a village is not meant."""


class PlaceUnreadable(Exception):
    """A file of villages or banks cannot be used; the text says why."""


@dataclass(frozen=True)
class Place:
    """Villages by their 12-digit code; banks by their code and by their name."""

    county: str
    name: str
    villages: dict[str, str]
    towns: dict[str, str]
    banks: dict[str, str]

    def bank_names(self) -> str:
        """What a roster may say of a bank, in a sentence."""
        return "、".join(name for name, code in self.banks.items() if name != code)

    def called(self, village: str) -> str:
        """A village by the names of its township and its own; by its code where it has none."""
        return f"{self.towns.get(village[:9], '')}{self.villages.get(village, village)}"

    @cached_property
    def called_in_full(self) -> Mapping[str, str]:
        """Every village by its code, by the names of its township and its own."""
        return {code: self.called(code) for code in self.villages}

    def villages_called(self, words: str) -> list[str]:
        """The villages of a code, or whose name begins like this."""
        if words in self.villages:
            return [words]
        if len(words) < NAME_BEGINS_MIN:
            return []
        return [code for code, name in self.villages.items() if name.startswith(words)]

    @classmethod
    def read(cls, county: str, divisions_file: Path, banks_file: Path) -> Self:
        """Read both files.

        Raises:
            PlaceUnreadable: one is missing, or is not of this county.
        """
        divisions = read_table(divisions_file, PlaceUnreadable)
        banks = read_table(banks_file, PlaceUnreadable)
        if str(divisions.get("code")) != county:
            raise PlaceUnreadable(f"{divisions_file}: not of county {county}")
        towns = {str(town["code"]): str(town["name"]) for town in divisions["towns"]}
        villages = {
            str(village["code"]): str(village["name"])
            for town in divisions["towns"]
            for village in town["villages"]
        }
        strangers = [code for code in villages if len(code) != 12 or not code.startswith(county)]
        if strangers:
            raise PlaceUnreadable(f"{divisions_file}: {strangers[0]} is no village of {county}")
        spelled: dict[str, str] = {}
        for bank in banks["banks"]:
            if not _BANK_CODE.fullmatch(str(bank["code"])):
                raise PlaceUnreadable(f"{banks_file}: {bank['code']} is no bank code")
            spelled |= {str(bank["code"]): str(bank["code"]), str(bank["name"]): str(bank["code"])}
        return cls(county, str(divisions["name"]), villages, towns, spelled)
