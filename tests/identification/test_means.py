"""What a household lives on: declared, found at a visit, reckoned by the place's norms, decided."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.identification.means import questions
from shared.tables import TableUnreadable
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
)
from tests.identification.register import Register, benefits

NUMBER = "青民决〔2026〕961号"


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def nothing_of(entity: str) -> dict[str, Any]:
    """Every question answered with nothing, as a form says it that was left empty."""
    return {name: fact.ordinary_word for name, fact in questions.facts_of(entity).items()}


def farmers(**head: Any) -> dict[str, Any]:
    """Li Wei, who works beyond the province, and Li Na, with two and a half mu and two pigs."""
    application = an_application(
        means={
            **nothing_of("household"), "farm_basis": 2, "paddy_hundredths": 250, "pigs_count": 2,
        }
    )  # fmt: skip
    works = {"wage_basis": 4, "migrant_place": 3, "wage_months": 6}
    for each, said in zip(application["members"], ({**works, **head}, {}), strict=True):
        each["means"] = {**nothing_of("person"), **said}
    return application


async def declared(walk: Walk) -> None:
    """Farmers, accepted."""
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=farmers())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")


async def visited(walk: Walk, income_fen_yearly: int, **found: Any) -> str:
    """A visit of two, with what it found and comes to."""
    survey_id = str(uuid4())
    today = walk.register.app.state.clock.today().isoformat()
    words: dict[str, Any] = {"visited_on": today, "family_member": "李伟", "findings": "见逐项"}
    words |= {"income_fen_yearly": income_fen_yearly, "means": found}
    await walk.do(WANG_FANG, "survey", survey_id=survey_id, **words)
    await walk.do(LIU_QIANG, "sign-survey", survey_id=survey_id)
    return survey_id


async def means_of(walk: Walk) -> dict[str, Any]:
    answer = await walk.register.get(f"{walk.path}/means", WANG_FANG)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def values(found: dict[str, Any], whose: str) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in found["reckoned"][whose]["sums"]}


def test_a_question_of_no_fact_and_a_fact_of_no_question_are_refused(tmp_path: Path) -> None:
    table = questions.TABLE.read_text(encoding="utf-8")
    own = tmp_path / "questions.yaml"
    for old, new, said in (
        ("      pond_hundredths:", "      lake_hundredths:", "lake_hundredths"),
        ("      wage_months: {", "      wage_month: {", "wage_month"),
        (
            "      enterprises_count: {zh: 名下的公司、合作社、铺子, en: registered enterprises}\n",
            "",
            "enterprises_count",
        ),
    ):
        assert old in table
        own.write_text(table.replace(old, new), encoding="utf-8")
        with pytest.raises(TableUnreadable, match=said):
            questions.steps(own)


async def test_land_stock_and_months_of_work_are_worth_what_the_place_says(walk: Walk) -> None:
    await declared(walk)
    found = await means_of(walk)
    sums = values(found, "declared")
    # Six months at 2,600 yuan; two and a half mu at 600; two pigs at 200.
    assert sums["means_period_income_fen"] == 1_560_000
    assert sums["means_farm_fen_yearly"] == 190_000
    assert sums["means_income_fen_yearly"] == 1_750_000
    assert sums["means_income_per_head_fen_monthly"] == 1_750_000 // 24
    (mu,) = [
        ask["norms"] for step in found["steps"] for ask in step["asks"]
        if ask["fact"] == "paddy_hundredths"
    ]  # fmt: skip
    assert (mu[0]["amount_fen"], mu[0]["since"], mu[0]["standing"]) == (
        60_000, "2025-01", "demonstration",
    )  # fmt: skip
    (paddy,) = [
        each for each in found["reckoned"]["declared"]["workings"]
        if each["quantity"] == "means_paddy_fen_yearly"
    ]  # fmt: skip
    assert "600.00" in paddy["arithmetic"]["zh"]
    assert paddy["label"] == {"zh": "水田收入", "en": "yield of paddy fields"}


async def test_what_a_visit_corrects_counts_and_what_was_declared_stays(walk: Walk) -> None:
    await declared(walk)
    less = {"head": {"wage_months": 3}}
    first = await visited(walk, 1_000_000, household={"paddy_hundredths": 300}, members=less)
    found = await means_of(walk)
    assert found["declared"]["household"]["paddy_hundredths"] == 250
    assert found["found"]["household"]["paddy_hundredths"] == 300
    assert values(found, "declared")["means_income_fen_yearly"] == 1_750_000
    assert values(found, "found")["means_income_fen_yearly"] == 780_000 + 220_000
    await visited(walk, 1_840_000, household={"paddy_hundredths": 400})
    both = await means_of(walk)
    # Two visits: neither counts until a person chooses.
    assert both["found"] == both["declared"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=first, reason="有凭据")
    assert (await means_of(walk))["found"]["household"]["paddy_hundredths"] == 300


async def test_what_was_not_asked_is_named_and_nothing_is_guessed(walk: Walk) -> None:
    await walk.open()
    application = farmers()
    del application["means"]["support_basis"]
    await walk.do(CHEN_HONG, "write", application=application)
    found = await means_of(walk)
    (income,) = [
        each for each in found["reckoned"]["declared"]["sums"]
        if each["name"] == "means_income_fen_yearly"
    ]  # fmt: skip
    assert income["value"] is None
    assert income["missing"]["zh"] == "「赡（抚、扶）养费核算方式」还没问清"


@pytest.mark.parametrize(
    ("whose", "fact", "basis"),
    [
        ("head", "wage_fen", "wage_basis"),
        ("head", "wage_months", "wage_basis"),
        ("head", "work_cost_fen", "work_cost_basis"),
        ("household", "paddy_hundredths", "farm_basis"),
        ("household", "pigs_count", "farm_basis"),
        ("household", "support_agreed_fen_yearly", "support_basis"),
    ],
)
async def test_nothing_is_said_and_left_out(walk: Walk, whose: str, fact: str, basis: str) -> None:
    await walk.open()
    application = an_application(means=nothing_of("household"))
    for each in application["members"]:
        each["means"] = nothing_of("person")
    of = application if whose == "household" else application["members"][0]
    of["means"] |= {fact: 10}
    answer = await walk.ask(CHEN_HONG, "write", application=application)
    assert (answer.status_code, answer.json()["field"]) == (422, "application")
    named = questions.facts_of("household" if whose == "household" else "person")
    assert named[fact].label.zh in answer.json()["zh"]
    assert named[basis].label.zh in answer.json()["zh"]
    of["means"] |= {basis: 2}
    assert (await walk.ask(CHEN_HONG, "write", application=application)).status_code == 200


async def test_a_visit_finds_nothing_that_would_be_left_out(walk: Walk) -> None:
    await declared(walk)
    words = {"visited_on": "2026-09-25", "family_member": "李伟", "findings": "无"}
    for means, status in (
        ({"household": {"support_agreed_fen_yearly": 12_000}}, 422),
        ({"household": {"farm_basis": 1, "pigs_count": 4}}, 422),
        ({"members": {"wife": {"wage_fen": 60_000}}}, 422),
        ({"members": {"head": {"wage_basis": 1}}, "household": {"pigs_count": 4}}, 200),
    ):
        visit: dict[str, Any] = {**words, "income_fen_yearly": 230_000, "means": means}
        answer = await walk.ask(WANG_FANG, "survey", survey_id=str(uuid4()), **visit)
        assert answer.status_code == status, (means, answer.text)


async def test_a_visit_finds_only_what_the_law_knows(walk: Walk) -> None:
    await declared(walk)
    unknown: tuple[dict[str, Any], ...] = (
        {"household": {"gambling_fen": 1}},
        {"household": {"wage_fen": 1}},
        {"members": {"stranger": {"wage_fen": 1}}},
        {"members": {"head": {"wage_months": 13}}},
        {"everybody": {}},
    )
    words = {"visited_on": "2026-09-25", "family_member": "李伟", "findings": "无"}
    for means in unknown:
        visit: dict[str, Any] = {**words, "income_fen_yearly": 0, "means": means}
        answer = await walk.ask(WANG_FANG, "survey", survey_id=str(uuid4()), **visit)
        assert answer.status_code == 422, means
        assert answer.json()["field"].startswith("means"), means


async def test_what_was_found_goes_with_the_decision_under_the_laws_own_names(walk: Walk) -> None:
    await declared(walk)
    letter = await walk.paper(WANG_FANG, "authorisation")
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(WANG_FANG, "authorise", person_key="head", document_id=letter, signed_on=today)
    less = {"head": {"wage_months": 1}}
    await visited(walk, 420_000, household={"paddy_hundredths": 200}, members=less)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    monthly = (260_000 + 160_000) // 12
    words = {"income_fen_monthly": monthly, "reasons": "符合条件"}
    await walk.do(ZHANG_LI, "propose", opinion="grant", **words)
    await walk.put_up()
    later(walk.register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER)
    decided = await determined(walk)
    facts = decided["facts"]
    assert (facts["income_fen_monthly"], facts["income_fen_yearly"]) == (monthly, 420_000)
    assert (facts["paddy_hundredths"], facts["farm_basis"]) == (200, 2)
    head = next(each["facts"] for each in decided["members"] if each["facts"]["wage_basis"] == 4)
    assert (head["wage_months"], head["migrant_place"]) == (1, 3)


async def determined(walk: Walk) -> dict[str, Any]:
    """The last decision, as benefits fetches it."""
    rows = walk.register.rows("SELECT id FROM determination ORDER BY id DESC LIMIT 1")
    answer = await walk.register.client.get(
        "/determinations",
        params={"determination_id": str(rows[0]["id"])},
        headers=walk.register.headers(benefits(), "benefits"),
    )
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    assert isinstance(found, dict)
    return found
