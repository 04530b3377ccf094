"""A rule says the same however it is run: as it stands, asking for what it reads, or compiled."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import policies
from policies import arithmetic
from policies.counties.county import Tool
from policies.counties.outcome import Terms
from policies.engine.answers import Programme
from policies.engine.asking import Script
from policies.engine.bench import Bench, Missing
from policies.engine.kernel import Kernel
from policies.engine.sitting import Sitting
from policies.reading import grammar
from policies.reading.facts import NOT_APPLICABLE_WORD, PERSON
from policies.reading.packs import Pack, Rule
from tests.policies.households import a_household
from tests.policies.plainly import Reading, read_facts

LAW = policies.load("511425")
MONTH = 2026 * 12 + 9
FACTS = ("care_mode", "disability_grade", "born_on", "on_tekun")
NUMBERS = ("old_age_first_years", "tekun_pays_care", "dibao_rounds_up_to_fen")
TABLES = {
    "disability_nursing_rate_fen_monthly": "disability_grade",
    "tekun_care_by_self_care_fen_monthly": "self_care",
    "tekun_rural_basic_fen_monthly": "care_mode",
}
GIVEN = (*FACTS, "self_care", *NUMBERS, *TABLES, "month_index")

quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def expressions(names: Sequence[str]) -> st.SearchStrategy[str]:
    """What a rule may say, in every form of the little language."""
    leaves = st.one_of(
        st.sampled_from([*names, *names, "NOT_APPLICABLE", "0", "1", "2", "100"]),
        st.integers(-3, 30_000).map(lambda value: f"({value})"),
        st.sampled_from([f"{table}[{by}]" for table, by in TABLES.items()]),
    )

    def grown(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        two = st.tuples(smaller, smaller)
        three = st.tuples(smaller, smaller, smaller)
        operators = st.sampled_from(["+", "-", "*", "//", "%"])
        comparisons = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
        joints = st.sampled_from(["and", "or"])
        one_given = st.sampled_from(["abs", "month_of"])
        two_given = st.sampled_from(
            ["min", "max", "round_up", "round_down", "share_of", "ratio_of", "years_between"]
        )
        return st.one_of(
            st.tuples(two, operators).map(lambda e: f"({e[0][0]} {e[1]} {e[0][1]})"),
            st.tuples(two, comparisons).map(lambda e: f"({e[0][0]} {e[1]} {e[0][1]})"),
            st.tuples(three, joints, joints).map(
                lambda e: f"({e[0][0]} {e[1]} {e[0][1]} {e[2]} {e[0][2]})"
            ),
            three.map(lambda e: f"({e[0]} if {e[1]} else {e[2]})"),
            smaller.map(lambda e: f"(-{e})"),
            smaller.map(lambda e: f"(not {e})"),
            st.tuples(one_given, smaller).map(lambda e: f"{e[0]}({e[1]})"),
            st.tuples(two_given, two).map(lambda e: f"{e[0]}({e[1][0]}, {e[1][1]})"),
            st.tuples(st.sampled_from(["min", "max", "part_of"]), three).map(
                lambda e: f"{e[0]}({', '.join(e[1])})"
            ),
        )

    return st.recursive(leaves, grown, max_leaves=6)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """The statements of a rule: choices, a name of its own, a return at every end."""
    plain = [*FACTS, *NUMBERS, "month_index"]
    lines = []
    if draw(st.booleans()):
        lines.append(f"x = {draw(expressions(plain))}")
        plain += ["x", "x"]
    form = draw(st.integers(0, 3))
    if form == 1:
        lines += [f"if {draw(expressions(plain))}:", f"    return {draw(expressions(plain))}"]
    if form == 2:
        lines += [f"if {draw(expressions(plain))}:", f"    y = {draw(expressions(plain))}"]
        lines += ["else:", f"    y = {draw(expressions(plain))}"]
        plain += ["y", "y"]
    if form == 3:
        lines += ["z = 7", f"if {draw(expressions(plain))}:", f"    z = {draw(expressions(plain))}"]
        plain += ["z", "z"]
    lines.append(f"return {draw(expressions(plain))}")
    return "\n".join(lines)


def a_rule(like: Rule, name: str, body: str, **changed: Any) -> Rule:
    """A rule of this text, with everything else as in another."""
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    parameters = tuple(each for each in GIVEN if each in used)
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    given = ", ".join(f"{each}: int" for each in parameters)
    text = f"def {name}({given}) -> int:\n{lines}"
    with NamedTemporaryFile("w", suffix=".py") as file:
        file.write(text)
        file.flush()
        tree = grammar.read_rules(Path(file.name)).functions[name]
    space: dict[str, Any] = dict(vars(arithmetic))
    exec(compile(text, "rules.py", "exec"), space)  # noqa: S102  # The grammar has just checked it.
    marks = {"threshold": None, "strict": False, "pays": False, "explains": False, **changed}
    return replace(
        like,
        name=name,
        pack="trial",
        function=space[name],
        tree=tree,
        parameters=parameters,
        since=0,
        **marks,
    )


def a_kernel(*bodies: str) -> Kernel:
    """One programme for persons: its last rule is what it gives, those before it are tests."""
    pack = LAW.packs["old_age"]
    like = next(rule for rule in pack.rules if rule.pays)
    rules = [
        a_rule(like, f"test_{place}", body, threshold=0) for place, body in enumerate(bodies[:-1])
    ]
    rules.append(a_rule(like, "given_fen", bodies[-1], pays=True))
    own: Pack = replace(pack, name="trial", rules=tuple(rules), numbers={}, facts={})
    others = {name: replace(each, programme=None) for name, each in LAW.packs.items()}
    return Kernel({**others, "trial": own}, MONTH)


TERMS = Terms("trial", "person", None, None, is_listed=True, settled_by=())


def compiled(kernel: Kernel, county: list[dict[str, Any]]) -> dict[str, int | str]:
    """What the compiled kernel gives or holds, by person."""
    outcome = Tool(kernel, [TERMS], None).award(
        LAW.snapshot(county), Bench(kernel, MONTH), range(len(county))
    )
    found: dict[str, int | str] = {each.beneficiary_id: each.reason for each in outcome.holds}
    for award in outcome.awards:
        assert award.beneficiary_id not in found
        found[award.beneficiary_id] = award.amount_fen
    return found


def interpreted(kernel: Kernel, county: list[dict[str, Any]]) -> dict[str, int | str]:
    """The same, each household by itself."""
    bench, steps = Bench(kernel, MONTH), kernel.programmes["trial"]
    found: dict[str, int | str] = {}
    for household in county:
        people = [read_facts(LAW.facts, PERSON, m["facts"]) for m in household["members"]]
        reading = Reading(bench, {}, people)
        for place, member in enumerate(household["members"]):
            value = _decided(reading, steps.tests, steps.award, place)
            if value:
                found[member["person_id"]] = value
    return found


def asked(kernel: Kernel, county: list[dict[str, Any]]) -> dict[str, int | str]:
    """The same by rules that ask for what they read; each answer is read out to the end."""
    declared = LAW.packs["old_age"].programme
    assert declared is not None
    programme = Programme("trial", declared, "person", None, None, None)
    sitting = Sitting(Bench(kernel, MONTH), Script(kernel), {"trial": programme}, {})
    found: dict[str, int | str] = {}
    for household in county:
        for answer in sitting.assess(household, ["trial"]):
            value = answer.held or answer.amount_fen
            if value:
                found[answer.beneficiary_id] = value
            assert all(line.said() for line in answer.workings)
    return found


def _decided(reading: Reading, tests: Sequence[Rule], award: Rule, place: int) -> int | str:
    for test in tests:
        value = reading.value(test.name, place)
        if isinstance(value, Missing):
            return value.reason
        if value < (test.passes_from or 0):
            return 0
    value = reading.value(award.name, place)
    if isinstance(value, Missing):
        return value.reason
    return int(value) if value >= 0 else f"rule-fault-{award.name}"


_WORDS: Mapping[str, Sequence[object]] = {
    "care_mode": [1, 2, NOT_APPLICABLE_WORD, None, 9],
    "self_care": [1, 2, 3, NOT_APPLICABLE_WORD, None, "x"],
    "disability_grade": [1, 2, 3, 4, NOT_APPLICABLE_WORD, None, 0],
    "born_on": [1936_10_31, 1946_09_30, 2026_10_01, None, 1941_02_29],
    "on_tekun": [0, 1, None, 2],
}


def everybody() -> list[dict[str, Any]]:
    """People of every combination of these words, three to a household."""
    mixed: list[dict[str, object]] = [{}]
    for name, words in _WORDS.items():
        mixed = [{**each, name: word} for each in mixed for word in words]
    people = [
        {"person_id": f"p{place}", "since": None, "until": None, "facts": facts}
        for place, facts in enumerate(mixed)
    ]
    return [
        a_household(*people[start : start + 3], household_id=f"h{start}")
        for start in range(0, len(people), 3)
    ]


EVERYBODY = everybody()


@quick
@given(body=bodies(), test=bodies())
def test_a_rule_gives_and_holds_the_same_however_it_is_run(body: str, test: str) -> None:
    kernel = a_kernel(test, body)
    some = EVERYBODY[len(body) % 7 :: 7]
    plainly = interpreted(kernel, some)
    assert compiled(kernel, some) == plainly
    assert asked(kernel, some) == plainly


@pytest.mark.parametrize(
    "body",
    [
        # Both sides are reckoned before the first is read.
        "return born_on + on_tekun // on_tekun",
        "return max(born_on, on_tekun, care_mode)",
        "return min(care_mode, born_on)",
        "return round_up(born_on, on_tekun)",
        # What is only carried is not read.
        "return born_on if on_tekun == 1 else care_mode",
        "x = born_on\nif on_tekun == 0:\n    return 5\nreturn x",
        "return on_tekun and born_on",
        "return on_tekun or born_on",
        # Rounding is downwards on both sides of zero.
        "return (3 - born_on) // 7 + 100000000",
        "return (born_on - 19500000) % 7 + (19500000 - born_on) % (-7) + 7",
        "return 10 // (on_tekun - 1) + 100",
        # Keys, and the amounts that are not there.
        "return disability_nursing_rate_fen_monthly[disability_grade]",
        "x = tekun_rural_basic_fen_monthly[care_mode]\n"
        "return x + tekun_care_by_self_care_fen_monthly[self_care]",
        "return 1 if on_tekun == 1 else tekun_care_by_self_care_fen_monthly[self_care]",
    ],
)
def test_reasons_come_in_the_order_of_reading(body: str) -> None:
    kernel = a_kernel(body)
    found = compiled(kernel, EVERYBODY)
    assert found == interpreted(kernel, EVERYBODY) == asked(kernel, EVERYBODY)
    assert any(isinstance(each, str) for each in found.values())


@pytest.mark.parametrize(
    "body",
    [
        "return born_on * born_on * born_on",
        "return (born_on * 100000000000 + 9000000000000000000)",
        "return 0 - born_on * born_on * born_on",
        "return round_up(born_on * 500000000000, 3)",
    ],
)
def test_what_does_not_fit_64_bits_is_held_and_never_a_wrong_sum(body: str) -> None:
    kernel = a_kernel(body)
    found = compiled(kernel, EVERYBODY)
    assert found == interpreted(kernel, EVERYBODY) == asked(kernel, EVERYBODY)
    assert "rule-fault-given_fen" in found.values()
    assert not any(isinstance(each, int) for each in found.values())
