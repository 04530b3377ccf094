"""A form's number is its village's next in the year, and the serial of every list it stands on."""

import asyncio
import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.identification.caseworkers import (
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    an_application,
    later,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_changes import described
from tests.identification.test_endings import refused


async def _text(register: Register, path: str) -> str:
    answer = await register.get(path, ZHANG_LI)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join(page.extract_text() for page in pages)


def people(order: int) -> dict[str, object]:
    head = {"key": "head", "name": f"李{'甲乙丙'[order]}", "relation": "户主"}
    return {"members": [{**head, "id_number": id_number(order + 3)}]}


@pytest.mark.shows("S44")
@pytest.mark.breaks("The serial is the form's number")
async def test_the_serial_of_a_roster_is_the_number_of_the_form(register: Register) -> None:
    walks = [Walk(register), Walk(register, "edge")]
    for order, walk in enumerate(walks):
        await walk.surveyed(**people(order))
        await walk.compare()
    assert (await register.get(f"{walks[0].path}/review-form", WANG_FANG)).status_code == 409
    refused = {"opinion": "refuse", "reasons": "有两套房"}
    await walks[1].do(
        ZHANG_LI, "propose", income_fen_yearly=1, property_within_rules=False, **refused
    )
    await walks[0].do(ZHANG_LI, "propose", opinion="grant", reasons="符合", income_fen_monthly=0)
    assert [walk.case["form"] for walk in walks] == [
        {"year": 2026, "number": 2}, {"year": 2026, "number": 1},
    ]  # fmt: skip
    found = (await register.get(f"/areas/{VILLAGE}/forms/2026", ZHANG_LI)).json()
    assert [(each["serial"], each["receipt"]) for each in found["items"]] == [
        (1, walks[1].case["receipt"]), (2, walks[0].case["receipt"]),
    ]  # fmt: skip
    assert sum(each["forms"] for each in found["sums"].values()) == len(found["items"])
    assert found["sums"]["edge"] == {"forms": 1, "people": 1, "proposed": 0}
    assert "表号：2" in (await _text(register, f"{walks[0].path}/review-form")).replace(" ", "")
    (line, *_) = (await register.get(f"/areas/{VILLAGE}/posting-list", ZHANG_LI)).json()["items"]
    assert (line["category"], line["number"]) == ("最低生活保障", 2), "the form's own number"
    roster = await _text(register, f"/areas/{VILLAGE}/forms/2026/pdf")
    assert walks[1].case["receipt"] in roster
    elsewhere = await register.get(f"/areas/{VILLAGE}/forms/2026", ZHAO_MIN)
    assert elsewhere.status_code == 404


@pytest.mark.shows("S44")
async def test_a_form_keeps_its_number_and_two_at_once_get_two(register: Register) -> None:
    walks = [Walk(register), Walk(register)]
    for order, walk in enumerate(walks):
        await walk.surveyed(**people(order))
        await walk.compare()
    words: dict[str, Any] = {"opinion": "refuse", "reasons": "收入高", "income_fen_monthly": 99}
    both = await asyncio.gather(*(walk.ask(ZHANG_LI, "propose", **words) for walk in walks))
    numbers = {answer.json()["form"]["number"] for answer in both}
    assert numbers == {1, 2}
    first = walks[0]
    await first.look(ZHANG_LI)
    number = first.case["form"]
    await first.do(HE_JUN, "return-to-township", reason="再核收入")
    later(register, 1)
    again = await first.do(ZHANG_LI, "propose", **words)
    assert again["form"] == number


async def test_a_form_shows_every_step_and_who_signed_it(register: Register) -> None:
    walk = await Walk(register).confirming(**an_application())
    text = (await _text(register, f"{walk.path}/review-form")).replace("\n", "")
    for said in ("最低生活保障审核确认表", "liu-qiang", "zhang-li", "土坯房两间", "李娜"):
        assert said in text, said


@pytest.mark.shows("S44")
@pytest.mark.parametrize("category", ["children", "disability", "old-age"])
async def test_whatever_is_decided_by_a_case_has_one_form(
    register: Register, category: str
) -> None:
    walk = await refused(register, category)
    assert walk.case["form"] == {"year": 2026, "number": 1}
    form = (await _text(register, f"{walk.path}/review-form")).replace("\n", "")
    assert "审核确认表" in form
    assert "不符合条件" in form
    listed = (await register.get(f"/areas/{VILLAGE}/forms/2026", ZHANG_LI)).json()
    assert [(each["serial"], each["category"]) for each in listed["items"]] == [(1, category)]


@pytest.mark.shows("S44")
async def test_the_form_of_a_change_says_what_is_to_change(register: Register) -> None:
    walk = Walk(register)
    await described(walk, ("income", {"income_fen_monthly": 13000, "reason": "外出务工"}))
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert walk.case["form"]["number"] == 1
    assert "外出务工" in await _text(register, f"{walk.path}/review-form")
