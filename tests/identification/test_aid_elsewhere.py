"""Who is registered elsewhere: helped where it happens, or told where to go."""

from typing import Any
from uuid import uuid4

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    OFFICER,
    SUN_LEI,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    in_month,
    staff,
)
from tests.identification.citizens import GATEWAY, Phone, admitted, told
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    announced,
    approved,
    papers,
    proposed,
    register_with,
    reported,
    today,
)

BOTH = staff("li-jun", OFFICER | TOWN_HEAD, VILLAGE[:9])
THERE: dict[str, Any] = {
    "decision_number": "青民不受〔2026〕1号",
    "reasons": "请向昭通市昭阳区民政局申请，电话 0870-1234567",
}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register_with(register, **LIMITS))


async def test_what_was_reported_by_a_slip_is_said_anew(walk: Walk) -> None:
    await reported(walk, elsewhere="yes", cause="illness")
    assert (await walk.ask(WANG_FANG, "accept")).json()["needs"] == ["helped-where-it-happens"]
    fire = {"kind": "urgent", "cause": "fire", "happened_on": today(walk), "elsewhere": "no"}
    await walk.do(CHEN_HONG, "correct-report", **fire, reason="本县户口，选错了")
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    await approved(walk, ZHAO_GANG)
    assert (await announced(walk.register))[0].facts["registered_elsewhere"] == 0
    again = await reported(Walk(walk.register))
    await again.do(WANG_FANG, "accept")
    advance: dict[str, Any] = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-8"}
    answer = await again.ask(ZHANG_LI, "advance", **advance)
    assert answer.json()["type"].endswith("helped-before"), "the cause that was corrected counts"


@pytest.mark.breaks("The surveyor does not approve")
async def test_who_corrected_a_report_neither_sends_it_elsewhere_nor_pays_by_it_and_they_are_told(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).begin("temporary")
    await phone.say("home", registration="rural", address="柳溪村3组")
    here: dict[str, Any] = {"kind": "urgent", "cause": "fire", "elsewhere": "no"}
    assert (await phone.act("report", **here, happened_on="2026-09-20")).is_success
    walk = await phone.seen()
    away: dict[str, Any] = {
        "elsewhere": "yes",
        "home_area": "云南省昭通市",
        "reason": "户口簿是外县的",
    }
    said = {**here, **away, "happened_on": "2026-09-24"}
    await walk.do(BOTH, "correct-report", **said)
    answer = await walk.ask(BOTH, "send-elsewhere", **THERE)
    assert answer.json()["needs"] == ["not-the-reporter"]
    assert [each["happened"] for each in told(register)][-1] == "corrected"
    (correction,) = (await phone.look())["corrections"]
    assert correction["reason"] == away["reason"]
    assert {e["zh"]: (e["before"], e["after"]) for e in correction["lines"]} == {
        "发生日期": ("2026-09-20", "2026-09-24"),
        "户籍不在本县": ("否", "是"),
        "户籍地": ("（没有写）", "云南省昭通市"),
    }
    await walk.do(BOTH, "correct-report", **here, happened_on="2026-09-24", reason="看错了")
    await walk.do(WANG_FANG, "accept")
    advance: dict[str, Any] = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-8"}
    register_with(register, **LIMITS)
    answer = await walk.ask(BOTH, "advance", **advance)
    assert answer.json()["needs"] == ["not-the-reporter"]


async def test_nobody_visited_before_what_happened_by_the_report_that_holds(walk: Walk) -> None:
    """A report that was corrected is no bound, neither too early nor too late a day."""
    await reported(walk, happened_on="2026-09-20")
    fire = {"kind": "urgent", "cause": "fire", "elsewhere": "no"}
    visit: dict[str, Any] = {"family_member": "李伟", "findings": "房屋烧毁"}
    early, late = "2026-09-22", "2026-09-24"
    await walk.do(CHEN_HONG, "correct-report", **fire, happened_on=late, reason="记错了日子")
    await walk.do(WANG_FANG, "accept")
    answer = await walk.ask(WANG_FANG, "survey", survey_id=str(uuid4()), visited_on=early, **visit)
    assert answer.json()["needs"] == ["dates-in-order"]
    other = await reported(Walk(walk.register), order=2, happened_on=late)
    await other.do(CHEN_HONG, "correct-report", **fire, happened_on=early, reason="记错了日子")
    await other.do(WANG_FANG, "accept")
    await other.do(WANG_FANG, "survey", survey_id=str(uuid4()), visited_on=early, **visit)


async def offered(register: Register) -> str:
    """For whom temporary assistance is, as a telephone reads it."""
    items = (await register.get("/programmes", GATEWAY)).json()["items"]
    return next(str(each["plain"]["zh"]) for each in items if each["category"] == "temporary")


async def test_who_is_not_helped_here_is_told_in_writing_where_to_go(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).begin("temporary")
    await phone.say("home", registration="rural", address="柳溪村3组")
    hardship = {"kind": "urgent", "cause": "fire", "happened_on": "2026-09-24", "elsewhere": "yes"}
    assert (await phone.act("report", **hardship)).is_success
    walk = await phone.officers()
    assert (await walk.ask(WANG_FANG, "accept")).json()["needs"] == ["helped-where-it-happens"]
    case = await walk.do(ZHANG_LI, "send-elsewhere", **THERE)
    assert (case["state"], case["due_on"] is not None) == ("ended-undecided", True)
    letter = await register.get(f"{walk.path}/letters/sent-elsewhere", ZHANG_LI)
    assert letter.status_code == 200
    assert (await phone.look())["state_words"]["zh"] == "不在这里办"
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today(walk))
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    words: dict[str, Any] = {"from_month": "2026-09", "amount_fen": 60000}
    answer = await appeal.ask(SUN_LEI, "win", **OUTCOME, **words)
    assert "decided-on-its-matter" in answer.json()["needs"], "nobody has looked into it"
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert (await walk.look())["state"] == "reported"


async def test_whoever_is_registered_elsewhere_is_helped_and_their_home_told(walk: Walk) -> None:
    away: dict[str, Any] = {"elsewhere": "yes", "home_area": "云南省昭通市"}
    await reported(walk, **away)
    answer = await walk.ask(WANG_FANG, "accept")
    assert answer.json()["needs"] == ["helped-where-it-happens"]
    assert "户口不在本县" not in await offered(walk.register)
    register_with(walk.register, aid_where_it_happens=True)
    assert "户口不在本县" in await offered(walk.register)
    answer = await walk.ask(ZHANG_LI, "send-elsewhere", **THERE)
    assert answer.json()["type"].endswith("not-yet"), "who is helped here is not sent away"
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    answer = await walk.ask(ZHAO_GANG, "confirm", decision_number="救2号")
    assert answer.json()["needs"] == ["home-told"]
    await walk.do(WANG_FANG, "tell-home", told_on=today(walk), told_to="昭通市民政局")
    await approved(walk, ZHAO_GANG)
    assert (await announced(walk.register))[0].facts["registered_elsewhere"] == 1


async def test_a_township_helps_whoever_lives_in_another_by_the_register(walk: Walk) -> None:
    people = [a_person(1, name="李伟")]
    home = a_household("h-1", *people, village=OTHER_VILLAGE, **on_dibao())
    await walk.register.imported(a_csv(rows_of(home)))
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), 100000, 2)
    await approved(walk, ZHAO_GANG)
    in_month(walk.register, 1)
    await walk.do(ZHAO_GANG, "release-stage", findings="仍困难")
    assert [str(each.village) for each in await announced(walk.register)] == [OTHER_VILLAGE] * 2
    answer = await walk.register.get(f"/households/{walk.case['household_id']}/archive", ZHAO_GANG)
    assert answer.json()["type"] == "/problems/no-such-household", "it sees no more of it"
