"""Reading packs as a careful colleague: everything wrong is told, with file and line."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

import policies
from policies.colleague.check import check, main, unpayable
from policies.colleague.findings import Finding
from policies.reading.loading import load
from tests.policies.small_packs import line_of, spoil, write

RULES = "heating/rules.py"
WORDS = "heating/words.yaml"
FACTS = "heating/facts.yaml"
NUMBERS = "heating/numbers.yaml"
CASES = "heating/cases/heating.yaml"
SOURCES = "sources.yaml"
RATES = "places/valley/heating.yaml"
PLACE = "places/valley/place.yaml"
VALLEY_CASES = "places/valley/cases/heating.yaml"
RATE = "return rooms * heating_room_fen[registration]"
AWARD = "return heating_left_fen"
LEFT = "return left if left >= heating_least_fen else 0"
NUMBER = """\
heating_room_fen:
  label: {zh: 每间标准, en: rate of a room}
"""


class Plant(NamedTuple):
    """Something spoilt in one file, and what is said of it: kind, file, a line, some words."""

    path: str
    old: str
    new: str
    kind: str
    where: str
    line: str
    says: str


def planted(path: str, old: str, new: str, kind: str, line: str, says: str) -> Plant:
    """Spoilt and found in the same file."""
    return Plant(path, old, new, kind, path, line, says)


PLANTS = [
    # Dates, gaps and words.
    planted(RATES, "2022-10", "2021-10", "refused", "amount: 7000", "does not come after the one"),
    planted(RATES, "2022-10", "2020-10", "refused", "amount: 7000", "does not come after the one"),
    planted(RATES, "2021-10, amount: 5000", "2021-12, amount: 5000", "gap", "amount: 5000",
            "heating_room_fen of rural has no amount from 2021-10 to 2021-11"),
    planted(RATES, "  rural:\n    - {since: 2021-10, amount: 5000, source: valley-notice, "
            "standing: printed}\n", "", "refused", "urban:", "says nothing of rural"),
    planted(RATES, "source: valley-notice, standing: confirmed", "standing: confirmed", "refused",
            "amount: 6000", "source is missing"),
    planted(WORDS, "    zh: 余额予以补助。\n", "", "refused", "取暖补助, en: heating aid",
            "zh is missing"),
    planted(WORDS, "label: {zh: 取暖费, en: cost of heating}", "label: {en: cost of heating}",
            "refused", "cost of heating", "zh is missing"),
    planted(RULES, '    """What is left is paid."""\n', "", "refused", "def heating_award_fen",
            "has no English sentence"),
    planted(WORDS, "余额予以补助。", "扣除单位承担部分后的余额。", "twice",
            "取暖补助, en: heating aid", "heating_award_fen says the same as heating_left_fen"),
    planted(RULES, "What is left is paid.", "So much for every room.", "twice",
            "def heating_award_fen", "heating_award_fen says the same as heating_rate_fen"),
    planted(CASES, "Before anything began nothing is known", "Nobody granted it", "twice",
            "month: 2019-12\n", "another case is called Nobody granted it"),
    # Facts, circles, what nothing reads.
    planted(RULES, "rooms: int", "chambers: int", "refused",
            "return rooms", "a rule does not say: rooms"),
    planted(RULES, "(heating_left_fen: int)", "(heating_left_fen: int, moon: int)", "refused",
            "def heating_award_fen", "nothing is called moon"),
    planted(CASES, "household: {rooms: 2}", "household: {moons: 2}", "refused", "moons",
            "no fact of a household is called moons"),
    planted(RULES, "employer_pays_fen: int", "heating_award_fen: int, employer_pays_fen: int",
            "refused", "def heating_left_fen", "a circle"),
    planted(RULES, "left = heating_rate_fen - employer_pays_fen", "left = heating_rate_fen",
            "unused", "def heating_left_fen", "asks for employer_pays_fen and does not read it"),
    planted(FACTS, "", "lift:\n  of: household\n  unit: flag\n"
            "  label: {zh: 电梯, en: a lift}\n  proof: {zh: 调查, en: the visit}\n",
            "unused", "of: household", "no rule reads the fact lift"),
    planted(NUMBERS, "", "heating_winters:\n  label: {zh: 冬数, en: winters}\n  unit: count\n",
            "unused", "label: {zh: 冬数", "no rule reads the number heating_winters"),
    planted(RULES, '@award\n@household(source="winter-notice")\n',
            '@household(source="winter-notice rate")\ndef heating_idle_fen(rooms: int) -> int:\n'
            '    """Of no use."""\n    return rooms\n\n\n@award\n'
            '@household(source="winter-notice")\n',
            "refused", "def heating_idle_fen", "no Chinese sentence"),
    planted(SOURCES, "", "rumour:\n  title: {zh: 传闻, en: a rumour}\n", "unused", "传闻",
            "nothing names the source rumour"),
    # Rules that must not run as they are.
    planted(RULES, RATE, "return rooms * 0.5", "refused", "0.5", "a rule does not say: 0.5"),
    planted(RULES, RATE, "return rooms / 2", "refused", "rooms / 2", "a rule does not say"),
    planted(RATES, "amount: 7000", "amount: 7000.5", "refused", "7000.5",
            "a whole number is wanted"),
    planted(CASES, "{heating: 7000}", "{heating: 7000.0}", "refused", "7000.0", "a whole number"),
    planted(RULES, RATE, f"{RATE} * heating_room_fen[registration] * 100000", "overflow",
            "* 100000", "may leave 64 bits: it is 0 to 20000000000000000000"),
    planted(RULES, RATE, f"{RATE} + 9{'0' * 19}", "overflow", "+ 9000",
            f"9{'0' * 19} may leave 64"),
    planted(RULES, RATE, f"{RATE} // rooms", "zero", "// rooms",
            "may divide by zero: it divides by 0 to 20"),
    planted(RULES, RATE, f"{RATE} % (rooms - 3)", "zero", "rooms - 3", "it divides by -3 to 17"),
    planted(RULES, AWARD, "return heating_left_fen - 101", "negative", "def heating_award_fen",
            "heating_award_fen may be below zero: it lies in -100 to"),
    planted(RULES, LEFT, "return left * 0", "nobody", "def heating_left_fen",
            "nobody can pass heating_left_fen"),
    # Cases.
    planted(RATES, "2022-10", "2022-11", "uncased", "amount: 7000",
            "begins in 2022-11: no case in 2022-11"),
    planted(NUMBERS, "2020-01", "2020-02", "uncased", "amount: 100", "no case in 2020-02"),
    Plant(CASES, "fails: heating_decided", "held: unknown-on_heating", "uncased", RULES,
          "def heating_decided", "no case fails heating_decided"),
    planted(VALLEY_CASES, "{heating: 5000}", "{heating: 5001}", "case", "One room in the first",
            "amount_fen=5000"),
    # A place that offers what it has no amount for.
    Plant(NUMBERS, "  values:\n    - {since: 2020-01, amount: 100, source: winter-notice, "
          "standing: printed}\n", "", "unvalued", PLACE, "[heating]",
          "none of its numbers has an amount"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_a_clean_law_has_nothing_to_mend(folder: Path) -> None:
    assert check(folder) == []


@pytest.mark.parametrize("plant", PLANTS, ids=[f"{each.kind}: {each.says}" for each in PLANTS])
def test_what_is_planted_is_found_with_file_and_line(folder: Path, plant: Plant) -> None:
    if plant.kind == "unvalued":
        (folder / RATES).unlink()
    spoil(folder, plant.path, plant.old, plant.new)
    found = [each for each in check(folder) if plant.says in each.why]
    assert [(each.kind, each.path) for each in found] == [(plant.kind, folder / plant.where)]
    line = line_of(folder, plant.where, plant.line)
    assert found[0].line in {line, line - 1}


def test_a_programme_that_gives_nothing_in_any_case_is_found(folder: Path) -> None:
    for path, sum_fen in ((CASES, 7000), (VALLEY_CASES, 5000), (VALLEY_CASES, 13000)):
        spoil(folder, path, f"{{heating: {sum_fen}}}", "{heating_award_fen: 0}")
    assert "in no case heating gives something" in [each.why for each in check(folder)]


def test_a_second_shape_wants_a_case_on_its_first_month_and_before(folder: Path) -> None:
    second = '''

@household(source="winter-notice rate", since="2023-01", replaces="heating_rate_fen")
def heating_rate_fen_2023(rooms: int, heating_room_fen: Table, registration: int) -> int:
    """From 2023 on a room more is paid."""
    return (rooms + 1) * heating_room_fen[registration]
'''
    words = "  heating_rate_fen_2023:\n    label: {zh: 取暖费, en: cost}\n    zh: 多算一间。\n"
    for name, more in ((RULES, second), (WORDS, words)):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text + more, encoding="utf-8")
    assert [each.why for each in check(folder)] == [
        "heating_rate_fen begins in 2023-01: no case in 2022-12 nor in 2023-01"
    ]


def test_a_broken_file_hides_nothing_elsewhere_and_brings_nothing_with_it(folder: Path) -> None:
    spoil(folder, RATES, "amount: 6000", "amount: [")
    spoil(folder, RULES, AWARD, "return heating_left_fen / 1")
    spoil(folder, SOURCES, "title: {zh: 冬季取暖通知", "titel: {zh: 冬季取暖通知")
    spoil(folder, "reasons.yaml", "unknown:", "unknown: 1\nother:")
    spoil(folder, CASES, "month: 2019-12\n", "month: 2019-13\n")
    assert [(each.path.relative_to(folder).as_posix(), each.why[:8]) for each in check(folder)] == [
        (CASES, "a month "),
        (RULES, "a rule d"),
        (RATES, "not YAML"),
        ("reasons.yaml", "named en"),
        (SOURCES, "title is"),
    ]


def test_a_folder_that_is_no_whole_pack_is_named(folder: Path) -> None:
    (folder / "lighting").mkdir()
    (folder / "lighting/facts.yaml").write_text("{}\n", encoding="utf-8")
    (folder / "heating/README.md").unlink()
    assert [each.path.relative_to(folder).as_posix() for each in check(folder)] == [
        "heating/README.md", "lighting/README.md", "lighting/cases", "lighting/rules.py",
    ]  # fmt: skip


def test_only_the_places_asked_for_are_told_of(folder: Path) -> None:
    spoil(folder, RATES, "amount: 6000", "amount: six")
    assert check(folder, [folder / "places" / "nation"]) == []
    assert len(check(folder, [folder / "places" / "valley"])) == 1


def test_a_place_outside_the_source_tree_is_read_on_our_packs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "places" / "gorge"
    place.mkdir(parents=True)
    (place / "place.yaml").write_text("name: {zh: 峡谷县}\n", encoding="utf-8")
    assert main(["--places-dir", str(tmp_path / "places"), "--place", "gorge", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)["findings"]
    own = [each for each in said if each["file"].startswith(str(tmp_path))]
    assert own == [
        {
            "file": str(place / "place.yaml"),
            "line": 1,
            "kind": "refused",
            "says": "calendar is missing",
        }
    ]


def test_paying_is_refused_by_numbers_nobody_confirmed(folder: Path) -> None:
    law = load("valley", folder / "places", folder)
    assert unpayable(law, "2019-12") == []
    assert [str(each) for each in unpayable(law, "2021-10")] == [
        f"{folder / NUMBERS}:9: heating_least_fen since 2020-01 is printed, not confirmed",
        f"{folder / RATES}:6: heating_room_fen of rural since 2021-10 is printed, not confirmed",
    ]
    assert any(
        ": heating_room_fen of urban since 2022-10 is lead" in str(e) for e in unpayable(law, None)
    )


def test_the_demonstration_county_may_not_pay(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pay", "511425", "--month", "2026-10"]) == 1
    said = capsys.readouterr().out
    assert "policies/places/511425/dibao.yaml:" in said
    assert said.endswith(" files\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--pay", "511425", "--month", "2026-13"], "a month is written YYYY-MM"),
        (["--month", "2026-10"], "--month says of which month --pay asks"),
        (["--plaice", "511425"], "unrecognized arguments"),
    ],
)
def test_words_it_does_not_know_are_refused(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
    assert says in capsys.readouterr().err


def test_a_place_that_is_not_there_is_told_as_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pay", "000000"]) == 1
    assert "place.yaml:1: the file is missing" in capsys.readouterr().out


def test_findings_stand_in_the_order_of_files_and_lines() -> None:
    later, earlier = Finding(Path("a"), 2, "gap", "x"), Finding(Path("a"), 1, "unused", "y")
    assert sorted([later, earlier]) == [earlier, later]


def test_a_place_may_only_bound_within_the_pack(folder: Path) -> None:
    spoil(folder, RATES, "heating_room_fen:\n", "heating_room_fen:\n"
          "  at_most: {amount: 2000000000, source: valley-notice}\n  values:\n")  # fmt: skip
    text = (folder / RATES).read_text(encoding="utf-8").replace("\n    - ", "\n      - ")
    text = text.replace("  urban:", "    urban:").replace("  rural:", "    rural:")
    (folder / RATES).write_text(text, encoding="utf-8")
    with pytest.raises(policies.PackFault, match="within what the pack allows, 0 to 1000000000"):
        load("valley", folder / "places", folder)
