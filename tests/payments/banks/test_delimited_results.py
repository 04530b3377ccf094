"""Results of lines: read by the profile, refused whole with the row when anything is wrong."""

from datetime import date

import pytest

from demonstration.stand_ins.bank_files import ResultRow, agreed, write_result
from services.payments.banks.facts import Outcome, ResultRefused
from services.payments.banks.profiles import BUILT_IN
from services.payments.banks.readers import read_result
from tests.payments.banks.makers import HERE, cooperative, village_bank

BATCH = "0000000000000000000000000000000e-01"
ONE, TWO, THREE = (f"{number:032x}-01" for number in (1, 2, 3))

ANSWER = (
    f"HD|{BATCH}|20261012|QS000001|3|1110.06\r\n"
    f"000001|{ONE}|6231183217207204920|370.01|0000|成功|20261012\r\n"
    f"000002|{TWO}|6231183217207996822|370.02|1002|户名不符|\r\n"
    f"000003|{THREE}|6231183217217816382|370.03|8888|?|20261012\r\n"
    "END|1|370.01|2|740.05\r\n"
).encode("gb18030")
RETURNS = (
    "TH|20261014|QS000002|1|370.01\r\n"
    f"000001|{BATCH}|{ONE}|6231183217207204920|370.01|2003|20261014\r\n"
    "END|1|37001\r\n"
).encode("gb18030")


def changed(content: bytes, old: str, new: str) -> bytes:
    assert old.encode("gb18030") in content
    return content.replace(old.encode("gb18030"), new.encode("gb18030"), 1)


def test_an_answer_says_what_became_of_each_payment_and_why() -> None:
    read = read_result(cooperative(), ANSWER, "answer.txt")
    assert (read.kind, read.message_id, read.batch) == ("delimited", "QS000001", BATCH)
    assert (read.count, read.total_fen) == (3, 111006)
    assert [
        (item.end_to_end_id, item.outcome, item.amount_fen, item.reason, item.bank_code)
        for item in read.items
    ] == [
        (ONE, Outcome.SETTLED, 37001, None, "0000"),
        (TWO, Outcome.REFUSED, 37002, "name-mismatch", "1002"),
        (THREE, Outcome.UNKNOWN, 37003, None, "8888"),
    ]
    assert [item.settled_on for item in read.items] == [
        date(2026, 10, 12),
        date(2026, 10, 12),
        date(2026, 10, 12),
    ]


def test_returns_are_told_from_answers_by_their_first_line() -> None:
    read = read_result(cooperative(), RETURNS, "any-name.txt")
    assert [(item.outcome, item.reason, item.batch) for item in read.items] == [
        (Outcome.RETURNED, "account-dormant", BATCH)
    ]
    assert (read.message_id, read.batch) == ("QS000002", None)


@pytest.mark.parametrize("whole", [ANSWER, RETURNS])
def test_every_truncation_is_refused(whole: bytes) -> None:
    for end in range(len(whole)):
        with pytest.raises(ResultRefused):
            read_result(cooperative(), whole[:end])


CONTRADICTIONS = [
    ("|3|1110.06", "|4|1110.06", "count is stated as 4, the rows make 3", None),
    ("|3|1110.06", "|3|1110.07", "total_yuan is stated as 111007", None),
    ("END|1|370.01|2|740.05", "END|2|370.01|1|740.05", "settled_count is stated as 2", None),
    ("END|1|370.01|2|740.05", "END|1|370.02|2|740.05", "settled_yuan is stated as 37002", None),
    ("END|", "FIN|", "tail line, or the file is cut short", 5),
    (TWO, ONE, "its payment number 2 stands in it before", None),
    (TWO, "", "a reference is missing or too long", 3),
    (TWO, "9" * 36, "a reference is missing or too long", 3),
    ("370.02", "370.2.0", "an amount is not yuan", 3),
    ("370.02", "37002e-2", "an amount is not yuan", 3),
    ("370.02", "-370.02", "an amount is not yuan", 3),
    ("370.02", "３７０.02", "an amount is not yuan", 3),
    ("370.02", "0.00", "an amount is nothing", 3),
    ("|1002|", "||", "the result code is missing", 3),
    ("|成功|20261012", "|成功|20261332", "there is no such date", 2),
    ("|成功|20261012", "|成功|2026-10-12", "a date is not in its agreed form", 2),
    ("成功", "成|功", "8 columns where 7 were agreed", 2),
    ("成功", "成\x00功", "a control character", 2),
    ("成功", "成\n功", "a control character", 2),
    ("\r\n000002", "\r\n\r\n000002", "an empty line", 3),
    ("HD|", "XX|", "the first lines fit no kind of result", 1),
    ("|20261012|QS", "|2026101|QS", "the first lines fit no kind of result", 1),
    ("HD|", "\ufeffHD|", "the byte order mark was not agreed", 1),
]


@pytest.mark.parametrize(("old", "new", "told", "row"), CONTRADICTIONS)
def test_a_file_with_anything_wrong_is_refused_whole_with_its_row(
    old: str, new: str, told: str, row: int | None
) -> None:
    with pytest.raises(ResultRefused) as refused:
        read_result(cooperative(), changed(ANSWER, old, new))
    assert told in str(refused.value)
    assert refused.value.row == row
    assert "户名" not in str(refused.value)
    assert "6231183217207996822" not in str(refused.value)


def test_broken_bytes_are_named_by_row_and_byte() -> None:
    place = ANSWER.index("成功".encode("gb18030"))
    broken = ANSWER[:place] + b"\xff" + ANSWER[place + 1 :]
    with pytest.raises(ResultRefused) as refused:
        read_result(cooperative(), broken)
    row_start = ANSWER.rindex(b"\n", 0, place) + 1
    assert (refused.value.row, refused.value.column) == (2, place - row_start + 1)


def test_ten_thousand_columns_are_refused_at_once() -> None:
    with pytest.raises(ResultRefused, match="10007 columns"):
        read_result(cooperative(), changed(ANSWER, "成功", "|" * 10_000))


def test_rows_in_another_order_say_the_same() -> None:
    head, one, two, three, tail = ANSWER.splitlines(keepends=True)
    turned = b"".join([head, three, one, two, tail])
    assert set(read_result(cooperative(), turned).items) == set(
        read_result(cooperative(), ANSWER).items
    )


def test_fixed_width_results_are_cut_by_bytes_and_known_by_their_names() -> None:
    words = agreed(HERE / "profiles" / "village.yaml")
    rows = [
        ResultRow(BATCH, ONE, "62", "王 芳", 37001, True, "00", "", date(2026, 10, 12)),
        ResultRow(BATCH, TWO, "62", "李伟", 37002, False, "77", "", date(2026, 10, 12)),
    ]
    facts = {"batch": BATCH, "date": date(2026, 10, 12), "message": "M1"}
    content = write_result(words, "answer", facts, rows)
    read = read_result(village_bank(), content, "V1.ret")
    assert [(item.outcome, item.reason) for item in read.items] == [
        (Outcome.SETTLED, None),
        (Outcome.REFUSED, "account-frozen"),
    ]
    assert (read.message_id, read.batch, read.total_fen) == ("M1", BATCH, 74003)
    with pytest.raises(ResultRefused, match="no kind of result of this bank has such a file name"):
        read_result(village_bank(), content, "V1.txt")
    for end in range(len(content)):
        with pytest.raises(ResultRefused):
            read_result(village_bank(), content[:end], "V1.ret")


def test_what_the_co_operative_writes_is_what_was_meant() -> None:
    words = agreed(BUILT_IN / "qsrcc.yaml")
    rows = [ResultRow(BATCH, ONE, "62", "x", 5, True, "0000", "成功", date(2026, 10, 12))]
    facts = {"batch": BATCH, "date": date(2026, 10, 12), "message": "QS1"}
    read = read_result(cooperative(), write_result(words, "answer", facts, rows))
    assert (read.items[0].amount_fen, read.message_id) == (5, "QS1")
