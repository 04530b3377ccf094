"""Writes the roster down as a workbook or as CSV, row by row, the same bytes each time."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from demonstration.population.households import Household
from demonstration.population.roster import Counts, row
from demonstration.population.shares import Village
from services.identification.roster.columns import (
    COLUMNS,
    COUNTED,
    EXPLANATION_SHEET,
    ROSTER_SHEET,
    STATISTICS,
    STATISTICS_SHEET,
    TOTAL_ROW,
)

ROWS_MAX: Final = 1_048_575
# A workbook carries its day of making; ours is always this one, so that equal means equal.
_MADE: Final = datetime(2026, 9, 20, tzinfo=UTC)


def write(path: Path, households: Iterable[Household], villages: list[Village]) -> None:
    """Write the workbook with its three sheets.

    Raises:
        ValueError: there are more people than a sheet has rows; CSV has no such limit.
    """
    counts = Counts()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _MADE.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(ROSTER_SHEET)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(COLUMNS):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, column.heading, bold)
        write_string, write_number = sheet.write_string, sheet.write_number
        for line, values in enumerate(_rows(households, counts), start=1):
            if line > ROWS_MAX:
                raise ValueError("a sheet has 1,048,576 rows: ask for .csv")
            write_number(line, 0, values[0])
            for index, value in enumerate(values[1:], start=1):
                if value is not None:
                    write_string(line, index, value)
        _statistics(book.add_worksheet(STATISTICS_SHEET), bold, counts, villages)
        explanation = book.add_worksheet(EXPLANATION_SHEET)
        for line, column in enumerate(COLUMNS):
            explanation.write_string(line, 0, column.heading)
            explanation.write_string(line, 1, column.explanation)


def write_csv(path: Path, households: Iterable[Household], encoding: str) -> None:
    """Write the roster sheet alone as CSV: utf-8, utf-8-sig or gb18030."""
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerow([column.heading for column in COLUMNS])
        lines.writerows(_rows(households, Counts()))


def _rows(households: Iterable[Household], counts: Counts) -> Iterator[tuple[Any, ...]]:
    serial = 0
    for household in households:
        counts.add(household)
        for person in household.people:
            serial += 1
            yield row(serial, household, person)


def _statistics(sheet: Any, bold: Any, counts: Counts, villages: list[Village]) -> None:
    for index, (heading, _) in enumerate(STATISTICS):
        sheet.write_string(0, index, heading, bold)
    names = {village.code: village.name for village in villages}
    line = 0
    for line, (code, numbers) in enumerate(counts.by_village.items(), start=1):
        sheet.write_string(line, 0, code)
        sheet.write_string(line, 1, names[code])
        for index, key in enumerate(COUNTED, start=2):
            sheet.write_number(line, index, numbers[key])
    sheet.write_string(line + 1, 0, TOTAL_ROW, bold)
    for index, key in enumerate(COUNTED, start=2):
        sheet.write_number(line + 1, index, counts.total(key))
