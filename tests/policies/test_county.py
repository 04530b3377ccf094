"""A county's month gives each household what it gets alone, to the fen and to the reason."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import policies
from policies import Snapshot
from policies.counties import county as counties_of_policies
from tests.policies.households import (
    a_household,
    a_person,
    a_plausible_county,
    counties,
    crowded_counties,
)

LAW = policies.load("511425")
GENEROUS = LAW.supposing(
    {
        "tekun_pays_care": 1,
        "tekun_care_by_self_care_fen_monthly": {1: 5000, 3: 60000},
        "disability_nursing_mildest_grade_of_mind": 3,
        "disability_living_with_tekun": 1,
        "dibao_counts_tekun": 1,
        "dibao_rounds_up_to_fen": 1,
        "month_of_death_payable": 0,
        "age_counts_from_month": 1,
        "old_age_sum_fen": {1: 25000, 3: 100001},
        "old_age_period_months": {3: 7},
    }
)
MONTHLY = {name for names in LAW.families.values() for name in names}
MONTHS = ["2015-12", "2016-02", "2021-06", "2024-12", "2025-12", "2026-09", "2026-10", "2026-11"]

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def alone(law: policies.Law, county: list[dict[str, Any]], month: str) -> dict[Any, Any]:
    """What each household gets by itself: sums above zero, and reasons to hold."""
    return {key: what for each in county for key, what in alone_listed(law, each, month)}


def alone_listed(law: policies.Law, household: dict[str, Any], month: str) -> list[Any]:
    return [
        (
            (answer.programme, answer.beneficiary_kind, answer.beneficiary_id),
            answer.held or (answer.amount_fen, answer.budget_item, answer.fund),
        )
        for answer in law.assess(household, month)
        if answer.held or answer.amount_fen
    ]


def together(law: policies.Law, snapshot: Snapshot, month: str, **which: Any) -> dict[Any, Any]:
    outcome = law.award_county(snapshot, month, **which)
    found: dict[Any, Any] = {}
    for award in outcome.awards:
        key = award[:3]
        assert key not in found
        found[key] = (award.amount_fen, award.budget_item, award.fund)
    for hold in outcome.holds:
        assert hold[:3] not in found
        found[hold[:3]] = hold.reason
    return found


@quick
@given(county=counties(LAW), month=st.sampled_from(MONTHS), generous=st.booleans())
def test_a_county_gives_each_household_what_it_gets_alone(
    county: list[dict[str, Any]], month: str, generous: bool
) -> None:
    law = GENEROUS if generous else LAW
    assert together(law, LAW.snapshot(county), month) == alone(law, county, month)


def in_force(words: dict[str, Any], since: str, until: str, month: str) -> bool:
    return (words[since] or month) <= month <= (words[until] or month)


def with_doubles_held(law: policies.Law, county: list[dict[str, Any]], month: str) -> Any:
    """What each gets alone, but for whoever stands in the month more than once."""
    rows = [each for each in county if in_force(each, "from_month", "until_month", month)]
    households = Counter(each["household_id"] for each in rows)
    people = {
        place: [m["person_id"] for m in each["members"] if in_force(m, "since", "until", month)]
        for place, each in enumerate(rows)
    }
    persons = Counter(name for names in people.values() for name in names)
    found: dict[Any, Any] = {}
    for place, household in enumerate(rows):
        for key, value in alone_listed(law, household, month):
            whose = people[place] if key[1] == "household" else [key[2]]
            if households[household["household_id"]] > 1:
                value = "determinations-overlap"
            elif any(persons[name] > 1 for name in whose):
                value = "person-in-two-households"
            assert isinstance(value, str) or key not in found
            found.setdefault(key, value)
    return found


@quick
@given(county=crowded_counties(LAW), month=st.sampled_from(["2026-09", "2026-10", "2026-11"]))
def test_whoever_stands_in_a_month_twice_is_held_once_and_nobody_else_is(
    county: list[dict[str, Any]], month: str
) -> None:
    found = together(LAW, LAW.snapshot(county), month)
    assert found == with_doubles_held(LAW, county, month)


def test_a_county_shared_out_among_threads_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    county = LAW.snapshot(a_plausible_county(households=1000, seed=7))
    at_once = LAW.award_county(county, "2026-10")
    monkeypatch.setattr(counties_of_policies, "_ROWS_AT_ONCE", 7)
    shared_out = LAW.award_county(county, "2026-10")
    assert list(shared_out.awards) == list(at_once.awards)
    assert list(shared_out.holds) == list(at_once.holds)


def test_awards_can_be_taken_one_by_one_and_from_the_end() -> None:
    outcome = LAW.award_county(LAW.snapshot(a_plausible_county(40, seed=1)), "2026-10")
    awards = list(outcome.awards)
    assert [outcome.awards[place] for place in range(len(awards))] == awards
    assert outcome.awards[-1] == awards[-1]
    assert outcome.awards[3:7] == awards[3:7]
    with pytest.raises(IndexError):
        outcome.awards[len(awards)]


@pytest.mark.parametrize("month", ["2026-10", "2026-12", "2027-06"])
def test_a_plausible_county_is_paid_as_each_household_alone(month: str) -> None:
    county = a_plausible_county(households=1000, seed=511425)
    found = together(LAW, LAW.snapshot(county), month)
    assert found == alone(LAW, county, month)
    assert {programme for programme, *_ in found} >= MONTHLY
    assert sum(not isinstance(each, str) for each in found.values()) > 1000


@quick
@given(county=counties(LAW), month=st.sampled_from(MONTHS))
def test_a_frozen_snapshot_gives_the_same_again(county: list[dict[str, Any]], month: str) -> None:
    snapshot = LAW.snapshot(county)
    thawed = Snapshot.from_bytes(snapshot.to_bytes())
    assert thawed.sha256 == snapshot.sha256
    assert together(LAW, thawed, month) == together(LAW, snapshot, month)
    words = [thawed.household(row) for row in range(len(thawed))]
    assert LAW.snapshot(words).sha256 == snapshot.sha256
    assert alone(LAW, words, month) == alone(LAW, county, month)


@quick
@given(county=counties(LAW), cut=st.integers(0, 6))
def test_a_county_in_chunks_and_families_gives_the_whole(
    county: list[dict[str, Any]], cut: int
) -> None:
    snapshot = LAW.snapshot(county)
    parts: dict[Any, Any] = {}
    for family in LAW.families:
        parts |= together(LAW, snapshot, "2026-10", family=family, stop=cut)
        parts |= together(LAW, snapshot, "2026-10", family=family, start=cut)
    whole = together(LAW, snapshot, "2026-10")
    assert parts == {key: each for key, each in whole.items() if key[0] in MONTHLY}


def test_an_award_says_where_it_belongs() -> None:
    snapshot = LAW.snapshot([a_household(a_person(on_old_age=1, born_on=1940_01_01))])
    awards = LAW.award_county(snapshot, "2026-10").awards
    assert [award._asdict() for award in awards if award.programme in MONTHLY] == [
        {
            "programme": "dibao",
            "beneficiary_kind": "household",
            "beneficiary_id": "household-1",
            "household_id": "household-1",
            "village": "511425100201",
            "budget_item": "2081902",
            "fund": "hardship",
            "amount_fen": 19000,
            "row": 0,
        },
        {
            "programme": "old_age",
            "beneficiary_kind": "person",
            "beneficiary_id": "li-wei",
            "household_id": "household-1",
            "village": "511425100201",
            "budget_item": "2081002",
            "fund": "old-age",
            "amount_fen": 2000,
            "row": 0,
        },
    ]


def test_a_determination_holds_from_its_first_to_its_last_month() -> None:
    county = LAW.snapshot([a_household(from_month="2026-10", until_month="2026-11")])
    paid = [
        month
        for month in ("2026-09", "2026-10", "2026-11", "2026-12")
        if LAW.award_county(county, month).awards
    ]
    assert paid == ["2026-10", "2026-11"]


def test_two_determinations_in_turn_pay_each_its_months() -> None:
    county = LAW.snapshot(
        [
            a_household(from_month="2026-01", until_month="2026-10", income_fen_monthly=9000),
            a_household(from_month="2026-11", income_fen_monthly=4000),
        ]
    )
    sums = [LAW.award_county(county, m).awards[0].amount_fen for m in ("2026-10", "2026-11")]
    assert sums == [10000, 15000]


def test_two_determinations_in_one_month_hold_the_household_once() -> None:
    county = LAW.snapshot([a_household(), a_household(income_fen_monthly=4000)])
    outcome = LAW.award_county(county, "2026-10")
    assert not outcome.awards
    assert [hold.reason for hold in outcome.holds] == ["determinations-overlap"]


def test_one_person_in_two_households_is_held_in_both_and_the_neighbours_are_paid() -> None:
    county = LAW.snapshot(
        [
            a_household(a_person("li-wei", on_old_age=1, born_on=1940_01_01), household_id="a"),
            a_household(a_person("li-wei"), household_id="b"),
            a_household(a_person("chen-hong"), household_id="c"),
        ]
    )
    outcome = LAW.award_county(county, "2026-10")
    assert [award.beneficiary_id for award in outcome.awards] == ["c"]
    monthly = [hold for hold in outcome.holds if hold.programme in MONTHLY]
    assert [(hold.beneficiary_id, hold.reason) for hold in monthly] == [
        ("a", "person-in-two-households"),
        ("b", "person-in-two-households"),
        ("li-wei", "person-in-two-households"),
    ]


def test_a_move_at_the_turn_of_the_month_holds_nobody() -> None:
    leaving = a_household(
        {**a_person("li-na"), "until": "2026-10"}, a_person("a"), household_id="a"
    )
    arriving = a_household(a_person("li-na", since="2026-11"), household_id="b")
    county = LAW.snapshot([leaving, arriving])
    for month, sums in (("2026-10", [38000]), ("2026-11", [19000, 19000])):
        outcome = LAW.award_county(county, month)
        assert [award.amount_fen for award in outcome.awards] == sums
        assert not outcome.holds


def test_an_empty_county_owes_nothing() -> None:
    empty = Snapshot.from_bytes(LAW.snapshot([]).to_bytes())
    assert len(empty) == 0
    outcome = LAW.award_county(empty, "2026-10")
    assert (len(outcome.awards), len(outcome.holds)) == (0, 0)


def test_words_a_later_roster_may_add_are_not_in_the_way() -> None:
    household = a_household(a_person(eye_colour=3), shoe_size=42)
    assert together(LAW, LAW.snapshot([household]), "2026-10") == alone(LAW, [household], "2026-10")


def test_a_snapshot_from_before_a_fact_was_declared_knows_nothing_of_it() -> None:
    table = LAW.snapshot([a_household(a_person(on_tekun=1, care_mode=1))]).to_table()
    older = table.drop_columns(
        [
            "income_fen_monthly",
            "income_fen_monthly_state",
            "member_on_tekun",
            "member_on_tekun_state",
        ]
    )
    snapshot = Snapshot.from_bytes(Snapshot.from_table(older).to_bytes())
    assert "income_fen_monthly" not in snapshot.household(0)["facts"]
    holds = LAW.award_county(snapshot, "2026-10").holds
    assert [hold.reason for hold in holds] == ["unknown-on_tekun", "unknown-on_tekun"]


def test_a_table_that_is_no_snapshot_is_refused() -> None:
    table = LAW.snapshot([a_household()]).to_table()
    with pytest.raises(ValueError, match="not a snapshot"):
        Snapshot.from_table(table.drop_columns(["household_id"]))


def test_one_fen_is_paid_and_nought_is_no_award() -> None:
    law = LAW.supposing({"dibao_rounds_up_to_fen": 1, "dibao_floor_per_head_fen_monthly": {2: 0}})
    county = [
        a_household(a_person(str(income)), household_id=str(income), income_fen_monthly=income)
        for income in (18_998, 18_999, 19_000, 19_001)
    ]
    awards = law.award_county(LAW.snapshot(county), "2026-10").awards
    assert [award.amount_fen for award in awards] == [2, 1]


def test_tekun_without_a_mode_of_care_is_held_among_thousands_as_it_is_alone() -> None:
    county = [a_household(a_person(on_tekun=1))]
    assert together(LAW, LAW.snapshot(county), "2026-10") == alone(LAW, county, "2026-10")
    held = LAW.award_county(LAW.snapshot(county), "2026-10").holds
    assert [hold.reason for hold in held] == ["not-applicable-care_mode"]


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "202610", "", "2026-00"])
def test_a_month_that_is_none_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        LAW.award_county(LAW.snapshot([]), month)
