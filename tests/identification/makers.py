"""Rosters for tests: a test names what matters to it, the rest is in order."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import xlsxwriter

from demonstration.population.numbers import check_digit
from services.identification.roster.columns import (
    COLUMNS,
    COUNTED,
    ROSTER_SHEET,
    STATISTICS,
    STATISTICS_SHEET,
    TOTAL_ROW,
)

VILLAGE: Final = "511425001200"
OTHER_VILLAGE: Final = "511425102201"
FIELDS: Final = [column.field.value for column in COLUMNS]
CARD: Final = "6219980000000000012"  # Checks.
PASSBOOK: Final = "88100000000000001"  # Does not.
HOME: Final = "12511425MB0123456K"

Row = dict[str, Any]


def id_number(order: int, born: str = "19650304") -> str:
    """A valid ID number; another order, another person."""
    payload = f"511425{born}{order:03d}"
    return payload + check_digit(payload)


def a_person(order: int, relation: str = "子女", **fields: Any) -> Row:
    """A member of a household."""
    return {
        "relation": relation,
        "name": f"李{'伟芳明静强'[order % 5]}",
        "id_number": id_number(order),
        "registration": "农村",
        "since": "2010-01",
        **fields,
    }


def a_household(number: str, *people: Row, village: str = VILLAGE, **head: Any) -> list[Row]:
    """A household; what is said beside the people is written in the head's row."""
    rows = [{"household": number, "village": village, **person} for person in people]
    rows[0] = {**rows[0], "relation": "户主", **head}
    return rows


def on_dibao(**fields: Any) -> Row:
    """What stands in the head's row of a dibao household."""
    return {
        "dibao": "是",
        "income": "120.00",
        "bank": "青神县商业银行",
        "account_number": CARD,
        "account_kind": "卡",
        "decision_number": "青民决〔2026〕1号",
        "decided_on": "2026-09-10",
        "from_month": "2026-10",
        **fields,
    }


def decided(**fields: Any) -> Row:
    """A decision, for a household of which a member is on something."""
    return {
        "decision_number": "青民决〔2026〕2号",
        "decided_on": "2026-09-11",
        "from_month": "2026-10",
        **fields,
    }


def rows_of(*households: Sequence[Row]) -> list[Row]:
    """All rows with their serials."""
    rows = [row for household in households for row in household]
    return [{"serial": number, **row} for number, row in enumerate(rows, start=1)]


def a_workbook(
    rows: Iterable[Row],
    *,
    statistics: dict[str, dict[str, int]] | None = None,
    total: dict[str, int] | None = None,
    columns: Sequence[str] = FIELDS,
    without_statistics: bool = False,
    villages: Sequence[str] = (),
    without_total: bool = False,
) -> bytes:
    """The workbook of these rows, with statistics that add up unless told otherwise."""
    rows = list(rows)
    headings = {column.field.value: column.heading for column in COLUMNS}
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet(ROSTER_SHEET)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, headings[name])
        for line, row in enumerate(rows, start=1):
            for place, name in enumerate(columns):
                _write(sheet, line, place, row.get(name))
        if not without_statistics:
            table = book.add_worksheet(STATISTICS_SHEET)
            counts = statistics if statistics is not None else count(rows)
            named = villages or list(counts)
            _statistics(table, [(each, counts[each]) for each in named], total, without_total)
    return content.getvalue()


def a_csv(rows: Iterable[Row], encoding: str = "utf-8") -> bytes:
    """The same rows as CSV."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow([column.heading for column in COLUMNS])
    lines.writerows([["" if row.get(n) is None else row.get(n) for n in FIELDS] for row in rows])
    return text.getvalue().encode(encoding)


def count(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """What the statistics table should say of these rows."""
    counts: dict[str, dict[str, int]] = {}
    on = {row["household"] for row in rows if row.get("dibao") == "是"}
    for row in rows:
        village = counts.setdefault(row["village"], dict.fromkeys(COUNTED, 0))
        village["households"] += row["relation"] == "户主"
        village["people"] += 1
        village["dibao_households"] += row.get("dibao") == "是"
        village["dibao_people"] += row["household"] in on
        for flag in ("tekun", "disability_living", "disability_nursing", "old_age"):
            village[flag] += row.get(flag) == "是"
    return counts


def _statistics(
    table: Any,
    counts: Sequence[tuple[str, dict[str, int]]],
    total: dict[str, int] | None,
    without_total: bool,
) -> None:
    for place, (heading, _) in enumerate(STATISTICS):
        table.write_string(0, place, heading)
    line = 0
    for line, (village, numbers) in enumerate(counts, start=1):
        table.write_string(line, 0, village)
        for place, key in enumerate(COUNTED, start=2):
            table.write_number(line, place, numbers[key])
    if without_total:
        return
    table.write_string(line + 1, 0, TOTAL_ROW)
    sums = total or {key: sum(row[key] for _, row in counts) for key in COUNTED}
    for place, key in enumerate(COUNTED, start=2):
        table.write_number(line + 1, place, sums[key])


def _write(sheet: Any, line: int, place: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(line, place, value)
    elif value is not None:
        sheet.write_number(line, place, value)
