"""A household leaves dibao: it fades out and signs, it was never owed, or somebody died."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

import policies
from services.identification.casework.paths import all_paths, endable
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
    staff,
)
from tests.identification.makers import (
    CARD,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.test_changes import stays, told
from tests.identification.test_endings import won

RISEN: dict[str, Any] = {
    "ends": "dibao",
    "found_on": "2026-09-20",
    "income_fen_monthly": 260000,
    "findings": "外出务工，工资流水在案",
}


@pytest.fixture
async def walk(register: Register) -> Walk:
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.look()
    return walk


@pytest.mark.shows("S65")
@pytest.mark.breaks("Six months of fading")
async def test_a_household_above_the_standard_fades_out_and_leaves_with_a_letter(
    walk: Walk,
) -> None:
    found = await walk.found("over-standard", **RISEN)
    (effect,) = found["effect"]["households"]
    assert effect["facts"]["on_dibao"] == {"before": 1, "after": 0}
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    decision = await told(walk.register)
    assert str(decision.from_month) == "2026-10"
    assert decision.facts["dibao_above_standard_on"] == 20260920
    letter = await walk.paper(WANG_FANG, "exit-letter")
    for months, there in ((6, False), (1, True)):  # March 2027, the last month; then April.
        in_month(walk.register, months)
        answer = await walk.ask(
            HE_JUN, "exit", decision_number="青民退〔2027〕1号", letter_id=letter,
            signed_on="2027-03-01", shown_on="2027-03-01",
        )  # fmt: skip
        assert (answer.status_code == 200) == there, answer.text
    assert answer.json()["state"] == "exited"
    decision = await told(walk.register)
    assert str(decision.from_month) == "2027-04"
    assert decision.facts["dibao_above_standard_on"] == "not-applicable"
    assert decision.facts["on_dibao"] == 0


@pytest.mark.breaks("What was granted last")
async def test_nobody_says_what_was_paid_last(walk: Walk) -> None:
    answer = await walk.ask(WANG_FANG, "over-standard", **RISEN, last_paid_fen_monthly=9_000_000)
    assert (answer.status_code, answer.json()["field"]) == (422, "last_paid_fen_monthly")
    said = {
        *(
            name
            for path in all_paths().values()
            for act in path.acts.values()
            for name in act.fields
        ),
        *(grant.fading.since for grant in endable().values() if grant.fading),
        *(name for grant in endable().values() for name in grant.ended),
    }
    law = policies.load(walk.register.app.state.settings.county)
    granted = {name for name, fact in law.facts.items() if fact.granted is not None}
    assert granted
    assert not said & granted


async def test_no_income_that_fell_is_written_down_as_one_that_rose(walk: Walk) -> None:
    answer = await walk.ask(WANG_FANG, "over-standard", **{**RISEN, "income_fen_monthly": 9000})
    assert answer.json()["type"] == "/problems/not-risen"


@pytest.mark.shows("S65")
@pytest.mark.breaks("Six months of fading")
async def test_nobody_leaves_without_the_letter_or_why_nobody_signed(walk: Walk) -> None:
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    in_month(walk.register, 7)
    words: dict[str, Any] = {"decision_number": "青民退〔2027〕1号", "signed_on": "2027-04-01"}
    answer = await walk.ask(HE_JUN, "exit", **words, shown_on="2027-04-01")
    assert answer.json()["needs"] == ["signed-or-why-not"]
    letter = await walk.paper(WANG_FANG, "exit-letter")
    answer = await walk.ask(HE_JUN, "exit", **words, letter_id=letter)
    assert answer.json()["needs"] == ["shown-in-the-village"]
    answer = await walk.ask(HE_JUN, "exit", **words, letter_id=letter, shown_on="2027-03-31")
    assert answer.json()["needs"] == ["signed-then-shown"]
    left = await walk.do(
        HE_JUN,
        "exit",
        decision_number="青民退〔2027〕1号",
        shown_on="2027-04-01",
        unsigned_because="拒不签字，村干部两人在场",
    )
    assert left["state"] == "exited", "who refuses to sign does not fade for ever"
    pdf = await walk.register.get(f"{walk.path}/letters/exit", HE_JUN)
    letter_says = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text().replace("\n", "")
    assert "拒不签字，村干部两人在场" in letter_says
    assert "由您家签字" not in letter_says


@pytest.mark.shows("S65")
@pytest.mark.parametrize("child_alone", [False, True])
async def test_whom_no_list_may_show_leaves_after_the_fade_out_without_a_day_on_it(
    register: Register, child_alone: bool
) -> None:
    people = [a_person(1), a_person(2)]
    if child_alone:
        people = [a_person(3, id_number=id_number(3, "20180101"))]
    await register.imported(a_csv(rows_of(a_household("h-1", *people, **on_dibao()))))
    (home,) = register.rows("SELECT id FROM household")
    if not child_alone:
        change = await Walk(register).open(category="change", household_id=str(home["id"]))
        await change.do(WANG_FANG, "keep-secret", reason="家庭暴力受害人，依法保密")
    walk = await Walk(register).open(category="exit", household_id=str(home["id"]))
    await walk.look()
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    in_month(register, 7)
    words = {"decision_number": "青民退〔2027〕1号", "unsigned_because": "无法签字"}
    assert (await walk.do(HE_JUN, "exit", **words))["state"] == "exited"


@pytest.mark.shows("S65")
async def test_what_a_member_draws_of_their_own_stays_after_the_household_left(
    register: Register,
) -> None:
    household_id = await a_known_household(register, old_age="是")
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    decision = await told(register)
    assert decision.facts["on_dibao"] == 0
    assert sum(member.facts["on_old_age"] for member in decision.members) == 1


async def test_an_income_that_falls_again_takes_the_fade_out_back(walk: Walk) -> None:
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    in_month(walk.register, 2)
    back: dict[str, Any] = {"decision_number": "青民退〔2026〕9号", "reasons": "失业返乡"}
    answer = await walk.ask(HE_JUN, "take-back", from_month="2026-11", **back)
    assert answer.json()["needs"] == ["looked-into", "from-the-visit-on"]
    await walk.authorise()
    await walk.visit(108000)
    answer = await walk.ask(HE_JUN, "take-back", from_month="2026-11", **back)
    assert answer.json()["needs"] == ["looked-into"]
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(WANG_FANG, "compare", report_number="核〔2026〕8号", reported_on=today)
    for by, from_month, need in (
        (staff("liu-qiang", {"cases:decide"}), "2026-11", "not-the-surveyor"),
        (HE_JUN, "2026-10", "from-the-visit-on"),
    ):
        answer = await walk.ask(by, "take-back", from_month=from_month, **back)
        assert need in answer.json()["needs"]
    kept = await walk.do(HE_JUN, "take-back", from_month="2026-12", **back)
    assert kept["state"] == "kept"
    facts = (await told(walk.register)).facts
    assert (facts["on_dibao"], facts["income_fen_monthly"]) == (1, 9000)
    assert facts["dibao_above_standard_on"] == "not-applicable"


async def test_what_was_never_owed_ends_at_once_from_the_month_it_was_wrong(walk: Walk) -> None:
    words: dict[str, Any] = {"found_on": "2026-09-20", "findings": "户主为财政供养人员"}
    await walk.found("wrongly-in", ends="dibao", **words)
    removed = await walk.do(
        HE_JUN, "remove",
        decision_number="青民退〔2026〕2号", from_month="2026-03",
        reasons="不符合条件，建议追回2026年3月起的低保金",
    )  # fmt: skip
    assert removed["state"] == "exited"
    assert (await told(walk.register)).facts["on_dibao"] == 0
    months = "SELECT min(from_month) AS first FROM determination WHERE decision_number = %s"
    assert walk.register.rows(months, "青民退〔2026〕2号") == [{"first": "2026-03"}]


@pytest.mark.parametrize(("dead", "on_dibao"), [([1], 1), ([0, 1], 0)])
async def test_after_a_death_whoever_lives_on_is_decided_anew(
    register: Register, dead: list[int], on_dibao: int
) -> None:
    household_id = await a_known_household(register)
    for number in dead:
        walk = await Walk(register).open(category="exit", household_id=household_id)
        people = (await walk.look())["application"]["members"]
        key = people[0 if number == 0 or len(people) == 1 else 1]["key"]
        await walk.do(CHEN_HONG, "death", person_key=key, died_on="2026-09-02")
        await walk.paper(CHEN_HONG, "finding-proof")
        ended = await walk.do(
            HE_JUN, "end", decision_number=f"青民退〔2026〕{number}号", from_month="2026-10"
        )
        assert ended["state"] == "ended"
    assert (await told(register)).facts["on_dibao"] == on_dibao
    assert len([stay for stay in stays(register) if stay[3] == "2026-09"]) == len(dead)
    heard = register.rows("SELECT 1 FROM outbox WHERE subject LIKE '%person-died%'")
    assert len(heard) == len(dead)


async def test_who_found_it_does_not_decide_and_what_is_not_so_is_dismissed(walk: Walk) -> None:
    await walk.found("over-standard", **RISEN)
    self_decided = staff("wang-fang", {"cases:decide"})
    answer = await walk.ask(self_decided, "fade", decision_number="青民退〔2026〕1号")
    assert answer.json()["needs"] == ["not-the-requester", "not-the-surveyor"]
    himself = staff("wang-fang", {"cases:decide"})
    answer = await walk.ask(himself, "dismiss", reasons="算了")
    assert answer.json()["needs"] == ["not-the-requester", "not-the-surveyor"]
    kept = await walk.do(HE_JUN, "dismiss", reasons="系同名他人工资")
    assert (kept["state"], "effect" in kept) == ("kept", False)
    assert len(walk.register.rows("SELECT 1 FROM determination")) == 1


@pytest.mark.breaks("Six months of fading")
async def test_what_another_case_has_ended_meanwhile_fades_out_no_more(walk: Walk) -> None:
    await walk.found("over-standard", **RISEN)
    other = await Walk(walk.register).open(category="exit", household_id=walk.case["household_id"])
    words: dict[str, Any] = {"found_on": "2026-09-20", "findings": "户主为财政供养人员"}
    await other.found("wrongly-in", ends="dibao", **words)
    removal = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-10", "reasons": "错保"}
    await other.do(HE_JUN, "remove", **removal)
    answer = await walk.ask(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    assert answer.json()["type"] == "/problems/not-granted"
    assert "dibao_above_standard_on" not in (await told(walk.register)).facts


@pytest.mark.breaks("Six months of fading")
async def test_what_was_never_owed_ends_while_it_fades_and_is_not_put_back(walk: Walk) -> None:
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    household_id = walk.case["household_id"]
    other = await Walk(walk.register).open(category="exit", household_id=household_id)
    answer = await other.ask(WANG_FANG, "over-standard", **RISEN)
    assert answer.json()["type"] == "/problems/not-granted", "it fades once"
    found: dict[str, Any] = {"ends": "dibao", "found_on": "2026-09-21", "findings": "隐瞒了公职"}
    await other.found("wrongly-in", **found)
    removal = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-10"}
    await other.do(HE_JUN, "remove", reasons="不符合条件", **removal)
    facts = (await told(walk.register)).facts
    assert (facts["on_dibao"], facts["dibao_above_standard_on"]) == (0, "not-applicable")
    wish = await Walk(walk.register).open(category="exit", household_id=household_id)
    answer = await wish.ask(WANG_FANG, "wrongly-in", **found, rests_on="means")
    assert answer.json()["type"] == "/problems/not-granted", "nothing is left to end"
    assert (await walk.look())["state"] == "exited", "its case has left with it"
    appeal = await won(other)
    assert (appeal.case["state"], (await other.look())["state"]) == ("won", "kept")
    facts = (await told(walk.register)).facts
    assert (facts["on_dibao"], facts["dibao_above_standard_on"]) == (0, 20260920)
    assert (await walk.look())["state"] == "fading", "it fades on, and takes back can be"


@pytest.mark.breaks("Six months of fading")
async def test_an_appeal_against_a_fade_out_gives_back_nothing_another_ended(walk: Walk) -> None:
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    other = await Walk(walk.register).open(category="exit", household_id=walk.case["household_id"])
    found: dict[str, Any] = {"ends": "dibao", "found_on": "2026-09-21", "findings": "隐瞒了公职"}
    await other.found("wrongly-in", **found)
    removal = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-10", "reasons": "错保"}
    await other.do(HE_JUN, "remove", **removal)
    await walk.look()
    with pytest.raises(AssertionError, match="not-granted"):
        await won(walk)
    assert (await told(walk.register)).facts["on_dibao"] == 0


@pytest.mark.breaks("Looked into before it rises")
async def test_no_roster_puts_a_household_back_while_it_fades_and_its_case_ends_it(
    walk: Walk,
) -> None:
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    again = {"decision_number": "青民决〔2026〕9号", "decided_on": "2026-09-25"}
    await a_known_household(walk.register, **again, from_month="2026-10")
    newest = (await walk.register.get("/rosters")).json()["items"][0]["import_id"]
    brought = (await walk.register.get(f"/rosters/{newest}")).json()
    assert [(each["code"], each["column"]) for each in brought["problems"]] == [
        ("fades-out", "低保")
    ]
    facts = (await told(walk.register)).facts
    assert (facts["on_dibao"], facts["dibao_above_standard_on"]) == (0, 20260920)
    # Left empty, the row goes in, and the fade-out stands.
    await a_known_household(walk.register, dibao="", decision_number="", account_number=CARD)
    assert (await told(walk.register)).facts["dibao_above_standard_on"] == 20260920
    newest = (await walk.register.get("/rosters")).json()["items"][0]
    assert newest["accepted_by"] == "staff:chen", "whoever fades out is on assistance still"
    in_month(walk.register, 7)
    letter = await walk.paper(WANG_FANG, "exit-letter")
    await walk.do(
        HE_JUN, "exit", decision_number="青民退〔2027〕1号", letter_id=letter,
        signed_on="2027-03-01", shown_on="2027-03-01",
    )  # fmt: skip
    today = walk.register.app.state.clock.today().isoformat()
    anew = {"decision_number": "青民决〔2027〕3号", "decided_on": today, "from_month": "2027-05"}
    await a_known_household(walk.register, **anew)
    assert (await told(walk.register)).facts["on_dibao"] == 1, "what has left may be granted anew"


async def test_what_the_townships_only_head_found_the_countys_checker_judges_the_answer_to(
    walk: Walk,
) -> None:
    await walk.do(ZHANG_LI, "over-standard", **RISEN)
    await walk.tell_alone(ZHANG_LI)
    await walk.do(CHEN_HONG, "explain-hits", explanation="已经不在那里做工")
    answer = await walk.ask(ZHANG_LI, "reject-answer", reason="工资流水在案")
    assert answer.json()["needs"] == ["not-the-requester"]
    answer = await walk.ask(HE_JUN, "reject-answer", reason="工资流水在案")
    assert answer.json()["needs"] == ["yours-to-judge"], "who judges the answer does not decide"
    checker = staff("ma-lin", {"cases:read", "cases:check"})
    (line,) = (await walk.register.get("/cases", checker)).json()["items"]
    assert line["choice_waits"]
    await walk.do(checker, "reject-answer", reason="工资流水在案")
