"""Opens a roster file of either kind, and brings its columns into our order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from services.identification.roster import separated, written
from services.identification.roster.columns import COLUMNS, ROSTER_SHEET, STATISTICS_SHEET, Field
from services.identification.roster.faults import RosterUnreadable
from services.identification.roster.xlsx import Row, Workbook

_SHEETS_MAX: Final = 50
_HEADINGS: Final = {column.heading: place for place, column in enumerate(COLUMNS)}
_NEEDED: Final = (
    Field.SERIAL, Field.HOUSEHOLD, Field.VILLAGE, Field.RELATION, Field.NAME,
    Field.ID_NUMBER, Field.REGISTRATION, Field.SINCE,
)  # fmt: skip


@dataclass(frozen=True)
class RosterFile:
    """A roster that was opened: its rows in our order of columns, and its statistics if any."""

    kind: str
    days_from_1904: bool
    _roster: Any
    _statistics: Any

    def rows(self) -> Iterator[Row]:
        """Every row below the headings that holds anything, its cells in our order.

        Raises:
            RosterUnreadable: there are no headings, a needed one is missing, or the file breaks.
        """
        lines = self._roster()
        places = _places(next(lines, None))
        for number, cells in lines:
            count = len(cells)
            row = [cells[place] if place < count else None for place in places]
            if any(cell is not None and cell != "" for cell in row):
                yield number, row

    def statistics(self) -> Iterator[Row] | None:
        """The statistics table as it stands; None when there is none."""
        rows: Iterator[Row] | None = self._statistics()
        return rows


def workbook_of(file: BinaryIO, **bounds: int) -> Workbook | None:
    """The workbook a file is, within these bounds; None when it is text.

    Raises:
        RosterUnreadable: it is a workbook of another kind, or empty.
        RosterTooLarge: it swells beyond the bounds.
    """
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterUnreadable("这是老的 .xls 或加了密码的工作簿，请另存为 .xlsx")
    if not head.strip():
        raise RosterUnreadable("文件是空的")
    return Workbook(file, **bounds) if head.startswith(b"PK") else None


def open_roster(file: BinaryIO) -> RosterFile:
    """Look at the first bytes and open the file.

    Raises:
        RosterUnreadable: it is something else.
    """
    book = workbook_of(file)
    if book is None:
        return RosterFile("csv", False, lambda: separated.rows(file), lambda: None)
    if len(book.sheet_names) > _SHEETS_MAX:
        raise RosterUnreadable("工作表太多，不像花名册")
    if ROSTER_SHEET not in book.sheet_names:
        raise RosterUnreadable(f"没有名为{ROSTER_SHEET}的工作表")

    def statistics() -> Iterator[Row] | None:
        return book.rows(STATISTICS_SHEET) if STATISTICS_SHEET in book.sheet_names else None

    return RosterFile("xlsx", book.days_from_1904, lambda: book.rows(ROSTER_SHEET), statistics)


def _places(first: Row | None) -> list[int]:
    """For each of our columns, where it stands in the file; far right of all when it does not."""
    headings: dict[str, int] = {}
    for place, cell in enumerate(first[1] if first else []):
        heading = written.heading(cell)
        if heading in headings and heading in _HEADINGS:
            raise RosterUnreadable(f"列{heading}出现了两次")
        headings[heading] = place
    missing = [
        column.heading
        for column in COLUMNS
        if column.field in _NEEDED and column.heading not in headings
    ]
    if missing:
        raise RosterUnreadable(f"缺少这些列：{'、'.join(missing)}", missing=missing)
    nowhere = 1 << 20
    return [headings.get(column.heading, nowhere) for column in COLUMNS]
