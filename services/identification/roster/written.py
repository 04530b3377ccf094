"""How clerks write dates, months, flags and sums, and what they mean by it."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from services.identification.roster.columns import NO, YES
from services.identification.roster.xlsx import Cell
from shared.kept import is_day

_MONTH: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})|(\d{2}))(?:月|[-/.月]\d{1,2}日?)?")
_DATE: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
_SUM: Final = re.compile(r"(\d{1,8})(?:\.(\d{1,2})0*)?")
# Spreadsheets count days; numbers in this span are days of 1954 to 2119 and nothing else.
_DAYS: Final = range(20_000, 80_000)
_DAY_ZERO: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
SUM_FEN_MAX: Final = 1_000_000_000
Reading = Callable[[Cell, bool], date | str | None]
"""How a day or a month is read."""


def text(cell: Cell) -> str:
    """A cell's text, without the space around it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    return str(cell)


def plain(cell: Cell) -> str:
    """The same with full-width digits and letters made half-width."""
    words = text(cell)
    return words if words.isascii() else unicodedata.normalize("NFKC", words)


def again(cell: Cell, reading: Reading | None, from_1904: bool) -> str:
    """A cell as text that is read as the cell was: a day a spreadsheet counted, as that day."""
    if reading is not None and isinstance(cell, int | float):
        try:
            return str(reading(cell, from_1904))
        except ValueError:
            pass  # It is no day either way, and stands as it is.
    return "" if cell is None else str(cell)


def heading(cell: Cell) -> str:
    """A heading without blanks, its brackets half-width."""
    words = "" if cell is None else str(cell)
    return "".join(words.split()).replace("（", "(").replace("）", ")")


def day(cell: Cell, from_1904: bool) -> date | None:
    """The day a cell names.

    Raises:
        ValueError: there is no such day, as on 30 February, or nobody means it.
    """
    if isinstance(cell, int | float) and int(cell) in _DAYS:
        return _DAY_ZERO[from_1904] + timedelta(days=int(cell))
    words = plain(cell)
    return _day(words.removesuffix(" 00:00:00")) if words else None


@lru_cache(maxsize=65_536)
def _day(words: str) -> date:
    match = _DATE.fullmatch(words)
    if match is None:
        raise ValueError("no date")
    year, month, number = match[1], match[2] or match[4], match[3] or match[5]
    found = date(int(year), int(month), int(number))
    if not is_day(found):
        raise ValueError("a day nobody means")
    return found


def month(cell: Cell, from_1904: bool) -> str | None:
    """The month a cell names, as "2026-10".

    Raises:
        ValueError: there is no such month.
    """
    if isinstance(cell, int | float) and int(cell) in _DAYS:
        return f"{_DAY_ZERO[from_1904] + timedelta(days=int(cell)):%Y-%m}"
    words = plain(cell)
    return _month(words.removesuffix(" 00:00:00")) if words else None


@lru_cache(maxsize=8_192)
def _month(words: str) -> str:
    match = _MONTH.fullmatch(words)
    number = int(match[2] or match[3]) if match else 0
    if match is None or not 1 <= number <= 12 or not 1900 <= int(match[1]) <= 2199:
        raise ValueError("no month")
    return f"{match[1]}-{number:02d}"


def flag(cell: Cell) -> bool:
    """Yes or no.

    Raises:
        ValueError: it says something else.
    """
    words = plain(cell)
    if words in NO:
        return False
    if words in YES:
        return True
    raise ValueError("no flag")


def fen(cell: Cell) -> int | None:
    """A sum in yuan, as fen; None when nobody wrote one.

    Raises:
        ValueError: it is negative, no sum, or above all reason.
    """
    words = plain(cell).replace(",", "").removesuffix("元")
    if not words:
        return None
    match = _SUM.fullmatch(words)
    if match is None:
        raise ValueError("no sum")
    sum_fen = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if sum_fen > SUM_FEN_MAX:
        raise ValueError("above all reason")
    return sum_fen
