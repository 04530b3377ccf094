"""The tables of reports: any register adds up, and what names nothing that is there is refused."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.identification.places import Place
from services.identification.reports import census, counting
from services.identification.reports.books import Book
from services.identification.reports.census import Census, Reading
from services.identification.reports.definitions import (
    Definitions,
    ReportUnreadable,
    parsed,
    written,
)
from shared.months import Month

NATION = Definitions.read()
MONTH = Month(2026, 10)
VILLAGES = ("511425001200", "511425001201", "511425102201")
PLACE = Place("511425", "青神县", dict.fromkeys(VILLAGES, "村"), {"511425001": "镇"}, {})
NOT_APPLICABLE = "not-applicable"

member = st.fixed_dictionaries(
    {
        "since": st.sampled_from(["2010-01", "2026-10", "2026-11"]),
        "until": st.sampled_from([None, None, "2026-09", "2026-10"]),
        "facts": st.fixed_dictionaries(
            {
                "born_on": st.integers(1920, 2026).map(lambda year: year * 10_000 + 615),
                "died_on": st.sampled_from([NOT_APPLICABLE, NOT_APPLICABLE, 20260901, 20261003]),
                "on_tekun": st.integers(0, 1),
                "care_mode": st.sampled_from([1, 2, NOT_APPLICABLE, None]),
                "self_care": st.sampled_from([1, 2, 3, NOT_APPLICABLE, None]),
                "disability_grade": st.sampled_from([1, 2, 3, 4, NOT_APPLICABLE, None]),
                "on_disability_living": st.integers(0, 1),
                "on_old_age": st.integers(0, 1),
            }
        ),
    }
)
household = st.fixed_dictionaries(
    {
        "village": st.sampled_from(VILLAGES),
        "facts": st.fixed_dictionaries(
            {
                "registration": st.integers(1, 2),
                "on_dibao": st.integers(0, 1),
                "income_fen_monthly": st.none() | st.integers(0, 50_000),
            }
        ),
        "members": st.lists(member, max_size=4),
    }
)


def _books(homes: list[dict[str, Any]], definitions: Definitions) -> dict[str, Book]:
    taken = Census(MONTH)
    people, households = definitions.books["people"], definitions.books["households"]
    for home in homes:
        content = {
            "facts": home["facts"],
            "members": [{**each, "person_id": str(uuid4())} for each in home["members"]],
        }
        reading = Reading(MONTH, people, households, {}, lambda *_: True)
        census.add(str(uuid4()), home["village"], content, reading, taken)
    return {
        "people": Book.of(list(people), taken.people.values()),
        "households": Book.of(list(households), taken.households.values()),
        **{
            name: Book.of(list(definitions.books[name]), [])
            for name in definitions.books
            if name not in ("people", "households")
        },
    }


@pytest.mark.shows("S07")
@settings(max_examples=20, deadline=None)
@given(homes=st.lists(household, max_size=8))
def test_in_any_register_the_parts_add_up_to_the_number_and_the_number_to_its_records(
    homes: list[dict[str, Any]],
) -> None:
    definitions = NATION
    books = _books(homes, definitions)
    alive = sum(
        1
        for home in homes
        for each in home["members"]
        if each["since"] <= "2026-10"
        and (each["until"] or "2026-10") >= "2026-10"
        and each["facts"]["died_on"] != 20260901
        and (
            home["facts"]["on_dibao"]
            or any(
                each["facts"][flag] for flag in ("on_tekun", "on_disability_living", "on_old_age")
            )
        )
    )
    report = definitions.reports["month"]
    for section in counting.told(definitions, report, books, PLACE):
        for line in section["lines"]:
            if "share_of" in line:
                continue
            _, behind = counting.behind(report, books, line["line"])
            unit = "fen" if "fen" in line else "number"
            assert len(behind) == line[unit]
            parts = [behind.within([village]) for village in VILLAGES]
            assert sum(len(part) for part in parts) == line[unit]
            for each in line["by"]:
                assert sum(value[unit] for value in each["values"]) == line[unit]
                for value in each["values"]:
                    _, part = counting.behind(
                        report, books, line["line"], each["column"], value["value"]
                    )
                    assert len(part) == value[unit]
    _, everybody = counting.behind(report, books, "aided-people")
    assert len(everybody) == alive


def test_a_report_written_down_is_read_again_as_it_was() -> None:
    definitions = Definitions.read()
    for name, report in definitions.reports.items():
        assert parsed(name, written(report), definitions.books) == report


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{counts: pupils}", "counts pupils"),
        ("{counts: people, where: {dibao: perhaps}}", "no dibao is perhaps"),
        ("{counts: people, where: {colour: red}}", "have no colour"),
        ("{counts: people, by: [colour]}", "have no colour"),
        ("{counts: people, sum: fen}", "sum is not known"),
        ("{share: [dibao-people, nobody]}", "nobody, no counted line"),
        ("{share: [in-time-rate, dibao-people]}", "in-time-rate, no counted line"),
        ("{counts: people, sums: age}", "have no money age"),
        ("{mean: [dibao-people, dibao-people]}", "dibao-people, no sum"),
    ],
)
def test_a_line_that_names_what_is_not_there_refuses_the_start(
    tmp_path: Path, line: str, says: str
) -> None:
    own = line.replace("{", "{name: {zh: 自设, en: own}, ", 1)
    (tmp_path / "month.yaml").write_text(
        f"sections:\n  - name: {{zh: 本县, en: ours}}\n    lines: {{own: {own}}}\n", "utf-8"
    )
    with pytest.raises(ReportUnreadable, match=says):
        Definitions.read(tmp_path)


def test_a_place_adds_a_line_and_cannot_take_one_over(tmp_path: Path) -> None:
    table = "sections:\n  - name: {zh: 本县, en: ours}\n    lines:\n      %s: %s\n"
    line = "{name: {zh: 男, en: men}, counts: people, where: {sex: male}, by: [village]}"
    (tmp_path / "month.yaml").write_text(table % ("men", line), "utf-8")
    assert "men" in Definitions.read(tmp_path).reports["month"].lines()
    (tmp_path / "month.yaml").write_text(table % ("dibao-people", line), "utf-8")
    with pytest.raises(ReportUnreadable, match="dibao-people"):
        Definitions.read(tmp_path)
