"""Who supports from elsewhere is written one by one on the phone, and nothing typed is lost."""

import json
from typing import Any

import httpx
import pytest

from tests.gateway.test_applying import LI_WEI, answers, at_home
from tests.gateway.told_of_applications import DRAFT, WRITTEN
from tests.gateway.visits import Door, hidden_fields

PATH = f"/my/cases/{WRITTEN}"
SON = {"name": "李大", "relation": "子女", "lives_at": "成都市金牛区"}
AGREED = {**SON, "basis": "agreed", "agreed": "1200"}
RECKONED = {**SON, "basis": "reckoned", "household_members": "3", "income": "43680.50元"}
UNABLE = {**SON, "basis": "unable", "unable": "very-old"}


async def _say(
    browser: httpx.AsyncClient, words: dict[str, str], key: str = "new"
) -> httpx.Response:
    form = hidden_fields(await browser.get(f"{PATH}/supporters/{key}"))
    return await browser.post(f"{PATH}/supporters/{key}", data={**form, **words})


def _sent(door: Door, part: str) -> list[dict[str, Any]]:
    came = [seen for seen in door.upstream.came() if seen["path"].endswith(f"/parts/{part}")]
    return [json.loads(each["body"]) for each in came]


async def test_each_is_written_by_how_it_is_known_what_they_owe(door: Door) -> None:
    browser = await at_home(door)
    for words in (
        {**AGREED, "id_number": LI_WEI.lower()},
        {**RECKONED, "born_on": "1990-01-01"},
        UNABLE,
    ):
        answer = await _say(browser, words)
        assert answer.headers["location"] == f"{PATH}/supporters", answer.text
    assert _sent(door, "supporter") == [
        {**SON, "id_number": LI_WEI, "support": {"basis": "agreed", "agreed_fen_yearly": 120_000}},
        {
            **SON,
            "born_on": "1990-01-01",
            "support": {
                "basis": "reckoned", "household_members": 3, "income_fen_yearly": 4_368_050
            },
        },
        {**SON, "support": {"basis": "unable", "unable": "very-old"}},
    ]  # fmt: skip


async def test_one_that_is_there_is_shown_as_it_stands_said_anew_and_taken_off(door: Door) -> None:
    browser = await at_home(door)
    listed = (await browser.get(f"{PATH}/supporters")).text
    for said in (
        "按规定一年 6,000.00元",
        "3 口人",
        "本地没有定",
        "<strong>李老</strong> 的证明还没拍",
    ):
        assert said in listed, said
    page = await browser.get(f"{PATH}/supporters/m2")
    for said in ('value="43680"', "已存 5114***********X", 'value="reckoned" selected'):
        assert said in page.text, said
    await _say(browser, AGREED, "m2")
    assert _sent(door, "supporter")[0]["key"] == "m2"
    form = hidden_fields(page)
    await browser.post(f"{PATH}/supporters/m2/gone", data=form)
    assert _sent(door, "supporter-gone") == [{"key": "m2"}]
    checked = (await browser.get(f"{PATH}/check")).text
    assert "3 口人，一年 43,680.00元" in checked
    assert (await browser.get(f"{PATH}/supporters/m9")).status_code == 404
    assert (await browser.get(f"{PATH}/means/support")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({**AGREED, "name": ""}, "请写姓名"),
        ({**AGREED, "id_number": "123"}, "少了15位"),
        ({**AGREED, "born_on": "去年"}, "出生日期不对"),
        ({**AGREED, "lives_at": ""}, "住在哪里"),
        ({**AGREED, "basis": ""}, "请选给多少怎么算"),
        ({**AGREED, "agreed": "一千"}, "说好一年给多少：只写数字"),
        ({**AGREED, "agreed": "-1"}, "说好一年给多少：只写数字"),
        ({**RECKONED, "household_members": "0"}, "几口人：只写数字"),
        ({**RECKONED, "income": ""}, "他们家一年挣多少：只写数字"),
        ({**UNABLE, "unable": ""}, "请选为什么"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    door: Door, typed: dict[str, str], said: str
) -> None:
    answer = await _say(await at_home(door), typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert all(each in answer.text for each in typed.values())
    assert not _sent(door, "supporter")


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ({"detail": "x", "zh": "同一个身份证号填了两次"}, "同一个身份证号填了两次。"),
        ({"detail": "x", "zh": "没有能力的，只选为什么"}, "没有能力的，只选为什么。"),
        ({"detail": "x"}, "填的内容有问题"),
    ],
)
async def test_what_the_service_finds_wrong_is_said_in_words(
    door: Door, refusal: dict[str, str], said: str
) -> None:
    browser = await at_home(door)
    refused = {"type": "/problems/x", "status": 422, **refusal}
    answers(
        door, **{f"identification POST {PATH}/parts/supporter": {"status": 422, "words": refused}}
    )
    answer = await _say(browser, {**AGREED, "id_number": LI_WEI})
    assert (answer.status_code, said in answer.text) == (422, True)


async def test_that_there_is_nobody_leads_on(door: Door) -> None:
    browser = await at_home(door)
    alone = {
        **DRAFT,
        "asks_whose": False,
        "application": {**DRAFT["application"], "supporters": []},
    }
    answers(door, **{f"identification GET {PATH}": {"words": alone}})
    page = await browser.get(f"{PATH}/supporters")
    answer = await browser.post(f"{PATH}/supporters/none", data=hidden_fields(page))
    assert answer.headers["location"] == f"{PATH}/hardship"
    assert _sent(door, "no-supporter") == [{}]
    assert "赡养协议" not in (await browser.get(f"{PATH}/papers")).text


async def test_the_paper_and_the_letter_of_one_are_sent_from_the_phone(door: Door) -> None:
    browser = await at_home(door)
    page = await browser.get(f"{PATH}/papers")
    assert "李老（还没拍）" in page.text
    _, _, proof = page.text.partition('id="whose-support-proof"')
    assert '<option value="me">' in proof.partition("</select>")[0], "who lives there may be unable"
    form = hidden_fields(page)
    file = {"file": ("a.jpg", b"\xff\xd8\xff", "image/jpeg")}
    await browser.post(f"{PATH}/papers/support-proof", data={**form, "of_person": "m3"}, files=file)
    await browser.post(
        f"{PATH}/papers/letters/m2", data={**form, "signed_on": "2026-10-05"}, files=file
    )
    came = door.upstream.came()
    queries = [seen["query"] for seen in came if seen["path"] == f"{PATH}/papers"]
    assert "of_person=m3" in queries[0]
    assert "kind=support-proof" in queries[0]
    assert "of_person=m2" in queries[1]
    (act,) = [json.loads(s["body"])["words"] for s in came if s["path"].endswith("/acts/authorise")]
    assert (act["person_key"], act["signed_by"]) == ("m2", "m2")
