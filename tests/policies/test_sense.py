"""What any law of this kind must do, whatever its numbers."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import policies
from tests.policies.households import a_household, a_person, counties, the_answer

LAW = policies.load("511425")
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answers(law: policies.Law, county: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    return {
        (each.programme, each.beneficiary_id): each._replace(workings=())
        for household in county
        for each in law.assess(household, "2026-10")
    }


@quick
@given(county=counties(LAW), standard=st.integers(0, 200_000), rise=st.integers(1, 50_000))
def test_raising_the_standard_never_lowers_dibao(
    county: list[dict[str, Any]], standard: int, rise: int
) -> None:
    numbers = {1: standard, 2: standard}
    before = answers(LAW.supposing({"dibao_standard_fen_monthly": numbers}), county)
    higher = {code: amount + rise for code, amount in numbers.items()}
    after = answers(LAW.supposing({"dibao_standard_fen_monthly": higher}), county)
    for who, was in before.items():
        assert was.held == after[who].held or was.failed
        if was.amount_fen is not None and after[who].amount_fen is not None:
            assert after[who].amount_fen >= was.amount_fen


@quick
@given(county=counties(LAW), order=st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing(county: list[dict[str, Any]], order: Any) -> None:
    shuffled = [
        {**household, "members": order.sample(household["members"], len(household["members"]))}
        for household in county
    ]
    assert answers(LAW, shuffled) == answers(LAW, county)


@quick
@given(county=counties(LAW))
def test_an_answer_is_a_sum_a_refusal_or_a_hold_and_never_negative(
    county: list[dict[str, Any]],
) -> None:
    for answer in answers(LAW, county).values():
        if answer.eligible is None:
            assert answer.held
            assert answer.amount_fen is None
            assert LAW.reason(answer.held).zh
        elif answer.eligible:
            assert answer.amount_fen >= 0
            assert answer.budget_item or not LAW.programmes[answer.programme].family
        else:
            assert answer.amount_fen == 0
            assert answer.failed.short_by >= 0
            assert "{" not in answer.failed.words.zh + answer.failed.words.en


@quick
@given(county=counties(LAW))
def test_workings_end_in_the_sum(county: list[dict[str, Any]]) -> None:
    kernel = LAW.kernel("2026-10")
    for household in county:
        for answer in LAW.assess(household, "2026-10"):
            if answer.eligible:
                award = kernel.programmes[answer.programme].award.name
                sums = [line.value for line in answer.workings if line.quantity == award]
                assert sums == [answer.quantity or answer.amount_fen]


@quick
@given(income=st.integers(0, 60_000), less=st.integers(0, 60_000), members=st.integers(1, 6))
def test_less_income_never_lowers_dibao(income: int, less: int, members: int) -> None:
    def dibao(income_fen: int) -> int:
        people = [a_person(str(each)) for each in range(members)]
        household = a_household(*people, income_fen_monthly=income_fen)
        return LAW.assess(household, "2026-10")[0].amount_fen or 0

    assert dibao(max(income - less, 0)) >= dibao(income)


def test_a_full_year_of_old_age_gives_the_printed_sum_to_the_fen() -> None:
    law = LAW.supposing({"old_age_sum_fen": {1: 25003}})
    household = a_household(a_person(born_on=1941_05_06, on_old_age=1))
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    parts = [the_answer(law, household, "old_age", each).amount_fen or 0 for each in months]
    assert sum(parts) == 25003


def test_turning_ninety_in_july_gives_half_a_year_of_each_band() -> None:
    household = a_household(a_person(born_on=1936_07_15, on_old_age=1))
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    parts = [the_answer(LAW, household, "old_age", each).amount_fen or 0 for each in months]
    assert sum(parts) == 312_000
