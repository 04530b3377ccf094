"""What a rule may know of a household and of a person: each fact declared with unit and range.

A fact is known, not applicable or unknown. "Not applicable" is a value of its type
(`NOT_APPLICABLE`, below every declared range); unknown is kept beside the value, never in it.
Facts are declared in the `facts.yaml` of the pack that first needs them; names are unique.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Final

from policies.reading.documents import Entry, apart, read
from policies.reading.words import Code, Words

NOT_APPLICABLE: Final = -1
NOT_APPLICABLE_WORD: Final = "not-applicable"
HOUSEHOLD: Final = "household"
PERSON: Final = "person"

RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "flag": (0, 1),
    "date": (1890_01_01, 2199_12_31),
    "fen": (0, 1_000_000_000),
    "count": (0, 100_000),
    "years": (0, 130),
    "months": (0, 1_200),
    "days": (0, 366),
    "hundredths": (0, 10_000_000),
    "basis_points": (0, 10_000),
}
"""Lowest and highest value of a fact by its unit, where its declaration says nothing narrower."""

YES_AND_NO: Final[Mapping[int, Code]] = {
    0: Code("no", Words("否", "no")),
    1: Code("yes", Words("是", "yes")),
}
_RESERVED: Final = frozenset({"since", "until", "village", "decided_on"})


class State(IntEnum):
    """What stands beside a value: whether a rule may read it."""

    KNOWN = 0
    UNKNOWN = 1
    OUT_OF_RANGE = 2


@dataclass(frozen=True)
class Granted:
    """Of which programme a fact says what stands granted, in the month of which other fact's day.

    Nobody decides such a fact: whoever keeps what was granted brings it.
    """

    programme: str
    in_month_of: str


@dataclass(frozen=True)
class Fact:
    """One thing known of a household or a person: unit, range, words, what proves it."""

    name: str
    entity: str
    unit: str
    lowest: int
    highest: int
    label: Words
    proof: Words
    ordinary: int
    may_not_apply: bool = False
    codes: Mapping[int, Code] = field(default_factory=dict)
    granted: Granted | None = None
    path: Path = Path("facts.yaml")
    line: int = 1

    def holds(self, value: int) -> bool:
        """Whether the value is one this fact can have."""
        if value == NOT_APPLICABLE:
            return self.may_not_apply
        if not self.lowest <= value <= self.highest:
            return False
        return is_date(value) if self.unit == "date" else True

    def read(self, word: object) -> tuple[int, State]:
        """A word of a determination as a value and what stands beside it."""
        if word is None:
            return 0, State.UNKNOWN
        if word == NOT_APPLICABLE_WORD:
            word = NOT_APPLICABLE
        elif word == NOT_APPLICABLE:
            return 0, State.OUT_OF_RANGE
        if type(word) is not int or not self.holds(word):
            return 0, State.OUT_OF_RANGE
        return word, State.KNOWN

    @property
    def ordinary_word(self) -> object:
        """What a worked household that says nothing of it means."""
        return NOT_APPLICABLE_WORD if self.ordinary == NOT_APPLICABLE else self.ordinary


def is_date(value: int) -> bool:
    """Whether a number written yyyymmdd is a day of the calendar."""
    year, month, day = value // 10000, value // 100 % 100, value % 100
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1]


def declare_facts(path: Path) -> dict[str, Fact]:
    """The facts a pack's `facts.yaml` declares; none where there is no such file."""
    if not path.is_file():
        return {}
    found: dict[str, Fact] = {}
    with apart(path):
        for name, entry in read(path).mapping().items():
            with apart(name):
                found[name] = _fact(name, entry)
    return found


def read_codes(entry: Entry) -> dict[int, Code]:
    """The codes of a coded quantity by value, each with a name of its own."""
    found: dict[int, Code] = {}
    for value, code in entry.mapping().items():
        fields = code.fields(["name", "zh", "en"])
        words = Words(zh=fields["zh"].text(), en=fields["en"].text())
        if not value.isdigit():
            raise code.fault(f"{value} is no code: codes are whole numbers")
        found[int(value)] = Code(fields["name"].text(), words)
    if len({code.name for code in found.values()}) != len(found):
        raise entry.fault("two codes have one name")
    return found


def _fact(name: str, entry: Entry) -> Fact:
    fields = entry.fields(
        ["of", "unit", "label", "proof"],
        ["at_least", "at_most", "may_not_apply", "codes", "ordinary", "granted"],
    )
    entity, unit = fields["of"].text(), fields["unit"].text()
    if entity not in {HOUSEHOLD, PERSON}:
        raise fields["of"].fault(f"a fact is of a household or a person, not of a {entity}")
    if unit != "code" and unit not in RANGES:
        raise fields["unit"].fault(f"{unit} is not one of the units code, {', '.join(RANGES)}")
    if name in _RESERVED or name.startswith("member_") or name.endswith(("_state", "_id")):
        raise entry.fault(f"{name} is no name for a fact: a snapshot has it for itself")
    codes = read_codes(fields["codes"]) if "codes" in fields else {}
    if (unit == "code") != bool(codes):
        raise entry.fault("a code, and only a code, lists its codes")
    lowest, highest = (min(codes), max(codes)) if codes else RANGES[unit]
    if codes and sorted(codes) != list(range(1, len(codes) + 1)):
        raise fields["codes"].fault("codes are counted 1, 2, 3 without a gap")
    lowest = fields["at_least"].integer() if "at_least" in fields else lowest
    highest = fields["at_most"].integer() if "at_most" in fields else highest
    if not 0 <= lowest <= highest:
        raise entry.fault(f"no value lies between {lowest} and {highest}")
    may_not_apply = "may_not_apply" in fields and fields["may_not_apply"].yes()
    codes = dict(YES_AND_NO) if unit == "flag" else codes
    return Fact(
        name=name,
        entity=entity,
        unit=unit,
        lowest=lowest,
        highest=highest,
        label=fields["label"].words(),
        proof=fields["proof"].words(),
        ordinary=_ordinary(entry, fields, codes, lowest, may_not_apply),
        may_not_apply=may_not_apply,
        codes=codes,
        granted=_granted(fields["granted"]) if "granted" in fields else None,
        path=entry.path,
        line=entry.line,
    )


def _granted(entry: Entry) -> Granted:
    fields = entry.fields(["programme", "in_month_of"])
    return Granted(fields["programme"].text(), fields["in_month_of"].text())


def _ordinary(
    entry: Entry,
    fields: Mapping[str, Entry],
    codes: Mapping[int, Code],
    lowest: int,
    may_not_apply: bool,
) -> int:
    """What a worked household that says nothing of the fact means; never used of real people."""
    if "ordinary" not in fields:
        if may_not_apply:
            return NOT_APPLICABLE
        if lowest > 0:
            raise entry.fault("says what is ordinary: it can be neither zero nor not applicable")
        return 0
    text = fields["ordinary"].text()
    by_name = {code.name: value for value, code in codes.items()}
    if text in by_name:
        return by_name[text]
    return int(text.replace("-", "")) if text[4:5] == "-" else fields["ordinary"].integer()
