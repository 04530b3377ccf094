"""The words of SMPP 3.4: `aiosmpplib` writes them; we read them, for centres speak more loosely.

Its reader takes a status outside its list, a receipt without text, or a three-byte network error
code (all of which real centres send) for a fault, and its session would drop the connection or the
receipt. Its session also prints the text and number of what it cannot send, looks through every
receipt awaited for each text it sends, and acknowledges receipts before anybody has kept them.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct, unpack_from
from typing import Final

from aiosmpplib.protocol import (
    BindTransceiver,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    SubmitSm,
    Unbind,
    UnbindResp,
)
from aiosmpplib.state import NPI, TON, PhoneNumber, SmppCommandStatus

from services.notifications.channels import Receipt, Text

HEADING: Final = Struct("!IIII")
LENGTH_MAX: Final = 70_000  # A message payload may have 64 KiB; anything longer is not SMPP.

OK: Final = 0
_RECEIPT: Final = 0b0000_0100  # esm_class: this deliver_sm is a delivery receipt.
_RECEIPTED_MESSAGE_ID: Final = 0x001E
_MESSAGE_STATE: Final = 0x0427

_ID: Final = re.compile(r"\bid:(\S+)", re.IGNORECASE)
_STAT: Final = re.compile(r"\bstat:([A-Z]+)", re.IGNORECASE)
_STATES: Final = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}
_LOST: Final = {"EXPIRED", "DELETED", "UNDELIV", "REJECTD"}  # Other words are not the last one.


class Command(IntEnum):
    """What a PDU is; only those we can meet."""

    GENERIC_NACK = 0x80000000
    BIND_TRANSCEIVER_RESP = 0x80000009
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM = 0x00000005
    UNBIND = 0x00000006
    UNBIND_RESP = 0x80000006
    ENQUIRE_LINK = 0x00000015
    ENQUIRE_LINK_RESP = 0x80000015


# Refusals of one text that no second try can mend; every other one may pass.
FINAL_REFUSALS: Final = {
    0x01: "text-too-long",
    0x0B: "number-unknown",
    0x50: "number-unknown",
    0x51: "number-unknown",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """The sixteen bytes before every PDU's body."""

    length: int
    command: int
    status: int
    sequence: int

    @classmethod
    def read(cls, raw: bytes) -> "Heading":
        """The heading in these sixteen bytes.

        Raises:
            ValueError: the length cannot be a PDU's, so the stream is out of step.
        """
        heading = cls(*HEADING.unpack(raw))
        if not HEADING.size <= heading.length <= LENGTH_MAX:
            raise ValueError(f"a PDU of {heading.length} bytes")
        return heading


def bind(sequence: int, system_id: str, password: str) -> bytes:
    """Ask to send texts and to get receipts on one connection."""
    return bytes(
        BindTransceiver(sequence_num=sequence, system_id=system_id, password=password).pdu()
    )


def submit(sequence: int, source: str, text: Text) -> bytes:
    """Offer one text, in UCS-2, and ask for a receipt."""
    pdu = SubmitSm(
        sequence_num=sequence,
        short_message=text.words,
        source=PhoneNumber(source, TON.UNKNOWN, NPI.ISDN),
        destination=PhoneNumber(text.number, TON.INTERNATIONAL, NPI.ISDN),
        priority_flag=1 if text.urgent else 0,
        validity_period=text.lives,
        registered_delivery=1,
        encoding="ucs2",
    )
    return bytes(pdu.pdu())


def kept(sequence: int) -> bytes:
    """Acknowledge a receipt."""
    return bytes(DeliverSmResp(sequence_num=sequence).pdu())


def not_kept(sequence: int) -> bytes:
    """Ask for a receipt to be sent again."""
    status = SmppCommandStatus.ESME_RX_T_APPN
    return bytes(DeliverSmResp(sequence_num=sequence, command_status=status).pdu())


def enquire(sequence: int) -> bytes:
    """Ask whether the centre is still there."""
    return bytes(EnquireLink(sequence_num=sequence).pdu())


def here(sequence: int) -> bytes:
    """Say that we are still here."""
    return bytes(EnquireLinkResp(sequence_num=sequence).pdu())


def unbind(sequence: int) -> bytes:
    """Say goodbye."""
    return bytes(Unbind(sequence_num=sequence).pdu())


def unbound(sequence: int) -> bytes:
    """Answer a goodbye."""
    return bytes(UnbindResp(sequence_num=sequence).pdu())


def read_message_id(body: bytes) -> str:
    """The id under which the centre keeps a text it took."""
    return body.split(b"\0", 1)[0].decode("ascii", "replace")


def read_receipt(body: bytes) -> Receipt | None:
    """The receipt in a deliver_sm; None for a person's own text, or one that is not the last word.

    Raises:
        ValueError, IndexError: the body is not a deliver_sm's.
    """
    at = _after_text(body, 0)
    at = _after_text(body, at + 2)
    at = _after_text(body, at + 2)
    esm_class = body[at]
    at = _after_text(body, at + 3)
    at = _after_text(body, at) + 4
    length = body[at]
    message, options = body[at + 1 : at + 1 + length], _options(body[at + 1 + length :])
    if esm_class & 0b0011_1100 != _RECEIPT:
        return None
    words = message.decode("latin-1")
    found_id, found_state = _ID.search(words), _STAT.search(words)
    if _RECEIPTED_MESSAGE_ID in options:
        carrier_message_id = read_message_id(options[_RECEIPTED_MESSAGE_ID])
    elif found_id:
        carrier_message_id = found_id[1]
    else:
        raise ValueError("a receipt for no text")
    state = found_state[1].upper() if found_state else ""
    if not state and options.get(_MESSAGE_STATE):
        state = _STATES.get(options[_MESSAGE_STATE][0], "")
    if state == "DELIVRD":
        return Receipt(carrier_message_id, delivered=True)
    if state in _LOST:
        return Receipt(carrier_message_id, delivered=False, reason=state.lower())
    return None


def _after_text(body: bytes, start: int) -> int:
    return body.index(b"\0", start) + 1


def _options(raw: bytes) -> dict[int, bytes]:
    options, at = {}, 0
    while at + 4 <= len(raw):
        tag, length = unpack_from("!HH", raw, at)
        options[tag] = raw[at + 4 : at + 4 + length]
        at += 4 + length
    return options
