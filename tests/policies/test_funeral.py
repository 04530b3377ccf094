"""What a county's year of funerals comes to."""

import policies
from tests.policies.households import a_household, a_person

DEATHS = 1_422


def test_790_yuan_for_each_of_1422_bodies_are_1123380_yuan() -> None:
    law = policies.load("511425")
    county = [
        a_household(
            a_person(f"person-{place}", died_on=2026_03_01),
            household_id=f"household-{place}",
            from_month="2026-01",
        )
        for place in range(DEATHS)
    ]
    awards = [
        each
        for each in law.award_county(law.snapshot(county), "2026-03").awards
        if each.programme == "funeral"
    ]
    assert len(awards) == DEATHS
    assert sum(each.amount_fen for each in awards) == 112_338_000
