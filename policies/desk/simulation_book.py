"""What a simulation found, as a workbook: one clear chart first, then a sheet for each table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

_TABLES: Final[Mapping[str, str]] = {
    "by_programme": "Programmes",
    "by_fund": "Funds",
    "by_area": "Areas",
    "by_size": "Sizes",
    "by_type": "Types",
}
_FEN: Final = "_fen"


def write(path: Path, told: Mapping[str, Any]) -> None:
    """The workbook; sums stand in yuan, texts stay texts whatever they begin with."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        chart = book.add_worksheet("Chart")
        if "steps" in told:
            rows = _table(book, "Steps", told["steps"])
            _line_chart(book, chart, told, rows)
        else:
            for name, title in _TABLES.items():
                rows = _table(book, title, [{"name": k, **v} for k, v in told[name].items()])
                if name == "by_programme":
                    _bar_chart(book, chart, told, rows)
            whole = [{"name": name, **told[name]} for name in ("households", "people")]
            _table(book, "Everybody", whole)
        _about(book, told)


def _table(book: Any, title: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """A sheet with a heading row; how many rows stand below it."""
    sheet = book.add_worksheet(title)
    bold, yuan = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    names = list(rows[0]) if rows else []
    for column, name in enumerate(names):
        of_money = name.endswith(_FEN) or name == "amount"
        sheet.write(0, column, f"{name.removesuffix(_FEN)}, yuan" if of_money else name, bold)
        for row, words in enumerate(rows, start=1):
            if of_money:
                sheet.write_number(row, column, words[name] / 100, yuan)
            else:
                sheet.write(row, column, words[name])
    sheet.freeze_panes(1, 1)
    sheet.autofit()
    return len(rows)


def _bar_chart(book: Any, sheet: Any, told: Mapping[str, Any], rows: int) -> None:
    """What each programme costs a month, before and after."""
    chart = book.add_chart({"type": "bar"})
    columns = list(next(iter(told["by_programme"].values()), {}))
    for name, label in (("before_fen", "before"), ("after_fen", "after")):
        column = 1 + columns.index(name) if columns else 1
        chart.add_series(
            {
                "name": f"{label}: {told[label]['place']} {told[label]['month']}",
                "categories": ["Programmes", 1, 0, max(rows, 1), 0],
                "values": ["Programmes", 1, column, max(rows, 1), column],
            }
        )
    chart.set_title({"name": "Cost of each programme in the month, yuan"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 960, "height": 160 + 40 * rows})
    sheet.insert_chart("B2", chart)


def _line_chart(book: Any, sheet: Any, told: Mapping[str, Any], rows: int) -> None:
    """What the month costs as the number goes through its range."""
    chart = book.add_chart({"type": "line"})
    columns = list(told["steps"][0])
    cost = columns.index("total_fen")
    chart.add_series(
        {
            "name": "cost of the month, yuan",
            "categories": ["Steps", 1, 0, rows, 0],
            "values": ["Steps", 1, cost, rows, cost],
        }
    )
    code = told["sweep"]["code"]
    chart.set_title({"name": told["sweep"]["number"] + (f" · {code}" if code else "")})
    chart.set_legend({"none": True})
    chart.set_size({"width": 960, "height": 480})
    sheet.insert_chart("B2", chart)


def _about(book: Any, told: Mapping[str, Any]) -> None:
    """Which policies, which population; and what a place says on its face."""
    sheet = book.add_worksheet("About")
    lines = [("population", told["population"]["file"]), ("", told["population"]["sha256"])]
    for side in ("before", "after"):
        if side in told:
            about = told[side]
            lines.append((side, f"{about['place']} {about['month']}"))
            lines.append(("", about["policy_sha256"]))
            lines += [("supposed", f"{name} = {each}") for name, each in about["supposed"].items()]
            if about["notice"]:
                lines += [("notice", about["notice"]["zh"]), ("", about["notice"]["en"])]
    for row, pair in enumerate(lines):
        sheet.write_row(row, 0, pair)
    sheet.autofit()
