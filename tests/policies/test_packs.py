"""The packs of this repository, and the whole they make."""

import ast
import io
import tarfile
from pathlib import Path

import pytest

import policies
from policies.engine.cases import read_cases
from policies.reading.documents import month_index
from policies.reading.facts import NOT_APPLICABLE
from policies.reading.numbers import Standing
from policies.reading.packs import Rule
from policies.reading.rows import read_rows
from tests.policies.households import a_household, a_person, the_answer

LAW = policies.load("511425")
ROOT = Path(policies.__file__).parent
RULES = [rule for pack in LAW.packs.values() for rule in pack.rules]
DATED = [
    (name, dated)
    for pack in LAW.packs.values()
    for name, number in pack.numbers.items()
    for _, dated in number.entries()
]


def test_the_place_runs_five_programmes_in_three_families() -> None:
    assert LAW.families == {
        "livelihood": ("dibao", "tekun"),
        "disability": ("disability_living", "disability_nursing"),
        "old_age": ("old_age",),
    }
    kinds = {n: each.beneficiary_kind for n, each in LAW.programmes.items() if each.family}
    assert kinds == dict.fromkeys(kinds, "person") | {"dibao": "household"}


def test_the_demonstration_county_says_so_on_its_face() -> None:
    assert LAW.place.demonstration
    assert LAW.place.notice is not None
    assert "历史" in LAW.place.notice.zh or "往年" in LAW.place.notice.zh
    assert "historic" in LAW.place.notice.en
    assert (LAW.place.cut_off_day, LAW.place.pay_day) == (25, 10)
    assert LAW.place.budget_items["dibao"] == {1: "2081901", 2: "2081902"}


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_rule_has_its_own_sentence_and_label(tongue: str) -> None:
    for texts in (
        [getattr(rule.sentence, tongue) for rule in RULES],
        [getattr(rule.label, tongue) for rule in RULES],
        [getattr(rule.otherwise, tongue) for rule in RULES if rule.otherwise],
    ):
        assert all(texts)
        assert len(texts) == len(set(texts))


def test_chinese_sentences_are_chinese_and_english_ones_are_not() -> None:
    for rule in RULES:
        assert not rule.sentence.zh.isascii()
        assert rule.sentence.en.isascii()


@pytest.mark.parametrize(("name", "dated"), DATED, ids=[f"{name}" for name, _ in DATED])
def test_every_number_names_a_source_and_no_demonstration_goes_unexplained(
    name: str, dated: policies.reading.numbers.Dated
) -> None:
    assert dated.source.split()[0] in LAW.sources
    assert dated.note or dated.standing is not Standing.DEMONSTRATION


def test_every_source_is_named_somewhere() -> None:
    named = {rule.source.split()[0] for rule in RULES}
    named |= {dated.source.split()[0] for _, dated in DATED}
    rows = read_rows(Path(policies.__file__).parent / "rows.yaml", LAW.sources)
    named |= {source for sources in rows.places.values() for source in sources}
    assert set(LAW.sources) - named == set()


def test_no_number_of_the_demonstration_county_is_taken_for_confirmed() -> None:
    assert all(dated.standing is not Standing.CONFIRMED for _, dated in DATED)


def test_every_rule_and_number_is_used_by_some_programme() -> None:
    """Or, where a pack gives nothing itself, is what one of its cases asks for."""
    kernel = LAW.kernel("2026-10")
    roots = [root for steps in kernel.programmes.values() for root in steps.roots()]
    asked = {
        expected.name
        for pack in LAW.packs.values()
        if pack.programme is None
        for case in read_cases(ROOT / pack.name / "cases", LAW)
        for expected in case.expects
    }
    names = {root.name for root in roots} | (asked & kernel.rules.keys())
    used = {each for name in names for each in kernel.closure(name)}
    assert set(kernel.rules) | set(kernel.numbers) <= used


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_reads_a_fact_which_may_not_apply_asks_whether_it_does(rule: Rule) -> None:
    """Arithmetic on "not applicable" would be a silent wrong sum; as a table's key it holds."""
    asked = {
        side.id
        for node in ast.walk(rule.tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Name)
    }
    keys = {
        node.slice.id
        for node in ast.walk(rule.tree)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name)
    }
    tested_before = {"disability_nursing_grades_inside": {"disability_grade"}}
    for name in rule.parameters:
        if name in LAW.facts and LAW.facts[name].may_not_apply:
            assert name in asked | keys | tested_before.get(rule.name, set())


def test_a_table_without_the_fact_it_is_read_by_says_so() -> None:
    household = a_household(a_person(on_tekun=1))
    assert the_answer(LAW, household, "tekun").held == "not-applicable-care_mode"


@pytest.mark.parametrize(
    ("name", "word", "held"),
    [
        ("born_on", None, "unknown-born_on"),
        ("born_on", "not-applicable", "fact-out-of-range-born_on"),
        ("born_on", NOT_APPLICABLE, "fact-out-of-range-born_on"),
        ("born_on", 1941_02_29, "fact-out-of-range-born_on"),
        ("born_on", 1941_13_01, "fact-out-of-range-born_on"),
        ("born_on", 1789_07_14, "fact-out-of-range-born_on"),
        ("born_on", "19410101", "fact-out-of-range-born_on"),
        ("born_on", 19410101.0, "fact-out-of-range-born_on"),
        ("on_old_age", True, "fact-out-of-range-on_old_age"),
        ("on_old_age", 2, "fact-out-of-range-on_old_age"),
        ("died_on", 2**70, "fact-out-of-range-died_on"),
    ],
)
def test_a_fact_that_cannot_be_holds_under_its_own_name(name: str, word: object, held: str) -> None:
    person = a_person(born_on=1940_01_01, on_old_age=1)
    person["facts"][name] = word
    assert the_answer(LAW, a_household(person), "old_age").held == held


def test_the_hash_is_of_this_law_and_no_other() -> None:
    again = policies.load("511425")
    assert again.sha256 == LAW.sha256
    assert LAW.supposing({"dibao_rounds_up_to_fen": 1}).sha256 != LAW.sha256


def test_an_archive_is_the_same_each_time_and_loads_as_the_same_law(tmp_path: Path) -> None:
    archive = LAW.archive()
    assert archive == policies.load("511425").archive()
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(tmp_path, filter="data")
    replayed = policies.load("511425", tmp_path / "places", tmp_path / "packs")
    assert replayed.sha256 == LAW.sha256
    household = a_household(a_person(on_old_age=1, born_on=1930_01_01))
    assert replayed.assess(household, "2026-10") == LAW.assess(household, "2026-10")


def test_supposing_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no number is called"):
        LAW.supposing({"dibao_standrad": 1})
    with pytest.raises(ValueError, match="by code"):
        LAW.supposing({"dibao_standard_fen_monthly": 1})


def test_the_kernel_of_a_month_is_the_one_in_force() -> None:
    assert LAW.kernel("2026-10").rules.keys() == {rule.name for rule in RULES}
    assert month_index("2026-10") == 2026 * 12 + 9
