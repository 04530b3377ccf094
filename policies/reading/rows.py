"""The rows of the texts at hand: what each says, and what became of it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from policies.reading.documents import Entry, read

FAMILIES: Final[Mapping[str, str]] = {
    "DB": "Dibao",
    "TK": "Tekun",
    "SP": "One person alone",
    "LE": "Just above dibao",
    "EX": "Hardship through spending",
    "DA": "Disability",
    "MA": "Medical aid",
    "ED": "Education",
    "OA": "Old age",
    "OR": "Children",
    "TE": "Temporary and emergency help",
    "DR": "Disaster and winter",
    "HO": "Housing",
    "EM": "Employment",
    "IN": "Premiums paid on behalf",
    "PK": "Production and goods",
    "FU": "Funerals",
    "CH": "Charity",
    "SV": "Services",
    "ML": "Loans",
    "VT": "Veterans",
    "VG": "Vagrants",
    "RW": "Rewards of staff",
    "F": "Shapes of formulas",
    "C": "Contradictions and oddities",
}
_NAME: Final = re.compile(r"([A-Z]{2}-|[FC])\d{2}")


@dataclass(frozen=True)
class Row:
    """One row: a rule, unless a setting without a default or a reason stands in its place."""

    name: str
    says: str
    places: tuple[str, ...]
    setting: str | None
    aside: str | None
    why: str
    entry: Entry

    @property
    def is_rule(self) -> bool:
        return self.setting is None and self.aside is None

    @property
    def family(self) -> str:
        return _family(self.name)


@dataclass(frozen=True)
class Rows:
    """Every row by name, and the places with the sources they are read from."""

    places: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, Row]


@dataclass(frozen=True)
class Showing:
    """A worked case that names a row under `shows`."""

    row: str
    case: str
    entry: Entry


def read_rows(path: Path, sources: Iterable[str]) -> Rows:
    """The rows, when each stands in its order, names a known place, and is one thing only."""
    known = frozenset(sources)
    fields = read(path).fields(["places", "rows"])
    places = {name: _sources(each, known) for name, each in fields["places"].mapping().items()}
    rows: dict[str, Row] = {}
    latest: dict[str, int] = {}
    for name, entry in fields["rows"].mapping().items():
        family = _family(name)
        if not _NAME.fullmatch(name) or family not in FAMILIES:
            raise entry.fault(f"{name} is no row: DB-01, F01 and C01 are")
        latest[family] = latest.get(family, 0) + 1
        if int(name[-2:]) != latest[family]:
            raise entry.fault(f"{name} stands where number {latest[family]:02d} should")
        rows[name] = _row(name, entry, places)
    return Rows(places, rows)


def showings(folder: Path) -> Iterator[Showing]:
    """The rows that the cases of every pack and place under a folder name."""
    paths = [*folder.glob("*/cases/*.yaml"), *folder.glob("places/*/cases/*.yaml")]
    for path in sorted(paths):
        for case in read(path).items():
            fields = case.mapping()
            for each in fields["shows"].items() if "shows" in fields else ():
                yield Showing(each.text(), fields["name"].text(), each)


def declared_numbers(folder: Path) -> set[str]:
    """The names of all numbers that the packs under a folder declare."""
    return {name for path in folder.glob("*/numbers.yaml") for name in read(path).mapping()}


def strays(rows: Rows, shown: Iterable[Showing]) -> list[str]:
    """Cases that show what is no row, or a row that was set aside."""
    found = []
    for showing in shown:
        row = rows.rows.get(showing.row)
        if row is None:
            found.append(str(showing.entry.fault(f"{showing.row} is no row of rows.yaml")))
        elif row.aside is not None:
            found.append(str(showing.entry.fault(f"{showing.row} is set aside: {row.aside}")))
    return found


def unshown(rows: Rows, shown: Iterable[Showing]) -> list[str]:
    """Rules that no case shows."""
    there = {showing.row for showing in shown}
    return [
        str(row.entry.fault(f"no case shows {row.name}"))
        for row in rows.rows.values()
        if row.is_rule and row.name not in there
    ]


def undeclared(rows: Rows, numbers: Iterable[str]) -> list[str]:
    """Settings that name a number no pack declares."""
    known = frozenset(numbers)
    return [
        str(row.entry.fault(f"{row.name} names {row.setting}, which no pack declares"))
        for row in rows.rows.values()
        if row.setting is not None and row.setting not in known
    ]


def _family(name: str) -> str:
    return name[:-2].removesuffix("-")


def _sources(entry: Entry, known: frozenset[str]) -> tuple[str, ...]:
    found = []
    for each in entry.items():
        if each.text() not in known:
            raise each.fault(f"{each.text()} is not a key of sources.yaml")
        found.append(each.text())
    return tuple(found)


def _row(name: str, entry: Entry, places: Mapping[str, object]) -> Row:
    fields = entry.fields(["says", "place"], ["setting", "aside", "why"])
    if {"setting", "aside"} <= fields.keys():
        raise entry.fault(f"{name} is a setting or set aside, not both")
    if ("setting" in fields) != ("why" in fields):
        raise entry.fault(f"{name}: a setting, and only a setting, says why")
    where = [fields["place"]] if fields["place"].is_text else list(fields["place"].items())
    for each in where:
        if each.text() not in places:
            raise each.fault(f"{each.text()} is none of the places")
    return Row(
        name=name,
        says=fields["says"].text(),
        places=tuple(each.text() for each in where),
        setting=fields["setting"].text() if "setting" in fields else None,
        aside=fields["aside"].text() if "aside" in fields else None,
        why=fields["why"].text() if "why" in fields else "",
        entry=entry,
    )
