"""What was helped first is told, once it is verified or ended unverified, to whoever keeps the
reserve, however long ago."""

import runpy
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.identification.casework.decisions import advances
from shared import migrations
from shared.contracts.identification import AdvanceUnverified, AdvanceVerified
from shared.contracts.payments import AdvanceReturned
from tests.identification.caseworkers import (
    CHEN_HONG,
    FANG_TING,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    later,
    staff,
)
from tests.identification.register import COUNTY, Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_lapsing import ENDED, died
from tests.identification.test_letters import text_of
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    aid_lines,
    announced,
    approved,
    papers,
    proposed,
    register_with,
    reported,
    today,
)


async def test_an_advance_that_was_verified_before_anybody_said_so_is_told_once(
    register: Register,
) -> None:
    walk = await reported(Walk(register_with(register, **LIMITS)))
    await walk.do(WANG_FANG, "accept")
    await walk.do(ZHANG_LI, "advance", amount_fen=60000, paid_on=today(walk), voucher="备-7")
    await proposed(await papers(walk), 60000)
    versions = migrations.folder("identification") / "versions"
    (path,) = versions.glob("*_advances_verified_before.py")
    tell = runpy.run_path(str(path))["VERIFIED"]
    await walk.register.change(tell)
    told = "SELECT body FROM outbox WHERE subject LIKE '%advance-verified%'"
    assert walk.register.rows(told) == [], "nobody has verified it yet"
    await approved(walk, ZHAO_GANG)
    (said,) = walk.register.rows(told)
    await walk.register.change("DELETE FROM outbox WHERE subject LIKE '%advance-verified%'")
    for _ in range(2):
        await walk.register.change(tell)
    (again,) = walk.register.rows(told)
    events = [AdvanceVerified.model_validate(each["body"]) for each in (said, again)]
    assert events[0].case_id == events[1].case_id
    assert events[0].occurred_at.date() == events[1].occurred_at.date()


async def helped_first(register: Register) -> Walk:
    """A family that was helped from the reserve, whose papers are still to come."""
    walk = await reported(Walk(register_with(register, **LIMITS)))
    await walk.do(WANG_FANG, "accept")
    await walk.do(ZHANG_LI, "advance", amount_fen=60000, paid_on=today(walk), voucher="备-7")
    assert (await paid_first(walk))["outcome"] == "open"
    return walk


async def paid_first(walk: Walk) -> dict[str, Any]:
    """What the case says of the sum that was paid first."""
    found: dict[str, Any] = (await walk.look())["paid_first"]
    assert found["amount_fen"] == 60000
    return found


def told(walk: Walk) -> list[tuple[str, str | None]]:
    """What payments was told of advances, in its order: of the case, and why it is unverified."""
    said = walk.register.rows(
        "SELECT subject, body FROM outbox WHERE subject LIKE '%.advance-%'"
        " ORDER BY created_at, event_id"
    )
    assert {each["body"]["case_id"] for each in said} <= {walk.case["case_id"]}
    return [(each["subject"].split(".")[1], each["body"].get("why")) for each in said]


async def lapsed(walk: Walk) -> Walk:
    """The papers never came."""
    await walk.do(WANG_FANG, "want-papers", missing=["户口簿"])
    later(walk.register, 60)
    await walk.do(HE_JUN, "lapse", **ENDED)
    return walk


async def refused(walk: Walk) -> Walk:
    """It was looked into, and does not qualify."""
    await proposed(await papers(walk), 60000)
    number = f"救〔2026〕{uuid4().hex[:4]}号"
    await walk.do(ZHAO_GANG, "refuse", decision_number=number, reasons="房屋并未烧毁")
    return walk


async def death_taken_back(walk: Walk) -> None:
    """Somebody noted by error that whoever was helped has died."""
    assert (await died(walk)).status_code == 200
    await walk.look()
    await walk.do(HE_JUN, "unnote-death", reason="本人健在，同名")


async def visited_again(walk: Walk) -> None:
    """The county found it otherwise than the township, which is to visit again."""
    await proposed(await papers(walk), 150000)
    found = {"visited_on": today(walk), "findings": "房屋未全毁", "as_found": False}
    await walk.do(HE_JUN, "home-check", **found)
    await walk.do(FANG_TING, "weigh-home-check", counts="check", reason="核查属实")
    await walk.do(ZHAO_GANG, "return-to-township", reason="重新入户")
    await walk.do(ZHANG_LI, "survey-again")


@pytest.mark.parametrize("turn", [death_taken_back, visited_again])
async def test_a_case_that_was_helped_first_is_not_helped_first_again(
    register: Register, turn: Any
) -> None:
    walk = await helped_first(register)
    await turn(walk)
    assert walk.case["state"] == "advanced", "its papers are still to come"
    await walk.register.change("UPDATE case_file SET state = 'accepted'")
    again: dict[str, Any] = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-7"}
    answer = await walk.ask(ZHANG_LI, "advance", **again)
    assert answer.json()["needs"] == ["helped-first-once"], "wherever it stood before"


@pytest.mark.parametrize("end", [lapsed, refused])
async def test_an_advance_that_nobody_verified_is_to_be_recovered_unless_an_appeal_goes_on(
    register: Register, end: Any
) -> None:
    walk = await end(await helped_first(register))
    assert (await paid_first(walk))["outcome"] == "to-recover"
    letter = {lapsed: "lapse", refused: "refusal"}[end]
    text = text_of(await walk.register.get(f"{walk.path}/letters/{letter}", HE_JUN))
    assert "已先行救助的600.00元没有得到核实，拟予追缴" in text
    assert told(walk) == [("advance-unverified", end.__name__)]
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert (await paid_first(walk))["outcome"] == "open"
    assert told(walk)[1:] == [("advance-unverified", None)]
    if end is refused:
        again = staff("qian-yu", {*ZHAO_GANG.scopes}, *ZHAO_GANG.areas)
        await walk.do(again, "confirm", decision_number="救9号")
        assert (await paid_first(walk))["outcome"] == "verified"
        assert told(walk)[2:] == [("advance-verified", None)]


@pytest.mark.parametrize(
    ("rightly", "outcome", "said"),
    [
        ("yes", "verified", ("advance-verified", None)),
        ("no", "to-recover", ("advance-unverified", "applicant-died")),
    ],
)
async def test_who_ends_a_case_by_a_death_says_whether_it_was_rightly_helped(
    register: Register, rightly: str, outcome: str, said: tuple[str, str | None]
) -> None:
    walk = await helped_first(register)
    assert (await died(walk)).status_code == 200
    await walk.look()
    assert (await walk.ask(HE_JUN, "end-at-death", **ENDED)).status_code == 422
    words = {**ENDED, "rightly_helped": rightly}
    who_paid = staff("zhang-li", {"cases:read", "cases:decide"})
    answer = await walk.ask(who_paid, "end-at-death", **words)
    assert "not-the-advancer" in answer.json()["needs"]
    await walk.do(HE_JUN, "end-at-death", **words)
    assert (await paid_first(walk))["outcome"] == outcome
    assert told(walk) == [said]


async def test_an_advance_that_ended_unverified_before_anybody_said_so_is_told_once(
    register: Register,
) -> None:
    walk = await lapsed(await helped_first(register))
    await walk.register.change("DELETE FROM outbox WHERE subject LIKE '%advance-unverified%'")
    versions = migrations.folder("identification") / "versions"
    (path,) = versions.glob("*_advances_unverified_before.py")
    for _ in range(2):
        await walk.register.change(runpy.run_path(str(path))["UNVERIFIED"])
    assert told(walk) == [("advance-unverified", "lapsed")]
    (said,) = walk.register.rows("SELECT body FROM outbox WHERE subject LIKE '%unverified%'")
    assert str(AdvanceUnverified.model_validate(said["body"]).case_id) == walk.case["case_id"]


async def returned(walk: Walk) -> None:
    """Payments says twice that what was paid first came back."""
    state, case_id = walk.register.app.state, UUID(walk.case["case_id"])
    for _ in range(2):
        said = AdvanceReturned(
            county=COUNTY, occurred_at=state.clock.now(), case_id=case_id, amount_fen=60000
        )
        await advances.hear(state.context, said)
        await advances.hear(state.context, said)
    await walk.look()


async def decided_facts(walk: Walk) -> tuple[int, int]:
    """What a decision says of temporary help: the whole sum, and what was paid first, in fen."""
    (decision,) = await announced(walk.register)
    facts = decision.facts
    return facts["temporary_decided_fen"], facts["temporary_advanced_fen"]


async def test_what_came_back_before_the_decision_was_not_paid_and_who_decides_sees_it(
    register: Register,
) -> None:
    walk = await helped_first(register)
    await proposed(await papers(walk), 60000)
    seen = walk.case["version"]
    await returned(walk)
    answer = await walk.ask(ZHAO_GANG, "confirm", version=seen, decision_number="救8号")
    assert answer.json()["type"] == "/problems/moved-on", "the sum is another since they looked"
    case = await walk.look()
    (act,) = (each for each in case["history"] if each["act"] == "advance-came-back")
    assert (act["name"]["zh"], act["words"]) == ("先行救助的钱退回备用金", {"amount_fen": 60000})
    assert case["version"] == seen + 1, "told again it is so already"
    assert (await paid_first(walk))["outcome"] == "came-back"
    assert (await walk.ask(ZHANG_LI, "advance")).status_code == 409
    await approved(walk, ZHAO_GANG)
    assert await decided_facts(walk) == (60000, 0)
    assert told(walk) == [], "nothing is filled up, and nothing recovered"
    found = await aid_lines(register, "2026-09")
    assert (found["aid-cases"]["number"], found["aid-sum"]["fen"]) == (1, 60000)


async def test_what_came_back_after_a_refusal_is_paid_whole_where_its_appeal_is_won(
    register: Register,
) -> None:
    walk = await refused(await helped_first(register))
    found = await aid_lines(register, "2026-09")
    assert (found["aid-cases"]["number"], found["aid-sum"]["fen"]) == (1, 60000)
    await returned(walk)
    assert (await paid_first(walk))["outcome"] == "came-back"
    found = await aid_lines(register, "2026-09")
    assert found["aid-cases"]["number"] == 0, "nobody was helped"
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won: dict[str, Any] = {**OUTCOME, "from_month": "2026-09", "amount_fen": 60000}
    await appeal.do(SUN_LEI, "win", **won)
    assert (await walk.look())["state"] == "aided"
    assert await decided_facts(walk) == (60000, 0)
    assert told(walk) == [("advance-unverified", "refused")], "as long as it was to be recovered"


async def test_a_case_whose_advance_came_back_ends_without_a_word_of_it_and_counts_as_no_help(
    register: Register,
) -> None:
    walk = await helped_first(register)
    await returned(walk)
    assert (await died(walk)).status_code == 200
    await walk.look()
    await walk.do(HE_JUN, "end-at-death", **ENDED)
    assert (told(walk), (await paid_first(walk))["outcome"]) == ([], "came-back")
    again = await reported(Walk(register))
    await again.do(WANG_FANG, "accept")
    await proposed(await papers(again))
    assert again.case["state"] == "approving", "nobody was helped for this cause yet"


async def test_what_came_back_when_it_was_verified_already_is_theirs(register: Register) -> None:
    walk = await helped_first(register)
    await proposed(await papers(walk), 150000)
    await approved(walk, ZHAO_GANG)
    await returned(walk)
    assert (await paid_first(walk))["outcome"] == "came-back-late"
    assert await decided_facts(walk) == (150000, 60000)
    found = await aid_lines(register, "2026-09")
    assert found["aid-sum"]["fen"] == 150000


async def test_a_case_is_withdrawn_once_what_was_paid_first_came_back(register: Register) -> None:
    walk = await papers(await helped_first(register))
    words: dict[str, Any] = {"letter_id": await walk.paper(CHEN_HONG, "withdrawal")}
    answer = await walk.ask(WANG_FANG, "withdraw", **words)
    assert answer.json()["needs"] == ["nothing-advanced"]
    await returned(walk)
    assert (await walk.do(WANG_FANG, "withdraw", **words))["state"] == "withdrawn"
