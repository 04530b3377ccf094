"""What was decided, as the household reads it on its phone, and how it does not agree there."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    Walk,
    a_known_household,
    an_application,
    in_month,
)
from tests.identification.citizens import Phone
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_endings import won
from tests.identification.test_exits import RISEN
from tests.identification.test_letters import text_of
from tests.identification.test_outcomes import read
from tests.identification.test_own_changes import on_record
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    approved,
    papers,
    proposed,
    register_with,
    today,
)


async def faded(register: Register) -> tuple[Phone, Walk]:
    """A household above the standard that fades out, on the telephone of one of it."""
    household_id = await a_known_household(register)
    phone = Phone(register, await on_record(register, "李乙"))
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.look()
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    phone.case = walk.case
    return phone, walk


async def helped_in_stages(register: Register, amount_fen: int, stages: int) -> tuple[Phone, Walk]:
    """A household on record whose house burned down, helped in stages, on its telephone."""
    await a_known_household(register)
    phone = Phone(register, await on_record(register, "李乙"))
    walk = await Walk(register_with(register, **LIMITS)).open(category="temporary")
    people = [
        {"key": "head", "name": "李乙", "relation": "户主", "id_number": id_number(1)},
        {"key": "wife", "name": "李丙", "relation": "配偶", "id_number": id_number(2)},
    ]
    said = an_application(members=people, whose="head", phone="13900001234")
    await walk.do(CHEN_HONG, "write", application=said)
    words: dict[str, Any] = {"kind": "urgent", "cause": "fire", "elsewhere": "no"}
    await walk.do(CHEN_HONG, "report", happened_on=today(walk), **words)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), amount_fen, stages)
    await approved(walk, ZHAO_GANG)
    phone.case = walk.case
    return phone, walk


@pytest.mark.shows("S12")
@pytest.mark.parametrize("of", ["exit", "temporary"])
async def test_what_is_still_carried_out_is_read_and_appealed_on_the_phone(
    register: Register, of: str
) -> None:
    phone, walk = await (faded(register) if of == "exit" else helped_in_stages(register, 60000, 4))
    seen = await phone.look()
    assert seen["state"] == ("fading" if of == "exit" else "paying")
    number = walk.case["history"][-1]["words"]["decision_number"]
    assert seen["decision"] == {"number": number, "on": today(walk), "reasons": None}
    assert seen["may_appeal"]
    lodged = await phone.post(f"{phone.path}/appeals", {"grounds": "只有一个月的工资"})
    assert lodged.status_code == 201, lodged.text
    assert (lodged.json()["category"], lodged.json()["state"]) == ("appeal", "lodged")
    appeal = Walk(register, case=lodged.json())
    await appeal.look(SUN_LEI)
    assert seen["may_appeal_until"] == appeal.case["about"]["last_day"]
    assert (await appeal.do(SUN_LEI, "accept"))["state"] == "hearing"


async def test_a_fade_out_that_is_taken_back_is_said_so_by_a_letter_and_on_the_phone(
    register: Register,
) -> None:
    phone, walk = await faded(register)
    in_month(register, 2)
    await walk.authorise()
    await walk.visit(108000)
    await walk.do(WANG_FANG, "compare", report_number="核〔2026〕8号", reported_on=today(walk))
    back: dict[str, Any] = {"decision_number": "青民退〔2026〕9号", "reasons": "失业返乡"}
    await walk.do(HE_JUN, "take-back", from_month="2026-12", **back)
    text = await read(walk, "fade-out-taken-back")
    for said in (
        "青民退〔2026〕9号", "自2026年12月起恢复最低生活保障", "失业返乡", "最低生活保障不再渐退",
        "由2600.00元核定为90.00元", "李乙、李丙", "青神县民政局印章", "60日内向青神县人民政府",
    ):  # fmt: skip
        assert said in text, said
    seen = await phone.look()
    assert seen["state_words"]["zh"] == "定了：不停了，恢复发放"
    assert seen["next"]["zh"].startswith("从2026年12月起执行")
    assert (seen["decision"]["reasons"], seen["may_appeal"]) == ("失业返乡", True)
    assert [each["letter"] for each in seen["letters"]] == ["fading", "fade-out-taken-back"]


async def test_a_fade_out_against_which_an_appeal_has_won_is_not_called_unchanged(
    register: Register,
) -> None:
    phone, walk = await faded(register)
    await won(walk)
    seen = await phone.look()
    assert (seen["state"], seen["state_words"]["zh"]) == ("kept", "申诉成立，原来的决定改了")
    assert seen["next"]["zh"].startswith("从2026年9月起执行")


async def test_help_in_stages_says_its_sum_and_stages_wherever_it_is_read(
    register: Register,
) -> None:
    phone, walk = await helped_in_stages(register, 60000, 4)
    form = text_of(await register.get(f"{walk.path}/review-form", WANG_FANG))
    for said in ("意见：拟同意", "含先行支付）：600.00", "分几期发放：4", "事由：火灾"):
        assert said in form, said
    given = "救助金额共600.00元，分4期发放，困难已经缓解的，余下各期不再发放。"
    text = await read(walk, "decision")
    assert given in text
    assert "每月" not in text, "a stage is no monthly sum"
    assert (await phone.look())["next"]["zh"].startswith(f"{given}已批1期。")
    in_month(register, 1)
    await walk.do(ZHAO_GANG, "stop-stages", decision_number="救〔2026〕9号", reasons="已有住处")
    seen = await phone.look()
    assert seen["state_words"]["zh"] == "余下各期不再发了"
    assert seen["next"]["zh"].startswith(f"批准时：{given}已批1期。")
