"""Dated numbers: value, since, source, unit, standing; gaps, disorder and strays are refused."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Final

from policies.reading.documents import Entry, PackFault, apart, month_text, read
from policies.reading.facts import read_codes
from policies.reading.words import Code, Words

UNITS: Final = (
    "fen", "flag", "months", "years", "days", "count", "code", "hundredths", "basis_points", "date",
)  # fmt: skip


class Standing(IntEnum):
    """How far a number may be trusted, weakest first."""

    DEMONSTRATION = 0
    LEAD = 1
    PRINTED = 2
    CONFIRMED = 3


@dataclass(frozen=True)
class Dated:
    """One amount from one month on, until the next of its list."""

    since: int
    amount: int
    source: str
    standing: Standing
    note: str
    path: Path
    line: int


@dataclass(frozen=True)
class Declaration:
    """A number a pack asks for: unit, words, table dimension, range; its choices if a code."""

    name: str
    unit: str
    label: Words
    by: str | None
    codes: Mapping[int, Code]
    lowest: int
    highest: int
    choices: Mapping[int, Code]
    path: Path
    line: int

    def amount(self, entry: Entry) -> int:
        """A whole number, or the name of a choice; a flag may be written yes or no."""
        text = entry.text()
        if self.unit == "flag" and text in {"yes", "no"}:
            return int(text == "yes")
        if not self.choices:
            return entry.integer()
        by_name = {code.name: value for value, code in self.choices.items()}
        if text not in by_name:
            raise entry.fault(f"{text} is not one of {', '.join(by_name)}")
        return by_name[text]


_HIGHEST: Final[Mapping[str, int]] = {
    "flag": 1,
    "years": 200,
    "months": 1_200,
    "days": 366,
    "basis_points": 100_000,
    "date": 2199_12_31,
}

Series = tuple[Dated, ...]


@dataclass(frozen=True)
class Number:
    """A declared number with what the nation and the place say of it, by code if a table."""

    declaration: Declaration
    series: Mapping[int | None, Series] = field(default_factory=dict)

    def at(self, month: int, code: int | None = None) -> Dated | None:
        """The amount in force in a month, or nothing: a gap is never filled."""
        series = self.series.get(code, ())
        place = bisect_right(series, month, key=lambda dated: dated.since)
        return series[place - 1] if place else None

    def entries(self) -> Iterable[tuple[int | None, Dated]]:
        return ((code, dated) for code, series in self.series.items() for dated in series)

    def with_amount(self, amount: int | Mapping[int, int]) -> "Number":
        """The same number with a supposed amount, in force for every month."""
        supposed: dict[int | None, int] = {}
        if isinstance(amount, Mapping):
            supposed.update({code: each for code, each in amount.items()})  # noqa: C416  # A dict of int keys is no dict of int | None keys.
        else:
            supposed[None] = amount
        if (self.declaration.by is None) != (None in supposed):
            raise ValueError(f"{self.declaration.name}: a table is supposed by code, only a table")
        where = (self.declaration.path, self.declaration.line)
        return Number(
            self.declaration,
            {
                **self.series,
                **{
                    code: (Dated(0, each, "supposed", Standing.DEMONSTRATION, "", *where),)
                    for code, each in supposed.items()
                },
            },
        )


def declare(
    path: Path, codes_of: Callable[[str], Mapping[int, Code] | None], sources: Iterable[str]
) -> dict[str, Number]:
    """The numbers a pack's `numbers.yaml` declares, with the national values it gives."""
    known = frozenset(sources)
    found: dict[str, Number] = {}
    if not path.is_file():
        return found
    with apart(path):
        for name, entry in read(path).mapping().items():
            with apart(name):
                found[name] = _declared(name, entry, codes_of, known)
    return found


def override(
    national: Mapping[str, Number], path: Path, sources: Iterable[str]
) -> dict[str, Number]:
    """The numbers with what a place says instead: its own by key, the rest inherited."""
    known = frozenset(sources)
    found = dict(national)
    with apart(path):
        for name, entry in read(path).mapping().items():
            with apart(name):
                if name not in national:
                    raise entry.fault(f"no pack declares a number {name} here", over=name)
                number = national[name]
                declaration, values = _bounded(number.declaration, entry, known)
                own = _values(declaration, values, known)
                found[name] = Number(declaration, {**number.series, **own})
                _refuse_holes(found[name], entry)
    return found


def _bounded(
    declaration: Declaration, entry: Entry, known: frozenset[str]
) -> tuple[Declaration, Entry]:
    """What a place says of a number, with the bounds its own texts print, if they do."""
    if not entry.is_mapping or "values" not in entry.mapping():
        return declaration, entry
    fields = entry.fields(["values"], ["at_least", "at_most"])
    lowest, highest = _bounds(fields, known, declaration.lowest, declaration.highest)
    if lowest < declaration.lowest or highest > declaration.highest:
        raise entry.fault(
            f"a place bounds within what the pack allows, {declaration.lowest} to"
            f" {declaration.highest}"
        )
    return replace(declaration, lowest=lowest, highest=highest), fields["values"]


def check_source(entry: Entry, known: Iterable[str]) -> str:
    """The source an entry names, when its first word is a key of `sources.yaml`."""
    source = entry.text()
    key = source.split()[0]
    if key not in known:
        raise entry.fault(f"{key} is not a key of sources.yaml", over=key)
    return source


def _declared(
    name: str,
    entry: Entry,
    codes_of: Callable[[str], Mapping[int, Code] | None],
    known: frozenset[str],
) -> Number:
    fields = entry.fields(["label", "unit"], ["by", "at_least", "at_most", "codes", "values"])
    declaration = _declaration(name, entry, fields, codes_of, known)
    values = fields.get("values")
    number = Number(declaration, _values(declaration, values, known) if values else {})
    _refuse_holes(number, values or entry)
    return number


def _declaration(
    name: str,
    entry: Entry,
    fields: Mapping[str, Entry],
    codes_of: Callable[[str], Mapping[int, Code] | None],
    known: frozenset[str],
) -> Declaration:
    unit = fields["unit"].text()
    if unit not in UNITS:
        raise fields["unit"].fault(f"{unit} is not one of the units {', '.join(UNITS)}")
    by, codes = None, {}
    if "by" in fields:
        by = fields["by"].text()
        codes = dict(codes_of(by) or {})
        if not codes:
            raise fields["by"].fault(f"{by} is not a quantity with codes", over=by)
    choices = read_codes(fields["codes"]) if "codes" in fields else {}
    if (unit == "code") != bool(choices):
        raise entry.fault("a code, and only a code, lists its codes")
    lowest, highest = (min(choices), max(choices)) if choices else (0, _HIGHEST.get(unit, 10**9))
    lowest, highest = _bounds(fields, known, lowest, highest)
    return Declaration(
        name=name,
        unit=unit,
        label=fields["label"].words(),
        by=by,
        codes=codes,
        lowest=lowest,
        highest=highest,
        choices=choices,
        path=entry.path,
        line=entry.line,
    )


def _bounds(
    fields: Mapping[str, Entry], known: frozenset[str], lowest: int, highest: int
) -> tuple[int, int]:
    """The least and the most an amount may be, where a text prints either."""
    found = {"at_least": lowest, "at_most": highest}
    for key in found.keys() & fields.keys():
        bound = fields[key].fields(["amount", "source"])
        check_source(bound["source"], known)
        found[key] = bound["amount"].integer()
    return found["at_least"], found["at_most"]


def _values(
    declaration: Declaration, entry: Entry, known: frozenset[str]
) -> dict[int | None, Series]:
    if declaration.by is None:
        return {None: _series(declaration, entry, known)}
    by_name = {code.name: value for value, code in declaration.codes.items()}
    found: dict[int | None, Series] = {}
    for name, rows in entry.mapping().items():
        with apart(declaration.name):
            if name not in by_name:
                raise rows.fault(f"{declaration.by} has no {name}: {', '.join(by_name)}")
            found[by_name[name]] = ()
            if not (rows.is_text and rows.text() == "none"):
                found[by_name[name]] = _series(declaration, rows, known)
    return found


def _series(declaration: Declaration, entry: Entry, known: frozenset[str]) -> Series:
    found: list[Dated] = []
    rows = list(entry.items())
    if not rows:
        raise entry.fault("an empty list: write the word none where nothing exists")
    for row in rows:
        with apart(declaration.name):
            dated = _dated(declaration, row, known)
            if found and dated.since <= found[-1].since:
                since = month_text(dated.since)
                raise row.fault(f"since {since} does not come after the one before it")
            found.append(dated)
    return tuple(found)


def _dated(declaration: Declaration, row: Entry, known: frozenset[str]) -> Dated:
    fields = row.fields(["since", "amount", "source", "standing"], ["since_standing", "note"])
    since, amount = fields["since"].month(), declaration.amount(fields["amount"])
    if not declaration.lowest <= amount <= declaration.highest:
        raise fields["amount"].fault(
            f"{amount} is not between {declaration.lowest} and {declaration.highest}"
        )
    standings = [_standing(fields[key]) for key in ("standing", "since_standing") if key in fields]
    note = fields["note"].text() if "note" in fields else ""
    if min(standings) is Standing.DEMONSTRATION and not note:
        raise row.fault("a demonstration number says in a note why it stands here")
    source = check_source(fields["source"], known)
    return Dated(since, amount, source, min(standings), note, row.path, row.line)


def _standing(entry: Entry) -> Standing:
    try:
        return Standing[entry.text().upper()]
    except KeyError:
        raise entry.fault(f"{entry.text()} is no standing") from None


def _refuse_holes(number: Number, entry: Entry) -> None:
    """A table names each of its codes, if only with the word none."""
    if number.declaration.by is None or not number.series:
        return
    missing = [
        code.name for value, code in number.declaration.codes.items() if value not in number.series
    ]
    if missing:
        raise PackFault(
            entry.path,
            entry.line,
            f"{number.declaration.name} says nothing of {', '.join(missing)}",
        )
