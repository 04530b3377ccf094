"""Reads a workbook's sheets row by row, however large, in the memory of one row.

A library that hands over whole sheets needs 780 MB for 500,000 rows; a county's roster comes from
outside and may be of any size. Only what a roster needs is read: values, no formulas, no styles.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from services.identification.roster.faults import RosterTooLarge, RosterUnreadable

Cell = str | int | float | None
Row = tuple[int, list[Cell]]

_READ_BYTES: Final = 1 << 20
_PARTS_MAX: Final = 500
_RATIO_MAX: Final = 150  # A sheet of real text packs to a tenth; bombs pack to a thousandth.
_SMALL_BYTES: Final = 4 << 20
_UNPACKED_BYTES_MAX: Final = 8 << 30
_STRINGS_BYTES_MAX: Final = 128 << 20  # All of them are held while the sheet is read.
_ROWS_MAX: Final = 1_048_576  # What a sheet can hold, and spreadsheets refuse beyond.
_COLUMNS_MAX: Final = 256
_TEXT_MAX: Final = 32_767
# Characters that XML does not allow stand there as _x0007_.
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError,
    LookupError, ValueError, ArithmeticError,
)  # fmt: skip


_TAIL_BYTES: Final = 66_000
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_LIST_BYTES_MAX: Final = 1024 * 1024


class Workbook:
    """An .xlsx file of somebody else's making."""

    def __init__(self, file: BinaryIO, unpacked_bytes_max: int = _UNPACKED_BYTES_MAX) -> None:
        _refuse_long_list(file)
        self._unpacked_bytes_max = unpacked_bytes_max
        self._strings_bytes_max = min(_STRINGS_BYTES_MAX, unpacked_bytes_max // 4)
        try:
            self._zip = zipfile.ZipFile(file)
            self._refuse_bombs()
            self._sheets, self.days_from_1904 = self._read_contents()
        except _BROKEN as problem:
            raise RosterUnreadable("这不是完整的 .xlsx 工作簿") from problem
        self._strings: list[str] | None = None

    @property
    def sheet_names(self) -> list[str]:
        """The names of its sheets, in their order."""
        return list(self._sheets)

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet with their numbers, as they come.

        Raises:
            RosterUnreadable: the sheet is broken in the middle.
        """
        try:
            if self._strings is None:
                self._strings = self._shared_strings()
            with self._zip.open(self._sheets[sheet]) as stream:
                yield from _SheetParser(self._strings).rows(stream)
        except _BROKEN as problem:
            raise RosterUnreadable(f"工作表{sheet}读到一半就坏了") from problem

    def _refuse_bombs(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > _PARTS_MAX:
            raise RosterUnreadable("工作簿的部件太多")
        if sum(part.file_size for part in parts) > self._unpacked_bytes_max:
            raise RosterTooLarge("解压后太大")
        for part in parts:
            if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise RosterUnreadable("这不是完整的 .xlsx 工作簿")
            if part.flag_bits & 1:
                raise RosterUnreadable("工作簿加了密码，请去掉密码再交")
            packed = max(part.compress_size, 1)
            if part.file_size > _SMALL_BYTES and part.file_size / packed > _RATIO_MAX:
                raise RosterTooLarge("压缩比不正常，不像花名册")

    def _read_contents(self) -> tuple[dict[str, str], bool]:
        targets: dict[str, str] = {}
        sheets: dict[str, str] = {}
        from_1904 = False

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                targets[attributes.get("Id", "")] = path

        def content(name: str, attributes: dict[str, str]) -> None:
            nonlocal from_1904
            if name == "sheet":
                key = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                sheets[attributes.get("name", "").strip()] = targets[key]
            elif name == "workbookPr":
                from_1904 = attributes.get("date1904", "0") in ("1", "true")

        self._each_element("xl/_rels/workbook.xml.rels", relation)
        self._each_element("xl/workbook.xml", content)
        return sheets, from_1904

    def _each_element(self, part: str, heard: Any) -> None:
        parser = _parser()
        parser.StartElementHandler = lambda name, attributes: heard(
            name.rpartition(":")[2], attributes
        )
        with self._zip.open(part) as stream:
            while piece := stream.read(_READ_BYTES):
                parser.Parse(piece)
        parser.Parse(b"", True)

    def _shared_strings(self) -> list[str]:
        part = "xl/sharedStrings.xml"
        if part not in self._zip.namelist():
            return []
        if self._zip.getinfo(part).file_size > self._strings_bytes_max:
            raise RosterTooLarge("工作簿里的文字太多")
        strings: list[str] = []
        text: list[str] = []
        parser = _parser()

        def start(name: str, _attributes: Any) -> None:
            local = name.rpartition(":")[2]
            if local == "si":
                text.clear()
            # Phonetic guides (rPh) are no part of the text.
            parser.CharacterDataHandler = text.append if local == "t" else None
            if local == "rPh":
                skipping.append(len(text))

        def end(name: str) -> None:
            local = name.rpartition(":")[2]
            parser.CharacterDataHandler = None
            if local == "rPh":
                del text[skipping.pop() :]
            elif local == "si":
                whole = "".join(text)
                strings.append(_ESCAPED.sub(_unescape, whole) if "_x" in whole else whole)

        skipping: list[int] = []
        parser.StartElementHandler, parser.EndElementHandler = start, end
        with self._zip.open(part) as stream:
            while piece := stream.read(_READ_BYTES):
                parser.Parse(piece)
        parser.Parse(b"", True)
        return strings


class _SheetParser:
    """Hears a sheet's elements and puts rows together."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._ready: list[Row] = []
        self._row: list[Cell] = []
        self._number = 0
        self._column = 0
        self._kind = "n"
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def rows(self, stream: Any) -> Iterator[Row]:
        """The rows that are whole after each piece."""
        while piece := stream.read(_READ_BYTES):
            self._parser.Parse(piece)
            # A cell is not over before it ends, and may not gather all that follows until then.
            if sum(map(len, self._text)) > _TEXT_MAX:
                raise _too_much_text()
            yield from self._ready
            self._ready.clear()
        self._parser.Parse(b"", True)
        yield from self._ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._place(reference)
            self._kind = attributes.get("t", "n")
        elif name in ("v", "t"):
            self._text.clear()
            self._parser.CharacterDataHandler = self._text.append
        elif name == "row":
            self._number = self._next_number(attributes.get("r"))
            self._row, self._column = [], 0

    def _end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self._parser.CharacterDataHandler = None
            if self._column <= _COLUMNS_MAX:
                self._put("".join(self._text), again=name == "t")
        elif name == "row":
            self._ready.append((self._number, self._row))

    def _put(self, text: str, *, again: bool) -> None:
        row, place = self._row, self._column - 1
        if len(text) > _TEXT_MAX:
            raise _too_much_text()
        value: Cell = text
        kind = self._kind
        if kind == "s":
            value = self._strings[int(text)] if int(text) < len(self._strings) else None
        elif kind in ("n", "b"):
            value = _number(text)
        elif "_x" in text:
            value = _ESCAPED.sub(_unescape, text)
        if place < len(row):
            # Rich text inside a cell comes in several runs.
            before = row[place]
            if again and isinstance(before, str):
                value = f"{before}{value}"
                if len(value) > _TEXT_MAX:
                    raise _too_much_text()
            row[place] = value
            return
        if place > len(row):
            row.extend([None] * (place - len(row)))
        row.append(value)

    def _next_number(self, written: str | None) -> int:
        number = self._number + 1 if written is None else int(written)
        if not self._number < number <= _ROWS_MAX:
            raise RosterUnreadable(
                f"第{self._number}行之后的行号不对：行号要一行比一行大，最大{_ROWS_MAX}"
            )
        return number

    def _place(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        known = self._columns.get(letters)
        if known is None:
            known = 0
            for letter in letters[:4].upper():
                known = known * 26 + ord(letter) - 64
            if known < 1:
                raise ValueError("a cell stands in no column")
            self._columns[letters] = known
        return known


def _too_much_text() -> ValueError:
    return ValueError("a cell holds too much text")


def _number(text: str) -> Cell:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # Half of a surrogate pair is no character.
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _parser() -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    return parser


def _no_doctype(*_words: Any) -> None:
    raise ValueError("a workbook declares no document type")


def _refuse_long_list(file: BinaryIO) -> None:
    """Refuse a list of parts that would fill the memory before a part of it is looked at."""
    size = file.seek(0, 2)
    file.seek(max(size - _TAIL_BYTES, 0))
    tail = file.read(_TAIL_BYTES)
    file.seek(0)
    _, found, end = tail.rpartition(_END)
    if found and (int.from_bytes(end[8:12], "little") > _LIST_BYTES_MAX or _END_64 in tail):
        raise RosterUnreadable("工作簿的部件太多")
