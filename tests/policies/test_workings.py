"""Why this sum: lines a clerk can read out, in both languages, with source and evidence."""

import ast

import pytest

import policies
from policies import Working, arithmetic
from policies.engine.bench import Missing
from policies.engine.readable import Rendering, Shown
from policies.engine.ways import crossroads
from tests.policies.households import a_household, a_person

LAW = policies.load("511425")


def lines(household: dict[str, object], programme: str) -> dict[str, Working]:
    answers = LAW.assess(household, "2026-10")
    answer = next(each for each in answers if each.programme == programme)
    return {line.quantity: line for line in answer.workings}


def test_dibao_is_read_out_from_the_standard_to_the_sum() -> None:
    people = [a_person("li-wei"), a_person("chen-hong"), a_person("li-na")]
    told = lines(a_household(*people, registration=1, income_fen_monthly=60050), "dibao")
    assert told["dibao_household_standard_fen"].arithmetic == policies.Words(
        zh="每人低保标准 370.00 元 × 低保保障人数 3",
        en="standard a head 370.00 yuan × members dibao is reckoned for 3",
    )
    gap = told["dibao_gap_fen"]
    assert gap.arithmetic is not None
    assert gap.arithmetic.en == (
        "standard for the household 1110.00 yuan − income counted for dibao 600.50 yuan"
    )
    assert gap.shown.en == "509.50 yuan"
    award = told["dibao_award_fen_monthly"]
    assert (award.value, award.shown.zh, award.depth) == (51000, "510.00 元", 0)
    assert award.sentence.zh == "本月低保金，按当地规定的单位向上进位。"
    assert award.sentence.en.startswith("What dibao pays this month")


def test_the_figures_a_head_stand_beside_the_sum() -> None:
    people = [a_person("li-wei"), a_person("chen-hong"), a_person("li-na")]
    told = lines(a_household(*people, registration=1, income_fen_monthly=60000), "dibao")
    assert told["dibao_gap_per_head_fen"].value == 17000


def test_a_number_says_its_source_its_month_and_its_standing() -> None:
    told = lines(a_household(), "dibao")["dibao_standard_fen_monthly"]
    assert told.source is not None
    assert told.source.en.endswith("(DB-21)")
    assert told.sentence.en == "in force since 2025-01"
    assert told.standing == "demonstration"
    assert told.label.en == "dibao standard a head (rural)"


def test_a_quantity_is_explained_without_a_programme_and_mu_are_read_as_mu() -> None:
    household = a_household(farm_basis=2, paddy_hundredths=250, support_basis=None)
    names = ["means_farm_fen_yearly", "means_income_fen_yearly"]
    found = LAW.explain(names, household, "2026-10")
    assert found.values == {
        "means_farm_fen_yearly": LAW.value("means_farm_fen_yearly", household, "2026-10"),
        "means_income_fen_yearly": "unknown-support_basis",
    }
    told = {line.quantity: line for line in found.workings}
    paddy = told["means_paddy_fen_yearly"].arithmetic
    assert paddy is not None
    assert paddy.zh == "水田（亩） 2.5 × 水田年净收入标准（每亩） 600.00 元"
    assert list(told).index("means_paddy_fen_yearly") < list(told).index("means_farm_fen_yearly")
    assert "means_income_fen_yearly" not in told


def test_a_fact_says_what_proves_it_and_which_decision_brought_it() -> None:
    told = lines(a_household(income_fen_monthly=100), "dibao")["income_fen_monthly"]
    assert told.evidence is not None
    assert told.evidence.determination_id == "determination-of-household-1"
    assert told.evidence.decided_on == "2026-09-20"
    assert told.evidence.proof.zh


def test_a_person_is_told_with_their_own_lines_only() -> None:
    people = [a_person("li-wei"), a_person("li-na", on_old_age=1, born_on=1930_01_01)]
    answers = LAW.assess(a_household(*people), "2026-10")
    paid = next(each for each in answers if each.programme == "old_age" and each.eligible)
    assert {line.subject for line in paid.workings} == {"li-na", None}
    band = next(line for line in paid.workings if line.quantity == "old_age_sum_fen")
    assert (band.label.zh, band.value) == ("高龄津贴标准（第二档）", 50000)


def test_a_refusal_is_told_up_to_the_test_that_failed() -> None:
    answers = LAW.assess(a_household(income_fen_monthly=20000), "2026-10")
    dibao = answers[0]
    assert dibao.failed is not None
    assert dibao.failed.words.en == (
        "The household's income is not below the standard: it exceeds it by 10.00 yuan."
    )
    assert dibao.workings[-1].quantity == "dibao_gap_fen"
    assert dibao.workings[-1].kind == "test"


def test_a_hold_names_what_is_missing_in_both_languages() -> None:
    words = LAW.reason("unknown-income_fen_monthly")
    assert "家庭月收入" in words.zh
    assert "household income" in words.en
    assert LAW.reason("determinations-overlap").zh


@pytest.mark.parametrize("operation", arithmetic.OPERATIONS)
def test_every_operation_can_decide_which_way_is_told(operation: str) -> None:
    called = getattr(arithmetic, operation)
    arguments = ", ".join(["amount"] * called.__code__.co_argcount)
    text = f"def rule(amount):\n    return amount if {operation}({arguments}) > 0 else 0"
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    shown = Shown(policies.Words(zh="数", en="amount"), "count", {})
    found = crossroads(function)
    way = found.way(found.went([20261001]))
    told = Rendering(way, {"amount": shown}, shown, chinese=False).of(function)
    assert "amount %s" in told.text


def test_only_what_was_read_on_the_way_is_told() -> None:
    """A place that asks nothing of property, classes or norm tables tells nothing of them."""
    told = lines(a_household(income_fen_monthly=10000), "dibao")
    assert "income_fen_monthly" in told
    read = {name for name in told if name in LAW.facts}
    assert read == {"on_dibao", "died_on", "on_tekun", "registration", "income_fen_monthly"}
    assert not [name for name in told if name.startswith("means_")]


def test_a_test_the_place_does_not_ask_is_not_told() -> None:
    answer = LAW.assess(a_household(), "2026-10")[0]
    tests = {line.quantity for line in answer.workings if line.kind == "test"}
    assert "dibao_property_within_rules" not in tests
    assert {"dibao_decided", "dibao_members", "dibao_gap_fen"} <= tests


def test_a_rule_is_followed_along_the_way_it_went() -> None:
    rule = crossroads(LAW.kernel("2026-10").rules["payable_in_life"].tree)

    def read(*given: object) -> list[str]:
        return rule.names_read(rule.way(rule.went(given)))

    assert read(-1, 9) == ["last_payable_month_index"]
    assert read(Missing("unknown-died_on"), 9) == ["last_payable_month_index"]
    assert read(8, 9) == ["last_payable_month_index", "month_index"]


def test_a_line_is_put_into_words_in_the_language_that_is_read() -> None:
    gap = lines(a_household(income_fen_monthly=100), "dibao")["dibao_gap_fen"]
    assert gap.arithmetic is not None
    assert "全户低保标准" in gap.arithmetic.zh
    assert "en" not in vars(gap.arithmetic)
    assert gap.said("en")["arithmetic"].startswith("standard for the household")
    assert gap.said()["arithmetic"] == {"zh": gap.arithmetic.zh, "en": gap.arithmetic.en}


def test_workings_stay_what_they_were_whoever_is_assessed_afterwards() -> None:
    people = [a_person("li-wei", born_on=1936_10_05, on_old_age=1), a_person("li-na", on_tekun=1)]
    household = a_household(*people, income_fen_monthly=7000)
    at_once = [
        [line.said() for line in answer.workings] for answer in LAW.assess(household, "2026-10")
    ]
    kept = LAW.assess(household, "2026-10")
    household["facts"]["income_fen_monthly"] = 1
    household["members"][0]["facts"].clear()
    del household["members"][1]
    for income_fen in (0, 30_000, None):
        for answer in LAW.assess(a_household(income_fen_monthly=income_fen), "2026-10"):
            assert answer.workings
    assert [[line.said() for line in answer.workings] for answer in kept] == at_once
