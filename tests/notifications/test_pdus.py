"""What centres say, as loosely as they say it."""

from datetime import timedelta
from typing import Any

import pytest
import smpp34

from services.notifications.channels import Text
from services.notifications.channels.sms import pdus
from services.notifications.channels.sms.pdus import Heading

RECEIPTED_MESSAGE_ID = 0x001E
NETWORK_ERROR_CODE = 0x0423
MESSAGE_STATE = 0x0427


def a_deliver_sm(words: bytes, *, esm_class: int = 4, tlvs: Any = ()) -> bytes:
    pdu = smpp34.DeliverSm(
        "8613800000000", "10690000", words, esm_class=esm_class, tlvs=list(tlvs), sequence_number=7
    )
    return bytes(pdu.encode()[16:])


def test_a_receipt_is_read_from_its_text() -> None:
    words = b"id:00Ab-9 sub:001 dlvrd:001 submit date:2611221010 done date:2611221011 stat:DELIVRD"
    receipt = pdus.read_receipt(a_deliver_sm(words))
    assert receipt is not None
    assert (receipt.carrier_message_id, receipt.delivered) == ("00Ab-9", True)


def test_a_receipt_without_text_is_read_from_its_options() -> None:
    options = [
        smpp34.Tlv(RECEIPTED_MESSAGE_ID, b"abc\0"),
        smpp34.Tlv(NETWORK_ERROR_CODE, b"\x03\x00\xff"),
        smpp34.Tlv(MESSAGE_STATE, b"\x05"),
    ]
    receipt = pdus.read_receipt(a_deliver_sm(b"", tlvs=options))
    assert receipt is not None
    assert (receipt.carrier_message_id, receipt.delivered) == ("abc", False)
    assert receipt.reason == "undeliv"


@pytest.mark.parametrize("state", ["UNDELIV", "EXPIRED", "REJECTD", "DELETED"])
def test_a_text_that_will_not_arrive_is_known_by_its_word(state: str) -> None:
    receipt = pdus.read_receipt(a_deliver_sm(f"id:1 Stat:{state} err:012".encode()))
    assert receipt is not None
    assert not receipt.delivered


@pytest.mark.parametrize("state", ["ENROUTE", "ACCEPTD", "UNKNOWN"])
def test_a_word_that_is_not_the_last_settles_nothing(state: str) -> None:
    assert pdus.read_receipt(a_deliver_sm(f"id:1 stat:{state}".encode())) is None


def test_a_persons_own_text_is_no_receipt() -> None:
    assert pdus.read_receipt(a_deliver_sm(b"id:1 stat:DELIVRD", esm_class=0)) is None


@pytest.mark.parametrize("raw", [b"", b"\0", b"\0\1\1", a_deliver_sm(b"stat:DELIVRD")])
def test_what_is_no_receipt_at_all_is_refused(raw: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        pdus.read_receipt(raw)


def test_a_stream_out_of_step_is_noticed() -> None:
    with pytest.raises(ValueError, match="PDU"):
        Heading.read(b"\xff" * 16)


def test_a_text_goes_out_in_ucs2_as_another_library_reads_it() -> None:
    words = "【青神民政】张*明：𠮷"
    raw = pdus.submit(3, "10690000", Text("8613800000000", words, timedelta(hours=72)))
    read = smpp34.decode(raw)
    assert isinstance(read, smpp34.SubmitSm)
    assert read.short_message.decode("utf-16-be") == words
    assert (read.data_coding, read.registered_delivery) == (8, 1)
    assert (read.destination_addr, read.dest_addr_ton) == ("8613800000000", 1)
    assert read.validity_period == "000003000000000R"


def test_neither_number_nor_words_show_when_a_text_is_printed() -> None:
    text = Text("8613800000000", "验证码 482913", timedelta(minutes=10), urgent=True)
    assert "8613800000000" not in repr(text)
    assert "482913" not in repr(text)
