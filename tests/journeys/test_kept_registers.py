"""From a report nobody signed to its answer, by pages alone; whom it is against never sees it."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.gateway.visits import hidden_fields
from tests.identification.makers import VILLAGE
from tests.journeys.offices import NOW, offices, send
from tests.trial import MakeDatabase, NatsAt

TOWN = VILLAGE[:9]
REPORTER = "韩冬梅"


@pytest.mark.shows("S53", "S55", "S81", "S83", "S84")
async def test_registers_are_kept_by_pages_alone(
    tmp_path: Path, make_database: MakeDatabase, nats_server: NatsAt
) -> None:
    async with offices(tmp_path, make_database, nats_server) as county:
        bureau = await county.officer("gao.fei", "county-checker", "511425")
        town = await county.officer("xu.lan", "township-head", TOWN)
        another = await county.officer("shen.yi", "county-checker", "511425")
        offices_of = (bureau, another, town)
        await _a_report_is_filed_answered_and_made_public(county.browser(), *offices_of)
        report = await _every_township_is_asked(bureau, town)
        county.later(20)
        await _a_township_is_scored(bureau, town, report)


async def _a_report_is_filed_answered_and_made_public(
    anybody: httpx.AsyncClient,
    bureau: httpx.AsyncClient,
    another: httpx.AsyncClient,
    accused: httpx.AsyncClient,
) -> None:
    filed = await send(
        anybody, "/public/file/complaint",
        topic="corruption", text="镇里有人收了好处", reporter=REPORTER,
        accused_kind="township-officer", accused_name="郑国强", accused_unit=TOWN, area=TOWN,
    )  # fmt: skip
    assert filed.status_code == 200, filed.text
    number, code = re.findall(r"<strong>([0-9A-Z-]+)</strong>", filed.text)
    desk = Entry(bureau)
    await desk.find("complaint", number)
    assert REPORTER in desk.page.text
    assert number not in (await accused.get("/staff/registers/complaint")).text
    assert (await accused.get(desk.path)).status_code == 404
    await desk.do("take")
    await desk.do("register")
    await desk.do("assign", owner="gao.fei")
    paper = await desk.bring(b"\xff\xd8\xff\xe0 a letter")
    await desk.do("check", checked_on=NOW[:10], findings="属实", founded="founded")
    assert paper in desk.page.text
    words = {"answered_on": NOW[:10], "answered_by": "online"}
    await desk.do("answer", answer="已责成整改", **words)
    mended = {"problem": "收受好处", "rectifier": "gao.fei", "mended_by": "2026-10-30"}
    await desk.do("open-rectification", **mended)
    assert "ZG-2026-0001" in desk.page.text
    desk = Entry(another)
    await desk.find("complaint", number)
    await desk.do("close", not_transferred_because="已由县里批评教育")
    await desk.do("publish", public_title="一起违纪案例", public_text="某镇干部违纪，已处理。")
    state = await send(
        anybody, "/public/file/complaint", to="/public/file/complaint/state",
        number=number, code=code,
    )  # fmt: skip
    assert "已责成整改" in state.text
    board = (await anybody.get("/public/board/complaint")).text
    assert "一起违纪案例" in board
    assert [word for word in (REPORTER, "郑国强", number) if word in board] == []
    book = await bureau.get("/api/v1/registers/complaint/workbook")
    assert book.content.startswith(b"PK")


async def _every_township_is_asked(bureau: httpx.AsyncClient, town: httpx.AsyncClient) -> str:
    """A report of each township, and an assessment; the report of one, sent."""
    await send(
        bureau, "/staff/registers/periodic-report/new", to="/staff/registers/periodic-report",
        each="township", report="月报", month="2026-09", due_on="2026-09-30",
    )  # fmt: skip
    await send(
        bureau, "/staff/registers/assessment/new", to="/staff/registers/assessment",
        each="township", first_month="2026-09", last_month="2026-09",
    )  # fmt: skip
    number = await _their_only(town, "periodic-report")
    theirs = Entry(town)
    await theirs.find("periodic-report", number)
    await theirs.do("send", content="九月情况")
    return number


async def _a_township_is_scored(
    bureau: httpx.AsyncClient, town: httpx.AsyncClient, report: str
) -> None:
    desk = Entry(bureau)
    await desk.find("assessment", await _their_only(town, "assessment"))
    await desk.do("measure")
    assert "按时报送：10 / 10（1 / 1）" in desk.page.text
    assert f"/staff/registers/periodic-report?number={report}" in desk.page.text


async def _their_only(browser: httpx.AsyncClient, kind: str) -> str:
    """The number of the one entry of a register that somebody sees."""
    page = await browser.get(f"/staff/registers/{kind}")
    (number,) = set(re.findall(r">([A-Z]{2}-2026-\d{4})<", page.text))
    return str(number)


class Entry:
    """One entry as an officer's pages show it."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self.browser = browser
        self.path = ""
        self.page = httpx.Response(200)

    async def find(self, kind: str, number: str) -> None:
        found = await self.browser.get(f"/staff/registers/{kind}?number={quote(number)}")
        (self.path,) = set(re.findall(r'href="(/staff/entries/[0-9a-f-]+)"', found.text))
        self.page = await self.browser.get(self.path)

    async def do(self, act: str, **words: Any) -> None:
        """Send the form of an act; the entry as the page shows it then."""
        (version,) = set(re.findall(r'name="version" value="(\d+)"', self.page.text))
        form = {**hidden_fields(self.page), "version": version, **words}
        answer = await self.browser.post(f"{self.path}/acts/{act}", data=form)
        assert answer.status_code == 303, answer.text
        self.page = await self.browser.get(answer.headers["location"])
        assert self.page.status_code == 200, self.page.text

    async def bring(self, content: bytes) -> str:
        """Add a paper; how the page names it."""
        form = {name: hidden_fields(self.page)[name] for name in ("csrf", "key")}
        files = {"file": ("a.jpg", content, "image/jpeg")}
        answer = await self.browser.post(f"{self.path}/papers", data=form, files=files)
        assert answer.status_code == 303, answer.text
        self.page = await self.browser.get(self.path)
        (paper,) = set(re.findall(r"/papers/([0-9a-f-]+)", self.page.text))
        return str(paper)
