"""A payout file's bytes: the same facts give the same bytes, whenever and however often.

1. `objection` says of one line whether it can stand in the bank's file; screening holds such a line
   singly, with its owner.
2. `write` gives the bytes in pieces; it checks count and total against the envelope's as it goes
   and fails at the end rather than let a file out that differs from what was approved.
3. `file_name` and `layout_words` name and describe the file; manifest.py states it for the bank.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from services.payments.banks import iso_payment, line_templates
from services.payments.banks.characters import Policy, policy_of
from services.payments.banks.delimited import ColumnRules, DelimitedLines, amount_text, values_of
from services.payments.banks.facts import EnvelopeFacts, LineFacts
from services.payments.banks.iso_payment import Pain001Lines
from services.payments.banks.layouts import Column
from services.payments.banks.profiles import DelimitedProfile, Profile

AMOUNT_FEN_MAX: Final = 99_999_999_999
_LINES_A_PIECE: Final = 1000
_ACCOUNT = re.compile(r"[0-9A-Za-z-]{4,34}")
_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,35}")


class Unwritable(Exception):
    """A line cannot stand in the bank's file; the caller holds it, or has not screened it."""

    def __init__(self, end_to_end_id: str, objection: "Objection") -> None:
        super().__init__(f"{end_to_end_id}: {objection.column}: {objection.words}")
        self.end_to_end_id = end_to_end_id
        self.objection = objection


class TotalsDiffer(Exception):
    """The lines are not the ones the envelope was approved for: nothing may leave."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why one line cannot stand in one bank's file."""

    column: str
    code: str
    """A short word for lists of held lines, such as holder-unwritable."""
    words: str
    """What is wrong, without the value itself."""


def objection(profile: Profile, line: LineFacts, remark: str = "") -> Objection | None:
    """Why a line cannot be written for this bank; None when it can. `remark`: the envelope's."""
    return Screen(profile).objection(line, remark)


class Screen:
    """One bank's test of lines, made once for many lines."""

    def __init__(self, profile: Profile) -> None:
        encoding = profile.file.encoding if isinstance(profile, DelimitedProfile) else "UTF-8"
        told = profile.characters
        self.policy: Policy = policy_of(encoding, told.invisible, told.private_use, told.substitute)
        self._remark_max = profile.remark_characters_max
        self._column_fault: Callable[[str, str], str | None]
        if isinstance(profile, DelimitedProfile):
            self._column_fault = ColumnRules(profile.file).fault
            place = profile.file.place_of("amount")
            assert place is not None
            self._amount_column = profile.file.columns[place]
        else:
            self._column_fault = iso_payment.column_fault
            self._amount_column = Column(holds="amount", unit="yuan")

    def objection(self, line: LineFacts, remark: str = "") -> Objection | None:
        """Why this line cannot be written; None when it can."""
        return self._number_objection(line) or self._text_objection(line, remark)

    def _number_objection(self, line: LineFacts) -> Objection | None:
        if not _REFERENCE.fullmatch(line.end_to_end_id):
            return _objection("id", "a reference is 1 to 35 letters, digits and dashes")
        if not _ACCOUNT.fullmatch(line.account_number):
            return _objection("account", "an account number is 4 to 34 digits, letters and dashes")
        if not 0 < line.amount_fen <= AMOUNT_FEN_MAX:
            return _objection("amount", "an amount lies between 0.01 and 999,999,999.99 yuan")
        amount = amount_text(self._amount_column, line.amount_fen)
        for column, value in (
            ("id", line.end_to_end_id),
            ("account", line.account_number),
            ("amount", amount),
        ):
            if fault := self._column_fault(column, value):
                return _objection(column, fault)
        return None

    def _text_objection(self, line: LineFacts, remark: str) -> Objection | None:
        holder = self.policy.clean(line.holder)
        if not holder:
            return _objection("holder", "nothing stands there")
        note = self.policy.clean(line.remark or remark)
        if len(note) > self._remark_max:
            return _objection("remark", f"longer than {self._remark_max} characters")
        for column, value in (("holder", holder), ("remark", note)):
            if fault := self.policy.fault(value) or self._column_fault(column, value):
                return _objection(column, fault)
        return None


def write(profile: Profile, envelope: EnvelopeFacts, lines: Iterable[LineFacts]) -> Iterator[bytes]:
    """The file's bytes, in pieces. Write them to a temporary name and rename after the last one.

    Raises:
        Unwritable: a line that should have been held.
        TotalsDiffer: count or total of the lines is not the envelope's, or too many for the bank.
        KeyError: the profile has no payer account for the envelope's fund.
    """
    if not 1 <= envelope.count <= profile.rows_max:
        raise TotalsDiffer(f"a file of {profile.code} holds 1 to {profile.rows_max} lines")
    screen = Screen(profile)
    form: DelimitedLines | Pain001Lines
    if isinstance(profile, DelimitedProfile):
        form = DelimitedLines(profile, screen.policy, envelope)
    else:
        form = Pain001Lines(profile, screen.policy, envelope)
    yield form.opening()
    count = total_fen = 0
    piece: list[str] = []
    for line in lines:
        if found := screen.objection(line, envelope.remark):
            raise Unwritable(line.end_to_end_id, found)
        count += 1
        total_fen += line.amount_fen
        piece.append(form.line(count, line))
        if len(piece) == _LINES_A_PIECE:
            yield form.encode("".join(piece))
            piece.clear()
    if (count, total_fen) != (envelope.count, envelope.total_fen):
        raise TotalsDiffer(
            f"{count} lines of {total_fen} fen were given,"
            f" {envelope.count} of {envelope.total_fen} were approved"
        )
    yield form.closing(form.encode("".join(piece)))


def file_name(profile: Profile, envelope: EnvelopeFacts) -> str:
    """What the file is called."""
    template = line_templates.parse(profile.file_name, line_templates.SENT)
    return template.write(values_of(profile, envelope))


def layout_words(profile: Profile) -> dict[str, Any] | None:
    """How a delimited file is read by somebody who knows nothing of us; None for pain.001.

    Columns are counted from 0. For columns of fixed width the separator is null and `columns` says
    what each holds and how wide it is.
    """
    if not isinstance(profile, DelimitedProfile):
        return None
    file = profile.file
    amount = file.place_of("amount")
    assert amount is not None
    marked_utf8 = file.byte_order_mark and file.encoding == "UTF-8"
    words: dict[str, Any] = {
        "encoding": "utf-8-sig" if marked_utf8 else file.encoding,
        "separator": file.separator,
        "head_lines": len(file.head),
        "tail_lines": len(file.tail),
        "id_column": file.place_of("id"),
        "amount_column": amount,
        "amount_unit": file.columns[amount].unit,
        "line_ending": file.line_ending,
        "quote": file.quote,
    }
    if file.separator is None:
        words["width_unit"] = file.width_unit
        words["columns"] = [
            {"holds": column.holds, "width": column.width} for column in file.columns
        ]
    return words


def _objection(column: str, words: str) -> Objection:
    return Objection(column=column, code=f"{column}-unwritable", words=words)
