"""A faulty pack or place is refused with file and line, and nothing of it is used."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import policies
from policies import PackFault
from policies.reading.documents import gathering
from tests.policies.households import a_household, a_person

ROOT = Path(policies.__file__).parent
Change = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The packs and the demonstration county, copied to where they may be spoilt."""
    skip = shutil.ignore_patterns("__pycache__", "cases", "*.md")
    shutil.copytree(ROOT, tmp_path / "packs", ignore=skip)
    return tmp_path / "packs"


@pytest.fixture
def change(folder: Path) -> Change:
    def replace_once(path: str, old: str, new: str) -> None:
        text = (folder / path).read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {path}"
        (folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace_once


def load(folder: Path) -> policies.Law:
    return policies.load("511425", folder / "places", folder)


RULES = "dibao/rules.py"
NUMBERS = "dibao/numbers.yaml"
WORDS = "dibao/words.yaml"
FACTS = "dibao/facts.yaml"
FADING = "dibao_fade_out/facts.yaml"
PROGRAMME = "dibao/programme.yaml"
RATES = "places/511425/dibao.yaml"
PLACE = "places/511425/place.yaml"
RETURN_GAP = "return dibao_household_standard_fen - dibao_income_fen"

FAULTS = [
    # Numbers.
    (RATES, "      source: qingshen-summary DB-20\n", "", "source is missing"),
    (RATES, "qingshen-summary DB-20", "hearsay", "hearsay is not a key of sources.yaml"),
    (RATES, "standing: printed", "standing: certain", "certain is no standing"),
    (RATES, "since: 2025-01", "since: 2025-13", "a month is written YYYY-MM"),
    (RATES, "since: 2025-01", "since: 2025", "a month is written YYYY-MM"),
    (RATES, "amount: 37000", "amount: 370.00", "a whole number is wanted here"),
    (RATES, "amount: 37000", f"amount: {'9' * 5000}", "a whole number is wanted here"),
    (RATES, "amount: 37000", "amount: -1", "-1 is not between 0 and"),
    (RATES, "amount: 37000", "amount: ''", "a text is wanted here"),
    (RATES, "amount: 37000", "amuont: 37000", "amount is missing"),
    (RATES, "amount: 37000", "amount: 37000\n      colour: red", "colour is not known here"),
    (RATES, "      note: 370 yuan", "      remark: 370 yuan", "remark is not known here"),
    (RATES, "  rural:", "  urban:", "urban stands here twice"),
    (RATES, "  rural:", "  seaside:", "registration has no seaside"),
    (RATES, "  rural:\n", "  rural: none\n_x:\n", "no pack declares a number _x here"),
    (RATES, "dibao_standard_fen_monthly", "dibao_standrad", "no pack declares a number"),
    (RATES, "amount: 37000", "amount: [", "not YAML"),
    (RATES, "amount: 37000", f"amount: {'[' * 100_000}", "brackets stand in one file"),
    (NUMBERS, "unit: flag", "unit: parsec", "parsec is not one of the units"),
    (NUMBERS, "by: registration", "by: shoe_size", "shoe_size is not a quantity with codes"),
    (NUMBERS, "dibao_counts_tekun", "on_tekun", "on_tekun stands in the facts of tekun"),
    (NUMBERS, "amount: 100,", "amount: 0,", "0 is not between 1 and"),
    ("tekun/numbers.yaml", "amount: 0,", "amount: 2,", "2 is not between 0 and 1"),
    # Rules.
    (RULES, RETURN_GAP, "return print(dibao_income_fen)", "a rule does not say"),
    (RULES, RETURN_GAP, "return dibao_income_fen / 2", "a rule does not say"),
    (RULES, RETURN_GAP, "return dibao_income_fen * 0.5", "a rule does not say"),
    (RULES, RETURN_GAP, "return dibao_income_fen.bit_length()", "a rule does not say"),
    (RULES, RETURN_GAP, "return standard_of_living", "a rule does not say"),
    (RULES, RETURN_GAP, "while True:\n        return 1", "a rule is made of if, = and return"),
    (RULES, RETURN_GAP, "x = 1", "may end without a return"),
    (RULES, RETURN_GAP, "return min(income_fen_monthly)", "a rule does not say"),
    (RULES, RETURN_GAP, "return month_of(1, 2)", "a rule does not say"),
    (RULES, RETURN_GAP, "max = 3\n    return max", "max has a meaning of its own"),
    (
        RULES,
        RETURN_GAP,
        "if dibao_household_standard_fen == 1:\n        x = 1\n    return x",
        "a rule does not say: x",
    ),
    (RULES, RETURN_GAP, "a = b = 1\n    return a", "a rule is made of if, = and return"),
    (RULES, RETURN_GAP, f"return {'-' * 5000}1", "nested too deeply"),
    (RULES, RETURN_GAP, f"return {'+'.join(['1'] * 20_000)}", "nested too deeply"),
    (RULES, "(on_dibao: int)", "(on_dibao: print(1))", "an int or a Table"),
    (RULES, "(on_dibao: int) -> int", "(on_dibao: int) -> print(1)", "an int or a Table"),
    (RULES, "(on_dibao: int)", "(min: int)", "min has a meaning of its own"),
    (RULES, "def dibao_decided(", "def share_of(", "share_of has a meaning of its own"),
    (RULES, "@award\n", "@breakpoint\n@award\n", "no mark of a rule: breakpoint"),
    (RULES, "@award\n", "@open(file='x', mode='w')\n@award\n", "no mark of a rule"),
    (RULES, "@award\n", "@part(to=print(1))\n@award\n", "no mark of a rule"),
    (RULES, "import award,", "import explanation as award,", "called what it is called"),
    (RULES, RETURN_GAP, "return 1\n    return 2", "nothing can stand after a return"),
    (RULES, RETURN_GAP, "return (", "not Python"),
    (RULES, "from policies.marks", "import os\nfrom policies.marks", "only rules stand"),
    (RULES, "import award,", "import award, bogus,", "bogus"),
    (RULES, '-> int:\n    """The gap,', ', *others: int) -> int:\n    """The gap,', "not Python"),
    (RULES, "dibao_income_fen: int)", "dibao_income_fen: int = 0)", "plain parameters"),
    (RULES, "(on_dibao: int)", "(on_dibao: int, moon: int)", "nothing is called moon"),
    (RULES, "(on_dibao: int)", "(on_dibao: int, on_tekun: int)", "on_tekun is a person's"),
    (RULES, "(on_dibao: int)", "(on_dibao: int, sum_of_on_tekun: int)", "only a person's rule"),
    (
        RULES,
        "sum_of_counts_for_dibao: int",
        "dibao_gap_fen: int, sum_of_counts_for_dibao: int",
        "a circle",
    ),
    (
        RULES,
        "dibao_floor_per_head_fen_monthly[registration]",
        "dibao_floor_per_head_fen_monthly[dibao_members]",
        "is read as",
    ),
    (
        RULES,
        "return round_up(max(dibao_due_fen, 0), dibao_rounds_up_to_fen)",
        "return dibao_rounds_up_to_fen[dibao_due_fen]",
        "without brackets",
    ),
    (RULES, 'source="dibao-measures-2021 decision"', 'source="rumour"', "rumour is not a key"),
    (RULES, "@must_be(at_least=1)\n@household", "@household", "a test, and only a test"),
    (RULES, "@must_be(at_least=1)", "@must_be(at_least=1, more_than=0)", "must_be says either"),
    (RULES, '@household(source="practice rounding")', "", "directly above the function"),
    (RULES, "@award\n", "", "a pack with an @award, and only it"),
    (RULES, "def dibao_floor_fen", "def dibao_topup_fen", "stands here twice"),
    ("old_age/rules.py", "def old_age_band", "def dibao_members", "no rule old_age_band"),
    # Words.
    (WORDS, "    zh: 县级", "    zn: 县级", "zh is missing"),
    (WORDS, "  dibao_decided:", "  dibao_undecided:", "no rule dibao_undecided"),
    (WORDS, "rules:", "rulse:", "rules is missing"),
    # Facts.
    (FACTS, "of: household", "of: village", "a fact is of a household or a person"),
    (FACTS, "unit: fen", "unit: jiao", "jiao is not one of the units"),
    (FACTS, "unit: flag", "unit: code", "a code, and only a code, lists its codes"),
    (FACTS, "income_fen_monthly:", "born_on:", "born_on stands in the facts of dibao already"),
    (FACTS, "income_fen_monthly:", "since:", "since is no name for a fact"),
    (FACTS, "income_fen_monthly:", "income_state:", "income_state is no name for a fact"),
    (FACTS, "unit: fen", "unit: fen\n  at_least: 5\n  at_most: 4", "no value lies between 5 and 4"),
    (FACTS, "unit: fen", "unit: fen\n  at_least: 5", "says what is ordinary"),
    (FACTS, "unit: fen", "unit: fen\n  may_not_apply: perhaps", "yes or no is wanted here"),
    ("tekun/facts.yaml", "    2: {name: partial", "    4: {name: partial", "without a gap"),
    ("tekun/facts.yaml", "name: partial", "name: full", "two codes have one name"),
    (FADING, "unit: fen", "unit: count", "is fen, of a pack that pays by it"),
    (FADING, "programme: dibao", "programme: tekun", "tekun grants a household nothing"),
    (FADING, "month_of: dibao_above_standard_on", "month_of: born_on", "is no day of a household"),
    # Programmes.
    (PROGRAMME, "gives: money", "gives: gold", "gold is not one of money"),
    (PROGRAMME, "period: month", "period: moon", "moon is not one of month"),
    (PROGRAMME, "payee: household", "payee: banker", "banker is not one of self"),
    (PROGRAMME, "gives: money", "gives: goods", "dibao gives no money: it stands under offers"),
    ("tekun/programme.yaml", "by: care_mode", "by: mood", "mood has no such codes to pay by"),
    ("tekun/programme.yaml", "centralised:", "loved:", "care_mode has no such codes"),
    (
        PROGRAMME,
        "payee: household",
        "payee: {otherwise: self, by: care_mode, of: {centralised: institution}}",
        "care_mode is one person's",
    ),
    # Places.
    (
        PLACE,
        "demonstration: yes",
        "demonstration: perhaps",
        "yes or no is wanted here, not perhaps",
    ),
    (PLACE, "notice:", "remark:", "remark is not known here"),
    (PLACE, "pay_day: 10", "pay_day: 31", "day 31 is not in every month"),
    (
        PLACE,
        "programmes: [dibao, tekun]",
        "programmes: [dibao]",
        "no programme tekun to name",
    ),
    (PLACE, "[dibao, tekun]", "[dibao, dibao]", "dibao stands here twice"),
    (PLACE, "[dibao, tekun]", "[dibao, tekum]", "there is no programme tekum"),
    (PLACE, "  old_age: {urban", "  older: {urban", "old_age is missing"),
    (PLACE, "urban: 2081901", "urban: x", "x is not a budget item"),
]


@pytest.mark.parametrize(
    ("path", "old", "new", "why"), FAULTS, ids=[f"{each[3]} | {each[2][:30]}" for each in FAULTS]
)
def test_a_fault_is_refused_with_file_and_line(
    folder: Path, change: Change, path: str, old: str, new: str, why: str
) -> None:
    load(folder)
    change(path, old, new)
    with pytest.raises(PackFault) as refused:
        load(folder)
    assert why in refused.value.why
    assert refused.value.line >= 1
    assert str(refused.value).startswith(f"{refused.value.path}:{refused.value.line}: ")


def test_the_line_is_the_one_that_is_wrong(folder: Path, change: Change) -> None:
    change(RATES, "amount: 19000", "amount: nineteen")
    with pytest.raises(PackFault) as refused:
        load(folder)
    lines = refused.value.path.read_text(encoding="utf-8").splitlines()
    assert "nineteen" in lines[refused.value.line - 1]
    assert refused.value.path.name == "dibao.yaml"


def test_numbers_out_of_order_are_refused(folder: Path, change: Change) -> None:
    change("places/511425/tekun.yaml", "since: 2026-01", "since: 2025-01")
    with pytest.raises(PackFault, match="since 2025-01 does not come after the one before it"):
        load(folder)


def test_a_table_that_leaves_out_a_code_is_refused(folder: Path, change: Change) -> None:
    change("places/511425/disability_nursing.yaml", "  grade-4: none\n", "")
    with pytest.raises(PackFault, match="says nothing of grade-4"):
        load(folder)


def test_a_demonstration_number_without_a_reason_is_refused(folder: Path, change: Change) -> None:
    path = "places/511425/disability_living.yaml"
    note = "    note: The county prints no rate. 60 yuan is the least another district prints.\n"
    change(path, note, "")
    with pytest.raises(PackFault, match="says in a note why it stands here"):
        load(folder)


def test_a_rate_below_a_printed_floor_is_refused(folder: Path, change: Change) -> None:
    floor = "unit: fen\n  at_least: {amount: 6000, source: district-plan-2016 DA-01}\n"
    change("disability_living/numbers.yaml", "unit: fen\n", floor)
    load(folder)
    change("places/511425/disability_living.yaml", "amount: 6000", "amount: 5500")
    with pytest.raises(PackFault, match="5500 is not between 6000 and"):
        load(folder)


def test_a_place_file_of_no_pack_is_refused(folder: Path) -> None:
    (folder / "places/511425/heating.yaml").write_text("x: {}\n", encoding="utf-8")
    with pytest.raises(PackFault, match="there is no pack heating"):
        load(folder)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("amount: 6000\n", "amount: 5500\n", "5500 is not between 6000 and"),
        ("district-plan-2016 DA-01}", "hearsay}", "hearsay is not a key of sources.yaml"),
        ("at_least: {amount: 6000", "at_last: {amount: 6000", "at_last is not known here"),
    ],
)
def test_a_rate_below_the_least_that_the_place_prints_is_refused(
    folder: Path, change: Change, old: str, new: str, why: str
) -> None:
    change("places/district-2016/disability_living.yaml", old, new)
    with pytest.raises(PackFault, match=why):
        policies.load("district-2016", folder / "places", folder)
    load(folder)


def test_a_place_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(PackFault, match="the file is missing"):
        policies.load("000000", folder / "places", folder)


def test_an_empty_file_is_refused(folder: Path) -> None:
    (folder / RATES).write_text("", encoding="utf-8")
    with pytest.raises(PackFault, match="the file is empty"):
        load(folder)


def test_a_number_the_place_never_gives_holds_and_does_not_stop_the_others(folder: Path) -> None:
    (folder / RATES).unlink()
    law = load(folder)
    household = a_household(a_person(on_old_age=1, born_on=1940_01_01))
    answers = {each.programme: each for each in law.assess(household, "2026-10")}
    assert answers["dibao"].held == "no-number-dibao_standard_fen_monthly"
    assert answers["old_age"].amount_fen == 2000
    snapshot = law.snapshot([household])
    livelihood = law.award_county(snapshot, "2026-10", family="livelihood")
    assert [hold.reason for hold in livelihood.holds] == ["no-number-dibao_standard_fen_monthly"]
    old_age = law.award_county(snapshot, "2026-10", family="old_age")
    assert [award.amount_fen for award in old_age.awards] == [2000]


def test_a_place_may_lie_outside_the_source_tree(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "places" / "511425", tmp_path / "511499")
    rates = tmp_path / "511499" / "dibao.yaml"
    rates.write_text(rates.read_text(encoding="utf-8").replace("19000", "25000"), encoding="utf-8")
    elsewhere = policies.load("511499", tmp_path)
    assert elsewhere.assess(a_household(), "2026-10")[0].amount_fen == 25000
    assert elsewhere.sha256 != policies.load("511425").sha256


def test_law_that_changes_shape_leaves_the_old_months_computable(
    folder: Path, change: Change
) -> None:
    second = '''

@award
@household(source="practice rounding", since="2027-01", replaces="dibao_award_fen_monthly")
def dibao_award_fen_monthly_from_2027(dibao_due_fen: int) -> int:
    """What dibao pays this month from 2027 on: without rounding."""
    return dibao_due_fen
'''
    words = """
  dibao_award_fen_monthly_from_2027:
    label: {zh: 本月低保金（新）, en: dibao this month from 2027}
    zh: 二〇二七年起的本月低保金，不再进位。
"""
    for path, text in ((RULES, second), (WORDS, words)):
        whole = (folder / path).read_text(encoding="utf-8").rstrip("\n") + text
        (folder / path).write_text(whole, encoding="utf-8")
    law = load(folder)
    household = a_household(income_fen_monthly=1, from_month="2026-01")
    sums = [law.assess(household, month)[0].amount_fen for month in ("2026-12", "2027-01")]
    assert sums == [19000, 18999]
    county = law.snapshot([household])
    batch = [
        law.award_county(county, month).awards[0].amount_fen for month in ("2026-12", "2027-01")
    ]
    assert batch == sums


def test_who_gathers_hears_every_fault_once_and_not_what_follows_from_one(
    folder: Path, change: Change
) -> None:
    change(RATES, "amount: 37000", "amount: 370.00")
    change(RATES, "amount: 19000", "amount: -1")
    change(FACTS, "unit: fen", "unit: jiao")
    change("tekun/words.yaml", "rules:", "rules: [")
    with gathering() as gathered:
        load(folder)
    assert [(each.path.name, each.why) for each in gathered.faults] == [
        ("facts.yaml", "jiao is not one of the units code, flag, date, fen, count, years, months, "
         "days, hundredths, basis_points"),
        ("words.yaml", "not YAML: did not find expected ',' or ']'"),
        ("dibao.yaml", "a whole number is wanted here, not '370.00'"),
        ("dibao.yaml", "-1 is not between 0 and 1000000000"),
    ]  # fmt: skip
    with pytest.raises(PackFault):
        load(folder)
