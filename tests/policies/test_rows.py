"""Every row of the texts stands in rows.yaml once, as a rule, a setting, or aside with a reason."""

import re
from pathlib import Path

import pytest

import policies
from policies import PackFault
from policies.reading.packs import read_sources
from policies.reading.rows import (
    Rows,
    declared_numbers,
    read_rows,
    showings,
    strays,
    undeclared,
    unshown,
)

ROOT = Path(policies.__file__).parent
CATALOGUE = ROOT.parents[1] / "shared" / "catalogue" / "policies.md"
SOURCES = read_sources(ROOT / "sources.yaml")
ROWS = read_rows(ROOT / "rows.yaml", SOURCES)
COUNTS = {
    "DB": 31, "TK": 13, "SP": 3, "LE": 9, "EX": 4, "DA": 16, "MA": 20, "ED": 23, "OA": 9, "OR": 4,
    "TE": 7, "DR": 6, "HO": 6, "EM": 13, "IN": 10, "PK": 9, "FU": 4, "CH": 9, "SV": 10, "ML": 4,
    "VT": 6, "VG": 1, "RW": 3, "F": 50, "C": 16,
}  # fmt: skip

RULE = "DB-01: {place: here, says: A sum.}"
SETTING = "DB-02: {place: here, says: A sum., setting: sum_fen, why: It is lost.}"
ASIDE = "DB-03: {place: [here, there], says: A total., aside: A total.}"
PLACES = "places: {here: [practice], there: [practice]}"


def a_folder(folder: Path, *rows: str, places: str = PLACES) -> Path:
    """Rows as they would stand beside packs."""
    text = f"{places}\nrows:\n" + "".join(f"  {row}\n" for row in rows)
    (folder / "rows.yaml").write_text(text, encoding="utf-8")
    return folder


def the_rows(folder: Path, *rows: str, places: str = PLACES) -> Rows:
    return read_rows(a_folder(folder, *rows, places=places) / "rows.yaml", SOURCES)


def a_case(folder: Path, shows: str, pack: str = "dibao") -> None:
    (folder / pack / "cases").mkdir(parents=True)
    case = f"- {{name: Li Wei, month: 2026-10, expect: {{}}, shows: [{shows}]}}\n"
    (folder / pack / "cases" / "sums.yaml").write_text(case, encoding="utf-8")


def test_no_row_of_any_family_is_missing() -> None:
    families = [row.family for row in ROWS.rows.values()]
    assert {family: families.count(family) for family in families} == COUNTS


@pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue does not lie beside this")
def test_the_catalogue_knows_no_row_that_is_missing_here() -> None:
    listed = re.findall(r"^\| ([A-Z]{2}-\d{2}|F\d{2}) \|", CATALOGUE.read_text("utf-8"), re.M)
    assert set(listed) - ROWS.rows.keys() == set()


def test_no_case_shows_a_row_that_is_none_or_set_aside() -> None:
    assert strays(ROWS, showings(ROOT)) == []


def test_no_two_rows_say_the_same() -> None:
    said = [row.says for row in ROWS.rows.values()]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["DB-01: {place: here}"], "says is missing"),
        (["DB-01: {says: A sum.}"], "place is missing"),
        (["DB-01: {place: elsewhere, says: A sum.}"], "elsewhere is none of the places"),
        (["DB-01: {place: [here, elsewhere], says: A sum.}"], "elsewhere is none of the places"),
        (["DB-01: {place: here, says: A sum., colour: red}"], "colour is not known here"),
        (["DB-01: {place: here, says: A sum., setting: sum_fen}"], "only a setting, says why"),
        (["DB-01: {place: here, says: A sum., why: It is lost.}"], "only a setting, says why"),
        (["DB-01: {place: here, says: A sum., aside: ''}"], "a text is wanted here"),
        (
            ["DB-01: {place: here, says: A, setting: sum_fen, why: Lost., aside: None.}"],
            "not both",
        ),
        (["XY-01: {place: here, says: A sum.}"], "XY-01 is no row"),
        (["DB-1: {place: here, says: A sum.}"], "DB-1 is no row"),
        (["F-01: {place: here, says: A sum.}"], "F-01 is no row"),
        ([RULE, ASIDE], "DB-03 stands where number 02 should"),
        ([RULE, RULE], "DB-01 stands here twice"),
    ],
)
def test_a_faulty_row_is_refused_with_its_line(tmp_path: Path, rows: list[str], why: str) -> None:
    with pytest.raises(PackFault, match=why) as refused:
        the_rows(tmp_path, *rows)
    assert refused.value.line == len(rows) + 2


def test_a_place_read_from_no_known_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackFault, match="hearsay is not a key"):
        the_rows(tmp_path, RULE, places="places: {here: [hearsay]}")


def test_a_rule_without_a_case_is_found_and_one_with_a_case_is_not(tmp_path: Path) -> None:
    rows = the_rows(tmp_path, RULE, SETTING, ASIDE)
    [found] = unshown(rows, showings(tmp_path))
    assert found.endswith("rows.yaml:3: no case shows DB-01")
    a_case(tmp_path, "DB-01")
    assert unshown(rows, showings(tmp_path)) == []


def test_the_cases_of_a_place_count_as_those_of_a_pack(tmp_path: Path) -> None:
    rows = the_rows(tmp_path, RULE)
    a_case(tmp_path, "DB-01", pack="places/511425")
    assert unshown(rows, showings(tmp_path)) == []


@pytest.mark.parametrize(
    ("shows", "why"),
    [("DB-99", "DB-99 is no row of rows.yaml"), ("DB-03", "DB-03 is set aside: A total.")],
)
def test_a_case_that_shows_no_row_or_one_set_aside_is_found(
    tmp_path: Path, shows: str, why: str
) -> None:
    rows = the_rows(tmp_path, RULE, SETTING, ASIDE)
    a_case(tmp_path, f"DB-01, DB-02, {shows}")
    [found] = strays(rows, showings(tmp_path))
    assert found.endswith(f"sums.yaml:1: {why}")


def test_a_setting_of_a_number_that_no_pack_declares_is_found(tmp_path: Path) -> None:
    rows = the_rows(tmp_path, RULE, SETTING)
    [found] = undeclared(rows, declared_numbers(tmp_path))
    assert found.endswith("rows.yaml:4: DB-02 names sum_fen, which no pack declares")
    (tmp_path / "dibao").mkdir()
    (tmp_path / "dibao" / "numbers.yaml").write_text("sum_fen: {unit: fen}\n", encoding="utf-8")
    assert undeclared(rows, declared_numbers(tmp_path)) == []
