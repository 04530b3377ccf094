"""What was compiled is kept for the next process, where nobody else can have put it."""

import os
from pathlib import Path

import pytest

import policies
from policies.counties import machine
from tests.policies.households import a_household


@pytest.fixture(autouse=True)
def _as_in_a_new_process() -> None:
    machine.code_of.cache_clear()


def awarded(folder: Path | None) -> list[int]:
    """What dibao pays one household, by a law that keeps its code there."""
    law = policies.load("511425", code_dir=folder)
    outcome = law.award_county(law.snapshot([a_household()]), "2026-10", family="livelihood")
    return [each.amount_fen for each in outcome.awards]


def test_the_next_process_finds_the_code_where_it_was_put(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    assert awarded(folder) == [19000]
    (kept,) = folder.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    written = kept.stat().st_mtime_ns
    machine.code_of.cache_clear()
    assert awarded(folder) == [19000]
    assert [each.stat().st_mtime_ns for each in folder.iterdir()] == [written]


def test_other_numbers_need_no_other_code(tmp_path: Path) -> None:
    law = policies.load("511425", code_dir=tmp_path / "code")
    county = law.snapshot([a_household()])
    for standard in (19000, 25000):
        supposed = law.supposing({"dibao_standard_fen_monthly": {1: standard, 2: standard}})
        found = supposed.award_county(county, "2026-10", family="livelihood").awards
        assert [each.amount_fen for each in found] == [standard]
    assert len(list((tmp_path / "code").iterdir())) == 1


def test_code_that_was_cut_short_is_compiled_again(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    awarded(folder)
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-100])
    machine.code_of.cache_clear()
    assert awarded(folder) == [19000]
    assert kept.read_bytes() == whole


def test_a_folder_others_may_enter_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    folder.chmod(0o755)
    assert awarded(folder) == [19000]
    assert not list(folder.iterdir())


def test_a_folder_that_leads_elsewhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder = tmp_path / "code"
    folder.symlink_to(tmp_path / "elsewhere")
    assert awarded(folder) == [19000]
    assert not list((tmp_path / "elsewhere").iterdir())


def test_without_a_place_to_keep_it_a_county_is_reckoned_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert awarded(tmp_path / "file" / "code") == [19000]
    assert awarded(None) == [19000]
    assert os.listdir(tmp_path) == ["file"]
