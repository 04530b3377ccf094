"""Whoever's assistance ends or falls reads why, from which month, and what became of what."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
)
from tests.identification.citizens import Phone
from tests.identification.register import Register
from tests.identification.test_changes import described
from tests.identification.test_exits import RISEN
from tests.identification.test_own_changes import on_record


async def read(walk: Walk, letter: str) -> str:
    """A letter of a case as it is printed, on one line."""
    answer = await walk.register.get(f"{walk.path}/letters/{letter}", WANG_FANG)
    assert answer.status_code == 200, answer.text
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


async def test_a_fade_out_says_what_was_found_what_it_changes_and_until_when(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.look()
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    text = await read(walk, "fading")
    for said in (
        "查到并已告知您家的情况：查到您家情况有变化",
        "家庭月收入由120.00元核定为2600.00元", "最低生活保障进入渐退期，期满停发",
        "自2026年10月起渐退，到2027年3月为止", "60日内",
    ):  # fmt: skip
        assert said in text, said
    in_month(register, 7)
    signed: dict[str, Any] = {"letter_id": await walk.paper(WANG_FANG, "exit-letter")}
    signed |= {"signed_on": "2027-04-01", "shown_on": "2027-04-01"}
    await walk.do(HE_JUN, "exit", decision_number="青民退〔2027〕1号", **signed)
    assert "自2027年4月起最低生活保障不再发放" in await read(walk, "exit")


@pytest.mark.shows("S11")
async def test_what_ended_and_what_fell_is_read_on_the_phone_with_the_reasons(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    phone = Phone(register, await on_record(register, "李乙"))
    walk = Walk(register)
    risen: dict[str, Any] = {"income_fen_monthly": 15000, "reason": "进厂务工"}
    await described(walk, ("income", risen))
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    decision: dict[str, Any] = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **decision)
    phone.case = {"case_id": walk.case["case_id"]}
    outcome = (await phone.look())["outcome"]
    assert outcome["from_month"] == "2026-10"
    assert [each["zh"] for each in outcome["lines"]] == ["家庭月收入由120.00元核定为150.00元"]
    text = await read(walk, "decision")
    for said in ("变更事项：收入变化（进厂务工）", outcome["lines"][0]["zh"], "自2026年10月起"):
        assert said in text, said

    ends = await Walk(register).open(CHEN_HONG, category="exit", household_id=household_id)
    found: dict[str, Any] = {"ends": "dibao", "found_on": "2026-09-20", "findings": "财政供养人员"}
    await ends.found("wrongly-in", **found)
    words = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-10"}
    await ends.do(HE_JUN, "remove", **words, reasons="户主为财政供养人员")
    phone.case = {"case_id": ends.case["case_id"]}
    seen = await phone.look()
    assert seen["decision"]["reasons"] == "户主为财政供养人员"
    assert seen["outcome"]["told"] == "查到您家情况有变化"
    assert [each["zh"] for each in seen["outcome"]["lines"]] == ["最低生活保障停发"]
    text = await read(ends, "removal")
    for said in ("户主为财政供养人员", "最低生活保障停发", "另行书面决定", "60日内"):
        assert said in text, said
