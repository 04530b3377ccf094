"""Nothing of the texts is left open: each rule has its case, each setting its number."""

from pathlib import Path

import policies
from policies.desk import coverage
from policies.reading.packs import read_sources
from policies.reading.rows import declared_numbers, read_rows, showings, undeclared, unshown

ROOT = Path(policies.__file__).parent
ROWS = read_rows(ROOT / "rows.yaml", read_sources(ROOT / "sources.yaml"))


def test_every_rule_of_the_texts_is_shown_by_a_case() -> None:
    assert unshown(ROWS, showings(ROOT)) == []


def test_every_setting_of_the_texts_is_a_number_some_pack_declares() -> None:
    assert undeclared(ROWS, declared_numbers(ROOT)) == []


def test_the_page_on_coverage_is_what_rows_and_cases_say() -> None:
    assert coverage.main(["--check"]) == 0
