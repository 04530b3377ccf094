"""What holds of every place, whatever it offers and whatever its numbers."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import policies
from tests.policies.households import counties
from tests.policies.test_county import alone, together

ROOT = Path(policies.__file__).parent
PLACES = sorted(path.parent.name for path in ROOT.glob("places/*/place.yaml"))
LAWS = {place: policies.load(place) for place in PLACES}
MONTHS = ["2016-06", "2021-07", "2025-01", "2026-04", "2026-09", "2026-12"]

few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def _answers(law: policies.Law, county: list[dict[str, Any]], month: str) -> dict[Any, Any]:
    return {
        (each.programme, each.beneficiary_id): each._replace(workings=())
        for household in county
        for each in law.assess(household, month)
    }


@pytest.mark.parametrize("place", PLACES)
@few
@given(data=st.data(), month=st.sampled_from(MONTHS))
def test_an_answer_gives_refuses_or_holds_and_says_which(
    place: str, data: st.DataObject, month: str
) -> None:
    law = LAWS[place]
    for answer in _answers(law, data.draw(counties(law)), month).values():
        assert (answer.eligible is None) == (answer.held is not None)
        assert (answer.eligible is False) == (answer.failed is not None)
        if answer.held:
            assert law.reason(answer.held).zh
        elif answer.eligible:
            assert answer.amount_fen is not None
            assert answer.amount_fen >= 0
            assert answer.gives == "money" or (answer.quantity or 0) >= 0


@pytest.mark.parametrize("place", PLACES)
@few
@given(data=st.data(), order=st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing(place: str, data: st.DataObject, order: Any) -> None:
    law = LAWS[place]
    county = data.draw(counties(law))
    shuffled = [
        {**household, "members": order.sample(household["members"], len(household["members"]))}
        for household in county
    ]
    assert _answers(law, shuffled, "2026-10") == _answers(law, county, "2026-10")


@pytest.mark.parametrize("place", PLACES)
@few
@given(data=st.data(), month=st.sampled_from(MONTHS))
def test_a_county_of_the_place_is_paid_as_each_household_alone(
    place: str, data: st.DataObject, month: str
) -> None:
    """Goods and services have no sum: a county learns of them only what is held."""
    law = LAWS[place]
    county = data.draw(counties(law))
    assert together(law, law.snapshot(county), month) == alone(law, county, month)
