"""What an independent bank's messages say; the golden ones came out of mock-bank."""

from datetime import date

import pytest

from services.payments.banks.facts import Outcome, ResultItem, ResultRefused, WholeFile
from services.payments.banks.readers import read_result
from tests.payments.banks.makers import GOLDEN, commercial_bank

BATCH = "0000000000000000000000000000000e-01"
ONE, TWO, THREE, FOUR = (f"{number:032x}-01" for number in (1, 2, 3, 4))
MESSAGES = sorted(
    path.name for path in GOLDEN.glob("*.xml") if not path.name.startswith("pain.001")
)


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def changed(name: str, old: str, new: str, times: int = 1) -> bytes:
    text = golden(name).decode()
    assert old in text
    return text.replace(old, new, times).encode()


def test_a_status_report_says_who_was_accepted_and_why_others_were_refused() -> None:
    read = read_result(commercial_bank(), golden("pain.002-part.xml"))
    assert (read.kind, read.batch, read.whole_file) == ("pain.002.001.10", BATCH, None)
    assert [
        (item.end_to_end_id, item.outcome, item.reason, item.bank_code) for item in read.items
    ] == [
        (ONE, Outcome.ACCEPTED, None, "ACCP"),
        (TWO, Outcome.REFUSED, "account-closed", "AC04"),
        (THREE, Outcome.REFUSED, "bank-not-found", "RC01"),
        (FOUR, Outcome.ACCEPTED, None, "ACCP"),
    ]


def test_a_file_the_bank_had_before_says_nothing_of_its_payments() -> None:
    read = read_result(commercial_bank(), golden("pain.002-duplicate.xml"))
    assert read.items == ()
    assert read.batch == BATCH
    assert read.whole_file == WholeFile(Outcome.UNKNOWN, "duplicate", "DUPL")


def test_a_file_refused_as_a_whole_says_so_once() -> None:
    content = changed("pain.002-duplicate.xml", "DUPL", "FF01")
    read = read_result(commercial_bank(), content)
    assert read.whole_file == WholeFile(Outcome.REFUSED, "file-refused", "FF01")


def test_a_file_refused_in_the_banks_own_words_is_read_in_them() -> None:
    content = changed("pain.002-duplicate.xml", "<Cd>DUPL</Cd>", "<Prtry>DUPL</Prtry>")
    read = read_result(commercial_bank(), content)
    assert read.whole_file == WholeFile(Outcome.UNKNOWN, "duplicate", "DUPL")
    profile = commercial_bank().model_copy(update={"reasons": {"B17": "payer-funds"}})
    own = changed("pain.002-duplicate.xml", "<Cd>DUPL</Cd>", "<Prtry>B17</Prtry>")
    assert read_result(profile, own).whole_file == WholeFile(Outcome.REFUSED, "payer-funds", "B17")


def test_a_status_of_our_one_block_is_a_status_of_the_file() -> None:
    text = golden("pain.002-duplicate.xml").decode().replace("<GrpSts>RJCT</GrpSts>", "")
    rejected = (
        "<OrgnlPmtInfAndSts><OrgnlPmtInfId>1</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>"
        "<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf></OrgnlPmtInfAndSts>"
    )
    end = "</CstmrPmtStsRpt>"
    read = read_result(commercial_bank(), text.replace(end, rejected + end).encode())
    assert read.whole_file == WholeFile(Outcome.REFUSED, "file-refused", "FF01")
    both = rejected + rejected.replace("RJCT", "ACCP")
    read = read_result(commercial_bank(), text.replace(end, both + end).encode())
    assert read.whole_file == WholeFile(Outcome.UNKNOWN, None, None)


def test_a_status_nobody_agreed_on_is_unknown_and_so_asked_about() -> None:
    content = changed("pain.002-part.xml", "<TxSts>ACCP</TxSts>", "<TxSts>ZZZZ</TxSts>")
    read = read_result(commercial_bank(), content)
    assert (read.items[0].outcome, read.items[0].bank_code) == (Outcome.UNKNOWN, "ZZZZ")


@pytest.mark.parametrize("name", ["camt.054-debit.xml", "camt.053-settled.xml"])
def test_a_debit_says_settled_with_its_day_and_file(name: str) -> None:
    read = read_result(commercial_bank(), golden(name))
    assert read.items == tuple(
        ResultItem(
            end_to_end_id=reference,
            outcome=Outcome.SETTLED,
            amount_fen=amount,  # type: ignore[arg-type] # Fen is an int.
            settled_on=date(2026, 10, 12),
            batch=BATCH,
        )
        for reference, amount in ((ONE, 37001), (FOUR, 37004))
    )
    assert (read.count, read.total_fen) == (2, 74005)
    assert read.payer_account == "XD79MOCK51142500110000018"


@pytest.mark.parametrize("name", ["pacs.004.xml", "camt.054-credit.xml", "camt.053-returned.xml"])
def test_a_return_says_so_three_times_in_the_same_words(name: str) -> None:
    read = read_result(commercial_bank(), golden(name))
    assert [
        (
            item.end_to_end_id,
            item.outcome,
            item.amount_fen,
            item.reason,
            item.settled_on,
            item.batch,
        )
        for item in read.items
    ] == [(FOUR, Outcome.RETURNED, 37004, "account-closed", date(2026, 10, 14), BATCH)]


@pytest.mark.parametrize("name", MESSAGES)
def test_every_truncation_of_a_message_is_refused(name: str) -> None:
    whole, profile = golden(name).strip(), commercial_bank()
    for end in range(len(whole)):
        with pytest.raises(ResultRefused):
            read_result(profile, whole[:end])


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_read_in_small_pieces_says_the_same(name: str) -> None:
    whole = golden(name)
    pieces = (whole[start : start + 7] for start in range(0, len(whole), 7))
    assert read_result(commercial_bank(), pieces) == read_result(commercial_bank(), whole)


CONTRADICTIONS = [
    ("camt.053-settled.xml", "<Sum>740.05</Sum>", "<Sum>740.06</Sum>", "TtlNtries states another"),
    ("camt.053-settled.xml", ">2</NbOfNtries>", ">3</NbOfNtries>", "TtlNtries states 3 entries"),
    ("camt.053-settled.xml", "999999999259.95", "999999999259.94", "-1 fen of the closing balance"),
    ("camt.054-debit.xml", '<Amt Ccy="CNY">370.01', '<Amt Ccy="CNY">370.02', "an entry's details"),
    ("camt.054-debit.xml", 'Ccy="CNY"', 'Ccy="EUR"', "Ntry/Amt is not in CNY"),
    ("camt.054-debit.xml", ">370.01<", ">370.015<", "not whole fen"),
    ("camt.054-debit.xml", ">370.01<", ">-370.01<", "not whole fen"),
    ("camt.054-debit.xml", ">370.01<", ">1e400<", "not whole fen"),
    ("camt.054-debit.xml", ">370.01<", ">NaN<", "not whole fen"),
    ("camt.054-debit.xml", "DBIT", "BOTH", "neither side"),
    ("camt.054-debit.xml", "<Dt>2026-10-12</Dt>", "<Dt>2026-02-30</Dt>", "not a date"),
    ("camt.054-debit.xml", FOUR, ONE, "its payment number 2 stands in it before"),
    ("pacs.004.xml", "<NbOfTxs>1<", "<NbOfTxs>2<", "NbOfTxs is not the number"),
    ("pacs.004.xml", "<CtrlSum>370.04<", "<CtrlSum>370.05<", "CtrlSum is not the sum"),
    ("pacs.004.xml", "OrgnlEndToEndId", "OrgnlTxId", "OrgnlEndToEndId is missing"),
    ("pain.002-part.xml", "<OrgnlMsgId>" + BATCH + "</OrgnlMsgId>", "", "OrgnlMsgId is missing"),
    ("pain.002-part.xml", FOUR, ONE, "stands in it before"),
    ("pain.002-part.xml", "<TxSts>ACCP</TxSts>", "", "TxInfAndSts/TxSts is missing"),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), CONTRADICTIONS)
def test_a_message_that_contradicts_itself_is_refused_whole(
    name: str, old: str, new: str, told: str
) -> None:
    content = changed(name, old, new, times=2 if old in (FOUR, "OrgnlEndToEndId") else 1)
    with pytest.raises(ResultRefused) as refused:
        read_result(commercial_bank(), content)
    assert told in str(refused.value)
    assert ONE not in str(refused.value)


HOSTILE = [
    ('<!DOCTYPE D [<!ENTITY a "aaaa">]>', "a DTD or an entity"),
    ('<!DOCTYPE D SYSTEM "file:///etc/passwd">', "a DTD or an entity"),
    ('<?xml-stylesheet href="http://x"?>', "a processing instruction"),
    ("<extra/>", "no ISO 20022 document"),
    ('<D xmlns="http://example.org"/>', "no ISO 20022 document"),
]


@pytest.mark.parametrize(("prolog", "told"), HOSTILE)
def test_nothing_but_a_plain_message_is_read(prolog: str, told: str) -> None:
    text = golden("pacs.004.xml").decode()
    start = text.index("<Document")
    with pytest.raises(ResultRefused, match=told) as refused:
        read_result(commercial_bank(), (text[:start] + prolog + text[start:]).encode())
    assert refused.value.row is not None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\x00", "not well-formed"),
        (b"HD|x", "not well-formed"),
        (b"<?xml version='1.0' encoding='GBK'?><a/>", "not in UTF-8"),
        (b"<a>" * 40, "no ISO 20022 document"),
        (b"&a;", "not well-formed"),
    ],
)
def test_what_is_no_message_is_refused_in_words(content: bytes, told: str) -> None:
    with pytest.raises(ResultRefused, match=told):
        read_result(commercial_bank(), content)


def test_depth_and_text_are_bounded() -> None:
    text = golden("pacs.004.xml").decode()
    deep = text.replace("<PmtRtr>", "<PmtRtr>" + "<x>" * 40)
    with pytest.raises(ResultRefused, match="deeper or larger"):
        read_result(commercial_bank(), deep.encode())
    long = text.replace("AC04", "A" * 5000)
    with pytest.raises(ResultRefused, match="longer than any"):
        read_result(commercial_bank(), long.encode())


def test_a_kind_the_bank_does_not_answer_with_is_refused() -> None:
    only_reports = commercial_bank().model_copy(update={"answers": ("pain.002.001.10",)})
    with pytest.raises(ResultRefused, match=r"'pacs.004.001.09' is no message this bank"):
        read_result(only_reports, golden("pacs.004.xml"))


def test_money_that_is_no_payment_of_ours_is_counted_apart() -> None:
    text = golden("camt.054-debit.xml").decode()
    start, end = text.index("<Ntry>"), text.index("</Ntry>") + len("</Ntry>")
    charge = text[start:end].replace(f"<EndToEndId>{ONE}</EndToEndId>", "")
    arriving = text[start:end].replace("DBIT", "CRDT").replace(ONE, "PENSION-OCT")
    content = (text[:start] + charge + arriving + text[end:]).encode()
    read = read_result(commercial_bank(), content)
    assert [item.end_to_end_id for item in read.items] == [FOUR]
    assert read.foreign_entries == 2


def test_our_payments_name_on_money_that_arrives_is_asked_about() -> None:
    text = golden("camt.054-debit.xml").decode()
    start, end = text.index("<Ntry>"), text.index("</Ntry>") + len("</Ntry>")
    arriving = text[start:end].replace("DBIT", "CRDT")
    read = read_result(commercial_bank(), (text[:start] + arriving + text[end:]).encode())
    assert [(item.end_to_end_id, item.outcome, item.reason) for item in read.items] == [
        (ONE, Outcome.UNKNOWN, None),
        (FOUR, Outcome.SETTLED, None),
    ]


def test_an_entry_not_yet_booked_settles_nothing() -> None:
    content = changed("camt.054-debit.xml", "<Cd>BOOK</Cd>", "<Cd>PDNG</Cd>", times=9)
    read = read_result(commercial_bank(), content)
    assert (read.items, read.foreign_entries) == ((), 2)


def test_a_bank_may_give_its_own_meaning_to_a_code() -> None:
    profile = commercial_bank().model_copy(update={"reasons": {"AC04": "account-dormant"}})
    read = read_result(profile, golden("pacs.004.xml"))
    assert read.items[0].reason == "account-dormant"
