"""What if: two policies over a population, counted by hand and by the command."""

import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import policies
from policies.desk import simulate
from policies.desk.populations import read_population

TOWN = "511425100"


def a_line(name: str, income_fen: int | None, *, on_dibao: bool = True, old: bool = False) -> Any:
    """A rural household of one in the first town."""
    born = "1940-05-01" if old else "1980-01-01"
    facts = {"born_on": born, "died_on": "not-applicable", "on_tekun": False, "on_old_age": old}
    facts |= {"on_disability_living": False, "on_disability_nursing": False}
    facts |= {"disability_grade": "not-applicable"}
    return {
        "household_id": name,
        "village": f"{TOWN}201",
        "facts": {
            "registration": "rural",
            "on_dibao": on_dibao,
            "income_fen_monthly": income_fen,
        },
        "members": [{"person_id": f"{name}-1", "facts": facts}],
    }


PEOPLE = [
    a_line("poor", 0),
    a_line("just-above", 20000),
    a_line("unknown", None),
    a_line("old", 0, on_dibao=False, old=True),
]


@pytest.fixture
def population(tmp_path: Path) -> Path:
    path = tmp_path / "people.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in PEOPLE), encoding="utf-8")
    return path


@pytest.fixture
def ask(population: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*options: str) -> tuple[int, Any, str]:
        code = simulate.main(["--population", str(population), *options])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def test_a_higher_standard_costs_what_it_gives_and_names_who_comes_in(ask: Any) -> None:
    code, told, _ = ask(
        "--before", "511425@2026-10", "--set", "dibao_standard_fen_monthly.rural=21000"
    )
    assert code == 0
    assert (told["households_count"], told["people_count"]) == (4, 4)
    dibao = told["by_programme"]["dibao"]
    assert (dibao["before"], dibao["before_fen"]) == (1, 19000)
    # 210 for the poor; 10 above the income of the other, raised to the floor of 19.
    assert (dibao["after"], dibao["after_fen"]) == (2, 21000 + 1900)
    assert (dibao["gaining"], dibao["newly_in"], dibao["losing"]) == (2, 1, 0)
    assert dibao["change_fen"] == dibao["gained_fen"] == 3900
    assert told["by_fund"]["hardship"]["after_fen"] == 22900
    assert told["by_programme"]["old_age"]["before_fen"] == 2000
    assert told["by_area"][TOWN]["gaining"] == 2
    assert told["by_size"]["1"]["before"] == 2
    assert told["by_type"]["one person of 60 or more, alone"]["after"] == 1
    assert told["held_before"] == told["held_after"] == {"unknown-income_fen_monthly": 1}
    assert told["held_households"] == 1


def test_two_months_are_two_policies(ask: Any) -> None:
    _, told, _ = ask("--before", "511425@2026-10", "--after", "511425@2026-12")
    # A yearly sum of 240 yuan in twelve equal parts; nothing else changes.
    assert told["households"]["gaining"] == told["households"]["losing"] == 0
    assert told["after"]["month"] == "2026-12"


def test_only_the_programmes_asked_for_are_compared(ask: Any) -> None:
    _, told, _ = ask("--before", "511425@2026-10", "--programme", "old_age")
    assert told["households"]["before"] == 1
    assert told["households"]["before_fen"] == 2000


def test_a_number_goes_through_a_range(ask: Any) -> None:
    sweep = "dibao_standard_fen_monthly.rural=19000..21000:1000"
    _, told, _ = ask("--before", "511425@2026-10", "--sweep", sweep, "--programme", "dibao")
    assert told["sweep"] == {"number": "dibao_standard_fen_monthly", "code": "rural"}
    assert [(step["amount"], step["total_fen"]) for step in told["steps"]] == [
        (19000, 19000),
        (20000, 20000),
        (21000, 22900),
    ]
    assert {step["held"] for step in told["steps"]} == {1}


@pytest.mark.parametrize(
    ("options", "sheets"),
    [
        (
            [],
            ["Chart", "Programmes", "Funds", "Areas", "Sizes", "Types", "Everybody", "About"],
        ),
        (["--sweep", "dibao_rounds_up_to_fen=1..3"], ["Chart", "Steps", "About"]),
    ],
)
def test_the_workbook_holds_the_same_tables(
    ask: Any, tmp_path: Path, options: list[str], sheets: list[str]
) -> None:
    path = tmp_path / "what-if.xlsx"
    _, told, _ = ask("--before", "511425@2026-10", *options, "--workbook", str(path))
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == sheets
    if "steps" not in told:
        rows = book.get_sheet_by_name("Programmes").to_python()
        dibao = dict(zip(rows[0], next(row for row in rows if row[0] == "dibao"), strict=True))
        assert dibao["before, yuan"] == 190
    about = book.get_sheet_by_name("About").to_python()
    assert any("historic" in str(row[1]) for row in about)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--before", "511425"], "PLACE@MONTH is wanted"),
        (["--before", "511425@2026-13"], "a month is written YYYY-MM"),
        (["--before", "atlantis@2026-10"], "place.yaml"),
        (["--before", "511425@2026-10", "--set", "dibao_rounds_up_to_fen=0"], "between 1 and"),
        (["--before", "511425@2026-10", "--sweep", "dibao_counts_tekun=0..2"], "between 0 and 1"),
        (["--before", "511425@2026-10", "--set", "dibao"], "NUMBER=… or NUMBER.CODE=…"),
        (["--before", "511425@2026-10", "--set", "dibao_standrad=1"], "no number is called"),
        (
            ["--before", "511425@2026-10", "--set", "dibao_standard_fen_monthly=1"],
            "takes one of urban, rural after a dot",
        ),
        (
            ["--before", "511425@2026-10", "--set", "dibao_rounds_up_to_fen.rural=1"],
            "takes no code",
        ),
        (["--before", "511425@2026-10", "--set", "dibao_rounds_up_to_fen=1.5"], "a whole number"),
        (
            ["--before", "511425@2026-10", "--set", f"dibao_rounds_up_to_fen={'9' * 5000}"],
            "a whole number",
        ),
        (
            ["--before", "511425@2026-10", "--sweep", "dibao_rounds_up_to_fen=1"],
            "a range is written",
        ),
        (["--before", "511425@2026-10", "--sweep", "dibao_rounds_up_to_fen=3..1"], "goes up"),
        (["--before", "511425@2026-10", "--sweep", "dibao_rounds_up_to_fen=1..9999"], "at most"),
        (["--before", "511425@2026-10", "--programme", "gold"], "neither place offers gold"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(ask: Any, options: list[str], why: str) -> None:
    code, told, err = ask(*options)
    assert (code, told) == (1, None)
    assert why in err


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 2: "),
        ('{"facts": {}, "facts": {}}', "line 2: facts stands twice"),
        (json.dumps({**PEOPLE[0], "facts": {"shoes": 2}}), "line 2: household.facts: no fact"),
        (json.dumps({"facts": {}, "members": []}), "line 2: household: household_id is missing"),
    ],
)
def test_a_population_that_cannot_be_read_names_its_line(
    ask: Any, population: Path, line: str, why: str
) -> None:
    population.write_text(json.dumps(PEOPLE[0]) + "\n" + line + "\n", encoding="utf-8")
    code, _, err = ask("--before", "511425@2026-10")
    assert code == 1
    assert why in err


def test_a_frozen_population_gives_the_same(ask: Any, population: Path, tmp_path: Path) -> None:
    _, told, _ = ask("--before", "511425@2026-10")
    frozen = tmp_path / "people.arrow"
    frozen.write_bytes(read_population(population, policies.load("511425")).to_bytes())
    _, again, _ = ask("--before", "511425@2026-10", "--population", str(frozen))
    assert again["by_programme"] == told["by_programme"]
