"""Results of lines, by the layout the bank's profile states."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from services.payments.banks.facts import Outcome, ResultFile, ResultItem, ResultRefused
from services.payments.banks.layouts import (
    BYTE_ORDER_MARK,
    Column,
    Layout,
    ResultLayout,
    templates_of,
)
from services.payments.banks.line_templates import (
    ANSWERED,
    DoesNotFit,
    Value,
    read_date,
    read_fen,
    take,
)
from services.payments.banks.profiles import DELIMITED, DelimitedProfile
from services.payments.banks.reasons import UNSPECIFIED
from shared.money import Fen

REFERENCE_CHARACTERS_MAX = 35


class _OtherKind(Exception):
    """The head lines are not this kind's."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A file taken apart: what head and tail state, and the rows between."""

    stated: dict[str, Value]
    rows: list[str]
    first_row: int


def read(profile: DelimitedProfile, whole: bytes, name: str) -> ResultFile:
    """One result file.

    Raises:
        ResultRefused: with the row, and the column where there is one, counted from 1.
    """
    kinds = [pair for pair in profile.result_layouts() if pair[0].fits_name(name)]
    if not kinds:
        raise ResultRefused("no kind of result of this bank has such a file name")
    for result, layout in kinds:
        try:
            sheet = _take_apart(layout, whole, alone=len(kinds) == 1)
        except _OtherKind:
            continue
        return _read_sheet(profile, result, layout, sheet, whole)
    raise ResultRefused("the first lines fit no kind of result of this bank", row=1)


def _take_apart(layout: Layout, whole: bytes, *, alone: bool) -> _Sheet:
    lines = _lines(layout, whole)
    heads, tails = templates_of(layout.head, ANSWERED), templates_of(layout.tail, ANSWERED)
    if len(lines) < len(heads):
        raise ResultRefused("the file ends inside its head lines", row=len(lines))
    stated: dict[str, Value] = {}
    for row, (template, line) in enumerate(zip(heads, lines, strict=False), 1):
        try:
            _merge(stated, template.read(line, layout.measure))
        except DoesNotFit as problem:
            if alone:
                raise ResultRefused(f"head line: {problem}", row=row) from problem
            raise _OtherKind from problem
    first_tail = len(lines) - len(tails)
    if first_tail < len(heads):
        raise ResultRefused("the file ends before its tail lines", row=len(lines))
    for row, (template, line) in enumerate(
        zip(tails, lines[first_tail:], strict=True), first_tail + 1
    ):
        try:
            _merge(stated, template.read(line, layout.measure))
        except DoesNotFit as problem:
            raise ResultRefused(
                f"tail line, or the file is cut short: {problem}", row=row
            ) from problem
    return _Sheet(stated, lines[len(heads) : first_tail], len(heads) + 1)


def _lines(layout: Layout, whole: bytes) -> list[str]:
    """The file's lines, without their endings."""
    try:
        text = whole.decode(layout.encoding)
    except UnicodeDecodeError as problem:
        before = whole[: problem.start]
        raise ResultRefused(
            f"bytes that are no {layout.encoding}",
            row=before.count(b"\n") + 1,
            column=problem.start - (before.rfind(b"\n") + 1) + 1,
        ) from problem
    if layout.byte_order_mark != text.startswith(BYTE_ORDER_MARK):
        agreed = "is missing" if layout.byte_order_mark else "was not agreed"
        raise ResultRefused(f"the byte order mark {agreed}", row=1, column=1)
    text = text.removeprefix(BYTE_ORDER_MARK)
    lines = text.split(layout.ending)
    if layout.last_line_ended and lines.pop():
        raise ResultRefused("the last line is not ended: the file is cut short", row=len(lines) + 1)
    for row, line in enumerate(lines, 1):
        if not line:
            raise ResultRefused("an empty line", row=row)
        _refuse_control_characters(line, row, layout.separator or "")
    return lines


def _refuse_control_characters(line: str, row: int, separator: str) -> None:
    if line.isprintable():
        return
    for column, character in enumerate(line, 1):
        if (character < " " or character in "\x7f\ufeff") and character not in separator:
            raise ResultRefused("a control character", row=row, column=column)


def _merge(stated: dict[str, Value], more: dict[str, Value]) -> None:
    for name, value in more.items():
        if stated.setdefault(name, value) != value:
            raise DoesNotFit(f"{name} has two values in one file")


def _read_sheet(
    profile: DelimitedProfile, result: ResultLayout, layout: Layout, sheet: _Sheet, whole: bytes
) -> ResultFile:
    items = tuple(
        _item(profile, result, layout, sheet.stated, cells, row)
        for row, cells in _rows(layout, sheet)
    )
    total_fen = _check_totals(sheet.stated, items)
    message, batch = sheet.stated.get("message"), sheet.stated.get("batch")
    payer_account = sheet.stated.get("payer_account")
    return ResultFile(
        kind=DELIMITED,
        message_id=str(message) if message else f"{result.kind}-{sha256(whole).hexdigest()[:24]}",
        batch=str(batch) if batch else None,
        payer_account=str(payer_account) if payer_account else None,
        items=items,
        whole_file=None,
        count=len(items),
        total_fen=Fen(total_fen),
    )


def _rows(layout: Layout, sheet: _Sheet) -> Iterator[tuple[int, list[str]]]:
    for row, line in enumerate(sheet.rows, sheet.first_row):
        cells = _cells(layout, line, row)
        if len(cells) != len(layout.columns):
            raise ResultRefused(
                f"{len(cells)} columns where {len(layout.columns)} were agreed", row=row
            )
        yield row, cells


def _cells(layout: Layout, line: str, row: int) -> list[str]:
    separator = layout.separator
    if separator is None:
        return _fixed_cells(layout, line, row)
    cells = (
        _quoted_cells(line, separator, layout.quote, row) if layout.quote else line.split(separator)
    )
    if layout.closing_separator and cells.pop():
        raise ResultRefused("the row does not end with its separator", row=row)
    return [cell.strip(" ") for cell in cells]


def _fixed_cells(layout: Layout, line: str, row: int) -> list[str]:
    cells, rest = [], line
    for number, column in enumerate(layout.columns, 1):
        assert column.width is not None
        try:
            cell, rest = take(rest, column.width, layout.measure)
        except DoesNotFit as problem:
            raise ResultRefused(str(problem), row=row, column=number) from problem
        cells.append(cell.strip(" "))
    if rest:
        raise ResultRefused("the line is longer than agreed", row=row)
    return cells


def _quoted_cells(line: str, separator: str, quote: str, row: int) -> list[str]:
    """Cells that may stand between quotes, a quote inside being doubled."""
    cells, place = [], 0
    while True:
        if line.startswith(quote, place):
            cell, place = _quoted_cell(line, place + 1, quote, row)
        else:
            end = line.find(separator, place)
            cell, place = line[place : None if end < 0 else end], len(line) if end < 0 else end
        cells.append(cell)
        if place == len(line):
            return cells
        if not line.startswith(separator, place):
            raise ResultRefused(
                "something stands after a closing quote", row=row, column=len(cells)
            )
        place += len(separator)


def _quoted_cell(line: str, place: int, quote: str, row: int) -> tuple[str, int]:
    cell = ""
    while True:
        end = line.find(quote, place)
        if end < 0:
            raise ResultRefused("a quote is not closed", row=row)
        cell += line[place:end]
        if not line.startswith(quote, end + 1):
            return cell, end + 1
        cell += quote
        place = end + 2


def _item(
    profile: DelimitedProfile,
    result: ResultLayout,
    layout: Layout,
    stated: dict[str, Value],
    cells: list[str],
    row: int,
) -> ResultItem:
    found: dict[str, Value] = {}
    for number, (column, cell) in enumerate(zip(layout.columns, cells, strict=True), 1):
        try:
            value = _value(column, cell)
        except DoesNotFit as problem:
            raise ResultRefused(str(problem), row=row, column=number) from problem
        if value is not None:
            found[column.holds] = value
    code = str(found["code"])
    meaning = result.outcome_of(code)
    outcome = Outcome(meaning.outcome) if meaning else Outcome.UNKNOWN
    reason = None
    if meaning and outcome in (Outcome.REFUSED, Outcome.RETURNED):
        reason = meaning.reason or profile.reasons.get(code, UNSPECIFIED)
    day = found.get("date", stated.get("date"))
    amount, batch = found["amount"], found.get("batch", stated.get("batch"))
    assert isinstance(amount, int)
    assert not isinstance(day, str | int)
    return ResultItem(
        end_to_end_id=str(found["id"]),
        outcome=outcome,
        amount_fen=Fen(amount),
        reason=reason,
        bank_code=code,
        settled_on=day,
        batch=str(batch) if batch else None,
    )


def _value(column: Column, cell: str) -> Value | None:
    """What a cell says; None for a column nobody asks about, or an empty one that may be."""
    match column.holds:
        case "amount":
            amount = read_fen(_without_zeros(column, cell), in_yuan=column.unit == "yuan")
            if amount == 0:
                raise DoesNotFit("an amount is nothing")
            return amount
        case "date":
            return read_date(cell, column.date_form) if cell else None
        case "id":
            if not (0 < len(cell) <= REFERENCE_CHARACTERS_MAX) or not cell.isprintable():
                raise DoesNotFit("a reference is missing or too long")
            return cell
        case "code":
            if not cell:
                raise DoesNotFit("the result code is missing")
            return cell
        case "batch":
            return cell or None
    return None


def _without_zeros(column: Column, cell: str) -> str:
    """An amount without the zeros that fill its column; one stays before a point or alone."""
    if column.filled_with != "0":
        return cell
    bare = cell.lstrip("0")
    return bare if bare and bare[0] != "." else "0" + bare


def _check_totals(stated: dict[str, Value], items: tuple[ResultItem, ...]) -> int:
    """Compare what head and tail state with the rows; the total of all rows."""
    settled = [item.amount_fen or 0 for item in items if item.outcome == Outcome.SETTLED]
    failed = [item.amount_fen or 0 for item in items if item.outcome != Outcome.SETTLED]
    counted = {
        "count": len(items),
        "settled_count": len(settled),
        "failed_count": len(failed),
        "total_fen": sum(settled) + sum(failed),
        "settled_fen": sum(settled),
        "failed_fen": sum(failed),
    }
    for name, value in counted.items():
        for alias in (name, name.replace("_fen", "_yuan")):
            if alias in stated and stated[alias] != value:
                raise ResultRefused(f"{alias} is stated as {stated[alias]}, the rows make {value}")
    return counted["total_fen"]
