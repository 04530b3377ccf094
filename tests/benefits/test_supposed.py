"""What would be paid by words nobody decided is what a run pays once they are decided."""

from typing import Any

import pytest

from shared.callers import Caller, Kind
from tests.benefits.county import CountyBenefits, at
from tests.benefits.makers import COUNTY, OCTOBER, WANG_FANG, Cast, a_household, a_person
from tests.benefits.test_fade_outs import fading, risen

__all__ = ["fading"]

IDENTIFICATION = Caller(
    "identification", Kind.SERVICE, COUNTY, "identification", frozenset({"sums:suppose"}), (COUNTY,)
)
MONTHLY = ("livelihood", "disability", "old_age")


async def supposed(
    benefits: CountyBenefits, *households: dict[str, Any], month: str = "2026-10"
) -> list[dict[str, Any]]:
    """What these would be paid, asked as identification asks."""
    asked = ("household_id", "village", "recorded_at", "facts", "members")
    words = {
        "month": month,
        "households": [{name: each[name] for name in asked} for each in households],
    }
    async with benefits.door(IDENTIFICATION, "identification") as door:
        answer = await door.post("/supposed", json=words)
    assert answer.status_code == 200, answer.text
    assert answer.json()["month"] == month
    found: list[dict[str, Any]] = answer.json()["households"]
    return found


def by_whom(found: list[dict[str, Any]]) -> dict[tuple[str, str], int | None]:
    return {
        (each["beneficiary_id"], each["programme"]): each["amount_fen"]
        for household in found
        for each in household["sums"]
    }


async def test_what_is_supposed_is_what_a_run_pays_once_it_is_decided(
    benefits: CountyBenefits,
) -> None:
    disabled = {"disability_grade": 1, "disability_kind": 4}
    both = {"on_disability_living": 1, "on_disability_nursing": 1, **disabled}
    would_be = [
        a_household(a_person(), a_person(since="2026-10"), a_person(until="2026-09")),
        a_household(a_person(**both), a_person(died_on=20260904), income_fen=7000),
        a_household(a_person(on_tekun=1, care_mode=1, self_care=2)),
        a_household(a_person(born_on=19330105, on_old_age=1), on_dibao=0),
        a_household(income_fen=900_000),
    ]
    found = await supposed(benefits, *would_be)
    await benefits.learn(*would_be)
    for family in MONTHLY:
        await benefits.pay(family=family)
    paid = {(str(e["beneficiary_id"]), e["programme"]): e["amount_fen"] for e in benefits.lines()}
    assert by_whom(found) == paid
    assert len(paid) == 6
    assert [len(each["sums"]) for each in found][-1] == 0, "above the standard nothing is paid"


async def test_what_is_supposed_counts_deaths_and_disputes_as_a_run_does(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    home = a_household(a_person(person_id=cast.li), a_person(), recorded_at=at(2026, 10, 1))
    await benefits.tell_of_death(cast.li, OCTOBER.date().replace(month=9, day=1))
    found = await supposed(benefits, home)
    await benefits.learn(home)
    await benefits.pay()
    (line,) = benefits.lines()
    assert by_whom(found) == {(str(line["beneficiary_id"]), "dibao"): line["amount_fen"]}


async def test_what_cannot_be_known_says_why_and_no_sum(benefits: CountyBenefits) -> None:
    (found,) = await supposed(benefits, a_household(income_fen=None))
    (held,) = found["sums"]
    assert held["amount_fen"] is None
    assert held["name"]["zh"]
    assert held["held"]["zh"] != held["held"]["en"]


async def test_a_fade_out_that_is_supposed_goes_by_the_ledger(fading: CountyBenefits) -> None:
    cast = Cast()
    household = a_household(a_person(on_single_person=0), household_id=cast.li)
    await fading.learn(household)
    fades = risen(cast.li)
    (before,) = await supposed(fading, fades, month="2026-11")
    assert [each["amount_fen"] for each in before["sums"]] == [None], "October is not run yet"
    await fading.pay("2026-10")
    found = await supposed(fading, fades, month="2026-11")
    await fading.decide(fades)
    november = await fading.pay("2026-11")
    (line,) = fading.lines(november)
    assert by_whom(found) == {(cast.li, "dibao_fade_out"): line["amount_fen"]}


async def test_a_sum_above_the_ceiling_is_held_as_in_a_run(benefits: CountyBenefits) -> None:
    low = benefits.with_knobs(line_fen_max=1000)
    (found,) = await supposed(low, a_household())
    assert [each["amount_fen"] for each in found["sums"]] == [None]
    assert "上限" in found["sums"][0]["held"]["zh"]


@pytest.mark.parametrize("caller", [WANG_FANG, None], ids=["a desk", "a service without it"])
async def test_only_identification_asks(benefits: CountyBenefits, caller: Caller | None) -> None:
    words = {"month": "2026-10", "households": []}
    without = Caller("payments", Kind.SERVICE, COUNTY, "payments", frozenset(), (COUNTY,))
    async with benefits.door(caller or without) as door:
        assert (await door.post("/supposed", json=words)).status_code == 403
