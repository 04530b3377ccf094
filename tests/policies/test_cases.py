"""Every worked household of every pack and place comes out as written."""

from pathlib import Path

import pytest

import policies
from policies.cases import Case, read_cases
from policies.documents import month_index, month_text

LAW = policies.load("511425")
ROOT = Path(policies.__file__).parent
FOLDERS = [*(ROOT / name / "cases" for name in LAW.packs), ROOT / "places" / "511425" / "cases"]
CASES = [case for folder in FOLDERS for case in read_cases(folder, LAW)]
PLACE = ROOT / "places" / "511425"


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.path.parent.parent.name}: {case.name}"
)
def test_a_worked_household_comes_out_as_written(case: Case) -> None:
    assert case.expects
    assert case.differences(LAW) == []


def test_no_two_cases_have_one_name() -> None:
    names = [(case.path, case.name) for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("pack", LAW.packs)
def test_every_pack_has_prose_and_cases(pack: str) -> None:
    assert (ROOT / pack / "README.md").is_file()
    assert list(read_cases(ROOT / pack / "cases", LAW))


def _begun() -> list[tuple[str, str, int]]:
    """Each number with a month it begins in: (folder of its cases, name, month)."""
    return [
        (PLACE.name if dated.path.parent == PLACE else pack.name, name, dated.since)
        for pack in LAW.packs.values()
        for name, number in pack.numbers.items()
        for _, dated in number.entries()
    ]


@pytest.mark.parametrize(("folder", "number", "since"), sorted(set(_begun())))
def test_every_number_has_a_case_on_its_first_month_and_the_month_before(
    folder: str, number: str, since: int
) -> None:
    own = [case for case in CASES if case.path.parent.parent.name == folder]
    months = {month_index(case.month) for case in own if number not in case.numbers}
    assert since in months, f"no case in {month_text(since)}"
    assert since - 1 in months, f"no case in {month_text(since - 1)}"


@pytest.mark.parametrize("programme", LAW.programmes)
def test_every_test_of_a_programme_has_a_case_that_fails_it(programme: str) -> None:
    steps = LAW.packs[programme].rules
    tests = {rule.name for rule in steps if rule.threshold is not None}
    failed = {expected.fails for case in CASES for expected in case.expects}
    assert tests <= failed
