"""In every place, whatever it switches on, a county gives each household what it gets alone."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

import policies
from policies.reading.documents import month_index
from policies.reading.facts import HOUSEHOLD, NOT_APPLICABLE_WORD, PERSON, Fact
from tests.policies.households import a_household, read_by
from tests.policies.test_county import alone, together

MONTH: Final = "2026-12"
FOLDERS: Final = Path(policies.__file__).parent / "places"
PLACES: Final = sorted(path.parent.name for path in FOLDERS.glob("*/place.yaml"))
HOUSEHOLDS: Final = 60
_SUPPOSED: Final = {"flag": 1, "fen": 50_000, "basis_points": 2_000, "years": 60, "months": 12}


@cache
def law_of(place: str) -> policies.Law:
    """The law of a place as it is."""
    return policies.load(place)


def without_gaps(law: policies.Law) -> policies.Law:
    """The same law with some amount wherever it has none, so that the rules go on to a sum."""
    numbers: dict[str, Any] = {}
    for pack in law.packs.values():
        for name, number in pack.numbers.items():
            declared = number.declaration
            amount = _SUPPOSED.get(declared.unit, 2)
            amount = max(min(amount, declared.highest), declared.lowest)
            codes = declared.codes if declared.by else (None,)
            gaps = [code for code in codes if number.at(month_index(MONTH), code) is None]
            if gaps:
                numbers[name] = dict.fromkeys(gaps, amount) if declared.by else amount
    return law.supposing(numbers)


def a_word(chance: Random, fact: Fact) -> object:
    """Half the time what is ordinary; else anything the fact can be; seldom what it cannot."""
    lot = chance.random()
    if lot < 0.005:
        return None if lot < 0.003 else "odd"
    if lot < 0.5:
        return fact.ordinary_word
    if fact.may_not_apply and lot < 0.55:
        return NOT_APPLICABLE_WORD
    if fact.codes:
        return chance.choice(list(fact.codes))
    if fact.unit == "date":
        year = chance.choice([1936, 1946, 1956, 1990, 2008, 2015, 2025, 2026])
        return year * 10_000 + chance.randint(1, 12) * 100 + chance.randint(1, 28)
    most = min(fact.highest, chance.choice([3, 12, 1_000, 100_000]))
    return chance.randint(fact.lowest, max(most, fact.lowest))


def a_mixed_county(
    law: policies.Law, seed: int, households: int = HOUSEHOLDS
) -> list[dict[str, Any]]:
    """Households of every kind, the same for the same seed."""
    chance, facts = Random(seed), read_by(law, MONTH)  # noqa: S311  # Nothing is kept secret by it.

    def words(entity: str) -> dict[str, object]:
        return {fact.name: a_word(chance, fact) for fact in facts if fact.entity == entity}

    county = []
    for row in range(households):
        names = [f"person-{row}-{place}" for place in range(chance.randint(0, 4))]
        members = [
            {"person_id": name, "since": None, "until": None, "facts": words(PERSON)}
            for name in names
        ]
        household = a_household(household_id=f"household-{row}", from_month="2015-01")
        county.append({**household, "facts": words(HOUSEHOLD), "members": members})
    return county


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("is_filled", [False, True], ids=["as-it-is", "without-gaps"])
def test_a_county_of_any_place_gives_each_household_what_it_gets_alone(
    place: str, is_filled: bool
) -> None:
    law = without_gaps(law_of(place)) if is_filled else law_of(place)
    county = a_mixed_county(law, seed=2026)
    assert together(law, law.snapshot(county), MONTH) == alone(law, county, MONTH)


def test_the_nation_without_gaps_pays_most_of_its_programmes() -> None:
    law = without_gaps(policies.load("nation"))
    county = a_mixed_county(law, seed=2026)
    outcome = law.award_county(law.snapshot(county), MONTH)
    money = {name for name, each in law.programmes.items() if each.declared.gives == "money"}
    assert len({award.programme for award in outcome.awards}) > len(money) / 2
