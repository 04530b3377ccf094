"""A report in numbers, and the records behind each: the same query counts them and lists them."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.identification.casework.paths import all_paths
from services.identification.grammar.acts import Words
from services.identification.places import Place
from services.identification.reports.books import Book
from services.identification.reports.definitions import DIVISIONS, Definitions, Line, Report
from services.identification.reports.shelves import Books
from shared.money import yuan_text
from shared.problems import NotFound


class NoSuchLine(NotFound):
    """The report has no such line, or the line is not counted by that."""


def told(definitions: Definitions, report: Report, books: Books, place: Place) -> list[Any]:
    """The report's sections: each line with its number, and with its number by each column."""
    lines = report.lines()
    numbers = {
        name: _number(line, chosen(line, books)) for name, line in lines.items() if line.book
    }
    return [
        {
            "name": words.both(),
            "lines": [
                _made(line, numbers) if line.parts else _counted(definitions, line, books, place)
                for line in each
            ],
        }
        for words, each in report.sections
    ]


def chosen(line: Line, books: Books) -> Book:
    """The records a line counts."""
    return books[line.book].where(line.where)


def behind(
    report: Report, books: Books, name: str, by: str | None = None, value: str | None = None
) -> tuple[Line, Book]:
    """A line and the records behind its number, or behind its number by a value of a column.

    Raises:
        NoSuchLine: there is none, it is made of two others, or it is not counted by that.
    """
    line = report.lines().get(name)
    if line is None or line.parts is not None or (by is not None and by not in line.by):
        raise NoSuchLine()
    book = chosen(line, books)
    return line, book if by is None or value is None else book.where({by: (value,)})


def words_of(definitions: Definitions, place: Place, book: str, column: str) -> Mapping[str, Words]:
    """What the values of a column are called, in the order they are told in."""
    if column == "category":
        return {name: path.words for name, path in all_paths().items()}
    if column in DIVISIONS:
        names = place.towns if column == "town" else place.villages
        whole = {place.county: Words("全县", "the whole county")}
        return {code: Words(name, name) for code, name in sorted(names.items())} | whole
    return definitions.books[book][column].values


def name_of(definitions: Definitions, book: str, column: str) -> Words:
    """What a column is called."""
    return DIVISIONS.get(column) or definitions.books[book][column].words


def columns_of(definitions: Definitions, book: str) -> list[str]:
    """Everything a record of a book is told by."""
    return [*DIVISIONS, *definitions.books[book]]


def column_words(definitions: Definitions, book: str) -> dict[str, dict[str, str]]:
    """What the columns of a book are called."""
    return {
        column: name_of(definitions, book, column).both()
        for column in columns_of(definitions, book)
    }


def row_words(
    definitions: Definitions, place: Place, book: str, rows: Sequence[Mapping[str, str]]
) -> list[dict[str, dict[str, str]]]:
    """What each record is in every column, in words."""
    words = {
        column: words_of(definitions, place, book, column)
        for column in columns_of(definitions, book)
    }
    return [
        {
            column: word_of(definitions, book, column, known, row[column]).both()
            for column, known in words.items()
        }
        for row in rows
    ]


def word_of(
    definitions: Definitions, book: str, column: str, known: Mapping[str, Words], value: str
) -> Words:
    """What a value of a column is called; a sum is told in yuan."""
    if column in definitions.books[book] and definitions.books[book][column].money:
        value = yuan_text(int(value))
    return known.get(value, Words(value, value))


def _counted(definitions: Definitions, line: Line, books: Books, place: Place) -> dict[str, Any]:
    book = chosen(line, books)
    return {
        "line": line.name,
        "name": line.words.both(),
        "counts": line.book,
        "fen" if line.sums else "number": _number(line, book),
        "by": [
            {
                "column": column,
                "name": name_of(definitions, line.book, column).both(),
                "values": _values(
                    words_of(definitions, place, line.book, column), line, book, column
                ),
            }
            for column in line.by
        ],
    }


def _number(line: Line, book: Book) -> int:
    """How many records there are, or what they sum to."""
    return book.summed(line.sums) if line.sums else len(book)


def _values(
    words: Mapping[str, Words], line: Line, book: Book, column: str
) -> Sequence[dict[str, Any]]:
    """The values there are, in the order of their words; what nobody named stands at the end."""
    counts = book.counted(column)
    if line.sums:
        counts = {value: book.where({column: (value,)}).summed(line.sums) for value in counts}
    order = {value: at for at, value in enumerate(words)}
    return [
        {
            "value": value,
            "name": words.get(value, Words(value, value)).both(),
            "fen" if line.sums else "number": counts[value],
        }
        for value in sorted(counts, key=lambda each: (order.get(each, len(order)), each))
    ]


def _made(line: Line, numbers: Mapping[str, int]) -> dict[str, Any]:
    """A share in hundredths of a percent, or a mean in fen, rounded half up; none where there is
    nothing to divide by."""
    assert line.parts is not None
    part, whole = (numbers[each] for each in line.parts)
    unit, scale = ("basis_points", 10_000) if line.share else ("mean_fen", 1)
    return {
        "line": line.name,
        "name": line.words.both(),
        "share_of": list(line.parts),
        unit: (2 * part * scale + whole) // (2 * whole) if whole else None,
    }
