"""What is said fits into one message, and says neither too much nor too little."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.notifications import texts
from services.notifications.channels import UNITS_MAX, units
from services.notifications.texts import FAILED, PAID, CaseSaid, Said, Texts, TextsDoNotFit
from shared.contracts.identification import Happened
from shared.months import Month

ROOT = Path(__file__).resolve().parent.parent.parent
OCTOBER = Month(2026, 10)
QINGSHEN = Texts(sign="青神民政", telephone="12345")
MASKED = st.builds(
    lambda first, stars, last: first + "*" * stars + last,
    st.sampled_from(["张", "买", "𠮷", "欧阳", "A"]),
    st.integers(1, 20),
    st.sampled_from(["", "明", "逊", "𠮷", "·江"]),
)
MONTHS = st.builds(Month, st.integers(2020, 2035), st.integers(1, 12))
SAID = st.builds(
    Said,
    template=st.sampled_from([PAID, FAILED]),
    version=st.just(1),
    called=MASKED,
    programme=st.sampled_from([*sorted(texts.known_programmes()), "heating"]),
    month=MONTHS,
    pay_month=MONTHS,
    amount_fen=st.integers(1, texts.AMOUNT_FEN_MAX),
    account_last4=st.from_regex(r"[0-9]{4}", fullmatch=True),
    bank_name=st.text(max_size=40).filter(lambda name: "{" not in name),
    reason=st.sampled_from([None, "bewitched", *sorted(texts.known_reasons())]),
)


def said(**changed: object) -> Said:
    plain: dict[str, object] = {
        "template": PAID,
        "version": 1,
        "called": "张*明",
        "programme": "dibao",
        "month": OCTOBER,
        "pay_month": OCTOBER,
        "amount_fen": 58600,
        "account_last4": "5341",
        "bank_name": "青神商业银行",
    }
    return Said(**{**plain, **changed})  # type: ignore[arg-type] # Each test changes what it means.


@given(said=SAID)
def test_every_message_is_one_message(said: Said) -> None:
    text = QINGSHEN.sms(said)
    assert units(text) <= UNITS_MAX
    assert text.startswith("【青神民政】")
    assert "{" not in text


@given(said=SAID)
def test_no_message_carries_a_link_or_a_whole_number_of_a_card(said: Said) -> None:
    text = QINGSHEN.sms(said)
    assert "http" not in text
    assert "残疾" not in text


def test_a_paid_message_says_how_much_for_which_month_and_where_it_went() -> None:
    assert QINGSHEN.sms(said()) == (
        "【青神民政】张*明：10月低保金586元已发到青神商业银行尾号5341的账户。"
        "本短信不含链接，不会向您要密码。问询12345。"
    )


def test_a_failed_message_says_why_what_to_bring_and_where() -> None:
    failed = said(template=FAILED, reason="account-closed")
    assert QINGSHEN.sms(failed) == (
        "【青神民政】张*明：10月低保金586元没有发成功，原因：银行卡已注销。"
        "请带身份证和新卡到村委会或镇民政办办理，钱给您留着。电话12345。"
    )


def test_what_the_county_must_mend_sends_nobody_on_the_road() -> None:
    assert "不用您跑" in QINGSHEN.sms(said(template=FAILED, reason="file-refused"))


def test_a_longer_bank_gives_way_and_nothing_is_cut_in_the_middle() -> None:
    longer = QINGSHEN.sms(said(bank_name="青神县农村商业银行股份有限公司营业部"))
    assert "青神县农村" not in longer
    assert longer.endswith("问询12345。")
    assert "尾号5341的账户。本短信不含链接，不会向您要密码。" in longer


def test_a_sum_for_another_year_says_the_year() -> None:
    assert "2025年12月低保金" in QINGSHEN.sms(said(month=Month(2025, 12)))


def test_fen_are_said_only_when_there_are_any() -> None:
    assert "低保金586.05元" in QINGSHEN.sms(said(amount_fen=58605))


def test_marks_that_turn_writing_around_are_not_sent() -> None:
    assert "\u202e" not in QINGSHEN.sms(said(called="张\u202e*明"))


def test_the_inbox_has_room_for_everything() -> None:
    text = QINGSHEN.in_app(said(template=FAILED, reason="name-mismatch"))
    assert "户名与账号不符" in text
    assert "户口簿" in text


def test_a_code_is_said_with_its_minutes() -> None:
    text = QINGSHEN.code("482913", 10)
    assert "验证码 482913，10分钟内有效" in text
    assert units(text) <= UNITS_MAX


def test_a_county_whose_name_is_too_long_is_told_so_before_anybody_is() -> None:
    with pytest.raises(TextsDoNotFit):
        Texts(sign="民" * 40, telephone="12345")


def test_whoever_is_found_to_be_of_a_status_is_told_until_which_day_it_holds() -> None:
    happened, day = Happened.RECOGNISED.value, date(2027, 3, 31)
    found = CaseSaid(1, "张*明", "rigid-spending", "W2345-6789", happened, day, OCTOBER)
    for text in (QINGSHEN.sms(found), QINGSHEN.in_app(found)):
        assert "从2026年10月起有效，到2027年3月31日为止" in text
    text = QINGSHEN.sms(replace(found, by_day=None))
    assert "从2026年10月起有效。" in text


def test_every_reason_payments_can_give_has_words() -> None:
    given = ROOT / "services" / "payments" / "banks" / "reasons.yaml"
    codes = set(yaml.safe_load(given.read_text(encoding="utf-8")))
    assert codes == texts.known_reasons()


def test_every_programme_that_is_paid_by_the_month_has_words() -> None:
    place = ROOT / "policies" / "places" / "511425" / "place.yaml"
    families = yaml.safe_load(place.read_text(encoding="utf-8"))["families"]
    programmes = {name for family in families.values() for name in family["programmes"]}
    assert programmes
    assert programmes <= texts.known_programmes()
