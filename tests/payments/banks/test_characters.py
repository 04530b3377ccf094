"""What becomes of characters a bank cannot take: dropped, exchanged, or the line held."""

import unicodedata

import pytest

from services.payments.banks.characters import Policy

GB18030 = Policy("GB18030")


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("李伟", "李伟"),
        (" 李伟\u3000", "李伟"),
        ("李\u200b伟", "李伟"),
        ("\u202e伟李\u202c", "伟李"),
        ("\ufeff李伟\u2060", "李伟"),
        ("葛\U000e0100城", "葛城"),
        ("Ａ１２３", "Ａ１２３"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_what_nobody_sees_is_dropped_and_the_rest_stands(stored: str, sent: str) -> None:
    assert GB18030.clean(stored) == sent
    assert GB18030.fault(GB18030.clean(stored)) is None


def test_a_bank_that_spells_names_its_own_way_gets_its_spelling() -> None:
    policy = Policy("GB18030", substitutes=(("·", "•"), ("𠮷", "吉")))
    assert policy.clean("𠮷克·木呷") == "吉克•木呷"


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("李\n伟", "U+000A"),
        ("李\t伟", "U+0009"),
        ("李\x00伟", "U+0000"),
        ("李\x85伟", "U+0085"),
        ("李\u2028伟", "U+2028 (line separator)"),
        ("李\ud800伟", "U+D800"),
        ("李\uffff伟", "U+FFFF"),
        ("李\ue000伟", "U+E000"),
        ("李\u2003伟", "U+2003 (em space)"),
    ],
)
def test_what_would_break_a_line_or_mean_another_character_is_refused(
    value: str, named: str
) -> None:
    fault = GB18030.fault(value)
    assert fault is not None
    assert named in fault
    assert "李" not in fault


def test_a_rare_character_fits_gb18030_but_not_gbk() -> None:
    assert GB18030.fault("𠮷野") is None
    assert Policy("GBK").fault("𠮷野") == "GBK cannot hold U+20BB7 (cjk unified ideograph-20bb7)"


def test_a_bank_may_refuse_what_nobody_sees_and_pass_private_characters() -> None:
    strict = Policy("GB18030", drop_invisible=False, pass_private_use=True)
    assert strict.clean("李\u200b伟") == "李\u200b伟"
    assert "U+200B" in (strict.fault("李\u200b伟") or "")
    assert strict.fault("李\ue000") is None


def test_every_invisible_and_control_character_of_unicode_is_dropped_or_refused() -> None:
    passed = [
        hex(code)
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co")
        and chr(code) in GB18030.clean(f"a{chr(code)}b")
        and GB18030.fault(f"a{chr(code)}b") is None
    ]
    assert passed == []
