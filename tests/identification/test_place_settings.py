"""What a place may set, and what no place may: read strictly, before the service starts."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.identification.delegation import ENTRUSTED, TRANSFERRED
from services.identification.low_income.groups import months_of
from services.identification.place_settings import PlaceSettings, SettingsUnreadable
from services.identification.posting_lists import BEFORE_COUNTY, PostingList
from services.identification.settings_words import check_settings


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
        ("appraisal: sometimes", "there is no sometimes"),
        ("public_categories: [diabo]", "diabo"),
        ("delegation: [{since: 2021-07-01, category: diabo}]", "diabo"),
        ("money_starts: {dibao: month-of-decison}", "there is no month-of-decison"),
        ("money_starts: {diabo: month-of-decision}", "there is no diabo"),
        ("money_starts: {dibao: [month-of-decision]}", "not written like"),
        ("decision_required: {disability: [id_card]}", "there is no id_card"),
        ("decision_required: {disabled: [id-card]}", "there is no disabled"),
        ("decision_required: {disability: id-card}", "not written like"),
        ("archive_required: {dibao: [servey-form]}", "there is no servey-form"),
        ("papers_valid_months: {id_card: 12}", "there is no id_card"),
        ("review_months: {able-bodied: half a year}", "not written like"),
        ("review_months_of: {edge: 0}", "at least 1"),
        ("review_months_of: {edges: 6}", "there is no edges"),
        ("pairing_quota: {cader: 2}", "there is no cader"),
        ("pairing_quota: {cadre: two}", "not written like"),
        ("pairing_quota: {cadre: yes}", "not written like"),
        ("discipline_bodies: {village-cadre: county}", "there is no county; it is one of"),
        ("discipline_bodies: {village-cadre: null}", "not written like"),
        ("discipline_bodies: {household: county-discipline}", "there is no household"),
        ("assessment_points: {reports: 5}", "there is no reports"),
        ("assessment_points: {reports-in-time: 2.5}", "not written like"),
        ("lead_programmes: {alert_pupils: dibao}", "there is no alert_pupils"),
        ("lead_programmes: {alert_pupil: dibaos}", "there is no dibaos"),
        ("low_income_validity_months: {others: 6}", "there is no others"),
        ("low_income_validity_months: {other: 0}", "at least 1"),
        ("low_income_filing_day: '02-29'", "day"),
        ("low_income_slices: {education: {groups: [dibao], fields: [card]}}", "there is no card"),
        ("low_income_slices: {education: {fields: [name]}}", "groups"),
        ("campaigns: {spring: {zh: 春季核查, en: spring}}", "phases"),
        ("average_targets_fen: {dibao: {town: 20000}}", "town"),
        ("able_bodied_ages: [59, 16]", "the youngest and the oldest"),
        ("able_bodied_ages: [16]", "able_bodied_ages"),
        ("relations: {godparent: {zh: 干亲}}", "en"),
        ("proxy_channels: [villages]", "there is no villages"),
        ("identity_seen_by: nobody", "there is no nobody"),
        ("verification_data_sets: [vehicels]", "there is no vehicels"),
        ("relatives_home_check: no", "not known"),
        ("holidays: [2026-10-08]", "not known"),
    ],
)
def test_what_no_place_may_set_is_refused_by_name(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsUnreadable, match=why) as refused:
        read(tmp_path, text)
    assert f"own.yaml: {text.partition(':')[0]}" in str(refused.value), "where to mend it"


def test_a_place_says_only_what_differs(tmp_path: Path) -> None:
    own = read(tmp_path, lists("village before-county 10") + "\nsample_percent: {county: 30}")
    usual = PlaceSettings.read()
    assert [each.days for each in own.lists] == [10]
    assert usual.lists == [PostingList("village", BEFORE_COUNTY, 7)], "as the nation has it"
    assert own.word("posting_days_again") == usual.word("posting_days_again")
    assert own.words["sample_percent"] == {**usual.words["sample_percent"], "county": 30}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("money_starts", {"dibao": "month-of-decision"}),
        ("decision_required", {"disability": ["id-card"]}),
        ("archive_required", {"change": ["household-register"]}),
        ("papers_valid_months", {"income-proof": 3}),
        ("review_months", {"stable": 9}),
        ("review_months_of", {"edge": 3}),
        ("pairing_quota", {"cadre": 2, "township-cadre": 5}),
        ("discipline_bodies", {"village-cadre": "county-discipline"}),
        ("assessment_points", {"reports-in-time": 0}),
        ("lead_programmes", {"alert_pupil": "children"}),
        ("low_income_validity_months", {"other": 6}),
        ("relations", {"godparent": {"zh": "干亲", "en": "godparent"}}),
    ],
)
def test_of_a_table_a_place_says_the_names_that_differ(
    tmp_path: Path, name: str, own: dict[str, Any]
) -> None:
    usual = PlaceSettings.read().words[name]
    assert read(tmp_path, yaml.safe_dump({name: own})).words[name] == {**usual, **own}


def test_what_has_a_meaning_unsaid_is_taken_from_its_table(tmp_path: Path) -> None:
    usual = PlaceSettings.read()
    own = read(tmp_path, "pairing_quota: {cadre: null}\nlow_income_validity_months: {other: null}")
    assert own.words["pairing_quota"].keys() == usual.words["pairing_quota"].keys() - {"cadre"}
    assert [months_of(each, "other") for each in (usual, own)] == [12, None]


def test_a_list_of_a_place_takes_the_place_of_all_of_the_usual(tmp_path: Path) -> None:
    slices = {"education": {"groups": ["dibao"], "fields": ["name"]}}
    text = {"low_income_slices": slices, "public_categories": ["dibao"]}
    own = read(tmp_path, yaml.safe_dump(text))
    assert own.words["low_income_slices"] == slices, "no other department reads anything"
    assert own.public_categories == ["dibao"]


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
