"""Who does not agree is heard by others: upheld, decided again by another, or won with arrears."""

from datetime import date
from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    later,
    staff,
)
from tests.identification.makers import id_number
from tests.identification.register import BEFORE, Register
from tests.identification.reporters import STATISTICIAN, numbers_of, report
from tests.identification.test_changes import told
from tests.identification.test_letters import text_of
from tests.identification.test_payees import a_card, said
from tests.identification.test_payees import decided as decided_payee

OTHER_HEAD = staff("fang-ting", {"cases:read", "cases:check", "cases:decide"})
OUTCOME: dict[str, Any] = {"decision_number": "青政复〔2026〕3号", "reasons": "收入核定有误"}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def lodged(walk: Walk, on: date | None = None, *, letter: bool = False) -> Walk:
    """An appeal against the decision of a case, lodged; by a letter that is on file, or without."""
    appeal = Walk(walk.register)
    about = walk.case["case_id"]
    await appeal.open(category="appeal", about_case_id=about, village=None)
    today = walk.register.app.state.clock.today()
    words = {"lodged_by": "李伟", "grounds": "种养收入早已停止，请求重新核定"}
    if letter:
        words["letter_id"] = await appeal.paper(CHEN_HONG, "appeal")
    await appeal.do(CHEN_HONG, "lodge", lodged_on=(on or today).isoformat(), **words)
    return appeal


async def carded(register: Register) -> Walk:
    """A change whose decision led a household's money to another card."""
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="change", household_id=household_id)
    await walk.look()
    await walk.do(CHEN_HONG, "card", **await a_card(walk))
    await decided_payee(walk)
    return walk


async def moved_out_and_earning(walk: Walk, until: str, income_fen_monthly: int) -> None:
    """A change that is proposed to be decided: a member moves out, who stay earn something else."""
    key = (await walk.look())["application"]["members"][1]["key"]
    await walk.do(CHEN_HONG, "move-out", person_key=key, until=until, reason="外出")
    await walk.do(CHEN_HONG, "income", income_fen_monthly=income_fen_monthly, reason="务工")
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")


def put_back(register: Register) -> list[tuple[str | None, str, str]]:
    """To which account, in whose place and from when money was led by the last word of it."""
    first, *rest = said(register)
    assert "instead_of" not in first or first["instead_of"] is None
    assert {each["instead_of"] for each in rest} <= {first["account_id"]}
    return [(each["account_id"], each["relation"], each["from_month"]) for each in rest]


async def test_more_days_for_an_appeal_are_given_once_by_who_may_hear_it(walk: Walk) -> None:
    appeal = await lodged(await walk.refused())
    due = (await appeal.do(SUN_LEI, "accept"))["due_on"]
    longer = (await appeal.do(SUN_LEI, "extend", reason="需赴外省取证"))["due_on"]
    assert (date.fromisoformat(longer) - date.fromisoformat(due)).days >= 20
    answer = await appeal.ask(SUN_LEI, "extend", reason="再延")
    assert answer.json()["needs"] == ["not-extended-before"]


@pytest.mark.breaks("No money led elsewhere alone")
async def test_a_card_whose_decision_is_set_aside_is_paid_to_no_more(register: Register) -> None:
    walk = await carded(register)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert put_back(register) == [(BEFORE, "household", "2026-10")]
    await walk.look()
    await walk.do(OTHER_HEAD, "refuse", decision_number="c-2", reasons="不是本人的卡")
    assert len(put_back(register)) == 1, "the refusal finds it put back"


@pytest.mark.breaks("No money led elsewhere alone")
async def test_an_appeal_that_is_won_puts_back_the_account_from_before(register: Register) -> None:
    walk = await carded(register)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10")
    assert put_back(register) == [(BEFORE, "household", "2026-10")]
    assert (await walk.look())["state"] == "changed"


@pytest.mark.breaks("No money led elsewhere alone")
@pytest.mark.parametrize("outcome", ["set-aside", "win"])
async def test_where_no_account_stood_before_money_goes_nowhere(
    register: Register, outcome: str
) -> None:
    register.neighbours.paid_to = None
    walk = await carded(register)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won = {"from_month": "2026-10"} if outcome == "win" else {}
    await appeal.do(SUN_LEI, outcome, **OUTCOME, **won)
    assert put_back(register) == [(None, "household", "2026-10")]


async def test_a_refusal_that_is_set_aside_is_decided_again_by_another(walk: Walk) -> None:
    await walk.refused()
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    set_aside = await appeal.do(SUN_LEI, "set-aside", owed_from="2026-09", **OUTCOME)
    assert set_aside["state"] == "set-aside"
    case = await walk.look()
    assert (case["state"], case["history"][-1]["act"]) == ("confirming", "decision-set-aside")
    assert case["due_on"] is not None
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕901号")
    assert answer.json()["needs"] == ["another-decides"]
    await walk.do(OTHER_HEAD, "confirm", decision_number="青民决〔2026〕902号")
    decision = await told(walk.register, walk.case["receipt"])
    assert (str(decision.from_month), decision.facts["on_dibao"]) == ("2026-09", 1)


async def test_a_grant_that_is_set_aside_is_not_refused_while_it_is_drawn(walk: Walk) -> None:
    await walk.confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕901号")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await walk.look()
    again: dict[str, Any] = {"decision_number": "青民决〔2026〕902号", "reasons": "核定后超标"}
    answer = await walk.ask(OTHER_HEAD, "refuse", **again)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/granted-still")
    decision = await told(walk.register, walk.case["receipt"])
    assert decision.facts["on_dibao"] == 1
    await walk.do(OTHER_HEAD, "confirm", decision_number="青民决〔2026〕903号")


async def test_a_report_counts_a_case_that_was_set_aside_as_open_again(walk: Walk) -> None:
    await walk.refused()
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await walk.look()
    await walk.do(OTHER_HEAD, "confirm", decision_number="青民决〔2026〕902号")
    for path in ("/reports/month/2026-10", "/reports/quarter/2026-Q4"):
        answer = await walk.register.get(path, STATISTICIAN)
        assert answer.status_code == 200, answer.text
    counted = numbers_of(await report(walk.register, "/reports/month/2026-10"))
    assert counted["cases-open"] == 0, "nobody asked for the certificate"


@pytest.mark.breaks("Looked into before it rises")
async def test_an_appeal_that_is_won_brings_the_months_that_were_owed(walk: Walk) -> None:
    await walk.refused()
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    owed: dict[str, Any] = {"from_month": "2026-09", "income_fen_monthly": 12000}
    alone = {"heard_on": "2026-10-02", "findings": "本人陈述"}
    await appeal.do(SUN_LEI, "note-hearing", **alone)
    answer = await appeal.ask(SUN_LEI, "win", **OUTCOME, **owed)
    assert answer.json()["needs"] == ["heard-by-another"]
    await appeal.heard()
    won = await appeal.do(SUN_LEI, "win", **OUTCOME, **owed)
    assert won["state"] == "won"
    decision = await told(walk.register, walk.case["receipt"])
    assert str(decision.from_month) == "2026-09"
    assert (decision.facts["on_dibao"], decision.facts["income_fen_monthly"]) == (1, 12000)
    assert (await walk.look())["state"] == "granted"
    answer = await walk.register.get(f"{appeal.path}/letters/appeal-won", SUN_LEI)
    assert answer.headers["content-type"] == "application/pdf"


async def test_an_exit_that_was_wrong_is_taken_back_with_its_months(register: Register) -> None:
    household_id = await a_known_household(register, from_month="2026-01")
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.found(
        "wrongly-in", ends="dibao", found_on="2026-09-20", findings="户主为财政供养人员"
    )
    removal = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-03"}
    await walk.do(HE_JUN, "remove", reasons="不符合条件", **removal)
    assert (await told(register)).facts["on_dibao"] == 0
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won = {**OUTCOME, "from_month": "2026-03"}
    answer = await appeal.ask(SUN_LEI, "win", **won, income_fen_monthly=9000)
    assert answer.json()["needs"] == ["found-by-the-rules"], "less than the visit found"
    await appeal.do(SUN_LEI, "win", **won, income_fen_monthly=20000)
    decision = await told(register)
    assert (str(decision.from_month), decision.facts["on_dibao"]) == ("2026-03", 1)
    assert (await walk.look())["state"] == "kept"


async def test_an_exit_that_is_set_aside_is_put_back_by_another(register: Register) -> None:
    household_id = await a_known_household(register, from_month="2026-01")
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.found(
        "wrongly-in", ends="dibao", found_on="2026-09-20", findings="户主为财政供养人员"
    )
    back = {"from_month": "2026-03", "reasons": "系同名他人"}
    words: dict[str, Any] = {"decision_number": "青民退〔2026〕3号", **back}
    answer = await walk.ask(HE_JUN, "restore", **words)
    assert answer.json()["needs"] == ["set-aside-before"]
    await walk.do(HE_JUN, "remove", decision_number="青民退〔2026〕2号", **back)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await walk.look()
    await walk.do(OTHER_HEAD, "restore", **words)
    decision = await told(register)
    assert (str(decision.from_month), decision.facts["on_dibao"]) == ("2026-03", 1)
    letter = text_of(await register.get(f"{walk.path}/letters/restored", OTHER_HEAD))
    for line in ("青民退〔2026〕3号", "自2026年3月起恢复原状", "系同名他人", "60日内"):
        assert line in letter, line


async def test_a_change_that_was_refused_is_made_once_its_appeal_has_won(
    register: Register,
) -> None:
    household_id = await a_known_household(register, from_month="2026-01")
    walk = await Walk(register).open(category="change", household_id=household_id)
    await walk.do(CHEN_HONG, "income", income_fen_monthly=7000, reason="失业")
    await walk.do(CHEN_HONG, "submit")
    await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="refuse", reasons="不属实")
    await walk.do(HE_JUN, "refuse", decision_number="青民变〔2026〕1号", reasons="不属实")
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won = {**OUTCOME, "from_month": "2026-09"}
    answer = await appeal.ask(SUN_LEI, "win", **won, income_fen_monthly=7000)
    assert answer.json()["needs"] == ["found-by-the-rules"], "less than the visit found"
    await appeal.do(SUN_LEI, "win", **won, income_fen_monthly=12000)
    decision = await told(register)
    assert (str(decision.from_month), decision.facts["income_fen_monthly"]) == ("2026-09", 12000)
    assert (await walk.look())["state"] == "changed"


async def test_a_change_that_was_decided_is_undone_once_its_appeal_has_won(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="change", household_id=household_id)
    await moved_out_and_earning(walk, "2026-09", 18000)
    number = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **number)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10", income_fen_monthly=15000)
    decision = await told(register)
    assert decision.facts["income_fen_monthly"] == 15000
    assert [each.until for each in decision.members] == [None, None]


@pytest.mark.breaks("Nothing is put back blindly")
@pytest.mark.parametrize("again", ["confirm", "refuse"])
async def test_a_change_that_is_set_aside_is_undone_until_it_is_decided_again(
    register: Register, again: str
) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="change", household_id=household_id)
    before = (await told(register)).facts["income_fen_monthly"]
    await moved_out_and_earning(walk, "2026-09", 18000)
    number = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **number)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    decision = await told(register)
    assert str(decision.from_month) == "2026-10"
    assert decision.facts["income_fen_monthly"] == before
    assert [each.until for each in decision.members] == [None, None]
    await walk.look()
    number["decision_number"] = "青民变〔2026〕2号"
    if again == "refuse":
        del number["from_month"]
        await walk.do(OTHER_HEAD, "refuse", **number, reasons="不属实")
    else:
        await walk.do(OTHER_HEAD, "confirm", **number)
    decision = await told(register)
    stays = again == "refuse"
    assert decision.facts["income_fen_monthly"] == (before if stays else 18000)
    assert [each.until is None for each in decision.members].count(True) == (2 if stays else 1)


@pytest.mark.breaks("Nothing is put back blindly")
async def test_what_was_decided_since_stands_from_its_month_when_an_appeal_has_won(
    register: Register,
) -> None:
    household_id = await a_known_household(register, from_month="2026-01")
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.found("wrongly-in", ends="dibao", found_on="2026-09-20", findings="同名")
    number = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "remove", reasons="不符合条件", **number)
    later(register, 40)
    other = await Walk(register).open(category="change", household_id=household_id)
    await moved_out_and_earning(other, "2026-11", 30000)
    since = {"decision_number": "青民变〔2026〕8号", "from_month": "2026-12"}
    await other.do(HE_JUN, "confirm", **since)
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-10")
    rows = register.rows("SELECT from_month, decision_number FROM determination ORDER BY id")
    assert [(each["from_month"], each["decision_number"]) for each in rows[-2:]] == [
        ("2026-10", OUTCOME["decision_number"]), ("2026-12", OUTCOME["decision_number"]),
    ]  # fmt: skip
    decision = await told(register)
    assert (decision.facts["on_dibao"], decision.facts["income_fen_monthly"]) == (1, 30000)
    gone = [str(each.until) for each in decision.members if each.until]
    assert gone == ["2026-11"], "who left since is gone"


async def test_a_decision_that_is_upheld_stands(walk: Walk) -> None:
    await walk.refused()
    appeal = await lodged(walk)
    accepted = await appeal.do(SUN_LEI, "accept")
    assert accepted["due_on"] is not None
    answer = await appeal.ask(SUN_LEI, "uphold", **OUTCOME)
    assert answer.json()["needs"] == ["heard-by-another"], "nobody is turned down unheard"
    await appeal.heard()
    await appeal.do(SUN_LEI, "uphold", **OUTCOME)
    assert (await walk.look())["state"] == "refused"
    assert walk.register.rows("SELECT 1 FROM determination") == []


async def test_who_had_a_hand_in_the_decision_does_not_hear_it(walk: Walk) -> None:
    await walk.refused()
    appeal = await lodged(walk)
    for name in ("he-jun", "zhang-li"):
        hears = staff(name, {"cases:hear"})
        answer = await appeal.ask(hears, "accept")
        assert answer.json()["needs"] == ["not-the-decider"]
    await appeal.do(SUN_LEI, "accept")
    answer = await appeal.ask(staff("he-jun", {"cases:hear"}), "uphold", **OUTCOME)
    assert answer.json()["needs"] == ["not-the-decider", "heard-by-another"]


@pytest.mark.breaks("A relative is visited")
async def test_what_the_county_was_to_visit_is_not_won_without_it(walk: Walk) -> None:
    await walk.refused()
    kin = {"relation": "cousin", "name": "李伟", "id_number": id_number(1)}
    answer = await walk.register.client.post(
        "/relatives", json=kin, headers=walk.register.headers(OTHER_HEAD)
    )
    assert answer.status_code == 201, answer.text
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    won: dict[str, Any] = {"from_month": "2026-10", "income_fen_monthly": 20000}
    answer = await appeal.ask(SUN_LEI, "win", **OUTCOME, **won)
    assert answer.json()["needs"] == ["kin-visited-before"]
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert (await walk.look())["state"] == "confirming", "others decide it again, once visited"


async def test_only_what_was_decided_is_appealed_and_once(walk: Walk) -> None:
    await walk.proposed()
    words = {"category": "appeal", "about_receipt": walk.case["receipt"]}
    answer = await walk.register.client.post(
        "/cases", json=words, headers=walk.register.headers(CHEN_HONG)
    )
    assert answer.json()["type"] == "/problems/nothing-decided"
    del words["about_receipt"]
    answer = await walk.register.client.post(
        "/cases", json=words, headers=walk.register.headers(CHEN_HONG)
    )
    assert answer.json()["type"] == "/problems/about-nobody"
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    words = {"decision_number": "青民决〔2026〕804号", "reasons": "收入高于标准"}
    await walk.do(HE_JUN, "refuse", **words)
    first, second = await lodged(walk), await lodged(walk)
    for appeal in (first, second):
        await appeal.do(SUN_LEI, "accept")
    await first.do(SUN_LEI, "set-aside", **OUTCOME)
    answer = await second.ask(SUN_LEI, "set-aside", **OUTCOME)
    assert answer.json()["needs"] == ["decision-stands"]
