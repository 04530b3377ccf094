"""Another mode of care, self-care assessed anew, another certificate: each on what it rests."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.identification import makers
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    YANG_MEI,
    ZHANG_LI,
    Walk,
    an_application,
)
from tests.identification.lists import a_register, compared, delivered
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_changes import told
from tests.identification.test_payees import a_card

HOME = "12511425MB01234562"
DECISION: dict[str, Any] = {"decision_number": "青民变〔2026〕31号", "from_month": "2026-10"}


@pytest.fixture
async def walk(register: Register) -> Walk:
    """A change of h-1: an old man on tekun at home, and his son who is certified as grade 3."""
    words: dict[str, Any] = {"tekun": "是", "care_mode": "分散", "self_care": "全自理"}
    certified: dict[str, Any] = {"disability_grade": "三级", "disability_kind": "肢体"}
    old = makers.a_person(1, name="李乙", id_number=id_number(1, "19400304"), **words)
    son = makers.a_person(2, name="李丙", **certified)
    rows = makers.rows_of(makers.a_household("h-1", old, son, **makers.decided()))
    await register.imported(makers.a_csv(rows))
    walk = await Walk(register).open(category="change", household_number="h-1", village=None)
    await walk.look()
    return walk


def member(walk: Walk, place: int = 0) -> str:
    return str(walk.case["application"]["members"][place]["key"])


def today(walk: Walk) -> str:
    return str(walk.register.app.state.clock.today().isoformat())


async def facts(walk: Walk, place: int = 0) -> Mapping[str, Any]:
    """What was last decided of one of them."""
    found = {str(each.person_id): each.facts for each in (await told(walk.register)).members}
    return found[member(walk, place)]


async def a_move(walk: Walk, **words: Any) -> dict[str, Any]:
    """What is said of the old man's moving into a home today."""
    agreement = await walk.paper(CHEN_HONG, "care-agreement")
    said = {"person_key": member(walk), "care_mode": "centralised", "home": "县福利院"}
    return {**said, "moved_on": today(walk), "agreement_id": agreement, **words}


async def through_a_home(walk: Walk, **words: Any) -> dict[str, Any]:
    """What is said of the home that is paid for him."""
    return {
        "person_key": member(walk),
        "home": "县福利院",
        "home_number": HOME,
        "agreement_id": walk.papers["care-agreement"],
        "bank": "青神县商业银行",
        "account_number": "88100000000077",
        "proof_id": await walk.paper(CHEN_HONG, "bank-card"),
        **words,
    }


async def propose(walk: Walk) -> Any:
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    walk.case = answer.json() if answer.status_code == 200 else walk.case
    return answer.json()


@pytest.mark.breaks("Money follows care")
async def test_who_moves_into_a_home_is_paid_through_it_from_the_month_decided(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "care-mode", **await a_move(walk))
    (shown,) = (await walk.look())["effect"]["households"]
    assert shown["members"] == [{"name": "李乙", "facts": {"care_mode": 2}}]
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "requested", "no means are asked for"
    assert (await propose(walk))["needs"] == ["money-follows"]
    wrong = await walk.ask(
        CHEN_HONG, "care-home", **await through_a_home(walk, home_number="1" * 18)
    )
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/act-not-understood")
    await walk.do(CHEN_HONG, "care-home", **await through_a_home(walk))
    (offer,) = walk.register.neighbours.offers
    assert (offer["holder_kind"], offer["holder_name"]) == ("institution", "县福利院")
    assert (await propose(walk))["state"] == "confirming"
    early = await walk.ask(HE_JUN, "confirm", **{**DECISION, "from_month": "2026-08"})
    assert early.json()["needs"] == ["from-the-visit-on"]
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert (await facts(walk))["care_mode"] == 2
    (said,) = walk.register.told("payee-decided")
    assert (said["body"]["relation"], said["body"]["beneficiary_id"]) == (
        "institution", member(walk),
    )  # fmt: skip


@pytest.mark.breaks("Money follows care")
async def test_a_home_receives_the_money_only_of_whoever_is_cared_for_there(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "care-mode", **await a_move(walk))
    son = await through_a_home(walk, person_key=member(walk, 1))
    other = await through_a_home(walk, home="安心养老服务公司")
    for words in (son, other):
        answer = await walk.ask(CHEN_HONG, "care-home", **words)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-in-that-home")
    assert walk.register.neighbours.offers == []
    await walk.do(CHEN_HONG, "care-home", **await through_a_home(walk, home="县 福利院"))
    await walk.do(CHEN_HONG, "submit")
    await propose(walk)
    await walk.do(HE_JUN, "confirm", **DECISION)
    led = await Walk(walk.register).open(category="change", household_number="h-1", village=None)
    await led.look()
    await led.paper(CHEN_HONG, "care-agreement")
    await led.do(CHEN_HONG, "care-home", **await through_a_home(led, home="青神县敬老院"))
    back = await Walk(walk.register).open(category="change", household_id=led.case["household_id"])
    await back.look()
    words = await a_move(back, care_mode="scattered")
    await back.do(CHEN_HONG, "care-mode", **{n: w for n, w in words.items() if n != "home"})
    await back.do(CHEN_HONG, "card", **await a_card(back, pays="own"))
    await back.do(CHEN_HONG, "submit")
    await propose(back)
    await back.do(HE_JUN, "confirm", **{**DECISION, "decision_number": "青民变〔2026〕32号"})
    answer = await led.ask(CHEN_HONG, "submit")
    assert answer.json()["type"] == "/problems/not-in-that-home", "he is at home again"


@pytest.mark.breaks("Money follows care")
async def test_who_leaves_a_home_is_not_paid_through_it_on(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "care-mode", **await a_move(walk))
    await walk.do(CHEN_HONG, "care-home", **await through_a_home(walk))
    await walk.do(CHEN_HONG, "submit")
    await propose(walk)
    await walk.do(HE_JUN, "confirm", **DECISION)
    back = await Walk(walk.register).open(category="change", household_number="h-1", village=None)
    await back.look()
    words = await a_move(back, care_mode="scattered")
    assert (await back.ask(CHEN_HONG, "care-mode", **words)).json()["needs"] == ["home-named"]
    await back.do(
        CHEN_HONG, "care-mode", **{name: w for name, w in words.items() if name != "home"}
    )
    await back.do(CHEN_HONG, "submit")
    assert (await propose(back))["needs"] == ["money-follows"]


async def test_only_whoever_is_granted_it_is_cared_for_otherwise(walk: Walk) -> None:
    words = await a_move(walk, person_key=member(walk, 1))
    for act, said in (
        ("care-mode", words),
        ("child-care", words),
        ("self-care", {"person_key": member(walk, 1), "reason": "摔伤"}),
    ):
        answer = await walk.ask(CHEN_HONG, act, **said)
        assert answer.json()["type"] == "/problems/not-in-care", act


@pytest.mark.breaks("Self-care by two")
async def test_self_care_is_what_two_assessors_sign_and_neither_decides(walk: Walk) -> None:
    await walk.do(YANG_MEI, "self-care", person_key=member(walk), reason="中风后不能走路")
    assert (await walk.look())["effect"]["care"][0]["asked"]["zh"].startswith("重新评估")
    await walk.do(YANG_MEI, "submit")
    state = walk.register.app.state
    ten_days = state.casework.add_workdays(state.clock.today(), 10)
    assert walk.case["due_on"] == ten_days.isoformat(), "no later than ten days from the report"
    assert (await propose(walk))["needs"] == ["assessed-anew"]
    found: dict[str, Any] = {"person_key": member(walk), "assessed_on": today(walk), "failed": 4}
    half = await walk.ask(WANG_FANG, "assess-self-care", **found, agency="县评估中心")
    assert half.json()["needs"] == ["agency-with-report"]
    await walk.do(WANG_FANG, "assess-self-care", **found)
    assert (await propose(walk))["needs"] == ["assessed-anew"], "one alone"
    own = await walk.ask(WANG_FANG, "sign-self-care", person_key=member(walk))
    assert own.json()["needs"] == ["assessed-by-another"]
    await walk.do(ZHANG_LI, "sign-self-care", person_key=member(walk))
    assert (await propose(walk))["needs"] == ["not-the-assessor"]
    await walk.do(WANG_FANG, "assess-self-care", **{**found, "failed": 3})
    assert (await propose(walk))["needs"] == ["not-the-assessor", "assessed-anew"], "made anew"
    await walk.do(LIU_QIANG, "sign-self-care", person_key=member(walk))
    await walk.do(OTHER_TOWN_HEAD, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert (await facts(walk))["self_care"] == 2


@pytest.mark.breaks("Self-care by two")
async def test_an_agency_assesses_by_its_report(walk: Walk) -> None:
    await walk.do(CHEN_HONG, "self-care", person_key=member(walk), reason="卧床")
    await walk.do(CHEN_HONG, "submit")
    found: dict[str, Any] = {"person_key": member(walk), "assessed_on": today(walk), "failed": 6}
    report = await walk.paper(WANG_FANG, "self-care-report")
    await walk.do(WANG_FANG, "assess-self-care", **found, agency="县评估中心", report_id=report)
    assert (await propose(walk))["state"] == "confirming"
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert (await facts(walk))["self_care"] == 3


async def test_another_grade_rests_on_its_paper_or_on_the_list(walk: Walk) -> None:
    words: dict[str, Any] = {
        "person_key": member(walk, 1), "rests_on": "certificate", "grade": "1", "kind": "4",
        "certified_on": today(walk),
    }  # fmt: skip
    answer = await walk.ask(CHEN_HONG, "disability-grade", **words)
    assert answer.json()["needs"] == ["certificate-shown"]
    answer = await walk.ask(CHEN_HONG, "disability-grade", **{**words, "rests_on": "list"})
    assert answer.json()["type"] == "/problems/not-on-the-list"
    paper = await walk.paper(CHEN_HONG, "illness", JPEG + b"grade 1", of_person=member(walk, 1))
    await walk.do(CHEN_HONG, "disability-grade", **words, certificate_id=paper)
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "requested"
    assert (await propose(walk))["needs"] == ["finding-heard"], "they did not say it themselves"
    await walk.tell()
    await propose(walk)
    await walk.do(HE_JUN, "confirm", **DECISION)
    assert (await facts(walk, 1))["disability_grade"] == 1


@pytest.mark.breaks("Nothing ends on one word")
async def test_a_grade_by_the_list_is_the_one_an_alert_that_waits_found(register: Register) -> None:
    key = (await a_register(register))[id_number(4)]
    await delivered(register, "deaths", (id_number(2), "2026-09-02"))
    await delivered(register, "disability-certificates", (id_number(4), "一级", ""))
    await compared(register)
    walk = await Walk(register).open(category="change", household_number="h-2", village=None)
    words: dict[str, Any] = {"person_key": key, "rests_on": "list", "kind": "4"}
    words["certified_on"] = today(walk)
    answer = await walk.ask(CHEN_HONG, "disability-grade", **words, grade="2")
    assert answer.json()["type"] == "/problems/not-on-the-list", "another grade"
    await walk.do(CHEN_HONG, "disability-grade", **words, grade="1")
    assert (await walk.look())["effect"]["rests_on"] == ["own-paper"]
    await register.change("UPDATE alert SET closed_at = now()")
    answer = await walk.ask(CHEN_HONG, "disability-grade", **words, grade="1")
    assert answer.json()["type"] == "/problems/not-on-the-list", "it was dealt with"


async def test_a_certificate_that_is_no_more_names_no_kind(walk: Walk) -> None:
    paper = await walk.paper(CHEN_HONG, "illness", of_person=member(walk, 1))
    words: dict[str, Any] = {
        "person_key": member(walk, 1), "rests_on": "certificate", "grade": "none",
        "certified_on": today(walk), "certificate_id": paper,
    }  # fmt: skip
    kind = await walk.ask(CHEN_HONG, "disability-grade", **words, kind="4")
    assert kind.json()["needs"] == ["certificate-shown"]
    await walk.do(CHEN_HONG, "disability-grade", **words)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await propose(walk)
    await walk.do(HE_JUN, "confirm", **DECISION)
    gone = await facts(walk, 1)
    assert (gone["disability_grade"], gone["disability_kind"]) == (
        "not-applicable", "not-applicable",
    )  # fmt: skip


async def test_a_child_goes_to_kin_unpaid_through_anybody_and_to_a_home_through_it(
    register: Register,
) -> None:
    granted = await Walk(register, "children").open()
    await granted.do(CHEN_HONG, "write", application=an_application(whose="child"))
    await granted.do(CHEN_HONG, "submit")
    await granted.do(WANG_FANG, "accept")
    await granted.child_checked()
    await granted.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    number = (register.rows("SELECT number FROM household"))[0]["number"]
    walk = await Walk(register).open(category="change", household_number=number, village=None)
    await walk.look()
    agreement = await walk.paper(CHEN_HONG, "care-agreement")
    words = {"person_key": member(walk, 1), "moved_on": today(walk), "agreement_id": agreement}
    await walk.do(CHEN_HONG, "child-care", **words, care_mode="kin")
    await walk.do(CHEN_HONG, "submit")
    assert (await propose(walk))["state"] == "confirming", "in a family as before"
    await walk.do(ZHANG_LI, "reopen", reason="住进福利院了")
    await walk.do(CHEN_HONG, "child-care", **words, care_mode="centralised", home="县福利院")
    await walk.do(CHEN_HONG, "submit")
    assert (await propose(walk))["needs"] == ["money-follows"]
    await walk.do(CHEN_HONG, "care-home", **await through_a_home(walk, person_key=member(walk, 1)))
    await propose(walk)
    await walk.do(HE_JUN, "confirm", **DECISION)
    found = {str(e.person_id): e.facts for e in (await told(register, number)).members}
    assert found[member(walk, 1)]["care_mode"] == 2
