"""What a place may set, and what no place may: read strictly, before the service starts."""

from datetime import date
from pathlib import Path

import pytest

from services.identification.casework.paths import check_settings
from services.identification.delegation import ENTRUSTED, TRANSFERRED
from services.identification.place_settings import PlaceSettings, SettingsUnreadable


def read(folder: Path, text: str) -> PlaceSettings:
    own = folder / "own.yaml"
    own.write_text(text, "utf-8")
    return check_settings(PlaceSettings.read(own))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("investigators_min: 1", "at least 2"),
        ("posting_days: {village: 0}", "at least 1"),
        ("posting_days: {street: 7}", "no street"),
        ("decision_days: 0", "at least 1"),
        ("decision_days: -3", "at least 1"),
        ("aid_township_limit_fen: -1", "at least 0"),
        ("sample_percent: {township: 0}", "at least 1"),
        ("sample_percent: {township: 101}", "at most 100"),
        ("posting_stages: [township, village]", "in this order"),
        ("posting_stages: [hamlet]", "in this order"),
        ("posting_stages: []", "in this order"),
        ("appraisal: sometimes", "appraisal is one of"),
        ("public_categories: [diabo]", "diabo"),
        ("delegation: [{since: 2021-07-01, category: diabo}]", "diabo"),
        ("relatives_home_check: no", "not known"),
        ("holidays: [soon]", "holidays"),
    ],
)
def test_what_no_place_may_set_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsUnreadable, match=why):
        read(tmp_path, text)


def test_a_place_says_only_what_differs(tmp_path: Path) -> None:
    own = read(tmp_path, "posting_days: {village: 10}\nsample_percent: {county: 30}")
    usual = PlaceSettings.read()
    assert own.posting_days("village", 1) == 10
    assert own.posting_days("county", 1) == usual.posting_days("county", 1)
    assert own.words["sample_percent"] == {**usual.words["sample_percent"], "county": 30}


def test_a_power_may_be_given_to_some_townships_alone(tmp_path: Path) -> None:
    own = read(
        tmp_path,
        """
        delegation:
          - {since: 2021-07-01, category: dibao, authority: township-entrusted}
          - {since: 2024-01-01, category: dibao, area: 511425102, authority: township-transferred}
        """,
    )
    usual = PlaceSettings.read()
    on = date(2026, 9, 25)
    assert own.decided_by("dibao", "511425102001", on).authority == TRANSFERRED
    assert own.decided_by("dibao", "511425001200", on).authority == ENTRUSTED
    assert own.decided_by("dibao", "511425102001", date(2023, 6, 1)).authority == ENTRUSTED
    assert own.decided_by("appeal", "", on) == usual.decided_by("appeal", "", on), "as ever"


def test_a_year_nobody_announced_yet_has_the_holidays_of_the_law() -> None:
    settings = PlaceSettings.read()
    new_year, spring_festival = date(2027, 1, 1), date(2027, 2, 8)
    assert (new_year.weekday(), spring_festival.weekday()) == (4, 0), "days of a week's work"
    assert not settings.is_workday(new_year)
    assert not settings.is_workday(spring_festival)
    assert settings.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)
