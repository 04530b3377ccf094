"""The bytes of payout files: golden, deterministic, and held to count and total."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sepaxml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.payments.banks.facts import LineFacts
from services.payments.banks.profiles import Profile
from services.payments.banks.writers import (
    TotalsDiffer,
    Unwritable,
    file_name,
    objection,
    write,
)
from shared.money import Fen
from tests.payments.banks.makers import (
    GOLDEN,
    a_line,
    an_envelope,
    commercial_bank,
    cooperative,
    four_lines,
    village_bank,
)

XSD = Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(XSD))


def written(profile: Profile, lines: list[LineFacts], **changes: Any) -> bytes:
    return b"".join(write(profile, an_envelope(lines, **changes), iter(lines)))


def test_a_pain_001_is_the_golden_one_and_valid_by_its_schema(schema: etree.XMLSchema) -> None:
    content = written(commercial_bank(), four_lines())
    assert content == (GOLDEN / "pain.001.001.09.xml").read_bytes()
    schema.assertValid(etree.fromstring(content))


def test_a_delimited_file_is_the_golden_one() -> None:
    assert written(cooperative(), four_lines()) == (GOLDEN / "cooperative.txt").read_bytes()


def test_a_fixed_width_file_counts_bytes_and_is_the_golden_one() -> None:
    lines = [line for line in four_lines() if "𠮷" not in line.holder]
    content = written(village_bank(), lines)
    assert content == (GOLDEN / "village.dat").read_bytes()
    assert {len(line) for line in content.splitlines()[1:-1]} == {1 + 8 + 22 + 40 + 15 + 35 + 20}


def test_files_are_named_by_the_profile() -> None:
    envelope = an_envelope(four_lines())
    assert file_name(commercial_bank(), envelope) == f"{envelope.batch}.xml"
    assert file_name(cooperative(), envelope) == f"DF20261012_{envelope.batch}.txt"
    assert file_name(village_bank(), envelope) == f"V2610120007_{envelope.batch}.dat"


@pytest.mark.parametrize("make", [commercial_bank, cooperative])
def test_the_same_facts_give_the_same_bytes(make: Any) -> None:
    digests = {hashlib.sha256(written(make(), four_lines())).hexdigest() for _ in range(3)}
    assert len(digests) == 1


@pytest.mark.parametrize("make", [commercial_bank, cooperative])
def test_a_file_that_differs_by_one_fen_or_one_line_from_the_approved_does_not_end(
    make: Any,
) -> None:
    lines = four_lines()
    for changes in ({"total_fen": an_envelope(lines).total_fen + 1}, {"count": 5}):
        pieces = write(make(), an_envelope(lines, **changes), lines)
        with pytest.raises(TotalsDiffer):
            b"".join(pieces)


def test_more_rows_than_the_bank_takes_are_refused_before_a_byte() -> None:
    lines = [a_line(number) for number in range(1, 5002)]
    with pytest.raises(TotalsDiffer, match="holds 1 to 5000"):
        next(write(cooperative(), an_envelope(lines), lines))


def test_a_fund_without_a_payer_account_writes_nothing() -> None:
    with pytest.raises(KeyError, match="weather"):
        b"".join(write(cooperative(), an_envelope(four_lines(), fund="weather"), four_lines()))


OBJECTIONABLE: list[tuple[Any, dict[str, Any], str, str]] = [
    (commercial_bank, {"amount_fen": Fen(0)}, "amount", "between 0.01"),
    (commercial_bank, {"amount_fen": Fen(-1)}, "amount", "between 0.01"),
    (commercial_bank, {"amount_fen": Fen(10**12)}, "amount", "between 0.01"),
    (commercial_bank, {"account_number": "６２３１１８"}, "account", "digits"),
    (commercial_bank, {"account_number": "6231 1800"}, "account", "digits"),
    (commercial_bank, {"account_number": "123"}, "account", "digits"),
    (commercial_bank, {"end_to_end_id": "x" * 36}, "id", "reference"),
    (commercial_bank, {"holder": "\u200b"}, "holder", "nothing stands there"),
    (commercial_bank, {"holder": "李" * 141}, "holder", "longer than 140"),
    (commercial_bank, {"holder": "李\x0b伟"}, "holder", "U+000B"),
    (commercial_bank, {"remark": "一二三四五六七八九十一"}, "remark", "longer than 10"),
    (cooperative, {"holder": "李|伟"}, "holder", "separator"),
    (cooperative, {"remark": "a|b"}, "remark", "separator"),
    (cooperative, {"holder": "李" * 61}, "holder", "longer than 120 bytes"),
    (village_bank, {"holder": "𠮷野"}, "holder", "GBK cannot hold U+20BB7"),
    (village_bank, {"holder": "李\u200b伟"}, "holder", "U+200B"),
    (village_bank, {"holder": "李" * 21}, "holder", "longer than 40 bytes"),
    (village_bank, {"account_number": "1" * 23}, "account", "longer than 22 bytes"),
]


@pytest.mark.parametrize(
    ("make", "changes", "column", "words"),
    OBJECTIONABLE,
    ids=lambda value: getattr(value, "__name__", str(value)[:40]),
)
def test_a_line_that_cannot_stand_in_the_file_is_named_for_screening_and_never_written(
    make: Any, changes: dict[str, Any], column: str, words: str
) -> None:
    line = a_line(**changes)
    found = objection(make(), line)
    assert found is not None
    assert (found.column, found.code) == (column, f"{column}-unwritable")
    assert words in found.words
    with pytest.raises(Unwritable, match=column):
        b"".join(write(make(), an_envelope([line]), [line]))


def test_a_character_whose_code_holds_the_separator_is_seen_where_the_bank_splits_bytes() -> None:
    # 珅 is AB 7C in GB18030, and 7C alone is a bar.
    profile = cooperative()
    line = a_line(holder="王珅")
    assert objection(profile, line) is None
    by_bytes = profile.model_copy(
        update={"file": profile.file.model_copy(update={"splits": "bytes"})}
    )
    found = objection(by_bytes, line)
    assert found is not None
    assert "code of a character" in found.words


@settings(deadline=None)  # Two cores may be busy.
@given(
    holder=st.text(min_size=1, max_size=150),
    remark=st.text(max_size=12),
    amount=st.integers(min_value=-5, max_value=10**12),
)
def test_whatever_a_name_holds_the_line_is_held_or_the_message_is_valid(
    schema: etree.XMLSchema, holder: str, remark: str, amount: int
) -> None:
    profile = commercial_bank()
    line = replace(a_line(), holder=holder, remark=remark, amount_fen=Fen(amount))
    if objection(profile, line, "10月农村低保") is None:
        content = written(profile, [line])
        schema.assertValid(etree.fromstring(content))
    else:
        with pytest.raises(Unwritable):
            written(profile, [line])
