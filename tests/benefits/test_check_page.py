"""What two people see before they sign, what finance is asked for, and the month in sums."""

import pytest

from services.benefits import applications, overview, review
from services.benefits.models import Run
from shared.contracts.benefits import RunKind
from shared.ids import new_id
from shared.months import Month
from tests.benefits.county import CountyBenefits, at
from tests.benefits.makers import COUNTY, URBAN, WANG_FANG, a_household, a_person


async def look(benefits: CountyBenefits, of: Run) -> dict[str, object]:
    """The check page."""
    async with benefits.database.transaction() as session:
        return await review.page(session, benefits.law, of)


async def test_sums_stand_by_programme_town_and_budget_item(benefits: CountyBenefits) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(
        a_household(),
        a_household(village="511425101202"),
        a_household(registration=URBAN),
        a_household(tekun, on_dibao=0),
    )
    page = await look(benefits, await benefits.work(await benefits.open()))
    assert page["by_programme"] == [
        {"programme": "dibao", "count": 3, "total_fen": 75000},
        {"programme": "tekun", "count": 1, "total_fen": 36000},
    ]
    assert page["by_township"] == [
        {"township": "511425100", "count": 3, "total_fen": 92000},
        {"township": "511425101", "count": 1, "total_fen": 19000},
    ]
    assert page["by_budget_item"] == [
        {"budget_item": "2081901", "count": 1, "total_fen": 37000},
        {"budget_item": "2081902", "count": 2, "total_fen": 38000},
        {"budget_item": "2082102", "count": 1, "total_fen": 36000},
    ]
    assert page["demonstration"] is True
    assert page["notice"]


async def test_changes_against_last_month_carry_their_reasons(benefits: CountyBenefits) -> None:
    ids = {name: str(new_id()) for name in ("same", "cut", "held", "dead", "ended", "late")}
    person = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(
        a_household(household_id=ids["same"]),
        a_household(household_id=ids["cut"]),
        a_household(household_id=ids["held"]),
        a_household(person, household_id=ids["dead"], on_dibao=0),
        a_household(household_id=ids["ended"]),
        a_household(household_id=ids["late"], income_fen=None),
    )
    await benefits.pay("2026-10")
    november = {"from_month": "2026-11", "recorded_at": at(2026, 10, 20)}
    await benefits.learn(
        a_household(household_id=ids["cut"], income_fen=9000, **november),  # type: ignore[arg-type] # One dict of two kinds.
        a_household(household_id=ids["held"], income_fen=None, **november),  # type: ignore[arg-type] # The same.
        a_household(household_id=ids["ended"], on_dibao=0, **november),  # type: ignore[arg-type] # The same.
        a_household(household_id=ids["late"], income_fen=0, recorded_at=at(2026, 10, 21)),
        a_household(**november),  # type: ignore[arg-type] # The same.
    )
    await benefits.tell_of_death(person["person_id"], at(2026, 10, 12).date(), at(2026, 10, 22))
    of = await benefits.work(await benefits.open("2026-11"))
    page = await look(benefits, of)
    changes = page["changes"]
    assert isinstance(changes, dict)
    assert changes["compared_with"] == "2026-10"
    counted = {(row["change"], row["reason"]): row for row in changes["counted"]}
    assert {key: row["count"] for key, row in counted.items()} == {
        ("down", "decision"): 1,
        ("gone", "held"): 1,
        ("gone", "death"): 1,
        ("gone", "decision"): 1,
        ("new", "was-held"): 1,
        ("new", "decision"): 1,
    }
    assert counted["down", "decision"]["difference_fen"] == -9000
    assert counted["down", "decision"]["over_a_fifth"] == 1
    async with benefits.database.transaction() as session:
        listed = await review.changed(session, of, "gone")
    assert {row["household_id"] for row in listed} == {ids["held"], ids["dead"], ids["ended"]}


async def test_a_supplementary_run_is_not_compared_with_a_whole_month(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household())
    await benefits.pay()
    of = await benefits.work(await benefits.open(kind=RunKind.SUPPLEMENTARY))
    assert (await look(benefits, of))["changes"] is None


async def test_finance_is_asked_by_item_town_and_fund_with_the_sum_in_capitals(
    benefits: CountyBenefits,
) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(
        a_household(), a_household(village="511425101202"), a_household(tekun, on_dibao=0)
    )
    of = await benefits.work(await benefits.open())
    async with benefits.database.transaction() as session:
        with pytest.raises(applications.NotClosed):
            await applications.read(session, of)
    closed = await benefits.close(of)
    async with benefits.database.transaction() as session:
        asked = await applications.read(session, closed)
    assert [(row["budget_item"], row["township"], row["amount_fen"]) for row in asked["rows"]] == [
        ("2081902", "511425100", 19000),
        ("2081902", "511425101", 19000),
        ("2082102", "511425100", 36000),
    ]
    assert asked["by_fund"] == [{"fund": "hardship", "count": 3, "amount_fen": 74000}]
    assert (asked["total_yuan"], asked["total_capital"]) == ("740.00", "柒佰肆拾元整")


async def test_the_month_keeps_zeros_and_counts_each_held_household_once(
    benefits: CountyBenefits,
) -> None:
    unclear = a_person(on_tekun=1, care_mode=None, self_care=1)
    await benefits.learn(a_household(unclear, income_fen=None), a_household(), a_household())
    for family in ("livelihood", "disability", "old_age"):
        await benefits.pay(family=family)
    async with benefits.database.transaction() as session:
        month = await overview.month(session, benefits.law, COUNTY, Month(2026, 10))
    assert month["granted"] == {"count": 2, "total_fen": 38000}
    assert month["by_programme"]["dibao"] == {"count": 2, "total_fen": 38000}
    assert {name for name, each in month["by_programme"].items() if each["count"] == 0} == {
        "tekun",
        "disability_living",
        "disability_nursing",
        "old_age",
    }
    nothing = {"count": 0, "total_fen": 0}
    assert month["recoveries"] == {**nothing, "taken_back_fen": 0, "decided": nothing}
    assert month["held_households"]["count"] == 1
    assert sum(month["held_households"]["reasons"].values()) == 1
    assert len(month["runs"]) == 3
    assert len({run["policy_sha256"] for run in month["runs"]}) == 1
    assert month["policy_sha256"] == month["runs"][0]["policy_sha256"]
    assert len(month["facts_sha256"]) == 64


async def test_a_sum_opens_the_lines_it_counts_page_by_page(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household(), a_household(), a_household())
    await benefits.pay()
    async with benefits.door(WANG_FANG) as door:
        asked: dict[str, str | int] = {
            "first": "2026-01",
            "last": "2026-12",
            "programme": "dibao",
            "limit": 2,
        }
        first = (await door.get("/lines", params=asked)).json()
        rest = (await door.get("/lines", params={**asked, "after": first["next"]})).json()
        other = (await door.get("/lines", params={**asked, "programme": "tekun"})).json()
        earlier = (await door.get("/lines", params={**asked, "last": "2026-09"})).json()
    assert (first["count"], first["total_fen"]) == (3, 57000)
    found = [*first["items"], *rest["items"]]
    assert (sum(each["amount_fen"] for each in found), rest["next"]) == (57000, None)
    assert {each["pay_month"] for each in found} == {"2026-10"}
    assert (other["count"], earlier["count"]) == (0, 0)


async def test_what_a_later_month_settles_stays_in_the_month_it_was_held_in(
    benefits: CountyBenefits,
) -> None:
    household_id = str(new_id())
    await benefits.learn(a_household(household_id=household_id, income_fen=None))
    await benefits.pay("2026-10")
    await benefits.decide(a_household(household_id=household_id, recorded_at=at(2026, 10, 20)))
    await benefits.pay("2026-11")
    async with benefits.database.transaction() as session:
        october = await overview.month(session, benefits.law, COUNTY, Month(2026, 10))
        november = await overview.month(session, benefits.law, COUNTY, Month(2026, 11))
    assert october["held_households"]["count"] == 1
    assert november["held_households"]["count"] == 0
    assert november["granted"]["total_fen"] == 2 * 19000
