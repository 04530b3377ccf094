"""Every worked household of every pack and place comes out as written."""

from pathlib import Path

import pytest

import policies
from policies.engine.cases import Case, read_cases
from policies.reading.documents import month_index, month_text

ROOT = Path(policies.__file__).parent
PLACES = sorted(path.parent.name for path in ROOT.glob("places/*/place.yaml"))
LAWS = {place: policies.load(place) for place in PLACES}
NATION = LAWS["nation"]
PACK_CASES = {name: list(read_cases(ROOT / name / "cases", NATION)) for name in NATION.packs}
PLACE_CASES = {
    place: list(read_cases(ROOT / "places" / place / "cases", law)) for place, law in LAWS.items()
}
CASES = [
    *((NATION, case) for cases in PACK_CASES.values() for case in cases),
    *((LAWS[place], case) for place, cases in PLACE_CASES.items() for case in cases),
]


each_case = pytest.mark.parametrize(
    ("law", "case"),
    CASES,
    ids=[f"{case.path.parent.parent.name}: {case.name}" for _, case in CASES],
)


@each_case
def test_a_worked_household_comes_out_as_written(law: policies.Law, case: Case) -> None:
    assert case.expects
    assert case.differences(law) == []


@each_case
def test_a_worked_household_is_read_out_to_the_end(law: policies.Law, case: Case) -> None:
    supposed = law.supposing(case.numbers)
    for answer in supposed.assess(case.household(case.month), case.month):
        assert (answer.failed is not None) <= bool(answer.workings)
        for line in answer.workings:
            assert line.shown.zh
            assert line.shown.en
            assert line.arithmetic is None or (line.arithmetic.zh and line.arithmetic.en)


def test_no_two_cases_have_one_name() -> None:
    names = [(case.path, case.name) for _, case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("pack", NATION.packs)
def test_every_pack_has_prose_and_cases(pack: str) -> None:
    assert (ROOT / pack / "README.md").is_file()
    assert PACK_CASES[pack]


def _begun() -> list[tuple[str, str, int]]:
    """Each number with a month it begins in: (folder of its cases, name, month)."""
    return [
        (
            dated.path.parent.name if dated.path.parent.parent.name == "places" else pack.name,
            name,
            dated.since,
        )
        for law in LAWS.values()
        for pack in law.packs.values()
        for name, number in pack.numbers.items()
        for _, dated in number.entries()
    ]


@pytest.mark.parametrize(("folder", "number", "since"), sorted(set(_begun())))
def test_every_number_has_a_case_on_its_first_month_and_the_month_before(
    folder: str, number: str, since: int
) -> None:
    own = PACK_CASES.get(folder) or PLACE_CASES[folder]
    months = {month_index(each) for c in own if number not in c.numbers for each in c.months}
    assert since in months, f"no case in {month_text(since)}"
    assert since - 1 in months, f"no case in {month_text(since - 1)}"


@pytest.mark.parametrize("programme", NATION.programmes)
def test_every_test_of_a_programme_has_a_case_that_fails_it(programme: str) -> None:
    tests = {rule.name for rule in NATION.packs[programme].rules if rule.threshold is not None}
    failed = {expected.fails for _, case in CASES for expected in case.expects}
    assert tests <= failed


def test_every_programme_has_a_case_in_which_it_gives_something() -> None:
    given = {
        expected.name
        for _, case in CASES
        for expected in case.expects
        if (expected.amount_fen or expected.quantity or 0) > 0
    }
    assert set(NATION.programmes) <= given
