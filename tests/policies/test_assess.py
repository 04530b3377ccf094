"""Asking the law from the command line: a household in, answers and reasons out."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policies.desk import assess, schema
from tests.policies.households import NATION

LI_WEI: dict[str, Any] = {
    "place": "511425",
    "month": "2026-10",
    "household": {
        "facts": {"registration": "urban", "on_dibao": True, "income_fen_monthly": 60000},
        "members": [
            {
                "person_id": name,
                "facts": {"born_on": "1980-01-01", "died_on": "not-applicable", "on_tekun": "no"},
            }
            for name in ("li-wei", "chen-hong", "li-na")
        ],
    },
}


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(said: object, *options: str) -> tuple[int, str, str]:
        path = tmp_path / "household.json"
        path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
        code = assess.main([str(path), *options])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def changed(**household: object) -> dict[str, Any]:
    return {**LI_WEI, "household": {**LI_WEI["household"], **household}}


def test_a_household_is_answered_with_every_reason(ask: Any) -> None:
    code, out, _ = ask(LI_WEI)
    told = json.loads(out)
    assert code == 0
    assert (told["place"], told["month"]) == ("511425", "2026-10")
    dibao = next(each for each in told["answers"] if each["programme"] == "dibao")
    assert dibao["eligible"] is True
    assert dibao["amount_fen"] == 51000
    assert (dibao["period"], dibao["payee"], dibao["fund"]) == ("month", "household", "hardship")
    assert dibao["beneficiary"] == "household"
    assert (dibao["failed"], dibao["held"]) == (None, None)
    gap = next(each for each in dibao["workings"] if each["quantity"] == "dibao_gap_fen")
    assert gap["value"] == 51000
    assert gap["arithmetic"]["en"].startswith("standard for the household 1110.00 yuan")
    assert gap["sentence"]["zh"]
    assert gap["source"]["en"]
    income = next(each for each in dibao["workings"] if each["quantity"] == "income_fen_monthly")
    assert income["evidence"]["proof"]["zh"]


def test_one_language_is_told_plainly(ask: Any) -> None:
    _, out, _ = ask(LI_WEI, "--lang", "en")
    dibao = json.loads(out)["answers"][0]
    assert dibao["name"] == "Minimum living guarantee (dibao)"
    assert isinstance(dibao["workings"][0]["sentence"], str)


def test_who_is_not_eligible_hears_which_test_and_by_how_much(ask: Any) -> None:
    facts = {**LI_WEI["household"]["facts"], "income_fen_monthly": 120000}
    _, out, _ = ask(changed(facts=facts))
    dibao = json.loads(out)["answers"][0]
    assert dibao["eligible"] is False
    assert dibao["failed"]["test"] == "dibao_gap_fen"
    assert dibao["failed"]["by"] == 9000


def test_what_is_not_written_is_unknown_and_holds(ask: Any) -> None:
    _, out, _ = ask(changed(facts={"registration": "urban", "on_dibao": True}))
    dibao = json.loads(out)["answers"][0]
    assert (dibao["eligible"], dibao["amount_fen"]) == (None, None)
    assert dibao["held"] == "unknown-income_fen_monthly"
    assert "income" in dibao["held_words"]["en"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "每月 510.00 元，发给家庭"), ("en", "510.00 yuan a month, to the household")],
)
def test_a_clerk_can_read_it_out(ask: Any, lang: str, said: str) -> None:
    code, out, _ = ask(LI_WEI, "--text", "--lang", lang)
    assert code == 0
    assert said in out
    assert "1110.00" in out


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "an object is wanted here"),
        ("[" * 100_000, "nested too deeply"),
        ('{"place": "511425", "place": "511425"}', "place stands twice"),
        ('{"place": NaN}', "NaN is no number"),
        ({**LI_WEI, "place": "atlantis"}, "place: there is no atlantis; there are 511425"),
        ({**LI_WEI, "place": "../places/511425"}, "place: there is no"),
        ({**LI_WEI, "place": 511425}, "place: a text is wanted here"),
        ({**LI_WEI, "place": "\x1b[2J"}, r"not '\x1b[2J'"),
        ({**LI_WEI, "\x1b[2J": 1}, r"\x1b[2J is not known here"),
        (changed(members=[{"person_id": "\x1b[2J", "facts": {}}]), "a text is wanted here"),
        (changed(members=[{"person_id": "\ud800", "facts": {}}]), "a text is wanted here"),
        ({**LI_WEI, "month": "2026-13"}, "month: a month is written YYYY-MM"),
        ({**LI_WEI, "colour": 1}, "colour is not known here"),
        ({"place": "511425", "month": "2026-10"}, "household is missing"),
        (changed(members={}), "household.members: a list is wanted"),
        (changed(members=[{"facts": {}, "age": 5}]), "members[0]: age is not known here"),
        (changed(members=[{"person_id": "a", "facts": {}}] * 2), "a stands there twice"),
        (changed(members=[{"facts": {}, "since": "May"}]), "members[0].since: a month is written"),
        (changed(facts={"income_fen_montly": 1}), "is income_fen_monthly meant?"),
        (changed(facts={"income_fen_monthly": "1"}), "a whole number of fen is wanted"),
        (changed(facts={"income_fen_monthly": 0.5}), "a whole number of fen is wanted"),
        (changed(facts={"income_fen_monthly": True}), "a whole number of fen is wanted"),
        (changed(facts={"registration": "lunar"}), "'lunar' is not one of urban, rural"),
        (changed(facts={"registration": 3}), "3 is not one of urban, rural"),
        (changed(facts={"born_on": "1980-01-01"}), "no fact of a household is called born_on"),
        (
            changed(members=[{"facts": {"born_on": "1 May 1980"}}]),
            "members[0].facts.born_on: a date is written YYYY-MM-DD",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_where_and_why(
    ask: Any, said: object, why: str
) -> None:
    code, out, err = ask(said)
    assert (code, out) == (1, "")
    assert why in err


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert assess.main(["nowhere.json"]) == 1
    assert "nowhere.json" in capsys.readouterr().err


def test_the_facts_are_published_with_unit_and_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    assert schema.main([]) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(told)
    household = told["properties"]["household"]["properties"]
    person = household["members"]["items"]["properties"]["facts"]["properties"]
    assert {**household["facts"]["properties"], **person}.keys() == NATION.facts.keys()
    for fact in {**household["facts"]["properties"], **person}.values():
        assert fact["x-unit"]
        assert fact["x-label"]["zh"]
        assert fact["x-proof"]["en"]
    assert person["born_on"]["x-unit"] == "date"


def test_what_assess_reads_is_what_the_schema_allows() -> None:
    jsonschema.validate(LI_WEI, schema.document(NATION))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed(facts={"income_fen_monthly": -1}), schema.document(NATION))
