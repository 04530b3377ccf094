"""A yearly standard comes to its year to the fen, however it is cut and whenever it begins."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

import policies
from tests.policies.households import NATION, a_household, a_person

Numbers = dict[str, int | Mapping[int, int]]
YEARLY: Numbers = {
    "dibao_standard_is_yearly": {2: 1},
    "dibao_floor_per_head_fen_yearly": {2: 0},
    "dibao_rounds_up_to_fen": 1,
    "dibao_starts_after_months": 0,
}
MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
few = settings(max_examples=15, deadline=None)


def _paid(law: policies.Law, confirmed_on: int) -> list[int]:
    household = a_household(a_person(), dibao_confirmed_on=confirmed_on)
    answers = [law.assess(household, month) for month in MONTHS]
    found = [next(a for a in each if a.programme == "dibao") for each in answers]
    return [each.amount_fen or 0 for each in found]


@few
@given(standard=st.integers(1, 2_000_000), quarterly=st.integers(0, 1))
def test_a_whole_year_is_the_yearly_standard(standard: int, quarterly: int) -> None:
    numbers: Numbers = {
        "dibao_standard_fen_yearly": {2: standard},
        "dibao_pays_by_quarter": quarterly,
    }
    paid = _paid(NATION.supposing(YEARLY | numbers), 2020_01_01)
    assert sum(paid) == standard
    assert quarterly == 0 or [each for place, each in enumerate(paid) if place % 3 != 2] == [0] * 8


@few
@given(standard=st.integers(120, 2_000_000), begins=st.integers(1, 12))
def test_a_first_quarter_in_part_is_paid_for_its_months_and_the_others_whole(
    standard: int, begins: int
) -> None:
    numbers: Numbers = {"dibao_standard_fen_yearly": {2: standard}, "dibao_reckons_start": 1}
    law = NATION.supposing(YEARLY | numbers | {"dibao_pays_by_quarter": 1})
    quarters = _paid(law, 2026_00_15 + begins * 100)[2::3]
    even = standard // 4
    whole = [even, even, even, standard - 3 * even]
    first = (begins - 1) // 3
    missed = (begins - 1) % 3
    part = whole[first] - missed * (whole[first] // 3)
    assert quarters == [0] * first + [part] + whole[first + 1 :]
