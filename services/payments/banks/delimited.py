"""Payment files of lines: columns with a separator or of fixed width, in the bank's encoding."""

from collections.abc import Callable
from typing import Final

from services.payments.banks import line_templates
from services.payments.banks.characters import Policy
from services.payments.banks.facts import EnvelopeFacts, LineFacts
from services.payments.banks.layouts import BYTE_ORDER_MARK, Column, Layout, templates_of
from services.payments.banks.line_templates import Value
from services.payments.banks.profiles import DelimitedProfile, Profile
from shared.money import yuan_text
from shared.months import civil_date

Check = Callable[[str], str | None]
_LINE_VALUES: Final = frozenset({"id", "account", "holder", "amount", "remark"})


class ColumnRules:
    """What the columns of one bank allow; made once for many lines."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._checks: dict[str, tuple[Check, ...]] = {}
        for column in layout.columns:
            if column.holds in _LINE_VALUES:
                self._checks[column.holds] = tuple(self._checks_of(column))

    def fault(self, holds: str, value: str) -> str | None:
        """Why a cleaned value has no place in its column; None when it has."""
        for check in self._checks.get(holds, ()):
            if fault := check(value):
                return fault
        return None

    def _checks_of(self, column: Column) -> list[Check]:
        layout = self._layout
        checks: list[Check] = []
        encoding = layout.encoding
        if limit := column.characters_max:
            checks.append(_longer_than(limit, len, "characters"))
        if limit := column.bytes_max:
            checks.append(_longer_than(limit, lambda value: len(value.encode(encoding)), "bytes"))
        if layout.separator is None:
            assert column.width is not None
            checks.append(_longer_than(column.width, layout.measure, layout.width_unit))
        elif not layout.quote:
            checks.append(_holds_separator(layout.separator))
        if layout.separator is not None and layout.splits == "bytes":
            checks.append(_holds_bytes(layout.separator, encoding))
        return checks


class DelimitedLines:
    """One file of lines in the making."""

    def __init__(self, profile: DelimitedProfile, policy: Policy, envelope: EnvelopeFacts) -> None:
        self._layout = profile.file
        self._policy = policy
        self._envelope = envelope
        self._values = values_of(profile, envelope)
        self._cells = [self._cell(column) for column in self._layout.columns]
        self._join = self._layout.separator or ""
        closing = self._join if self._layout.closing_separator else ""
        self._end = closing + self._layout.ending

    def opening(self) -> bytes:
        """Byte order mark and head lines."""
        mark = BYTE_ORDER_MARK if self._layout.byte_order_mark else ""
        return self.encode(mark + self._lines(self._layout.head))

    def line(self, serial: int, line: LineFacts) -> str:
        """One payment, with its line ending."""
        return self._join.join([cell(serial, line) for cell in self._cells]) + self._end

    def encode(self, text: str) -> bytes:
        """Text in the bank's encoding."""
        return text.encode(self._layout.encoding)

    def closing(self, last: bytes) -> bytes:
        """The last piece of the file: the last payments and the tail lines."""
        whole = last + self.encode(self._lines(self._layout.tail))
        ending = self.encode(self._layout.ending)
        return whole if self._layout.last_line_ended else whole.removesuffix(ending)

    def _lines(self, templates: tuple[str, ...]) -> str:
        measure = self._layout.measure
        return "".join(
            template.write(self._values, measure) + self._layout.ending
            for template in templates_of(templates, line_templates.SENT)
        )

    def _cell(self, column: Column) -> Callable[[int, LineFacts], str]:
        """How one column is filled."""
        finish = self._finish(column)
        clean, remark = self._policy.clean, self._envelope.remark
        match column.holds:
            case "serial":
                return lambda serial, line: finish(str(serial))
            case "id":
                return lambda serial, line: finish(line.end_to_end_id)
            case "account":
                return lambda serial, line: finish(line.account_number)
            case "holder":
                return lambda serial, line: finish(clean(line.holder))
            case "amount":
                return lambda serial, line: finish(amount_text(column, line.amount_fen))
            case "remark":
                return lambda serial, line: finish(clean(line.remark or remark))
        constant = finish(self._constant(column))
        return lambda serial, line: constant

    def _constant(self, column: Column) -> str:
        if column.holds == "empty":
            return ""
        if column.holds == "text":
            assert column.text is not None
            return line_templates.parse(column.text, line_templates.SENT).write(self._values)
        if column.holds == "date":
            return line_templates.write_date(self._envelope.pay_on, column.date_form)
        return str(self._values[column.holds])

    def _finish(self, column: Column) -> Callable[[str], str]:
        """Padding to its width, or quoting."""
        layout = self._layout
        if (width := column.width) is not None:
            measure, fill, to_right = layout.measure, column.filled_with, column.to_right

            def padded(value: str) -> str:
                missing = fill * (width - measure(value))
                return missing + value if to_right else value + missing

            return padded
        if (quote := layout.quote) is not None and (separator := layout.separator) is not None:
            always = layout.quote_always
            stands_out = _holds_separator(separator)

            def quoted(value: str) -> str:
                if always or quote in value or stands_out(value):
                    return quote + value.replace(quote, quote * 2) + quote
                return value

            return quoted
        return lambda value: value


def values_of(profile: Profile, envelope: EnvelopeFacts) -> dict[str, Value]:
    """What head, tail and name of a file may name.

    Raises:
        KeyError: the bank has no payer account for the envelope's fund.
    """
    return {
        "batch": envelope.batch,
        "bank": profile.code,
        "fund": envelope.fund,
        "project": envelope.project,
        "attempt": envelope.attempt,
        "sequence": envelope.sequence,
        "count": envelope.count,
        "total_fen": envelope.total_fen,
        "total_yuan": envelope.total_fen,
        "date": envelope.pay_on,
        "made_on": civil_date(envelope.made_at),
        "payer_account": profile.payer.accounts[envelope.fund],
        "payer_name": profile.payer.name,
        "remark": envelope.remark,
    }


def amount_text(column: Column, fen: int) -> str:
    """An amount in its column's unit."""
    return str(fen) if column.unit == "fen" else yuan_text(fen)


def _longer_than(limit: int, measure: Callable[[str], int], unit: str) -> Check:
    return lambda value: f"longer than {limit} {unit}" if measure(value) > limit else None


def _holds_separator(separator: str) -> Check:
    """A value is cut wrongly if the separator is found in it or begins in its last characters."""

    def check(value: str) -> str | None:
        if separator not in value and (value + separator).index(separator) == len(value):
            return None
        return "the bank's separator stands in it"

    return check


def _holds_bytes(separator: str, encoding: str) -> Check:
    sought = separator.encode(encoding)

    def check(value: str) -> str | None:
        if value.isascii() or sought not in value.encode(encoding):
            return None
        return "the bank would find its separator in the code of a character"

    return check
