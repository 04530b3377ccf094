"""Any bank that can be described: a stranger reads what we write, and we read the answer.

The stranger is the co-operative of the demonstration, whose reading is code of its own.
"""

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from demonstration.stand_ins.bank_files import (
    FileRefused,
    ResultRow,
    Words,
    read_payments,
    write_result,
)
from services.payments.banks.facts import LineFacts, ResultRefused
from services.payments.banks.profiles import BUILT_IN, DelimitedProfile, load_profile
from services.payments.banks.readers import read_result
from services.payments.banks.writers import Screen, layout_words, objection, write
from shared.money import Fen
from tests.payments.banks.makers import a_line, an_envelope

SEPARATORS = ["|", ",", "\t", ";", "~", "^", "||", "|+|", "~^~", "@!@", "§", "，", "$$$"]
NAMES = st.one_of(
    st.sampled_from(
        [
            "李伟",
            "阿依古丽·买买提",
            "𠮷野",
            "１２３",
            "a|",
            "|a",
            '"x"',
            '""',
            "王;芳",
            "~^",
            "=1+1",
        ]
    ),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.text(alphabet="|,;~^@!$§，\"' a李", min_size=1, max_size=8),
)

LINES = st.lists(
    st.builds(
        lambda holder, account, amount, remark: (holder, account, amount, remark),
        NAMES,
        st.from_regex(r"[0-9A-Za-z-]{4,30}", fullmatch=True),
        st.integers(min_value=1, max_value=10**9),
        st.sampled_from(["", "10月农村低保", "11月"]),
    ),
    min_size=1,
    max_size=6,
)
HEADS = [
    "DF{batch}",
    "{batch}|{count}|{total_fen}",
    "H {date:%Y-%m-%d} {batch} {total_yuan:015}",
    "{payer_account:>20}#{batch}#{count:06}",
]
TAILS = ["END{count}", "{total_yuan}", "T{count:8}{total_fen:016}", "{{END}}"]


@st.composite
def profiles(draw: st.DrawFn) -> Words:
    """The words of a bank nobody has seen before."""
    fixed = draw(st.booleans())
    encoding = draw(st.sampled_from(["GB18030", "GBK", "UTF-8"]))
    unit = draw(st.sampled_from(["yuan", "fen"]))
    widths = {"id": 35, "account": 34, "holder": 48, "amount": 16, "serial": 6, "remark": 40}
    columns: list[dict[str, Any]] = [
        {"holds": name} for name in ("id", "account", "holder", "amount")
    ]
    columns += [
        {"holds": name}
        for name in draw(st.sets(st.sampled_from(["serial", "remark", "empty", "text", "date"])))
    ]
    for column in columns:
        if column["holds"] == "amount":
            column["unit"] = unit
        if column["holds"] == "text":
            column["text"] = "CNY"
        if fixed:
            column["width"] = widths.get(column["holds"], 10)
            if column["holds"] in ("amount", "serial") and draw(st.booleans()):
                column["fill"] = "0"
    file: dict[str, Any] = {
        "encoding": encoding,
        "line_ending": draw(st.sampled_from(["crlf", "lf", "cr"])),
        "last_line_ended": draw(st.booleans()),
        "byte_order_mark": encoding != "GBK" and draw(st.booleans()),
        "head": [draw(st.sampled_from(HEADS)), *draw(st.lists(st.sampled_from(TAILS), max_size=1))],
        "tail": draw(st.lists(st.sampled_from(TAILS), max_size=2)),
        "columns": draw(st.permutations(columns)),
    }
    if fixed:
        file["width_unit"] = draw(st.sampled_from(["characters", "bytes"]))
    else:
        file["separator"] = draw(st.sampled_from(SEPARATORS))
        file["closing_separator"] = draw(st.booleans())
        if draw(st.booleans()):
            file |= {
                "quote": draw(st.sampled_from(['"', "'"])),
                "quote_always": draw(st.booleans()),
            }
    result = [
        dict(column)
        for column in file["columns"]
        if column["holds"] in ("id", "account", "holder", "amount")
    ]
    result += [{"holds": name, **({"width": 8} if fixed else {})} for name in ("code", "date")]
    return {
        "code": "unseen",
        "names": {"zh": "某行", "en": "A bank"},
        "format": "delimited",
        "rows_max": 100,
        "payer": {"name": "财政局", "accounts": {"hardship": "8801"}},
        "file": file,
        "results": [
            {
                "kind": "answer",
                "head": ["A{batch}/{message}"],
                "tail": [
                    draw(
                        st.sampled_from(
                            [
                                "{count}/{total_fen}#",
                                "{settled_count}-{failed_count}-{settled_yuan}-{failed_yuan}END",
                            ]
                        )
                    )
                ],
                "columns": draw(st.permutations(result)),
                "outcomes": {
                    "00": "settled",
                    "01": {"outcome": "refused", "reason": "account-closed"},
                },
            }
        ],
    }


def profile_of(words: Words) -> DelimitedProfile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "unseen.yaml"
        path.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")
        profile = load_profile(path)
    assert isinstance(profile, DelimitedProfile)
    return profile


def lines_of(drawn: list[tuple[str, str, int, str]]) -> list[LineFacts]:
    return [
        a_line(number, holder=holder, account_number=account, amount_fen=Fen(amount), remark=remark)
        for number, (holder, account, amount, remark) in enumerate(drawn, 1)
    ]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(words=profiles(), drawn=LINES)
def test_what_we_write_for_any_bank_a_stranger_reads_back_exactly(
    words: Words, drawn: list[tuple[str, str, int, str]]
) -> None:
    profile = profile_of(words)
    lines = [line for line in lines_of(drawn) if objection(profile, line, "10月农村低保") is None]
    assume(lines)
    envelope = an_envelope(lines)
    content = b"".join(write(profile, envelope, lines))
    assert content == b"".join(write(profile, envelope, lines))
    file = read_payments(words, content)
    assert file.batch == envelope.batch
    clean = Screen(profile).policy.clean
    assert [
        (row.end_to_end_id, row.account_number, row.holder, row.amount_fen) for row in file.rows
    ] == [
        (line.end_to_end_id, line.account_number, clean(line.holder), line.amount_fen)
        for line in lines
    ]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=100)
@given(words=profiles(), drawn=LINES, cut=st.integers(min_value=0))
def test_what_any_bank_answers_is_read_back_and_never_half(
    words: Words, drawn: list[tuple[str, str, int, str]], cut: int
) -> None:
    profile = profile_of(words)
    lines = [line for line in lines_of(drawn) if objection(profile, line, "x") is None]
    assume(lines)
    rows = [
        ResultRow(
            "B",
            line.end_to_end_id,
            line.account_number,
            "李伟",
            line.amount_fen,
            bool(number % 2),
            "00" if number % 2 else "01",
            "",
            date(2026, 10, 12),
        )
        for number, line in enumerate(lines)
    ]
    content = write_result(words, "answer", {"batch": "B-1", "message": "M"}, rows)
    read = read_result(profile, content)
    assert (read.batch, read.message_id) == ("B-1", "M")
    assert [
        (item.end_to_end_id, item.amount_fen, item.outcome == "settled") for item in read.items
    ] == [(row.end_to_end_id, row.amount_fen, row.settled) for row in rows]
    with pytest.raises(ResultRefused):
        read_result(profile, content[: cut % len(content)])


def test_a_stranger_who_splits_by_the_layout_words_finds_ids_and_amounts() -> None:
    profile = load_profile(BUILT_IN / "qsrcc.yaml")
    lines = [a_line(number, holder="𠮷 野·伟") for number in range(1, 20)]
    layout = layout_words(profile)
    assert layout is not None
    text = b"".join(write(profile, an_envelope(lines), lines)).decode(layout["encoding"])
    rows = [line.split(layout["separator"]) for line in text.splitlines()]
    rows = rows[layout["head_lines"] : len(rows) - layout["tail_lines"]]
    assert [row[layout["id_column"]] for row in rows] == [line.end_to_end_id for line in lines]
    assert {row[layout["amount_column"]] for row in rows} == {"370.00"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"|4|", b"|5|"),
        (b"1480.10", b"1480.11"),
        (b"END|4|148010", b"END|4|148011"),
        (b"|370.02|", b"|370.2|"),
        (b"000002|", b"000003|"),
        (b"\r\n000003", b"\n000003"),
    ],
)
def test_the_stranger_refuses_a_file_that_contradicts_itself(old: bytes, new: bytes) -> None:
    words = yaml.safe_load((BUILT_IN / "qsrcc.yaml").read_text(encoding="utf-8"))
    golden = (Path(__file__).parent / "golden" / "cooperative.txt").read_bytes()
    assert len(read_payments(words, golden).rows) == 4
    assert old in golden
    with pytest.raises(FileRefused):
        read_payments(words, golden.replace(old, new, 1))


def test_an_exchanged_character_is_what_the_bank_gets() -> None:
    profile = load_profile(BUILT_IN / "qsrcc.yaml")
    line = replace(a_line(), holder="买买提•艾")
    assert "买买提·艾".encode("gb18030") in b"".join(write(profile, an_envelope([line]), [line]))
