"""What is put in an applicant's hands: in plain words, by who decides, with what can be done."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from services.identification import place_settings
from services.identification.place_settings import PlaceSettings
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    TAN_YAN,
    WANG_FANG,
    ZHAO_MIN,
    Walk,
    an_application,
)
from tests.identification.register import Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def _read(walk: Walk, letter: str) -> str:
    answer = await walk.register.get(f"{walk.path}/letters/{letter}", WANG_FANG)
    return text_of(answer)


def text_of(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


async def _on_offer(walk: Walk) -> list[str]:
    case = (await walk.register.get(walk.path, WANG_FANG)).json()
    return [each["letter"] for each in case["letters"]]


async def test_a_receipt_says_the_number_and_the_days(walk: Walk) -> None:
    await walk.open()
    refused = await walk.register.get(f"{walk.path}/letters/receipt", WANG_FANG)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/nothing-to-say")
    people = an_application()["members"]
    people[0]["name"] = "李#$x$*伟*𠮷"
    await walk.do(CHEN_HONG, "write", application=an_application(members=people))
    await walk.do(CHEN_HONG, "submit")
    assert await _on_offer(walk) == ["receipt"]
    text = await _read(walk, "receipt")
    for said in ("李#$x$*伟*〔U+20BB7〕：", walk.case["receipt"], "5个工作日", "30个工作日"):
        assert said in text, said
    assert "青神县民政局" in text
    assert people[0]["id_number"] not in text


async def test_missing_papers_are_named_one_by_one(walk: Walk) -> None:
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "want-papers", missing="户口簿复印件\n#残疾证")
    text = await _read(walk, "missing-papers")
    assert "1.户口簿复印件" in text
    assert "2.#残疾证" in text
    assert "青竹街道办事处" in text


async def test_a_refusal_gives_reasons_and_says_what_can_be_done(walk: Walk) -> None:
    await walk.confirming()
    words = {"decision_number": "青民决〔2026〕804号", "reasons": "家庭月人均收入高于标准"}
    await walk.do(HE_JUN, "refuse", **words)
    assert await _on_offer(walk) == ["receipt", "refusal"]
    text = await _read(walk, "refusal")
    for said in (*words.values(), "60日内向青神县人民政府", "6个月内", "2026年10月2日"):
        assert said in text, said
    printed = walk.register.audited("case-letter-printed")
    assert len(printed) == 1
    answer = await walk.register.get(f"{walk.path}/letters/decision", WANG_FANG)
    assert answer.status_code == 409
    for caller, name in ((ZHAO_MIN, "refusal"), (WANG_FANG, "love")):
        answer = await walk.register.get(f"{walk.path}/letters/{name}", caller)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("delegated", "said", "unsaid"),
    [
        ({"authority": "county"}, ["青神县民政局印章"], "委托"),
        (
            {"authority": "township-entrusted"},
            ["青神县民政局印章", "受青神县民政局委托"],
            "街道印章",
        ),
        ({"authority": "township-transferred"}, ["青竹街道办事处印章"], "委托"),
        ({"authority": "county", "seal": "救助专用章"}, ["青神县民政局", "救助专用章"], "局印章"),
    ],
)
async def test_a_decision_is_of_the_authority_of_its_date(
    walk: Walk, delegated: dict[str, str], said: list[str], unsaid: str
) -> None:
    state = walk.register.app.state
    later = {"since": "2026-10-03", "category": "dibao", "authority": "county", "seal": "后来的章"}
    table = [{"since": "2021-07-01", "category": "dibao", **delegated}, later]
    state.casework = replace(state.casework, words={**state.casework.words, "delegation": table})
    await walk.confirming()
    by = TAN_YAN if delegated["authority"] == "township-transferred" else HE_JUN
    await walk.do(by, "confirm", decision_number="青民决〔2026〕801号")
    text = await _read(walk, "decision")
    for each in (*said, "李伟、李娜", "自2026年11月起", "青民决〔2026〕801号", "60日内"):
        assert each in text, each
    assert unsaid not in text
    assert "后来的章" not in text


@pytest.mark.parametrize(
    "entry",
    [
        {"since": "2021-07-01", "category": "dibao", "authority": "emperor"},
        {"since": "soon", "category": "dibao", "authority": "county"},
        {"since": "2021-07-01", "category": "dibao", "stamp": "a"},
        {"category": "dibao", "authority": "county"},
    ],
)
def test_a_delegation_that_says_nonsense_is_refused(tmp_path: Path, entry: Any) -> None:
    own = tmp_path / "own.yaml"
    said = ", ".join(f"{name}: {word}" for name, word in entry.items())
    own.write_text(f"delegation: [{{{said}}}]", encoding="utf-8")
    with pytest.raises(place_settings.SettingsUnreadable, match="delegation"):
        PlaceSettings.read(own)


async def test_a_letter_to_be_signed_names_whoever_has_not_signed_yet(walk: Walk) -> None:
    await walk.accepted()
    printed = await _printed_form(walk)
    people = an_application()["members"]
    adults = [each for each in people if each["key"] == "head"]
    assert all(each["name"] in printed for each in adults)
    assert not any(str(each["id_number"]) in printed for each in people)
    await walk.authorise("head")
    nothing = await walk.register.get(f"{walk.path}/forms/authorisation", WANG_FANG)
    assert nothing.status_code == 404
    offered = {each["form"] for each in (await walk.look(WANG_FANG))["forms"]}
    assert "authorisation" not in offered
    told = walk.register.audited("case-form-printed")
    assert len(told) == 1


async def _printed_form(walk: Walk) -> str:
    offered = {each["form"] for each in (await walk.look(WANG_FANG))["forms"]}
    assert "authorisation" in offered
    return text_of(await walk.register.get(f"{walk.path}/forms/authorisation", WANG_FANG))
