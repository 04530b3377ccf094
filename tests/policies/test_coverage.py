"""The page on coverage says what rows and cases say, and is refused when it does not."""

import shutil
from pathlib import Path

import pytest

import policies
from policies.desk import coverage
from tests.policies.test_rows import ASIDE, RULE, SETTING, a_case, a_folder

ROOT = Path(policies.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "sources.yaml", tmp_path)
    return a_folder(tmp_path, RULE, SETTING, ASIDE)


def test_each_row_says_what_became_of_it(folder: Path) -> None:
    a_case(folder, "DB-01, DB-02")
    page = coverage.text(folder)
    cases = "1 case: [dibao/sums](dibao/cases/sums.yaml)"
    assert f"| DB-01 | A sum. | here | {cases} |\n" in page
    assert "| DB-02 | A sum. | here | setting `sum_fen`, **declared nowhere yet**: " in page
    assert "| DB-03 | A total. | here, there | aside: A total. |\n" in page


def test_the_totals_count_what_is_still_open(folder: Path) -> None:
    assert "\n| all | 0 | 1 | 0 | 1 | 1 | 3 |\n" in coverage.text(folder)
    a_case(folder, "DB-01, F01")
    (folder / "dibao" / "numbers.yaml").write_text("sum_fen: {unit: fen}\n", encoding="utf-8")
    assert "\n| all | 1 | 0 | 1 | 0 | 1 | 3 |\n" in coverage.text(folder)


def test_a_page_out_of_date_is_refused_and_written_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert coverage.main(["--check"], folder) == 1
    assert "COVERAGE.md is out of date: make coverage writes it" in capsys.readouterr().err
    assert coverage.main([], folder) == 0
    assert coverage.main(["--check"], folder) == 0
    a_case(folder, "DB-01")
    assert coverage.main(["--check"], folder) == 1
