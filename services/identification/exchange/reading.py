"""Reads a file by its template: every row understood, or everything wrong with it named."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, Final

from services.identification import id_numbers
from services.identification.exchange.faults import Code, fault
from services.identification.exchange.templates import Column, Template
from services.identification.id_numbers import Flaw
from services.identification.places import Place
from services.identification.roster import separated, written
from services.identification.roster.faults import Fault, RosterTooLarge, RosterUnreadable
from services.identification.roster.opening import workbook_of
from services.identification.roster.xlsx import Cell, Row

HEADINGS_WITHIN: Final = 5
"""The headings stand in one of the first rows; titles may stand above them."""
UNPACKED_BYTES_MAX: Final = 128 << 20
"""Of a workbook, whose rows are held until all are read: fifty thousand need three quarters."""
COUNT_MAX: Final = 100_000_000


@dataclass(frozen=True)
class Line:
    """One row: its number in the file, its cells as they stand, and its words as ours."""

    number: int
    cells: list[Cell]
    words: dict[str, Any]


@dataclass
class Sheet:
    """A file that was read whole."""

    form: str
    headings: list[str]
    from_1904: bool = False
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class _Sums:
    """The row of sums as it stands, and what the rows add up to."""

    row: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)


def read_sheet(file: BinaryIO, template: Template, place: Place, today: date) -> Sheet:
    """Every row of a file in the words of its template.

    Raises:
        RosterUnreadable: it is no such file: no workbook or text, or a column is missing.
        RosterTooLarge: it has more rows than the template allows, or swells too far.
    """
    form, from_1904, rows = _opened(file, template)
    headings, places = _headings(rows, template)
    sheet = Sheet(form, headings, from_1904)
    reader = _Reader(template, place, today, from_1904)
    sums = _Sums()
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in rows:
        if all(cell is None or cell == "" for cell in cells):
            continue
        if len(sheet.lines) >= template.rows_max:
            raise RosterTooLarge("文件的行太多", rows_max=template.rows_max)
        if _is_total(template, cells, places):
            sums.row, sums.said = number, _said_sums(template, cells, places)
            continue
        line, faults = reader.line(number, cells, places)
        faults += _again(template, line, seen)
        faults += _serials(template, line, len(sheet.lines) + 1)
        sheet.lines.append(line)
        sheet.faults += faults
        for name in template.total.sums if template.total else ():
            sums.counted[name] = sums.counted.get(name, 0) + int(line.words.get(name) or 0)
    sheet.faults += _totals(template, sums, from_1904)
    return sheet


def _opened(file: BinaryIO, template: Template) -> tuple[str, bool, Iterator[Row]]:
    book = workbook_of(file, unpacked_bytes_max=UNPACKED_BYTES_MAX)
    if book is None:
        encoding = separated.encoding_of(file)
        form = "csv-gb18030" if encoding == "gb18030" else "csv-utf-8"
        return form, False, separated.rows(file)
    names = book.sheet_names
    if template.sheet not in names and len(names) != 1:
        raise RosterUnreadable(f"没有名为{template.sheet}的工作表")
    return (
        "xlsx",
        book.days_from_1904,
        book.rows(template.sheet if template.sheet in names else names[0]),
    )


def _headings(rows: Iterator[Row], template: Template) -> tuple[list[str], dict[str, int]]:
    """The heading row as it stands, and where each column is."""
    wanted = {written.heading(each.heading): name for name, each in template.columns.items()}
    needed = {name for name, each in template.columns.items() if each.needed}
    missing: list[str] = [template.columns[name].heading for name in needed]
    for place, (_, cells) in enumerate(rows, start=1):
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            name = wanted.get(written.heading(cell))
            if name in found:
                raise RosterUnreadable(f"列{cell}出现了两次")
            if name is not None:
                found[name] = at
        lacks = [template.columns[name].heading for name in needed - found.keys()]
        if not lacks and found:
            return ["" if cell is None else str(cell) for cell in cells], found
        missing = min(missing, lacks, key=len)
        if place >= HEADINGS_WITHIN:
            break
    raise RosterUnreadable(f"缺少这些列：{'、'.join(sorted(missing))}", missing=sorted(missing))


class _Reader:
    """Understands the cells of one file."""

    def __init__(self, template: Template, place: Place, today: date, from_1904: bool) -> None:
        self._template = template
        self._place = place
        self._today = today
        self._from_1904 = from_1904

    def line(
        self, number: int, cells: list[Cell], places: Mapping[str, int]
    ) -> tuple[Line, list[Fault]]:
        """One row, and what is wrong with it."""
        words: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, column in self._template.columns.items():
            at = places.get(name)
            cell = cells[at] if at is not None and at < len(cells) else None
            text = written.text(cell)
            if not text:
                if column.needed:
                    faults.append(fault(number, column.heading, Code.MISSING))
                continue
            try:
                words[name] = self._word(column, cell, text)
            except _Wrong as wrong:
                faults.append(fault(number, column.heading, wrong.code, wrong.more))
        return Line(number, cells, words), faults

    def _word(self, column: Column, cell: Cell, text: str) -> Any:
        if any(ord(sign) < 32 or "\ud800" <= sign <= "\udfff" for sign in text):
            raise _Wrong(Code.UNPRINTABLE)
        if len(text) > column.most:
            raise _Wrong(Code.TOO_LONG, f"最多{column.most}字")
        return _WORDS[column.type](self, column, cell, text)

    def text(self, column: Column, cell: Cell, text: str) -> str:
        return text

    def code(self, column: Column, cell: Cell, text: str) -> str:
        word = column.word_of(written.plain(cell))
        if word is None:
            raise _Wrong(Code.CODE_UNKNOWN, "、".join(column.codes.values()))
        return word

    def id_number(self, column: Column, cell: Cell, text: str) -> str:
        number = id_numbers.normalise(text)
        flaw = id_numbers.flaw(number, self._today)
        if flaw is not None:
            raise _Wrong(Code.ID_CHECK_DIGIT if flaw == Flaw.CHECK_DIGIT else Code.ID_FORM)
        return number

    def day(self, column: Column, cell: Cell, text: str) -> str:
        try:
            found = written.day(cell, self._from_1904)
        except ValueError as problem:
            raise _Wrong(Code.DATE_BAD) from problem
        if found is not None and found > self._today and not column.ahead:
            raise _Wrong(Code.DATE_FUTURE)
        return str(found)

    def month(self, column: Column, cell: Cell, text: str) -> str:
        try:
            return str(written.month(cell, self._from_1904))
        except ValueError as problem:
            raise _Wrong(Code.MONTH_BAD) from problem

    def fen(self, column: Column, cell: Cell, text: str) -> int:
        try:
            return written.fen(cell) or 0
        except ValueError as problem:
            raise _Wrong(Code.SUM_BAD) from problem

    def count(self, column: Column, cell: Cell, text: str) -> int:
        plain = written.plain(cell)
        if not (plain.isascii() and plain.isdigit() and int(plain) <= COUNT_MAX):
            raise _Wrong(Code.COUNT_BAD)
        return int(plain)

    def village(self, column: Column, cell: Cell, text: str) -> str:
        code = written.plain(cell)
        if code in self._place.villages:
            return code
        # Some lists write names; one that two villages share is not guessed.
        named = [code for code, name in self._place.villages.items() if name == text]
        if len(named) != 1:
            raise _Wrong(Code.VILLAGE_UNKNOWN)
        return named[0]


class _Wrong(Exception):
    """A cell that is not understood."""

    def __init__(self, code: Code, more: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.more = more


_WORDS: Final[Mapping[str, Callable[[_Reader, Column, Cell, str], Any]]] = {
    "text": _Reader.text,
    "name": _Reader.text,
    "code": _Reader.code,
    "id-number": _Reader.id_number,
    "date": _Reader.day,
    "month": _Reader.month,
    "fen": _Reader.fen,
    "count": _Reader.count,
    "serial": _Reader.count,
    "village": _Reader.village,
}


def _again(template: Template, line: Line, seen: dict[tuple[Any, ...], int]) -> list[Fault]:
    """What may stand in a file once only."""
    names = template.once or ((template.key,) if template.key else ())
    said = tuple(line.words.get(name) for name in names)
    if not names or None in said:
        return []
    first = seen.setdefault(said, line.number)
    heading = template.columns[names[0]].heading
    if first == line.number:
        return []
    return [fault(line.number, heading, Code.TWICE, f"第{first}行")]


def _serials(template: Template, line: Line, wanted: int) -> list[Fault]:
    return [
        fault(line.number, each.heading, Code.SERIAL_GAP, f"应是{wanted}")
        for name, each in template.columns.items()
        if each.type == "serial" and name in line.words and line.words[name] != wanted
    ]


def _is_total(template: Template, cells: list[Cell], places: Mapping[str, int]) -> bool:
    if template.total is None:
        return False
    at = places.get(template.total.column, 1 << 20)
    return at < len(cells) and written.plain(cells[at]) == template.total.label


def _said_sums(template: Template, cells: list[Cell], places: Mapping[str, int]) -> dict[str, Any]:
    assert template.total is not None
    return {
        name: cells[places[name]]
        for name in template.total.sums
        if name in places and places[name] < len(cells)
    }


def _totals(template: Template, sums: _Sums, from_1904: bool) -> list[Fault]:
    """The row of sums says what the rows add up to."""
    total = template.total
    if total is None:
        return []
    heading = template.columns[total.column].heading
    if not sums.row:
        return [fault(0, heading, Code.TOTAL_MISSING)] if total.needed else []
    faults = []
    for name in total.sums:
        column = template.columns[name]
        try:
            plain = written.plain(sums.said.get(name))
            said = written.fen(plain) if column.type == "fen" else int(plain or 0)
        except ValueError:
            said = None
        if (said or 0) != sums.counted.get(name, 0) or said is None:
            faults.append(fault(sums.row, column.heading, Code.TOTAL_DIFFERS))
    return faults
