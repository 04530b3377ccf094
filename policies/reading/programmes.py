"""What a programme gives, for what stretch of time, and into whose hands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from policies.reading.documents import Entry, read
from policies.reading.words import Code, Words

MONEY: Final = "money"
WARNING: Final = "warning"
GIVES: Final = (MONEY, "goods", "service", "concession", "status", WARNING)
"""Only money has a sum in fen; of the others the award says how much of their unit, or yes.

A warning gives nobody anything: it says that somebody should look."""

ONCE: Final = "once"
PERIODS: Final = ("month", "quarter", "term", "year", ONCE, "event", "standing")
"""What one award is for; an `event` is a bill or a death, `standing` has no end of its own."""

PAYEES: Final = (
    "self", "household", "institution", "school", "hospital", "insurer", "employer", "provider",
    "lender", "nobody",
)  # fmt: skip
"""Who receives it; `self` is the beneficiary, and `nobody` stands where nothing changes hands."""


@dataclass(frozen=True)
class Declared:
    """A pack's `programme.yaml`."""

    name: Words
    gives: str
    period: str
    payee: str
    payee_by: str | None = None
    payees: Mapping[str, str] = field(default_factory=dict)
    path: Path = Path("programme.yaml")
    line: int = 1

    def payee_of(self, code: int, codes: Mapping[int, Code]) -> str:
        """Who receives it, by the code of the quantity that decides."""
        return self.payees.get(codes[code].name, self.payee) if code in codes else self.payee


def read_programme(path: Path) -> Declared | None:
    """What a pack's `programme.yaml` says; a pack without one gives nothing itself."""
    if not path.is_file():
        return None
    entry = read(path)
    fields = entry.fields(["name", "gives", "period", "payee"])
    gives = _one_of(fields["gives"], GIVES)
    payee, by, payees = _payee(fields["payee"])
    return Declared(
        name=fields["name"].words(),
        gives=gives,
        period=_one_of(fields["period"], PERIODS),
        payee=payee,
        payee_by=by,
        payees=payees,
        path=path,
        line=entry.line,
    )


def _payee(entry: Entry) -> tuple[str, str | None, dict[str, str]]:
    """One payee for all, or by a coded quantity: {otherwise: self, by: care_mode, of: {…}}."""
    if entry.is_text:
        return _one_of(entry, PAYEES), None, {}
    fields = entry.fields(["otherwise", "by", "of"])
    payees = {name: _one_of(each, PAYEES) for name, each in fields["of"].mapping().items()}
    return _one_of(fields["otherwise"], PAYEES), fields["by"].text(), payees


def _one_of(entry: Entry, choices: tuple[str, ...]) -> str:
    text = entry.text()
    if text not in choices:
        raise entry.fault(f"{text} is not one of {', '.join(choices)}")
    return text
