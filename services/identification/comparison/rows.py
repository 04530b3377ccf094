"""A delivered list, row by row: understood, keyed, or rejected by its row, column and reason.

Nothing that stood in a cell leaves this room but keys, sums, days and codes.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa

from services.identification.comparison import keyed_files
from services.identification.comparison.feeds import PERSON, Column, Feed, Kind
from services.identification.comparison.keyed_files import KeyedWriter
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.roster import separated, written
from services.identification.roster.faults import RosterUnreadable
from services.identification.roster.xlsx import Cell, Row, Workbook
from shared.months import day_number
from shared.problems import Malformed

AT_ONCE: Final = 20_000
COUNT_MAX: Final = 1_000_000_000_000
_MISSING: Final = "missing"
_REPEATED: Final = "repeated"
_TO_COME: Final = "date-future"
_UNREADABLE: Final = {
    Kind.DATE: "date-bad",
    Kind.MONTH: "month-bad",
    Kind.FEN: "sum-bad",
    Kind.COUNT: "count-bad",
    Kind.CODE: "word-unknown",
    Kind.TOKEN: "text-bad",
}
_TEXT_MAX: Final = 200


class ListUnreadable(Malformed):
    """The file is no list of this feed that can be read."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not kept, and why; never what stood there."""

    row: int
    column: str
    reason: str


@dataclass
class Understood:
    """What became of a list."""

    rows: int = 0
    kept: int = 0
    repeated: int = 0
    entries: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def unfit(self, feed: Feed) -> str | None:
        """Why this is no list to be compared with, if it is none: what counts takes the place of
        the last good one."""
        if not self.kept:
            return "没有一行可以入库；确实没有人的，请申报“本月无人”"
        wrong = self.rows - self.kept - self.repeated
        if not feed.bears(wrong, self.rows):
            return f"{self.rows}行中有{wrong}行有误，超过了这份名单允许的比例"
        return None


@dataclass(frozen=True)
class List:
    """A list that was opened: its rows in the feed's own order of columns."""

    rows: Generator[Row, None, None]
    from_1904: bool = False


def key_rows(
    source: List, feed: Feed, pseudonyms: Pseudonyms, writer: KeyedWriter, today: date
) -> Understood:
    """Key a list, batch by batch, into its file."""
    found = Understood()
    reader = _Reader(feed, pseudonyms, today, source.from_1904)
    with closing(source.rows):
        for batch in _batches(source.rows):
            found.rows += len(batch)
            found.kept += reader.key(batch, writer, found.rejects)
    found.repeated = reader.repeated
    found.entries = found.kept * (2 if feed.pairs else 1)
    return found


def open_file(file: BinaryIO, feed: Feed) -> List:
    """A workbook's first sheet or a CSV file, its columns found by their headings.

    Raises:
        ListUnreadable: it is neither, or a column that is needed is not there.
    """
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if not head.strip():
        raise ListUnreadable("文件是空的")
    if not head.startswith(b"PK"):
        return List(_below_headings(separated.rows(file), feed))
    book = Workbook(file)
    return List(_below_headings(book.rows(book.sheet_names[0]), feed), book.days_from_1904)


def chunk_rows(said: Sequence[Mapping[str, Any]], feed: Feed, first: int) -> Iterator[Row]:
    """The rows of one chunk that came by API, numbered on from the chunk before."""
    for number, row in enumerate(said, first):
        yield number, [_cell(row.get(name)) for name in feed.columns]


def _below_headings(rows: Any, feed: Feed) -> Generator[Row, None, None]:
    # Closed before the file is: what reads text gives its file back.
    with closing(rows):
        _, first = next(rows, (0, []))
        places = _places(first, feed)
        for number, cells in rows:
            width = len(cells)
            row = [None if at is None or at >= width else cells[at] for at in places]
            if any(cell is not None and cell != "" for cell in row):
                yield number, row


def _places(first: list[Cell], feed: Feed) -> list[int | None]:
    """For each of the feed's columns, where it stands in the file."""
    places = []
    headings = [written.heading(cell) for cell in first]
    for column in feed.columns.values():
        at = [place for place, each in enumerate(headings) if each in column.headings]
        if len(at) > 1:
            told = "、".join(headings[each] for each in at)
            raise ListUnreadable(f"分不清是哪一列，只留要用的一列：{told}", column=column.name)
        if not at and not column.optional:
            raise ListUnreadable(f"缺少这一列：{'、'.join(column.headings)}", missing=column.name)
        places.append(at[0] if at else None)
    return places


def _cell(word: Any) -> Cell:
    return word if isinstance(word, str | int) and not isinstance(word, bool) else None


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == AT_ONCE:
                yield batch
                batch = []
    except RosterUnreadable as problem:
        raise ListUnreadable(problem.detail) from problem
    if batch:
        yield batch


class _Reader:
    """Understands batches of rows of one feed."""

    def __init__(self, feed: Feed, pseudonyms: Pseudonyms, today: date, from_1904: bool) -> None:
        self._feed = feed
        self._pseudonyms = pseudonyms
        self._today = today
        self._places = {name: place for place, name in enumerate(feed.columns)}
        self._said: set[int] = set()
        self.repeated = 0
        self._readers = {
            column.name: _reader(column, pseudonyms, from_1904) for column in feed.kept
        }

    def key(self, batch: Sequence[Row], writer: KeyedWriter, rejects: list[Reject]) -> int:
        """Write what holds of a batch, and name the rest; how many rows were kept."""
        wrong: dict[int, tuple[str, str]] = {}
        keys = self._keys(batch, PERSON, wrong)
        others = self._keys(batch, self._feed.pairs, wrong) if self._feed.pairs else None
        values = {name: self._values(batch, name, wrong) for name in self._readers}
        holds = self._first_said(len(batch), keys, others, values, wrong)
        rejects.extend(Reject(batch[at][0], *why) for at, why in sorted(wrong.items()))
        if len(holds):
            self._write(batch, holds, keys, others, values, writer)
        return len(holds)

    def _first_said(
        self,
        count: int,
        keys: Any,
        others: Any,
        values: dict[str, list[int | None]],
        wrong: dict[int, tuple[str, str]],
    ) -> Any:
        """The rows that are kept; one that says what another said already would count twice."""
        sound = np.array([at for at in range(count) if at not in wrong], np.int64)
        halves = [each[sound].view(np.int64).T for each in (keys, others) if each is not None]
        columns = [pa.array(half) for both in halves for half in both]
        columns += [pa.array(column, pa.int64()).take(sound) for column in values.values()]
        for at, said in zip(sound.tolist(), identities(columns).tolist(), strict=True):
            if said in self._said:
                wrong[at] = (PERSON, _REPEATED)
                self.repeated += 1
            self._said.add(said)
        return np.array([at for at in sound.tolist() if at not in wrong], np.int64)

    def _keys(self, batch: Sequence[Row], column: str, wrong: dict[int, tuple[str, str]]) -> Any:
        place = self._places[column]
        numbers = [written.text(cells[place]) for _, cells in batch]
        keyed = self._pseudonyms.of(numbers, self._today)
        for at, flaw in keyed.flaws:
            wrong.setdefault(at, (column, flaw.value if numbers[at] else _MISSING))
        keys = np.zeros((len(batch), 16), np.uint8)
        keys[keyed.places] = keyed.keys
        return keys

    def _values(
        self, batch: Sequence[Row], name: str, wrong: dict[int, tuple[str, str]]
    ) -> list[int | None]:
        place, column, read = self._places[name], self._feed.columns[name], self._readers[name]
        bounded = column.kind == Kind.DATE and not column.ahead
        last = day_number(self._today) if bounded else None
        values: list[int | None] = []
        for at, (_, cells) in enumerate(batch):
            try:
                value = read(cells[place])
            except ValueError:
                wrong.setdefault(at, (name, _UNREADABLE[column.kind]))
                value = None
            else:
                if value is not None and last is not None and value > last:
                    wrong.setdefault(at, (name, _TO_COME))
                if value is None and not column.optional:
                    wrong.setdefault(at, (name, _MISSING))
            values.append(value)
        return values

    def _write(
        self,
        batch: Sequence[Row],
        holds: Any,
        keys: Any,
        others: Any,
        values: dict[str, list[int | None]],
        writer: KeyedWriter,
    ) -> None:
        kept = {name: pa.array(column, pa.int64()).take(holds) for name, column in values.items()}
        columns: dict[str, Any] = {
            keyed_files.ROW: pa.array([batch[at][0] for at in holds.tolist()], pa.int32()),
            keyed_files.IDENTITY: pa.array(identities([kept[n] for n in self._feed.identity])),
            **kept,
        }
        ways = [(keys, others), (others, keys)] if others is not None else [(keys, None)]
        for own, other in ways:
            columns[keyed_files.KEY] = keyed_files.keys_column(own[holds])
            if other is not None:
                columns[keyed_files.OTHER] = keyed_files.keys_column(other[holds])
            writer.add(columns)


def identities(columns: Sequence[Any]) -> Any:
    """One number a row for what makes it the same thing again; equal for equal columns."""
    mixed = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        plain = column.fill_null(-1).to_numpy().astype(np.int64).view(np.uint64)
        mixed = mix(mixed ^ mix(plain))
    return mixed


def mix(numbers: Any) -> Any:
    """Spreads 64-bit numbers, so that those that differ a little differ a lot (splitmix64)."""
    with np.errstate(over="ignore"):
        found = numbers + np.uint64(0x9E3779B97F4A7C15)
        found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))


def _reader(
    column: Column, pseudonyms: Pseudonyms, from_1904: bool
) -> Callable[[Cell], int | None]:
    """How a cell of a column is read: None when it is empty, a ValueError when it is wrong."""
    if column.kind == Kind.DATE:
        return lambda cell: _day(cell, from_1904)
    if column.kind == Kind.MONTH:
        return lambda cell: _month(cell, from_1904)
    if column.kind == Kind.FEN:
        return written.fen
    if column.kind == Kind.COUNT:
        return _count
    if column.kind == Kind.CODE:
        return lambda cell: _code(cell, column)
    return lambda cell: _token(cell, pseudonyms)


def _day(cell: Cell, from_1904: bool) -> int | None:
    day = written.day(cell, from_1904)
    return None if day is None else day_number(day)


def _month(cell: Cell, from_1904: bool) -> int | None:
    month = written.month(cell, from_1904)
    return None if month is None else int(month[:4]) * 100 + int(month[5:])


def _count(cell: Cell) -> int | None:
    words = written.plain(cell)
    if not words:
        return None
    if not (words.isascii() and words.isdigit()) or int(words) > COUNT_MAX:
        raise ValueError("no count")
    return int(words)


def _code(cell: Cell, column: Column) -> int | None:
    words = written.text(cell)
    if not words:
        return None
    if words not in column.codes:
        raise ValueError("not a word of this list")
    return column.codes[words]


def _token(cell: Cell, pseudonyms: Pseudonyms) -> int | None:
    words = written.plain(cell).upper()
    if len(words) > _TEXT_MAX:
        raise ValueError("too much text")
    return pseudonyms.token(words) if words else None
