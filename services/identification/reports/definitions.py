"""What a report says, as its tables have it: columns of records, and lines that count them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from services.identification.casework.paths import (
    HOUSEHOLD,
    PERSON,
    all_paths,
    endable,
)
from services.identification.determinations import NOT_APPLICABLE
from services.identification.grammar.acts import Words
from services.identification.reports.books import UNKNOWN
from shared.tables import read_table

HERE: Final = Path(__file__).resolve().parent
REPORTS: Final = ("month", "quarter", "year")
NONE: Final = "none"
DIVISIONS: Final = {
    "town": Words("乡镇（街道）", "township"),
    "village": Words("村（社区）", "village"),
}
"""Columns of every book; their values are the place's own codes."""
_COLUMN_WORDS: Final = {
    "name",
    "fact",
    "household",
    "any",
    "grant",
    "fades",
    "flag",
    "codes",
    "years",
    "words",
    "money",
}
_LINE_WORDS: Final = {"name", "counts", "where", "by", "share", "sums", "mean"}


class ReportUnreadable(Exception):
    """A table of reports cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Column:
    """One thing a report may ask of every record of a book, and how it is read out of a fact.

    `table` has the word for each value of the fact, `absent` the value where there is no such fact.
    `category` is one that grants something: yes where that is drawn, or with `fades` where it fades
    out.
    """

    name: str
    words: Words
    own: Mapping[str, Words]
    shared: Mapping[str, Words]
    fact: str | None = None
    category: str | None = None
    fades: bool = False
    of: str = PERSON
    table: Mapping[Any, str] = field(default_factory=dict)
    absent: Any = NOT_APPLICABLE
    ages: Mapping[str, tuple[int, int]] | None = None
    money: bool = False

    @property
    def values(self) -> Mapping[str, Words]:
        """Every value a record may have in it, in words."""
        return {**self.own, **self.shared}


@dataclass(frozen=True)
class Line:
    """One line of a report: records of a book that are so, counted or summed; or one line by
    another, as a share or a mean."""

    name: str
    words: Words
    book: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    share: tuple[str, str] | None = None
    sums: str | None = None
    mean: tuple[str, str] | None = None

    @property
    def parts(self) -> tuple[str, str] | None:
        """The two lines it is made of, where it counts nothing itself."""
        return self.share or self.mean


@dataclass(frozen=True)
class Report:
    """A report whole: sections of lines."""

    name: str
    words: Words
    sections: Sequence[tuple[Words, Sequence[Line]]]

    def lines(self) -> dict[str, Line]:
        """Every line by its name."""
        return {line.name: line for _, lines in self.sections for line in lines}


@dataclass(frozen=True)
class Definitions:
    """The columns of every book, and the reports of one place."""

    books: Mapping[str, Mapping[str, Column]]
    names: Mapping[str, Words]
    reports: Mapping[str, Report]

    @classmethod
    def read(cls, own: Path | None = None) -> "Definitions":
        """The reports that are here, and behind their sections those of a place's own folder.

        Raises:
            ReportUnreadable: a table names what is not there.
        """
        books, names = _columns()
        reports = {}
        for name in REPORTS:
            path = HERE / f"{name}.yaml"
            report = parsed(name, read_table(path, ReportUnreadable), books, path)
            path = own / f"{name}.yaml" if own else path
            if own is not None and path.exists():
                said = read_table(path, ReportUnreadable)
                report = _extended(report, parsed(name, said, books, path, report), path)
            reports[name] = report
        return cls(books, names, reports)


@lru_cache
def _columns() -> tuple[Mapping[str, Mapping[str, Column]], Mapping[str, Words]]:
    path = HERE / "columns.yaml"
    table = read_table(path, ReportUnreadable)
    shared = _values(path, table.pop("words"))
    ages = {str(name): (int(low), int(high)) for name, (low, high) in table.pop("ages").items()}
    books = {
        book: {
            name: _column(path, name, each, shared, ages) for name, each in said["columns"].items()
        }
        for book, said in table.items()
    }
    return books, {book: _words(path, book, said["name"]) for book, said in table.items()}


def _column(
    path: Path,
    name: str,
    said: Mapping[str, Any],
    shared: Mapping[str, Words],
    ages: Mapping[str, tuple[int, int]],
) -> Column:
    if strange := set(said) - _COLUMN_WORDS:
        raise ReportUnreadable(f"{path}: {name}: {', '.join(sorted(strange))} is not known")
    own = _values(path, said.get("words", {}))
    category = said.get("grant")
    whose = endable()[category].whose if category else PERSON
    of = next((of for of in (HOUSEHOLD, "any") if of in said), whose)
    codes = {
        int(code): word(value) for value, them in said.get("codes", {}).items() for code in them
    }
    if said.get("flag"):
        codes = {1: "yes", 0: "no"}
    return Column(
        name,
        _words(path, name, said["name"]),
        own or {each: shared[each] for each in ("yes", "no")},
        shared,
        fact=said.get("fact") or said.get("household") or said.get("any"),
        category=category,
        fades=bool(said.get("fades")),
        of=of,
        table={**codes, None: UNKNOWN, NOT_APPLICABLE: NONE},
        absent=0 if said.get("flag") else NOT_APPLICABLE,
        ages=ages if "years" in said else None,
        money=bool(said.get("money")),
    )


def written(report: Report) -> dict[str, Any]:
    """A report as its table says it, to be read again by `parsed`."""
    return {
        "name": report.words.both(),
        "sections": [
            {"name": words.both(), "lines": {line.name: _line_said(line) for line in lines}}
            for words, lines in report.sections
        ],
    }


def parsed(
    name: str,
    said: Mapping[str, Any],
    books: Mapping[str, Mapping[str, Column]],
    path: Path | None = None,
    base: Report | None = None,
) -> Report:
    """A report as a table says it; `base` is the one whose sections stand before its own.

    Raises:
        ReportUnreadable: it names what is not there.
    """
    path = path or Path(name)
    sections = []
    for section in said.get("sections", ()):
        lines = [_line(path, each, words, books) for each, words in section["lines"].items()]
        sections.append((_words(path, "a section", section["name"]), lines))
    words = _words(path, "the report", said["name"]) if base is None else base.words
    report = Report(name, words, sections)
    _check(path, report, {**(base.lines() if base else {}), **report.lines()})
    return report


def _line_said(line: Line) -> dict[str, Any]:
    for kind, parts in (("share", line.share), ("mean", line.mean)):
        if parts is not None:
            return {"name": line.words.both(), kind: list(parts)}
    where = {column: list(values) for column, values in line.where.items()}
    said = {"name": line.words.both(), "counts": line.book, "where": where, "by": list(line.by)}
    return {**said, "sums": line.sums} if line.sums else said


def _line(
    path: Path, name: str, said: Mapping[str, Any], books: Mapping[str, Mapping[str, Column]]
) -> Line:
    if strange := set(said) - _LINE_WORDS:
        raise ReportUnreadable(f"{path}: {name}: {', '.join(sorted(strange))} is not known")
    words = _words(path, name, said["name"])
    if "share" in said or "mean" in said:
        share, mean = (_pair(said.get(kind)) for kind in ("share", "mean"))
        return Line(name, words, share=share, mean=mean)
    book = str(said["counts"])
    if book not in books:
        raise ReportUnreadable(f"{path}: {name} counts {book}; there are {', '.join(books)}")
    columns = books[book]
    by = tuple(str(each) for each in said.get("by", ()))
    if strange := set(by) - columns.keys() - DIVISIONS.keys():
        raise ReportUnreadable(f"{path}: {name}: {book} have no {', '.join(sorted(strange))}")
    sums = said.get("sums")
    if sums is not None and not (sums in columns and columns[sums].money):
        raise ReportUnreadable(f"{path}: {name}: {book} have no money {sums}")
    return Line(name, words, book, _where(path, name, said, book, columns), by, sums=sums)


def _pair(said: Any) -> tuple[str, str] | None:
    return (str(said[0]), str(said[1])) if said else None


def _where(
    path: Path, name: str, said: Mapping[str, Any], book: str, columns: Mapping[str, Column]
) -> dict[str, tuple[str, ...]]:
    """Which values each column that is named has to have.

    Raises:
        ReportUnreadable: it names what is not there.
    """
    where = {}
    for column, wanted in said.get("where", {}).items():
        values = tuple(word(each) for each in (wanted if isinstance(wanted, list) else [wanted]))
        if column not in columns and column not in DIVISIONS:
            raise ReportUnreadable(f"{path}: {name}: {book} have no {column}")
        known = columns[column].values if column in columns else {}
        if column == "category":
            known = {name: path.words for name, path in all_paths().items()}
        if column not in DIVISIONS and (strange := set(values) - known.keys()):
            raise ReportUnreadable(f"{path}: {name}: no {column} is {', '.join(sorted(strange))}")
        where[str(column)] = values
    return where


def _check(path: Path, report: Report, lines: Mapping[str, Line]) -> None:
    names = [line.name for _, each in report.sections for line in each]
    if len(names) != len(set(names)):
        raise ReportUnreadable(f"{path}: a line stands there twice")
    for line in report.lines().values():
        for each in line.parts or ():
            if each not in lines or lines[each].parts is not None:
                raise ReportUnreadable(f"{path}: {line.name} is made of {each}, no counted line")
        if line.mean is not None and lines[line.mean[0]].sums is None:
            raise ReportUnreadable(f"{path}: {line.name} is a mean of {line.mean[0]}, no sum")


def _extended(report: Report, own: Report, path: Path) -> Report:
    if twice := report.lines().keys() & own.lines().keys():
        raise ReportUnreadable(f"{path}: {', '.join(sorted(twice))} is a line of the nation's")
    return replace(report, sections=[*report.sections, *own.sections])


def _values(path: Path, said: Mapping[Any, Any]) -> dict[str, Words]:
    return {word(name): _words(path, str(name), each) for name, each in said.items()}


def _words(path: Path, name: str, said: Any) -> Words:
    if not isinstance(said, dict) or set(said) != {"zh", "en"}:
        raise ReportUnreadable(f"{path}: {name} is said in zh and en")
    return Words(str(said["zh"]), word(said["en"]))


def word(said: Any) -> str:
    """A value as it is written: YAML reads yes and no as truth."""
    return {True: "yes", False: "no"}[said] if isinstance(said, bool) else str(said)
