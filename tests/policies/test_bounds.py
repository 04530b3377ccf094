"""A value never leaves the range that was found for it, whatever the facts and numbers are."""

import ast
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policies
from policies import arithmetic
from policies.colleague import proofs, ranges
from policies.colleague.bounds import Nowhere, Way
from policies.colleague.intervals import Intervals
from policies.colleague.ranges import Range
from policies.colleague.states import State as Known
from policies.engine.bench import Amounts, Bench, Missing
from policies.engine.kernel import Kernel
from policies.reading.documents import month_index
from policies.reading.facts import HOUSEHOLD, NOT_APPLICABLE, PERSON, Fact, State
from policies.reading.loading import load
from tests.policies.plainly import Reading
from tests.policies.small_packs import spoil, write

LAW = policies.load("nation")
KERNEL = LAW.kernel("2026-10")
EVERYONE = Intervals(KERNEL)
SAFE = {
    name
    for name in KERNEL.rules
    if not any(EVERYONE.hazards_of(each) for each in KERNEL.closure(name) if each in KERNEL.rules)
}
"""Quantities that cannot overflow, whoever asks for them; the others only after some test."""
seeds = given(seed=st.integers(0, 2**32))


def any_of(chance: Random, lowest: int, highest: int) -> int:
    """A number of a range: its ends and small steps from them as often as all others."""
    near = (lowest, highest, lowest + 1, highest - 1, lowest + chance.randint(0, 100), 0, 1)
    inside = [each for each in near if lowest <= each <= highest]
    return chance.choice([*inside, *[chance.randint(lowest, highest)] * len(inside)])


def any_fact(chance: Random, fact: Fact) -> tuple[int, State]:
    if fact.may_not_apply and chance.random() < 0.2:
        return NOT_APPLICABLE, State.KNOWN
    return any_of(chance, fact.lowest, fact.highest), State.KNOWN


def any_reading(chance: Random, kernel: Kernel) -> Reading:
    """A household of any facts, with any numbers, within what is declared."""
    bench = Bench(kernel, chance.choice([12_000, 24_321, 35_999]))
    for name, number in kernel.numbers.items():
        declared = number.declaration
        amounts = {
            code: any_of(chance, declared.lowest, declared.highest)
            for code in declared.codes or (1,)
        }
        by = declared.by
        bench.numbers[name] = Amounts(name, by, amounts) if by else amounts[1]

    def facts(entity: str) -> dict[str, tuple[int, State]]:
        each = kernel.facts.values()
        return {fact.name: any_fact(chance, fact) for fact in each if fact.entity == entity}

    members = [facts(PERSON) for _ in range(chance.randint(0, 4))]
    return Reading(bench, facts(HOUSEHOLD), members)


def values(reading: Reading, name: str) -> list[int]:
    """What a quantity is: of the household, or of each member."""
    personal = reading.bench.kernel.is_personal(name)
    found = [reading.value(name, each) for each in (reading.members() if personal else [-1])]
    return [each for each in found if not isinstance(each, Missing)]


@settings(max_examples=60, deadline=None)
@seeds
def test_every_quantity_of_every_pack_lies_within_its_range(seed: int) -> None:
    reading = any_reading(Random(seed), KERNEL)  # noqa: S311  # Nothing is kept secret by it.
    for name in SAFE:
        for value in values(reading, name):
            assert value in EVERYONE.range_of(name), name


@settings(max_examples=60, deadline=None)
@seeds
def test_who_passes_a_test_has_values_within_what_is_left_after_it(seed: int) -> None:
    reading = any_reading(Random(seed), KERNEL)  # noqa: S311  # Nothing is kept secret by it.
    for steps in KERNEL.programmes.values():
        personal = steps.award.entity == PERSON
        for member in reading.members() if personal else [-1]:
            those = EVERYONE
            for test in steps.tests:
                value = reading.value(test.name, member)
                if isinstance(value, Missing) or value < (test.passes_from or 0):
                    break
                those = PASSING[test.name]
            for name in SAFE & (_own(steps.award.name) | _own(steps.tests[-1].name)):
                value = reading.value(name, member)
                if isinstance(value, int):
                    assert value in those.range_of(name), name


def _passing() -> dict[str, Intervals]:
    """What is left after each test and those before it."""
    found = {}
    for steps in KERNEL.programmes.values():
        those: Intervals | None = EVERYONE
        for test in steps.tests:
            assert those is not None
            those = those.passing(test)
            assert those is not None
            found[test.name] = those
    return found


PASSING = _passing()


def _own(name: str) -> set[str]:
    own, _ = proofs.reached(KERNEL, name)
    return own


wide = st.integers(-(10**6), 10**6) | st.integers(-3, 3)


@st.composite
def spans(draw: st.DrawFn) -> Range:
    """One to three spans."""
    found = ranges.NOTHING
    for _ in range(draw(st.integers(1, 3))):
        low, high = sorted([draw(wide), draw(wide)])
        found |= ranges.between(low, high)
    return found


@st.composite
def spans_with_a_value(draw: st.DrawFn) -> tuple[Range, int]:
    found = draw(spans())
    low, high = draw(st.sampled_from(found.spans))
    return found, draw(st.integers(low, high))


EXPRESSIONS = [
    "a + b", "a - b", "a * b", "a // b", "a % b", "-a", "abs(a)", "min(a, b)", "max(a, b, c)",
    "a if a < b else b", "a - min(a, b)", "max(a, b) - b", "a and b", "a or b", "not a",
    "(a < b) + (b <= c)", "a - b if a >= b else b - a", "a // 7 * 3", "a - a // 3 * 2",
    "c if a == b else a - b", "a if a != 0 and b // a > 1 else 0",
    "c // a if a * b > 0 else 0", "a - share_of(a, 2500)",
    *[f"{name}({', '.join('abc'[: count])})" for name, count in
      (("month_of", 1), ("days_of", 1), ("years_between", 2), ("round_up", 2), ("round_down", 2),
       ("share_of", 2), ("ratio_of", 2), ("part_of", 3))],
]  # fmt: skip


def test_every_operation_of_the_arithmetic_is_among_them() -> None:
    named = {text.split("(")[0] for text in EXPRESSIONS}
    assert set(arithmetic.OPERATIONS) <= named


@pytest.mark.parametrize("text", EXPRESSIONS)
@settings(max_examples=60, deadline=None)
@given(a=spans_with_a_value(), b=spans_with_a_value(), c=spans_with_a_value())
def test_what_an_expression_gives_lies_within_its_range(
    text: str, a: tuple[Range, int], b: tuple[Range, int], c: tuple[Range, int]
) -> None:
    tree = ast.parse(f"def rule(a, b, c):\n    return {text}").body[0]
    assert isinstance(tree, ast.FunctionDef)
    way = Way(tree, Nowhere())
    found = way.value(Known({"a": a[0], "b": b[0], "c": c[0]}))
    space = {name: getattr(arithmetic, name) for name in arithmetic.OPERATIONS}
    try:
        value = eval(text, space, {"a": a[1], "b": b[1], "c": c[1]})  # noqa: S307  # Our own texts.
    except ZeroDivisionError:
        assert any(hazard.by_zero for hazard in way.hazards)
    else:
        assert int(value) in found


GUARDED = [
    ("return max(heating_left_fen - 101, 0)", None),
    ("return heating_left_fen - 101 if heating_left_fen > 101 else 0", None),
    ("if heating_left_fen < 101:\n        return 0\n    return heating_left_fen - 101", None),
    ("return heating_left_fen - min(heating_left_fen, 101)", None),
    ("return heating_left_fen - heating_left_fen // 3 * 2", None),
    ("share = share_of(heating_left_fen, 2500)\n    return heating_left_fen - share", None),
    ("paid = min(heating_left_fen, 500)\n    rest = heating_left_fen - paid\n    return rest",
     None),
    ("return heating_left_fen - 100", None),
    ("return heating_left_fen - 1 if heating_left_fen > 0 else 0 - 1", None),
    ("return 100 - heating_left_fen", "negative"),
    ("return heating_left_fen - 101 if heating_left_fen > 99 else 0", "negative"),
    ("used = min(heating_left_fen, 500)\n    used = used + 1\n    return heating_left_fen - used",
     "negative"),
    ("least = 150\n    if heating_left_fen < least:\n        return 0\n    least = 5000\n"
     "    return heating_left_fen - least", "negative"),
    ("return 100 // (heating_left_fen - 99)", None),
    ("return 100 // (heating_left_fen - 100)", "zero"),
    ("return heating_left_fen * 10000000 // 10000000", None),
    ("return heating_left_fen * 1000000000 // 1000000000", "overflow"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), GUARDED, ids=[body for body, _ in GUARDED])
def test_a_guard_is_seen_and_a_hole_in_it_too(tmp_path: Path, body: str, kind: str | None) -> None:
    """What is left of heating is at least the 100 fen of `heating_least_fen`."""
    folder = write(tmp_path)
    spoil(folder, "heating/numbers.yaml", "  values:\n",
          "  at_least: {amount: 100, source: winter-notice}\n  values:\n")  # fmt: skip
    spoil(folder, "heating/rules.py", "return heating_left_fen", body)
    spoil(folder, "heating/rules.py", "import Table", "import Table, share_of")
    kernel = load("valley", folder / "places", folder).kernel("2026-10")
    found = proofs.doubts(kernel, set(kernel.rules))
    assert {each.kind for each in found} == ({kind} if kind else set())


def test_no_rule_of_any_pack_overflows_or_divides_by_zero() -> None:
    found = proofs.doubts(KERNEL, set(KERNEL.rules))
    assert [str(each) for each in found if each.kind in {"overflow", "zero", "nobody"}] == []


def test_the_months_of_the_proof_are_those_that_can_be_asked_for() -> None:
    assert (EVERYONE.range_of("month_index").lowest, EVERYONE.range_of("month_index").highest) == (
        month_index("1000-01"),
        month_index("2999-12"),
    )
