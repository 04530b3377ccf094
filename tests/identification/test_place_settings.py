"""What a place may set, and what no place may: read strictly, before the service starts."""

from datetime import date
from pathlib import Path

import pytest

from services.identification.casework.paths import check_settings
from services.identification.delegation import ENTRUSTED, TRANSFERRED
from services.identification.place_settings import PlaceSettings, SettingsUnreadable
from services.identification.posting_lists import BEFORE_COUNTY, PostingList


def read(folder: Path, text: str) -> PlaceSettings:
    own = folder / "own.yaml"
    own.write_text(text, "utf-8")
    return check_settings(PlaceSettings.read(own))


def lists(*said: str) -> str:
    """The lists of a place, as its file says them."""
    rows = (dict(zip(("board", "stands", "days"), each.split(), strict=True)) for each in said)
    inner = (", ".join(f"{name}: {word}" for name, word in each.items()) for each in rows)
    return f"posting_stages: [{', '.join(f'{{{each}}}' for each in inner)}]"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("investigators_min: 1", "at least 2"),
        ("decision_days: 0", "at least 1"),
        ("decision_days: -3", "at least 1"),
        ("aid_township_limit_fen: -1", "at least 0"),
        ("sample_percent: {township: -1}", "at least 0"),
        ("round_sample_percent: 0", "at least 1"),
        ("sample_percent: {township: 101}", "at most 100"),
        ("posting_stages: []", "in this order"),
        ("posting_stages: [village]", "posting_stages"),
        (lists("hamlet before-county 7"), "no hamlet board"),
        (lists("village before-county 0"), "at least 1"),
        (lists("village somewhere 7"), "village stands at one of"),
        ("posting_stages: [{board: village, days: 7}]", "stands"),
        (lists("township before-county 5", "village before-county 7"), "in this order"),
        (lists("village before-county 7", "township before-opinion 5"), "in this order"),
        (lists("village before-opinion 7", "village before-county 5"), "each once"),
        ("appraisal: sometimes", "appraisal is one of"),
        ("public_categories: [diabo]", "diabo"),
        ("delegation: [{since: 2021-07-01, category: diabo}]", "diabo"),
        ("relatives_home_check: no", "not known"),
        ("holidays: [2026-10-08]", "not known"),
    ],
)
def test_what_no_place_may_set_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsUnreadable, match=why):
        read(tmp_path, text)


def test_a_place_says_only_what_differs(tmp_path: Path) -> None:
    own = read(tmp_path, lists("village before-county 10") + "\nsample_percent: {county: 30}")
    usual = PlaceSettings.read()
    assert [each.days for each in own.lists] == [10]
    assert usual.lists == [PostingList("village", BEFORE_COUNTY, 7)], "as the nation has it"
    assert own.word("posting_days_again") == usual.word("posting_days_again")
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
    assert not settings.calendar.is_workday(new_year)
    assert not settings.calendar.is_workday(spring_festival)
    assert settings.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)
