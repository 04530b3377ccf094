"""A place: its names, its calendar, what pays what, what it says on its face."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from policies.documents import Entry, read
from policies.facts import FACTS, Words


@dataclass(frozen=True)
class Family:
    """Programmes that are run and paid together."""

    words: Words
    programmes: tuple[str, ...]


@dataclass(frozen=True)
class Fund:
    """A pot of money, and the only programmes it may pay."""

    words: Words
    programmes: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """The settings of one county."""

    code: str
    words: Words
    demonstration: bool
    notice: Words | None
    cut_off_day: int
    pay_day: int
    families: Mapping[str, Family]
    funds: Mapping[str, Fund]
    budget_items: Mapping[str, Mapping[int, str]]

    def family_of(self, programme: str) -> str:
        return next(name for name, each in self.families.items() if programme in each.programmes)

    def fund_of(self, programme: str) -> str:
        return next(name for name, each in self.funds.items() if programme in each.programmes)


def read_place(path: Path, code: str, programmes: Iterable[str]) -> Place:
    """The settings of `place.yaml`, when every programme has one family, one fund, its items."""
    entry = read(path)
    fields = entry.fields(
        ["name", "demonstration", "calendar", "families", "funds", "budget_items"], ["notice"]
    )
    calendar = fields["calendar"].fields(["cut_off_day", "pay_day"])
    demonstration = bool(_choice(fields["demonstration"], {"no": 0, "yes": 1}))
    if demonstration and "notice" not in fields:
        raise entry.fault("a demonstration place carries a notice")
    known = frozenset(programmes)
    families = {
        name: Family(*_named_programmes(each, known))
        for name, each in fields["families"].mapping().items()
    }
    offered = _once(fields["families"], [each.programmes for each in families.values()])
    funds = {
        name: Fund(*_named_programmes(each, known))
        for name, each in fields["funds"].mapping().items()
    }
    funded = _once(fields["funds"], [each.programmes for each in funds.values()])
    if funded != offered:
        strays = ", ".join(sorted(funded ^ offered))
        raise fields["funds"].fault(f"families and funds differ over {strays}")
    items = fields["budget_items"].fields(offered)
    return Place(
        code=code,
        words=fields["name"].words(),
        demonstration=demonstration,
        notice=fields["notice"].words() if "notice" in fields else None,
        cut_off_day=_day(calendar["cut_off_day"]),
        pay_day=_day(calendar["pay_day"]),
        families=families,
        funds=funds,
        budget_items={name: _items(each) for name, each in items.items()},
    )


def _named_programmes(entry: Entry, known: frozenset[str]) -> tuple[Words, tuple[str, ...]]:
    fields = entry.fields(["zh", "en", "programmes"])
    programmes = []
    for each in fields["programmes"].items():
        if each.text() not in known:
            raise each.fault(f"there is no programme {each.text()}")
        programmes.append(each.text())
    return Words(zh=fields["zh"].text(), en=fields["en"].text()), tuple(programmes)


def _once(entry: Entry, groups: Iterable[tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    for group in groups:
        for name in group:
            if name in found:
                raise entry.fault(f"{name} stands here twice")
            found.add(name)
    return found


def _items(entry: Entry) -> dict[int, str]:
    """The budget item by kind of registration."""
    codes = {code.name: value for value, code in FACTS["registration"].codes.items()}
    found = {codes[name]: each.text() for name, each in entry.fields(codes).items()}
    for item in found.values():
        if not item.isdigit():
            raise entry.fault(f"{item} is not a budget item")
    return found


def _choice(entry: Entry, choices: Mapping[str, int]) -> int:
    if entry.text() not in choices:
        raise entry.fault(f"{entry.text()} is not one of {', '.join(choices)}")
    return choices[entry.text()]


def _day(entry: Entry) -> int:
    day = entry.integer()
    if not 1 <= day <= 28:
        raise entry.fault(f"day {day} is not in every month")
    return day
