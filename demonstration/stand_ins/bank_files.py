"""How the co-operative reads payment files and writes results, by its own reading of the profile.

Nothing of services/ is imported: what the county writes is read here by other code, from the same
words of the profile, so that a mistake in one is seen by the other.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import yaml

Words = dict[str, Any]

_ENDINGS: Final = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
_PLACE: Final = re.compile(r"\{\{|\}\}|\{(\w+)(?::([^{}]+))?\}")
_NUMBERS: Final = frozenset({"serial", "amount"})


class FileRefused(Exception):
    """The co-operative does not take this file; nothing of it is booked."""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as the county ordered it."""

    serial: int
    end_to_end_id: str
    account_number: str
    holder: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A whole file, its totals right."""

    batch: str
    pay_on: date | None
    payer_account: str | None
    rows: tuple[PaymentRow, ...]

    @property
    def total_fen(self) -> int:
        """Its sum."""
        return sum(row.amount_fen for row in self.rows)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What the co-operative says of one payment."""

    batch: str
    end_to_end_id: str
    account_number: str
    holder: str
    amount_fen: int
    settled: bool
    code: str
    words: str
    day: date


def agreed(path: Path) -> Words:
    """The profile both sides agreed on."""
    words = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(words, dict)
    return words


def read_payments(profile: Words, content: bytes) -> PaymentFile:
    """A payment file, taken whole.

    Raises:
        FileRefused: encoding, form, a count or a total is not as agreed; a reference stands twice.
    """
    file = profile["file"]
    lines = _lines(file, content)
    head, tail = file.get("head", []), file.get("tail", [])
    if len(lines) < len(head) + len(tail) + 1:
        raise FileRefused("the file holds no payment")
    stated: Words = {}
    for template, line in zip(
        head + tail, lines[: len(head)] + lines[len(lines) - len(tail) :], strict=True
    ):
        for name, value in _read_template(file, template, line).items():
            if stated.setdefault(name, value) != value:
                raise FileRefused(f"{name} has two values in one file")
    rows = []
    for serial, line in enumerate(lines[len(head) : len(lines) - len(tail)], 1):
        rows.append(_payment(file, _cells(file, line), serial))
    total = sum(row.amount_fen for row in rows)
    for name, made in (("count", len(rows)), ("total_fen", total), ("total_yuan", total)):
        if name in stated and stated[name] != made:
            raise FileRefused(f"{name} is stated as {stated[name]}, the payments make {made}")
    if len({row.end_to_end_id for row in rows}) != len(rows):
        raise FileRefused("a reference stands twice in the file")
    if "batch" not in stated:
        raise FileRefused("the file names no batch")
    return PaymentFile(
        stated["batch"], stated.get("date"), stated.get("payer_account"), tuple(rows)
    )


def write_result(
    profile: Words, kind: str, facts: Mapping[str, Any], rows: Iterable[ResultRow]
) -> bytes:
    """A result of one kind; `facts` gives batch, message, date and payer_account."""
    result = next(words for words in profile["results"] if words["kind"] == kind)
    form = {
        name: value
        for name, value in profile["file"].items()
        if name not in ("head", "tail", "columns")
    }
    form |= {name: value for name, value in result.items() if value is not None}
    if form.get("fixed_width"):
        form |= {"separator": None, "quote": None, "closing_separator": False}
    rows = list(rows)
    sums = _sums(rows) | dict(facts)
    lines = [_write_template(form, template, sums) for template in form.get("head", [])]
    lines += [_write_row(form, serial, row) for serial, row in enumerate(rows, 1)]
    lines += [_write_template(form, template, sums) for template in form.get("tail", [])]
    ending = _ENDINGS[form["line_ending"]]
    text = ending.join(lines) + (ending if form.get("last_line_ended", True) else "")
    mark = "\ufeff" if form.get("byte_order_mark") else ""
    return (mark + text).encode(form["encoding"])


def code_for(profile: Words, kind: str, outcome: str, reason: str | None) -> str:
    """The code by which the agreed profile tells this outcome."""
    result = next(words for words in profile["results"] if words["kind"] == kind)
    for code, meaning in result["outcomes"].items():
        told = meaning if isinstance(meaning, dict) else {"outcome": meaning}
        known = told.get("reason") or profile.get("reasons", {}).get(code)
        if told["outcome"] == outcome and (reason is None or known == reason):
            return str(code)
    if reason is not None:
        return code_for(profile, kind, outcome, None)
    raise FileRefused(f"the profile has no code for {outcome}")


def _sums(rows: list[ResultRow]) -> Words:
    settled = [row.amount_fen for row in rows if row.settled]
    failed = [row.amount_fen for row in rows if not row.settled]
    sums: Words = {"count": len(rows), "settled_count": len(settled), "failed_count": len(failed)}
    for name, amounts in (("total", settled + failed), ("settled", settled), ("failed", failed)):
        sums |= {f"{name}_fen": sum(amounts), f"{name}_yuan": sum(amounts)}
    return sums


def _lines(form: Words, content: bytes) -> list[str]:
    try:
        text = content.decode(form["encoding"])
    except UnicodeDecodeError as problem:
        raise FileRefused(f"byte {problem.start} is no {form['encoding']}") from problem
    if bool(form.get("byte_order_mark")) != text.startswith("\ufeff"):
        raise FileRefused("the byte order mark is not as agreed")
    lines = text.removeprefix("\ufeff").split(_ENDINGS[form["line_ending"]])
    if form.get("last_line_ended", True) and lines.pop() != "":
        raise FileRefused("the last line is not ended")
    if any("\r" in line or "\n" in line or not line for line in lines):
        raise FileRefused("a line is empty or ends in another way than agreed")
    return lines


def _cells(form: Words, line: str) -> list[str]:
    separator, quote = form.get("separator"), form.get("quote")
    if separator is None:
        return _cut_by_widths(form, line)
    if not quote:
        cells = line.split(separator)
    else:
        mark, between = re.escape(quote), re.escape(separator)
        pattern = re.compile(
            f"{mark}((?:[^{mark}]|{mark}{mark})*){mark}(?={between}|$)|(.*?)(?={between}|$)",
            re.DOTALL,
        )
        cells, place = [], 0
        while True:
            found = pattern.match(line, place)
            assert found is not None
            cells.append(found[2] if found[1] is None else found[1].replace(quote * 2, quote))
            place = found.end()
            if place >= len(line):
                break
            place += len(separator)
    if form.get("closing_separator") and cells.pop() != "":
        raise FileRefused("a line does not end with its separator")
    if len(cells) != len(form["columns"]):
        raise FileRefused(f"a line has {len(cells)} columns")
    return cells


def _cut_by_widths(form: Words, line: str) -> list[str]:
    view, cells = _view(form, line), []
    for column in form["columns"]:
        cell, view = view[: column["width"]], view[column["width"] :]
        if len(cell) != column["width"]:
            raise FileRefused("a line is too short")
        cells.append(_unview(form, cell))
    if view:
        raise FileRefused("a line is too long")
    return cells


def _view(form: Words, text: str) -> str:
    """Text in which one character is one column: bytes stand for themselves where bytes count."""
    return (
        text.encode(form["encoding"]).decode("latin-1")
        if form.get("width_unit") == "bytes"
        else text
    )


def _unview(form: Words, view: str) -> str:
    if form.get("width_unit") != "bytes":
        return view
    try:
        return view.encode("latin-1").decode(form["encoding"])
    except UnicodeDecodeError as problem:
        raise FileRefused("a character stands across a border") from problem


def _payment(form: Words, cells: list[str], serial: int) -> PaymentRow:
    found: dict[str, str] = {}
    unit = "yuan"
    for column, cell in zip(form["columns"], cells, strict=True):
        bare = cell.strip(" ") if column.get("width") else cell
        found[column["holds"]] = bare
        if column["holds"] == "amount":
            unit = column["unit"]
    if "serial" in found and int(found["serial"]) != serial:
        raise FileRefused(f"row {serial} calls itself {found['serial']}")
    return PaymentRow(
        serial,
        found["id"],
        found["account"],
        found.get("holder", ""),
        _fen(found["amount"], unit),
    )


def _fen(text: str, unit: str) -> int:
    if unit == "fen":
        match = re.fullmatch(r"[0-9]+", text)
        amount = int(text) if match else 0
    else:
        match = re.fullmatch(r"([0-9]+)\.([0-9]{2})", text)
        amount = int(match[1] + match[2]) if match else 0
    if amount <= 0:
        raise FileRefused("an amount is no amount")
    return amount


def _write_row(form: Words, serial: int, row: ResultRow) -> str:
    cells = []
    for column in form["columns"]:
        value = {
            "serial": str(serial),
            "id": row.end_to_end_id,
            "account": row.account_number,
            "holder": row.holder,
            "code": row.code,
            "message": row.words,
            "batch": row.batch,
            "date": row.day.strftime(column.get("form", "%Y%m%d")),
            "text": column.get("text", ""),
            "amount": _amount(row.amount_fen, column.get("unit")),
        }.get(column["holds"], "")
        cells.append(_in_place(form, column, value))
    separator = form.get("separator") or ""
    return separator.join(cells) + (separator if form.get("closing_separator") else "")


def _in_place(form: Words, column: Words, value: str) -> str:
    width: int = column.get("width", 0)
    if width:
        missing = str(column.get("fill", " ")) * (width - len(_view(form, value)))
        right = column.get("align", "right" if column["holds"] in _NUMBERS else "left") == "right"
        return missing + value if right else value + missing
    quote: str | None = form.get("quote")
    if quote is None:
        return value
    hidden = form["separator"] in value + form["separator"][:-1]
    if form.get("quote_always") or quote in value or hidden:
        return quote + value.replace(quote, quote * 2) + quote
    return value


def _amount(fen: int, unit: str | None) -> str:
    return str(fen) if unit == "fen" else f"{fen // 100}.{fen % 100:02d}"


def _write_template(form: Words, template: str, values: Mapping[str, Any]) -> str:
    def place(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        value, wanted = values.get(match[1], ""), match[2] or ""
        if isinstance(value, date):
            return value.strftime(wanted or "%Y%m%d")
        text = _amount(value, "yuan") if match[1].endswith("_yuan") else str(value)
        width = re.fullmatch(r"([<>]?)(0?)([0-9]+)", wanted)
        if width is None:
            return text
        missing = int(width[3]) - len(_view(form, text))
        if width[2]:
            return "0" * missing + text
        right = width[1] == ">" or (not width[1] and isinstance(value, int))
        return " " * missing + text if right else text + " " * missing

    return _PLACE.sub(place, template)


def _read_template(form: Words, template: str, line: str) -> Words:
    pattern, names, end = "", [], 0
    for found in _PLACE.finditer(template):
        pattern += re.escape(_view(form, template[end : found.start()]))
        end = found.end()
        if found[1] is None:
            pattern += re.escape(found[0][0])
            continue
        names.append((found[1], found[2] or ""))
        width = re.fullmatch(r"[<>]?0?([0-9]+)", found[2] or "")
        pattern += f"(.{{{width[1]}}})" if width else "(.*?)"
    match = re.fullmatch(pattern + re.escape(_view(form, template[end:])), _view(form, line))
    if match is None:
        raise FileRefused("a head or tail line is not as agreed")
    read: Words = {}
    for (name, wanted), view in zip(names, match.groups(), strict=True):
        read[name] = _stated(name, wanted, _unview(form, view).strip(" "))
    return read


def _stated(name: str, wanted: str, text: str) -> Any:
    try:
        if name in ("date", "made_on"):
            return datetime.strptime(text, wanted or "%Y%m%d").date()  # noqa: DTZ007 # A civil date.
        if name.endswith("_yuan"):
            return int(text.replace(".", "")) if re.fullmatch(r"[0-9]+\.[0-9]{2}", text) else -1
        if name in ("count", "sequence", "attempt") or name.endswith("_fen"):
            return int(text)
    except ValueError as problem:
        raise FileRefused(f"{name} in a head or tail line is not as agreed") from problem
    return text
