"""What is sent to a bank and what comes back from it, whatever the format."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.money import Fen


@dataclass(frozen=True, slots=True)
class EnvelopeFacts:
    """One file to one bank: everything it states apart from its lines."""

    batch: str
    """Message id or batch number, unique for envelope and attempt; see identifiers.batch_number."""
    fund: str
    """Which payer account of the profile the money comes from."""
    project: str
    attempt: int
    sequence: int
    """The running number of our files to this bank."""
    count: int
    total_fen: Fen
    pay_on: date
    made_at: datetime
    """When the envelope was released; part of the bytes, so it never changes."""
    remark: str
    """What the payee reads in the passbook, such as 11月农村低保."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One payment in a file."""

    end_to_end_id: str
    account_number: str
    holder: str
    amount_fen: Fen
    remark: str = ""
    """The envelope's remark when empty."""


class Outcome(StrEnum):
    """What a bank says has become of a payment."""

    ACCEPTED = "accepted"
    """Taken in; the money has not moved yet."""
    SETTLED = "settled"
    REFUSED = "refused"
    """It never moved: a definite no."""
    RETURNED = "returned"
    """It moved and came back: a definite no, later."""
    UNKNOWN = "unknown"
    """The bank said something we cannot read as any of these: ask, and send nothing."""


@dataclass(frozen=True, slots=True)
class ResultItem:
    """What one message says of one payment."""

    end_to_end_id: str
    outcome: Outcome
    amount_fen: Fen | None = None
    """None where the message does not carry it (a status report)."""
    reason: str | None = None
    """Our code, one of reasons.yaml; only for refused and returned."""
    bank_code: str | None = None
    """The bank's own code or status, as it stood."""
    settled_on: date | None = None
    """The day the money moved, or came back."""
    batch: str | None = None
    """The file the bank says it belongs to."""


@dataclass(frozen=True, slots=True)
class WholeFile:
    """What a message says of a whole file of ours, no payment of it being named."""

    outcome: Outcome
    reason: str | None
    bank_code: str | None


@dataclass(frozen=True, slots=True)
class ResultFile:
    """One message of a bank, read whole and found consistent with itself."""

    kind: str
    """Message name with version (pain.002.001.10 …), or "delimited"."""
    message_id: str
    """The bank's own name for it, or one made from its content where it gives none."""
    batch: str | None
    """The file of ours it answers, where the message is about one."""
    payer_account: str | None
    items: tuple[ResultItem, ...]
    whole_file: WholeFile | None
    count: int
    total_fen: Fen | None
    """Sum of the amounts of the items; None where the message carries none."""
    foreign_entries: int = 0
    """Booked entries that are no payment of ours: money arriving, charges."""


class ResultRefused(Exception):
    """A bank's message that cannot be taken in: wholly or not at all.

    The text names no person and no account, so it may go back to the bank as it is.
    """

    def __init__(self, reason: str, *, row: int | None = None, column: int | None = None) -> None:
        self.reason = reason
        self.row = row
        self.column = column
        place = "".join(
            f", {word} {number}"
            for word, number in (("row", row), ("column", column))
            if number is not None
        )
        super().__init__(f"{reason}{place}")
