"""From a phone to a decision: somebody applies, adds what was missing, and is told at each step."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.gateway.visits import hidden_fields
from tests.identification.makers import VILLAGE, id_number
from tests.journeys.offices import NOW, offices, send
from tests.journeys.plain_words import left_over, links
from tests.trial import MakeDatabase, NatsAt

PHONE = "13900001234"
JPEG = b"\xff\xd8\xff\xe0" + b"a photo" * 20
TOWN = VILLAGE[:9]


@pytest.mark.shows("S11", "S12")
async def test_somebody_applies_on_a_phone_and_is_told_until_it_is_granted(
    tmp_path: Path, make_database: MakeDatabase, nats_server: NatsAt
) -> None:
    async with offices(tmp_path, make_database, nats_server) as county:
        phone = await county.at_home("李伟", id_number(1), PHONE)
        case = await _written(phone)
        page = await phone.get(case)
        receipt = _only(r'class="sum">([0-9A-Z-]+)<', page.text)
        assert "收到了" in page.text
        town = await county.officer("wang.fang", "township-officer", TOWN)
        other = await county.officer("liu.qiang", "township-officer", TOWN)
        head = await county.officer("zhang.li", "township-head", TOWN)
        bureau = await county.officer("he.jun", "civil-affairs-head", "511425")
        desk = Desk(case.rpartition("/")[2])
        await desk.do(town, "want-papers", missing=["户口簿每一页"])
        page = await phone.get(case)
        assert "户口簿每一页" in page.text
        await _in_words(phone, case)
        for photo in (b"1", b"2"):
            assert (await _photo(phone, case, "household-register", JPEG + photo)) == 303
        assert (await _photo(phone, case, "id-card", JPEG + b"3")) == 303
        assert "有 2 张" in (await phone.get(f"{case}/papers")).text
        assert (await send(phone, case, to=f"{case}/bring-papers")).status_code == 303
        assert "还没核验身份" in page.text
        seen = {"seen_on": NOW[:10], "phone_ending": PHONE[-4:]}
        await desk.do(town, "see-identity", **seen)
        assert (await send(phone, case, to=f"{case}/signature", name="李伟")).status_code == 303
        await _to_the_board(desk, town, other, head)
        county.later(8)
        await desk.do(head, "end-posting")
        await desk.do(bureau, "confirm", decision_number="青民〔2026〕9号")
        page = await phone.get(case)
        assert "批准了" in page.text
        assert "2026年11月" in page.text
        await _in_words(phone, case)
        letter = await phone.get(f"/api/v1{case}/letters/decision")
        assert letter.content.startswith(b"%PDF-")
        told = await county.texts(PHONE, 7)
        assert "验证码" in told[0]
        # A word that waited for the telephone to be known may come after a later one.
        for words in ("申请收到了", "还缺材料", "材料收到了", "上门看", "公示", "批准了"):
            (text,) = [each for each in told[1:] if words in each]
            assert receipt in text
        refused = await _begun(phone, "disability")
        people = (await phone.get(f"{refused}/people")).text
        me = _only(r'<option value="([^"]+)"[^>]*>李伟', people)
        await send(phone, f"{refused}/people", to=f"{refused}/whose", whose=me)
        assert (await send(phone, f"{refused}/check")).status_code == 303
        desk = Desk(refused.rpartition("/")[2])
        await desk.do(town, "accept")
        reasons = {"decision_number": "青民〔2026〕10号", "reasons": "没有残疾证"}
        await desk.do(bureau, "refuse", **reasons)
        assert "没有残疾证" in (await phone.get(refused)).text
        await _in_words(phone, refused)
        stranger = await county.at_home("王五", id_number(1), "13900009999")
        assert (await stranger.get(case)).status_code == 404


async def _in_words(phone: httpx.AsyncClient, case: str) -> None:
    """No code stands on any page that a case leads to."""
    seen, ahead = set[str](), ["/my/cases", case]
    while ahead:
        path = ahead.pop(0)
        if path in seen or not path.startswith(("/my/cases", case)) or "/new" in path:
            continue
        seen.add(path)
        answer = await phone.get(path)
        assert answer.status_code == 200, path
        if "text/html" in answer.headers["content-type"]:
            assert left_over(answer.text) == [], path
            ahead += links(answer.text)


async def _begun(phone: httpx.AsyncClient, category: str) -> str:
    where = f"/my/cases/new/{category}?town={TOWN}"
    answer = await send(phone, where, to="/my/cases", category=category, village=VILLAGE)
    case = answer.headers["location"]
    await send(phone, f"{case}/home", registration="rural", address="柳溪村3组")
    return str(case)


async def _written(phone: httpx.AsyncClient) -> str:
    """An application written page by page and handed in; its page."""
    case = await _begun(phone, "dibao")
    child = {"name": "李娜", "relation": "子女", "id_number": id_number(2, "20180910")}
    await send(phone, f"{case}/people/new", **child)
    works = {"me.wage_basis": "2", "me.wage_fen": "1200.50"}
    await send(phone, f"{case}/income/me", **works)
    land = {"household.farm_basis": "2", "household.paddy_hundredths": "2.5"}
    await send(phone, f"{case}/means/farm", **land)
    son = {"name": "李大", "relation": "子女", "lives_at": "成都市", "basis": "reckoned"}
    son |= {"household_members": "3", "income": "43680"}
    await send(phone, f"{case}/supporters/new", **son)
    assert "按规定一年 6,000.00元" in (await phone.get(f"{case}/supporters")).text
    answer = await send(phone, f"{case}/hardship", reason="腿断了")
    assert answer.headers["location"] == f"{case}/papers"
    assert (await _photo(phone, case, "id-card", JPEG)) == 303
    page = await phone.get(f"{case}/check")
    for words in ("柳溪村3组", "李娜", "1,200.50元", "水田（亩） 2.5", "腿断了", "身份证 1 张"):
        assert words in page.text
    assert "看过您的身份证以后再签" in page.text
    answer = await send(phone, f"{case}/check")
    assert answer.headers["location"] == case
    return case


async def _photo(phone: httpx.AsyncClient, case: str, kind: str, content: bytes) -> int:
    form = hidden_fields(await phone.get(f"{case}/papers"))
    answer = await phone.post(
        f"{case}/papers/{kind}", data=form, files={"file": ("a.jpg", content, "image/jpeg")}
    )
    return answer.status_code


class Desk:
    """The officers' side of one case."""

    def __init__(self, case_id: str) -> None:
        self.path = f"/api/v1/cases/{case_id}"

    async def do(self, by: httpx.AsyncClient, act: str, **words: Any) -> None:
        version = (await by.get(self.path)).json()["version"]
        answer = await by.post(
            f"{self.path}/acts/{act}",
            json={"version": version, "words": words},
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code == 200, answer.text

    async def photo(self, by: httpx.AsyncClient) -> str:
        answer = await by.post(
            f"{self.path}/papers?kind=posting-photo",
            content=JPEG,
            headers={"Idempotency-Key": str(uuid4())},
        )
        return str(answer.json()["document_id"])


async def _to_the_board(
    desk: Desk, town: httpx.AsyncClient, other: httpx.AsyncClient, head: httpx.AsyncClient
) -> None:
    """Accepted, visited by two, compared, proposed and put up."""
    visit, today = str(uuid4()), NOW[:10]
    await desk.do(town, "accept")
    words = {"visited_on": today, "family_member": "李伟", "findings": "属实", "survey_id": visit}
    await desk.do(town, "survey", **words, income_fen_yearly=240000)
    await desk.do(other, "sign-survey", survey_id=visit)
    await desk.do(town, "finish-survey")
    await desk.do(town, "compare", report_number="核7号", reported_on=today)
    await desk.do(town, "finish-comparison")
    await desk.do(head, "propose", opinion="grant", income_fen_monthly=20000, reasons="符合")
    await desk.do(head, "post", first_day=today, photo_id=await desk.photo(head))


def _only(pattern: str, text: str) -> str:
    found = set(re.findall(pattern, text))
    assert len(found) == 1, found
    return str(found.pop())
