"""Within a programme, others fixed: raising one of its sums never lowers what anybody gets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import policies
from policies.engine.cases import Case, read_cases
from policies.reading.documents import month_index
from policies.reading.numbers import Number
from tests.policies.households import NATION

ROOT = Path(policies.__file__).parent
RAISE_FEN: Final = 1000
LOWERS: Final = {
    # A child's top-up reaches from dibao to the higher standard: more dibao leaves less of it.
    ("children_living", "dibao_rounds_up_to_fen"),
    ("children_living", "dibao_standard_fen_monthly"),
    ("children_living", "dibao_uplift_per_head_fen"),
    # Below the least sum nothing may be decided.
    ("disability_hospital", "disability_hospital_least_fen"),
    # The deductible is a share of it.
    ("medical", "medical_disposable_income_fen_yearly"),
}


def _raised() -> Iterator[tuple[str, str, Case]]:
    """For every sum a programme reads, the first worked case in which the programme pays."""
    for name, programme in NATION.programmes.items():
        if programme.declared.gives != "money":
            continue
        cases = [
            case
            for case in read_cases(ROOT / name / "cases", NATION)
            if any(each.name == name and each.amount_fen for each in case.expects)
        ]
        for number in _sums(name):
            reading = [case for case in cases if _higher(case, number)]
            if reading:
                yield name, number, reading[0]


def _sums(programme: str) -> list[str]:
    kernel = NATION.kernel("2026-10")
    roots = kernel.programmes[programme].roots()
    read = {name for root in roots for name in kernel.closure(root.name)} & kernel.numbers.keys()
    return sorted(name for name in read if kernel.numbers[name].declaration.unit == "fen")


def _higher(case: Case, name: str) -> Any:
    """The number of a case's month, or its whole table, a little higher; nothing if it has none."""
    number: Number = NATION.kernel(case.month).numbers[name]
    month, said = month_index(case.month), case.numbers.get(name)
    if number.declaration.by is None:
        at = number.at(month)
        amount = said if isinstance(said, int) else at.amount if at else None
        return None if amount is None else amount + RAISE_FEN
    codes = number.declaration.codes
    found = {code: each.amount for code in codes if (each := number.at(month, code))}
    found |= said if isinstance(said, dict) else {}
    return {code: amount + RAISE_FEN for code, amount in found.items()}


RAISED = list(_raised())


@pytest.mark.parametrize(
    ("programme", "number", "case"), RAISED, ids=[f"{each[0]}: {each[1]}" for each in RAISED]
)
def test_raising_a_sum_lowers_no_award(programme: str, number: str, case: Case) -> None:
    law = NATION.supposing(case.numbers) if case.numbers else NATION
    before = _awards(law, programme, case)
    after = _awards(law.supposing({number: _higher(case, number)}), programme, case)
    lowered = {who for who, amount in before.items() if after[who] < amount}
    if (programme, number) in LOWERS:
        return
    assert not lowered


def test_what_is_said_to_lower_is_a_sum_of_its_programme() -> None:
    assert {(programme, number) for programme, number, _ in RAISED} >= LOWERS


def _awards(law: policies.Law, programme: str, case: Case) -> dict[str, int]:
    answers = law.assess(case.household(case.month), case.month, programmes=[programme])
    return {each.beneficiary_id: each.amount_fen or 0 for each in answers}
