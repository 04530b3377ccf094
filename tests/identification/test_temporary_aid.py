"""Temporary assistance: help first, papers later; the township up to its limit, then the county."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from shared.callers import Caller
from shared.contracts.identification import Determination
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    SUN_LEI,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_known_household,
    an_application,
    in_month,
    later,
    staff,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register, benefits
from tests.identification.reporters import STATISTICIAN, closed, freeze, lines_of
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_letters import text_of

ZHAO_GANG = staff("zhao-gang", TOWN_HEAD, VILLAGE[:9])
LIMITS = {
    "aid_township_limit_fen": 200000,
    "aid_advance_limit_fen": 100000,
    "aid_simple_limit_fen": 50000,
}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register_with(register, **LIMITS))


def register_with(register: Register, **settings: Any) -> Register:
    """The place has set these words."""
    place = register.app.state.casework
    register.app.state.casework = replace(place, words={**place.words, **settings})
    return register


async def reported(walk: Walk, *, order: int = 1, **said: Any) -> Walk:
    """A family whose house burned down yesterday."""
    await walk.open(category="temporary")
    head = {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(order)}
    await walk.do(
        CHEN_HONG, "write", application=an_application(members=[head], phone="13900001234")
    )
    words = {"kind": "urgent", "cause": "fire", "happened_on": today(walk), "elsewhere": "no"}
    await walk.do(CHEN_HONG, "report", **{**words, **said})
    return walk


def today(walk: Walk) -> str:
    return str(walk.register.app.state.clock.today())


async def papers(walk: Walk, *, simple: bool = False) -> Walk:
    """Everybody's letter, a dated report, a visit by two or the simple way; the form filed."""
    await compared(walk)
    if simple:
        await walk.do(WANG_FANG, "simplify", reason="低保户，情况已掌握")
    else:
        words = {"visited_on": today(walk), "family_member": "李伟", "findings": "房屋烧毁"}
        survey_id = str(uuid4())
        await walk.do(WANG_FANG, "survey", survey_id=survey_id, **words)
        await walk.do(LIU_QIANG, "sign-survey", survey_id=survey_id)
    form = await walk.paper(WANG_FANG, "application-form", JPEG + uuid4().bytes)
    await walk.do(WANG_FANG, "complete-papers", form_id=form)
    return walk


async def compared(walk: Walk) -> None:
    """Everybody's letter is on file, and a report of today."""
    await walk.authorise()
    report = {"report_number": "核〔2026〕7号", "reported_on": today(walk)}
    await walk.do(WANG_FANG, "compare", **report)


async def proposed(walk: Walk, amount_fen: int = 150000, stages: int = 1) -> Walk:
    await walk.do(
        ZHANG_LI,
        "propose",
        opinion="grant",
        amount_fen=amount_fen,
        stages=stages,
        reasons="符合条件",
    )
    return walk


async def approved(walk: Walk, by: Caller, **words: Any) -> dict[str, Any]:
    return await walk.do(by, "confirm", decision_number=f"救〔2026〕{uuid4().hex[:4]}号", **words)


async def announced(register: Register) -> list[Determination]:
    """Every decision that was said, as benefits fetches it."""
    found = []
    for said in register.told("determined"):
        answer = await register.client.get(
            "/determinations",
            params={"determination_id": said["body"]["determination_id"]},
            headers=register.headers(benefits(), "benefits"),
        )
        found.append(Determination.model_validate(answer.json()["items"][0]))
    return found


@pytest.mark.shows("S07")
async def test_a_month_tells_how_many_were_helped_with_how_much_and_how_many_urgently(
    walk: Walk,
) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await walk.do(ZHANG_LI, "advance", amount_fen=60000, paid_on=today(walk), voucher="备-7")
    told = await aid_lines(walk.register, "2026-09")
    assert (told["aid-cases"]["number"], told["aid-sum"]["fen"]) == (1, 60000)
    assert told["aid-urgent-rate"]["basis_points"] == 10000
    await papers(walk)
    other = await reported(Walk(walk.register), order=2, kind="expenditure", cause="illness")
    await other.do(WANG_FANG, "accept")
    await papers(other)
    in_month(walk.register, 1)
    for each, amount_fen in ((walk, 150000), (other, 80001)):
        await proposed(each, amount_fen)
        await approved(each, ZHAO_GANG)
    told = await aid_lines(walk.register, "2026-10")
    assert told["aid-sum"]["fen"] == 150000 - 60000 + 80001
    assert told["aid-average"]["mean_fen"] == 85001, "170,001 fen by two, the half rounded up"
    assert told["aid-urgent-rate"]["basis_points"] == 5000
    by = {each["value"]: each["fen"] for each in told["aid-sum"]["by"][0]["values"]}
    assert by == {"urgent": 90000, "expenditure": 80001}
    path = "/reports/month/2026-10"
    behind = await walk.register.get(
        f"{path}/lines/aid-sum", STATISTICIAN, by="aid", value="urgent"
    )
    (record,) = behind.json()["items"]
    assert (record["receipt"], record["words"]["amount_fen"]["zh"]) == (
        walk.case["receipt"],
        "900.00",
    )
    for way in ("pdf", "workbook"):
        assert (await walk.register.get(f"{path}/{way}", STATISTICIAN)).status_code == 200
    await closed(walk.register)
    in_month(walk.register, 1)
    assert (await freeze(walk.register)).status_code == 201, "sums freeze as numbers do"
    frozen = await aid_lines(walk.register, "2026-10")
    assert frozen["aid-sum"]["fen"] == told["aid-sum"]["fen"]


async def aid_lines(register: Register, month: str) -> dict[str, Any]:
    """The lines of a month by name."""
    register.app.state.shelf.forget()
    answer = await register.get(f"/reports/month/{month}", STATISTICIAN)
    return lines_of(answer.json())


async def test_help_comes_first_and_the_papers_later(walk: Walk) -> None:
    await reported(walk)
    assert walk.case["state_due_on"] is not None
    await walk.do(WANG_FANG, "accept")
    first: dict[str, Any] = {"paid_on": today(walk), "voucher": "备-7"}
    answer = await walk.ask(ZHANG_LI, "advance", amount_fen=100001, **first)
    assert answer.json()["needs"] == ["within-advance-limit"]
    await walk.do(ZHANG_LI, "advance", amount_fen=60000, **first)
    assert walk.case["state"] == "advanced"
    assert (await walk.ask(CHEN_HONG, "withdraw")).status_code == 409
    later(walk.register, 25)
    late = (await walk.register.get("/cases", WANG_FANG, state="advanced", overdue=True)).json()
    assert [each["receipt"] for each in late["items"]] == [walk.case["receipt"]]
    await papers(walk)
    await proposed(walk, 150000)
    assert walk.case["state"] == "approving"
    await approved(walk, ZHAO_GANG)
    assert walk.case["state"] == "aided"
    letter = text_of(await walk.register.get(f"{walk.path}/letters/decision", WANG_FANG))
    assert "救助金额共1500.00元，其中600.00元已先行支付，其余900.00元一次发放。" in letter
    (decided,) = await announced(walk.register)
    assert (decided.programme, str(decided.from_month)) == ("temporary", "2026-10")
    assert decided.until_month == decided.from_month
    sums = [decided.facts[f"temporary_{each}_fen"] for each in ("decided", "advanced")]
    assert sums == [150000, 60000], "the law asks its limits of the whole, and pays the rest"
    assert decided.facts["temporary_approved_by"] == 1


@pytest.mark.shows("S16")
async def test_the_time_from_report_to_help_is_measured_case_by_case(walk: Walk) -> None:
    month = today(walk)[:7]
    for order in (1, 2):
        await reported(walk, order=order)
        await walk.do(WANG_FANG, "accept")
    later(walk.register, 1)
    await walk.do(ZHANG_LI, "advance", amount_fen=60000, paid_on=today(walk), voucher="备-7")
    later(walk.register, 30)
    found = (await walk.register.get("/aid-times", ZHANG_LI, month=month)).json()
    assert (found["reported"], found["helped"], found["papers_overdue"]) == (2, 1, 1)
    assert [each["minutes_to_help"] for each in found["items"]] == [None, 24 * 60]
    assert found["items"][1]["papers_overdue"] is True
    elsewhere = (await walk.register.get("/aid-times", ZHAO_MIN, month=month)).json()
    assert elsewhere["items"] == [], "another township's are not there"
    assert (await walk.register.get("/aid-times", ZHANG_LI, month="2026-08")).json()["items"] == []


@pytest.mark.parametrize(("amount_fen", "state"), [(200000, "approving"), (200001, "confirming")])
async def test_what_is_above_the_townships_limit_goes_up(
    walk: Walk, amount_fen: int, state: str
) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk), amount_fen)
    assert walk.case["state"] == state
    if state == "confirming":
        answer = await walk.ask(ZHAO_GANG, "confirm", decision_number="救1号")
        assert answer.json()["needs"] == ["yours-to-decide"]
    for by in (ZHANG_LI, WANG_FANG):
        answer = await walk.ask(by, "confirm", decision_number="救1号")
        assert answer.status_code in {403, 409}, "who proposed or visited does not decide"
    await approved(walk, ZHAO_GANG if state == "approving" else HE_JUN)


async def test_what_a_townships_only_head_proposed_the_county_decides(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await papers(walk)
    await walk.do(
        ZHANG_LI, "propose", opinion="refuse", amount_fen=0, stages=0, reasons="已由保险赔付"
    )
    assert walk.case["state"] == "approving"
    said: dict[str, Any] = {"decision_number": "救2号", "reasons": "已由保险赔付"}
    answer = await walk.ask(ZHANG_LI, "refuse", **said)
    assert answer.json()["needs"] == ["not-the-proposer"]
    assert (await walk.do(HE_JUN, "refuse", **said))["state"] == "refused"


async def test_a_place_that_sets_no_limit_decides_in_the_county(register: Register) -> None:
    walk = await reported(Walk(register))
    await walk.do(WANG_FANG, "accept")
    answer = await walk.ask(ZHANG_LI, "advance", amount_fen=1, paid_on=today(walk), voucher="1")
    assert answer.json()["needs"] == ["within-advance-limit"]
    await proposed(await papers(walk), 1)
    assert walk.case["state"] == "confirming"


async def test_one_cause_is_helped_once_a_year_unless_the_county_allows_it(walk: Walk) -> None:
    for cause in ("fire", "illness"):
        await reported(walk, cause=cause)
        await walk.do(WANG_FANG, "accept")
        await proposed(await papers(walk))
        assert walk.case["state"] == "approving", "another cause is another matter"
        await approved(walk, ZHAO_GANG)
        in_month(walk.register, 1)
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    assert walk.case["state"] == "confirming", "the same cause goes up, however small"
    answer = await walk.ask(HE_JUN, "confirm", decision_number="救9号")
    assert answer.json()["needs"] == ["room-for-cause"]
    await approved(walk, HE_JUN, repeat_allowed="yes")
    last = (await announced(walk.register))[-1]
    assert last.facts["temporary_same_cause_count"] == 1
    assert last.facts["temporary_repeat_allowed"] == 1
    in_month(walk.register, 3)
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    assert walk.case["state"] == "approving", "a new year begins anew"


async def test_two_proposals_for_one_cause_are_not_both_approved(walk: Walk) -> None:
    cases = []
    for _ in range(2):
        await reported(walk)
        await walk.do(WANG_FANG, "accept")
        await proposed(await papers(walk))
        assert walk.case["state"] == "approving", "neither knows of the other yet"
        cases.append(walk.case)
    walk.case = cases[0]
    await approved(walk, ZHAO_GANG)
    in_month(walk.register, 1)
    walk.case = cases[1]
    answer = await walk.ask(ZHAO_GANG, "confirm", decision_number="救2号")
    assert answer.json()["type"] == "/problems/helped-before"
    await walk.do(ZHAO_GANG, "return-to-township", reason="同一事由已救助")
    await proposed(walk)
    assert walk.case["state"] == "confirming", "once more is the county's to allow"


async def test_the_reserve_pays_once_for_one_cause(walk: Walk) -> None:
    first: dict[str, Any] = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-7"}
    for _ in range(2):
        await reported(walk)
        await walk.do(WANG_FANG, "accept")
        answer = await walk.ask(ZHANG_LI, "advance", **first)
    assert answer.json()["type"] == "/problems/helped-before"
    await proposed(await papers(walk))
    assert walk.case["state"] == "confirming", "what was paid first counts as help"


@pytest.mark.breaks("No reserve below zero")
async def test_nothing_is_paid_first_beyond_what_the_reserve_holds_and_the_county_decides(
    walk: Walk,
) -> None:
    books = walk.register.neighbours
    books.reserve_fen = 50000
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    paid: dict[str, Any] = {"paid_on": today(walk), "voucher": "备-9"}
    answer = await walk.ask(ZHANG_LI, "advance", amount_fen=60000, **paid)
    assert answer.json()["type"] == "/problems/reserve-spent"
    assert (await walk.look())["state"] == "accepted", "nothing left, and the case stands"
    case = await walk.do(ZHANG_LI, "advance", amount_fen=40000, **paid)
    assert case["state"] == "advanced"
    assert (books.reserve_fen, books.advances) == (10000, {walk.case["case_id"]: 40000})


async def test_who_paid_first_does_not_decide(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await walk.do(ZHAO_GANG, "advance", amount_fen=60000, paid_on=today(walk), voucher="备-7")
    await proposed(await papers(walk))
    answer = await walk.ask(ZHAO_GANG, "confirm", decision_number="救3号")
    assert answer.json()["needs"] == ["not-the-advancer"]


async def test_nothing_is_paid_first_to_a_relative(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    words = {"relation": "spouse", "name": "李伟", "id_number": id_number(1)}
    answer = await walk.register.client.post(
        "/relatives", json=words, headers=walk.register.headers(ZHANG_LI)
    )
    assert answer.status_code == 201, answer.text
    paid: dict[str, Any] = {"amount_fen": 60000, "paid_on": today(walk), "voucher": "备-7"}
    answer = await walk.ask(ZHANG_LI, "advance", **paid)
    assert answer.json()["needs"] == ["not-a-relative"]


@pytest.mark.breaks("A relative is visited")
async def test_the_county_visits_whoever_is_related_before_they_are_helped(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "declare-relative", officer="zhang-li", relation="表兄")
    await walk.do(WANG_FANG, "accept")
    await papers(walk)
    proposer = staff("zhou-ping", TOWN_HEAD, VILLAGE[:9])
    words = {"opinion": "grant", "amount_fen": 150000, "stages": 1, "reasons": "符合条件"}
    await walk.do(proposer, "propose", **words)
    answer = await walk.ask(ZHAO_GANG, "confirm", decision_number="救4号")
    assert answer.json()["needs"] == ["visited-where-due"]
    await walk.do(HE_JUN, "home-check", as_found=True, visited_on=today(walk), findings="情况属实")
    await approved(walk, ZHAO_GANG)
    assert walk.case["state"] == "aided"


async def test_a_household_on_dibao_stands_as_it_stood(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    await walk.open(category="temporary", household_id=household)
    words = {"kind": "urgent", "cause": "fire", "happened_on": today(walk), "elsewhere": "no"}
    await walk.do(CHEN_HONG, "report", **words)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    await approved(walk, ZHAO_GANG)
    again = await a_known_household(walk.register)
    assert again == household
    decided = walk.register.rows("SELECT programme FROM determination ORDER BY id")
    assert [each["programme"] for each in decided] == [None, "temporary"]
    await reported(walk, order=1, cause="illness")


async def test_one_month_gives_a_household_aid_once(walk: Walk) -> None:
    for cause in ("fire", "illness"):
        await reported(walk, cause=cause)
        await walk.do(WANG_FANG, "accept")
        await proposed(await papers(walk))
        answer = await walk.ask(ZHAO_GANG, "confirm", decision_number=f"救〔2026〕{cause}号")
        walk.case = {**walk.case, "answer": answer.json()}
    assert walk.case["answer"]["type"] == "/problems/given-this-month"


async def test_help_that_was_refused_is_paid_at_once_when_its_appeal_has_won(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    words = {"decision_number": "青临〔2026〕7号", "reasons": "不属急难"}
    await walk.do(ZHAO_GANG, "refuse", **words)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    won: dict[str, Any] = {"from_month": "2026-09", "amount_fen": 120000}
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **{**OUTCOME, **won})
    assert (await walk.look())["state"] == "aided"
    (decision,) = await announced(walk.register)
    assert decision.facts["temporary_decided_fen"] == 120000
    letter = text_of(await walk.register.get(f"{appeal.path}/letters/appeal-won", SUN_LEI))
    assert "救助金额共1200.00元，一次发放。" in letter
    told = await aid_lines(walk.register, "2026-09")
    assert (told["aid-cases"]["number"], told["aid-sum"]["fen"]) == (1, 120000)
    in_month(walk.register, 1)
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await proposed(await papers(walk))
    assert walk.case["state"] == "confirming", "what was won counts as help for its cause"


@pytest.mark.breaks("Given once")
@pytest.mark.parametrize("act", ["win", "set-aside"])
async def test_help_that_was_given_is_not_paid_again_by_an_appeal(walk: Walk, act: str) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await approved(await proposed(await papers(walk), 150000, 2), ZHAO_GANG)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won: dict[str, Any] = {"from_month": "2026-09", "amount_fen": 190000} if act == "win" else {}
    answer = await appeal.ask(SUN_LEI, act, **{**OUTCOME, **won})
    assert answer.json()["needs"] == ["not-given-once" if act == "win" else "not-given-again"]
    assert len(await announced(walk.register)) == 1


async def test_what_was_wholly_paid_first_ends_well_and_promises_no_money(walk: Walk) -> None:
    await reported(walk)
    await walk.do(WANG_FANG, "accept")
    await walk.do(ZHANG_LI, "advance", amount_fen=60000, paid_on=today(walk), voucher="备-7")
    await proposed(await papers(walk), 60000)
    await approved(walk, ZHAO_GANG)
    assert walk.case["state"] == "aided"
    assert await announced(walk.register) == []
    verified = "SELECT body FROM outbox WHERE subject LIKE '%advance-verified%'"
    assert [each["body"]["case_id"] for each in walk.register.rows(verified)] == [
        walk.case["case_id"]
    ]
    (said,) = walk.register.rows("SELECT body FROM outbox WHERE body ->> 'happened' = 'granted'")
    assert said["body"]["from_month"] is None
    told = await aid_lines(walk.register, "2026-09")
    assert (told["aid-cases"]["number"], told["aid-sum"]["fen"]) == (1, 60000)
