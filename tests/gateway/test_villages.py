"""A village's month: who was not paid, what to bring, and cards that say why a sum is so much."""

import io

import httpx
import psycopg
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.gateway import told
from tests.gateway.told_of_villages import VILLAGE
from tests.gateway.visits import Door

PAGE = f"/staff/villages/{VILLAGE}"
MONTH = f"?pay_month={told.MONTH}"


def text_of(paper: httpx.Response) -> str:
    """What stands on a PDF, without the breaks of its lines."""
    assert paper.headers["content-type"] == "application/pdf", paper.text
    pages = PdfReader(io.BytesIO(paper.content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


async def test_a_village_worker_reads_who_was_not_paid_why_and_what_to_bring(door: Door) -> None:
    door.upstream.answers(told.everything())
    worker = await door.staff(roles=("village-worker",), areas=(VILLAGE,))
    page = (await worker.get(f"{PAGE}{MONTH}")).text
    for words in (
        "银行卡已注销",
        "身份证和新卡",
        "426.00元",
        "没有收款账户",
        "收入不明",
        "家里有人去世",
    ):
        assert words in page
    paper = text_of(await worker.get(f"{PAGE}/sheet.pdf{MONTH}"))
    assert "身份证和新卡" in paper
    assert "<script>" in paper, "a name is letters, whatever they spell"


async def test_the_services_are_asked_of_this_village_alone(door: Door) -> None:
    door.upstream.answers(told.everything())
    worker = await door.staff(roles=("village-worker",), areas=(VILLAGE,))
    door.upstream.forget()
    door.upstream.answers(told.everything())
    await worker.get(f"{PAGE}/cards.pdf{MONTH}")
    asked = [seen for seen in door.upstream.came() if seen["audience"]]
    assert {(seen["audience"], *seen["scopes"]) for seen in asked} == {
        ("benefits", "lines:read"),
        ("identification", "people:read"),
    }
    assert {tuple(seen["areas"]) for seen in asked} == {(VILLAGE,)}
    other = await worker.get(f"/staff/villages/511425100202{MONTH}")
    assert other.status_code == 404


async def test_the_sheet_and_the_cards_of_a_village_are_a_workbook_too(door: Door) -> None:
    door.upstream.answers(told.everything())
    worker = await door.staff(roles=("village-worker",), areas=(VILLAGE[:9],))
    answer = await worker.get(f"{PAGE}/workbook{MONTH}")
    assert answer.status_code == 200, answer.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    cells = [str(each) for row in book.get_sheet_by_index(0).to_python() for each in row]
    for words in ("没发成", "明白卡", "586.00元", "上月600.00元，减少14.00元：有新的决定。"):
        assert words in cells, words


async def test_a_clear_card_tells_the_sum_how_it_came_and_last_months(door: Door) -> None:
    door.upstream.answers(told.everything())
    worker = await door.staff(roles=("village-worker",), areas=(VILLAGE[:9],))
    card = text_of(await worker.get(f"{PAGE}/cards.pdf{MONTH}"))
    for words in (
        "救助金明白卡",
        "586.00元",
        "390×3−584=586",
        "上月600.00元，减少14.00元：有新的决定。",
        "高龄津贴：上月50.00元，这个月没有。家里有人去世。",
        "本月合计586.00元",
    ):
        assert words in card
    one = text_of(await worker.get(f"{PAGE}/cards.pdf{MONTH}&household={told.HOUSEHOLD}"))
    assert "390×3−584=586" in one
    none = text_of(await worker.get(f"{PAGE}/cards.pdf{MONTH}&household={told.PERSON}"))
    assert "还没有签字定下的名单" in none
    with psycopg.connect(door.database.owner_url) as owner:
        printed = owner.execute(
            "SELECT actor, subject FROM audit WHERE act = 'clear-cards-printed'"
        ).fetchall()
    assert printed == [("staff:zhang.min", VILLAGE)] * 3


async def test_who_does_not_work_in_villages_reads_no_sheet(door: Door) -> None:
    door.upstream.answers(told.everything())
    auditor = await door.staff(roles=("finance-releaser",))
    assert (await auditor.get(f"{PAGE}{MONTH}")).status_code == 403
