"""A place: its names, its calendar, what pays what, what it says on its face."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policies.arithmetic import RURAL, URBAN
from policies.reading.documents import Entry, read
from policies.reading.programmes import MONEY, WARNING, Declared
from policies.reading.words import Words

REGISTRATIONS: Final[Mapping[str, int]] = {"urban": URBAN, "rural": RURAL}
"""The kinds of registration a programme has a budget item for each of."""


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
    offers: tuple[str, ...]
    watches: tuple[str, ...]
    funds: Mapping[str, Fund]
    budget_items: Mapping[str, Mapping[int, str]]

    def family_of(self, programme: str) -> str | None:
        """The family a programme is run with every month; none if it is given on application."""
        having = (name for name, each in self.families.items() if programme in each.programmes)
        return next(having, None)

    def fund_of(self, programme: str) -> str | None:
        """The fund that pays a programme; none for what costs the bureau no money."""
        return next(
            (name for name, each in self.funds.items() if programme in each.programmes), None
        )


def read_place(path: Path, code: str, programmes: Mapping[str, Declared]) -> Place:
    """The settings of `place.yaml`: what is run by month, given on application, watched; who pays.

    Whatever gives money has one fund; whatever is run by month has its budget items as well.
    """
    entry = read(path)
    fields = entry.fields(
        ["name", "demonstration", "calendar", "families", "funds"],
        ["notice", "offers", "watches", "budget_items"],
    )
    calendar = fields["calendar"].fields(["cut_off_day", "pay_day"])
    demonstration = fields["demonstration"].yes()
    if demonstration and "notice" not in fields:
        raise entry.fault("a demonstration place carries a notice")
    families = {
        name: Family(*_worded(each, programmes))
        for name, each in fields["families"].mapping().items()
    }
    run = _once(fields["families"], [each.programmes for each in families.values()])
    warnings = {name for name, each in programmes.items() if each.gives == WARNING}
    given = set(programmes) - run - warnings
    offers = _programmes(fields["offers"], given) if "offers" in fields else ()
    watches = _programmes(fields["watches"], warnings) if "watches" in fields else ()
    offered = _once(fields.get("offers", entry), [tuple(run), offers])
    _once(fields.get("watches", entry), [watches])
    paid = {name for name in offered if programmes[name].gives == MONEY}
    for name in sorted(run - paid):
        raise fields["families"].fault(f"{name} gives no money: it stands under offers")
    funds = {name: Fund(*_worded(each, paid)) for name, each in fields["funds"].mapping().items()}
    funded = _once(fields["funds"], [each.programmes for each in funds.values()])
    if funded != paid:
        strays = ", ".join(sorted(funded ^ paid))
        raise fields["funds"].fault(f"what is offered and what is funded differ over {strays}")
    items = fields["budget_items"].fields(run, paid) if "budget_items" in fields else {}
    if run - items.keys():
        raise entry.fault(f"no budget items for {', '.join(sorted(run - items.keys()))}")
    return Place(
        code=code,
        words=fields["name"].words(),
        demonstration=demonstration,
        notice=fields["notice"].words() if "notice" in fields else None,
        cut_off_day=_day(calendar["cut_off_day"]),
        pay_day=_day(calendar["pay_day"]),
        families=families,
        offers=offers,
        watches=watches,
        funds=funds,
        budget_items={name: _items(each) for name, each in items.items()},
    )


def _worded(entry: Entry, known: Collection[str]) -> tuple[Words, tuple[str, ...]]:
    fields = entry.fields(["zh", "en", "programmes"])
    words = Words(zh=fields["zh"].text(), en=fields["en"].text())
    return words, _programmes(fields["programmes"], known)


def _programmes(entry: Entry, known: Collection[str]) -> tuple[str, ...]:
    """Programmes by name, or the word all."""
    if entry.is_text and entry.text() == "all":
        return tuple(sorted(known))
    programmes = []
    for each in entry.items():
        if each.text() not in known:
            raise each.fault(f"there is no programme {each.text()} to name here")
        programmes.append(each.text())
    return tuple(programmes)


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
    fields = entry.fields(REGISTRATIONS)
    found = {REGISTRATIONS[name]: each.text() for name, each in fields.items()}
    for item in found.values():
        if not item.isdigit():
            raise entry.fault(f"{item} is not a budget item")
    return found


def _day(entry: Entry) -> int:
    day = entry.integer()
    if not 1 <= day <= 28:
        raise entry.fault(f"day {day} is not in every month")
    return day
