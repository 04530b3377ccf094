"""What every channel that carries a text to a telephone can do; a new carrier is a folder here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

UNITS_MAX: Final = 70  # UCS-2 characters in one message; one more makes two, at twice the price.


class Channel(StrEnum):
    """How a message reaches a person."""

    SMS = "sms"
    IN_APP = "in-app"


class Standing(StrEnum):
    """What a carrier said of one text."""

    TAKEN = "taken"  # The carrier answers for it from here; a receipt may follow.
    NOT_OFFERED = "not-offered"  # The carrier was away or full; it has not seen the text.
    NOT_NOW = "not-now"  # Certainly not taken; it may be offered again.
    NEVER = "never"  # Certainly not taken, and no use to offer it again.
    UNANSWERED = "unanswered"  # Perhaps taken: offering it again may tell somebody twice.


@dataclass(frozen=True, slots=True)
class Text:
    """One text for one number; neither shows when the object is printed."""

    number: str = field(repr=False)  # E.164 without the plus.
    words: str = field(repr=False)
    lives: timedelta  # After this the carrier shall not deliver it any more.
    urgent: bool = False

    def __post_init__(self) -> None:
        assert units(self.words) <= UNITS_MAX, "a text is one message"


@dataclass(frozen=True, slots=True)
class Answer:
    """A carrier's answer to one text."""

    standing: Standing
    reason: str = ""
    carrier_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became, at last, of a text that was taken."""

    carrier_message_id: str
    delivered: bool
    reason: str = ""


Keep = Callable[[Receipt], Awaitable[None]]
"""Keeps a receipt durably; only when it returns is the receipt acknowledged to the carrier."""


class TextCarrier(Protocol):
    """A way to telephones: an SMS centre over SMPP, or a platform over HTTP."""

    def room(self, *, urgent: bool) -> int:
        """How many more texts it would take at this moment; 0 while it is away."""

    def away_seconds(self) -> float:
        """For how long it has been away; 0 while it is there."""

    async def wait_for_room(self, *, urgent: bool) -> None:
        """Return when there may be room again."""

    async def send(self, text: Text) -> Answer:
        """Offer one text and say what came of it. Never raises for what the carrier does."""

    async def run_forever(self, keep: Keep) -> None:
        """Stay connected, and hand on receipts, until cancelled."""


def units(text: str) -> int:
    """Length as the telephone network counts it: a rare character such as 𠮷 is two."""
    return len(text.encode("utf-16-be")) // 2
