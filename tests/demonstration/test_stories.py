"""What the stories of the demonstration say: who comes on, and what a table may not say."""

import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from demonstration.population.roster import Population
from demonstration.stories import citizen, scripts
from demonstration.stories.papers import a_page
from demonstration.stories.stage import filled
from services.identification import id_numbers

WRONG = {
    "two verbs": "{by: officer, act: accept, opens: dibao}",
    "no verb": "{by: officer}",
    "an account nobody has": "{by: nobody, act: accept}",
    "a word nobody knows": "{by: officer, act: accept, sais: {}}",
    "a stretch that is not there": "accepted",
}


def test_whoever_is_of_a_story_has_a_number_that_checks_and_nobody_of_the_roster_has() -> None:
    numbers = [each["id_number"] for each in scripts.read().people.values()]
    numbers.append(citizen.WHO["id_number"])
    assert len(set(numbers)) == len(numbers)
    assert not any(id_numbers.flaw(each, date(2026, 10, 6)) for each in numbers)
    residents = Population(3_000, 5).households()
    assert not {each.id_number for home in residents for each in home.people} & set(numbers)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_story_that_cannot_be_played_is_refused_where_it_is_read(
    tmp_path: Path, wrong: str
) -> None:
    table = tmp_path / "stories.yaml"
    table.write_text(
        f"people: {{}}\nstretches: {{}}\nstories: {{one: {{steps: [{WRONG[wrong]}]}}}}"
    )
    with pytest.raises(scripts.ScriptUnreadable, match="one"):
        scripts.read(table)


def test_a_paper_says_what_it_stands_for_and_that_it_is_made_up() -> None:
    (page,) = PdfReader(io.BytesIO(a_page("id-card", "王桂兰"))).pages
    said = page.extract_text()
    assert "居民身份证" in said
    assert "王桂兰" in said
    assert "虚构" in said


def test_words_are_said_again_and_a_whole_stays_whole() -> None:
    known = {"case": {"case_id": "c-1"}, "application": {"members": []}, "today": "2026-10-06"}
    words = {"a": "{application}", "b": ["/cases/{case[case_id]}"], "c": 3}
    assert filled(words, known) == {"a": {"members": []}, "b": ["/cases/c-1"], "c": 3}
