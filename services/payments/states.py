"""Where an order, a transfer, an envelope or a result may stand, and where it may go from there.

The legal moves of each thing are one dict. The database holds the same list in a trigger and
refuses any other move; a test keeps the two equal.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class OrderStatus(StrEnum):
    """Where one line's money stands."""

    ORDERED = "ordered"
    HELD = "held"
    ENVELOPED = "enveloped"
    IN_FLIGHT = "in-flight"
    UNCONFIRMED = "unconfirmed"
    SETTLED = "settled"
    REFUSED = "refused"
    RETURNED = "returned"


class TransferStatus(StrEnum):
    """Where one credit to one payee stands."""

    MADE = "made"
    VOIDED = "voided"
    IN_FLIGHT = "in-flight"
    UNCONFIRMED = "unconfirmed"
    SETTLED = "settled"
    REFUSED = "refused"
    RETURNED = "returned"


class EnvelopeStatus(StrEnum):
    """Where one bank's file stands."""

    MADE = "made"
    CHECKED = "checked"
    VOIDED = "voided"
    RELEASED = "released"
    PUBLISHED = "published"
    FETCHED = "fetched"
    ANSWERED = "answered"


class ResultStatus(StrEnum):
    """What became of a bank's result file."""

    STAGED = "staged"
    APPLIED = "applied"
    APPLIED_WITH_DISCREPANCIES = "applied-with-discrepancies"
    REFUSED = "refused"


class IntakeStatus(StrEnum):
    """Whether a closed run's lines have become orders."""

    STAGING = "staging"
    ORDERED = "ordered"
    REFUSED = "refused"


class AccountStatus(StrEnum):
    """What the bank, or a second person, says of an account."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    REFUSED = "refused"
    CLOSED = "closed"


Moves = Mapping[str, frozenset[str]]


def _moves(**words: str) -> Moves:
    return {start.replace("_", "-"): frozenset(ends.split()) for start, ends in words.items()}


# A new attempt (… → enveloped) starts from a definite failure only; unconfirmed is not one.
ORDER_MAY_BECOME: Final = _moves(
    ordered="held enveloped",
    held="ordered",
    enveloped="ordered in-flight refused returned",
    in_flight="unconfirmed settled refused returned",
    unconfirmed="settled refused returned",
    settled="returned",
    refused="enveloped",
    returned="enveloped",
)
TRANSFER_MAY_BECOME: Final = _moves(
    made="voided in-flight",
    in_flight="unconfirmed settled refused returned",
    unconfirmed="settled refused returned",
    settled="returned",
)
ENVELOPE_MAY_BECOME: Final = _moves(
    made="checked voided",
    checked="released voided",
    released="published",
    published="fetched",
    fetched="answered",
)
# A file refused because nothing in it was known, or before its time, may come again.
RESULT_MAY_BECOME: Final = _moves(
    staged="applied applied-with-discrepancies refused",
    refused="applied applied-with-discrepancies",
)
INTAKE_MAY_BECOME: Final = _moves(staging="ordered refused", refused="staging")
ACCOUNT_MAY_BECOME: Final = _moves(
    unverified="verified refused closed",
    verified="refused closed",
    refused="verified closed",
)

MAY_BECOME: Final[Mapping[str, Moves]] = {
    "payment_order": ORDER_MAY_BECOME,
    "transfer": TRANSFER_MAY_BECOME,
    "envelope": ENVELOPE_MAY_BECOME,
    "result_file": RESULT_MAY_BECOME,
    "intake": INTAKE_MAY_BECOME,
    "account": ACCOUNT_MAY_BECOME,
}

# How the county's month counts a line, by its order's state now.
WAITING: Final = (OrderStatus.ORDERED, OrderStatus.ENVELOPED, OrderStatus.IN_FLIGHT)
# What a bank can still answer.
OPEN_AT_BANK: Final = (TransferStatus.IN_FLIGHT, TransferStatus.UNCONFIRMED)
# After these, and only these, an order may be tried again.
DEFINITE_FAILURES: Final = (OrderStatus.REFUSED, OrderStatus.RETURNED)
