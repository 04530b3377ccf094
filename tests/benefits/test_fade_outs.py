"""A fade-out pays by what was granted last: by the ledger, and by nobody's word."""

from pathlib import Path
from typing import Any

import pytest

from services.benefits.months_due import Cause, Wish
from shared.contracts.benefits import RunKind
from shared.months import Month
from tests.benefits.county import CountyBenefits, at, sums
from tests.benefits.makers import NOT_APPLICABLE, Cast, a_household, a_person
from tests.benefits.test_arrears import mark, raise_rural_standard

STANDARD_FEN = 19_000
PAID = {
    "dibao_fade_out": {"dibao_fade_out_months": "6", "dibao_fade_out_tapers": "no"},
    "single_person": {"single_person_income": "own"},
}
NUMBER = """
{name}:
  - {{since: 2025-01, amount: {amount}, source: arithmetic, standing: demonstration, note: x}}
"""
ABOVE_STANDARD = {"dibao_above_standard_on": 20261020, "on_dibao": 0, "income_fen": 260_000}


@pytest.fixture
def fading(benefits: CountyBenefits, places: Path) -> CountyBenefits:
    """The county, where its place pays six months of fade-out."""
    county = places / "511425"
    place = (county / "place.yaml").read_text(encoding="utf-8")
    both = "dibao, dibao_fade_out, single_person, tekun"
    items = "\n".join(f"  {name}: {{urban: 2081901, rural: 2081902}}" for name in PAID)
    place = place.replace("[dibao, tekun", f"[{both}")
    place = place.replace("budget_items:\n", f"budget_items:\n{items}\n")
    (county / "place.yaml").write_text(place, encoding="utf-8")
    for pack, amounts in PAID.items():
        numbers = "\n".join(NUMBER.format(name=name, amount=said) for name, said in amounts.items())
        (county / f"{pack}.yaml").write_text(numbers, encoding="utf-8")
    return benefits.with_knobs(places_dir=places)


def risen(household_id: object, **said: Any) -> dict[str, Any]:
    """The decision that a household rose above the standard in October."""
    words = {"from_month": "2026-11", "recorded_at": at(2026, 10, 20), **ABOVE_STANDARD, **said}
    return granted(household_id, **words)


def granted(household_id: object, **said: Any) -> dict[str, Any]:
    """A household of one who is on nothing alone."""
    return a_household(a_person(on_single_person=0), household_id=household_id, **said)


@pytest.mark.breaks("What was granted last")
@pytest.mark.parametrize("typed", [None, 9_000_000])
async def test_a_fade_out_pays_what_was_granted_last_whatever_a_decision_says(
    fading: CountyBenefits, typed: int | None
) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li))
    await fading.pay("2026-10")
    await fading.decide(risen(cast.li, dibao_last_paid_fen_monthly=typed))
    november = await fading.pay("2026-11")
    assert sums(fading.lines(november)) == {("dibao_fade_out", "2026-11", "regular"): STANDARD_FEN}


@pytest.mark.breaks("What was granted last")
async def test_who_fades_and_was_granted_nothing_by_us_is_held_until_it_is_known(
    fading: CountyBenefits,
) -> None:
    cast = Cast()
    await fading.learn(risen(cast.li, dibao_last_paid_fen_monthly=51_000))
    november = await fading.pay("2026-11")
    assert fading.lines(november) == []
    (held,) = fading.rows("SELECT reason, owner FROM hold WHERE programme = 'dibao_fade_out'")
    assert held == {
        "reason": "unknown-dibao_last_paid_fen_monthly",
        "owner": "township",
    }


@pytest.mark.breaks("What was granted last")
async def test_what_is_put_right_of_the_last_month_is_put_right_of_its_fade_out(
    fading: CountyBenefits, places: Path
) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li))
    await fading.pay("2026-10")
    await fading.decide(risen(cast.li))
    await fading.pay("2026-11")
    raise_rural_standard(places, "2026-10", 21_000)
    october = Month(2026, 10)
    await mark(fading, Wish("livelihood", october, october, Cause.STANDARD, "notice 3"))
    december = await fading.pay("2026-12")
    assert sums(fading.lines(december)) == {
        ("dibao", "2026-10", "arrears"): 2_000,
        ("dibao_fade_out", "2026-12", "regular"): STANDARD_FEN,
    }
    january = await fading.pay("2027-01")
    assert sums(fading.lines(january)) == {
        ("dibao_fade_out", "2026-11", "arrears"): 2_000,
        ("dibao_fade_out", "2026-12", "arrears"): 2_000,
        ("dibao_fade_out", "2027-01", "regular"): 21_000,
    }
    assert "decided-correction" not in {each["cause"] for each in fading.marks()}


async def test_what_was_held_in_the_last_month_and_paid_since_fades_out_too(
    fading: CountyBenefits,
) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li, income_fen=None))
    await fading.pay("2026-10")
    await fading.decide(risen(cast.li))
    november = await fading.pay("2026-11")
    assert fading.lines(november) == []
    known = granted(cast.li, until_month="2026-10", recorded_at=at(2026, 10, 21))
    await fading.decide(known)
    await fading.pay("2026-11", kind=RunKind.SUPPLEMENTARY)
    december = await fading.pay("2026-12")
    assert sums(fading.lines()) == {
        ("dibao", "2026-10", "arrears"): STANDARD_FEN,
        ("dibao_fade_out", "2026-11", "arrears"): STANDARD_FEN,
        ("dibao_fade_out", "2026-12", "regular"): STANDARD_FEN,
    }, fading.lines(december)


async def test_who_was_on_dibao_alone_fades_out_by_what_was_their_own(
    fading: CountyBenefits,
) -> None:
    alone = a_person(
        on_single_person=1,
        single_person_from_register=0,
        single_person_left_on=NOT_APPLICABLE,
        own_income_fen_monthly=4_000,
        disability_grade=1,
        disability_kind=4,
    )
    cast = Cast()
    just_above = {"on_dibao": 0, "on_edge": 1, "income_fen": 60_000}
    home: dict[str, Any] = {"household_id": cast.li, **just_above}
    await fading.learn(a_household(alone, a_person(), **home))
    await fading.pay("2026-10")
    left = {**alone, "facts": {**alone["facts"], "single_person_left_on": 20261020}}
    await fading.decide(
        a_household(left, a_person(), **home, from_month="2026-11", recorded_at=at(2026, 10, 20))
    )
    await fading.pay("2026-11")
    assert sums(fading.lines()) == {
        ("single_person", "2026-10", "regular"): 15_000,
        ("single_person", "2026-11", "regular"): 15_000,
    }
