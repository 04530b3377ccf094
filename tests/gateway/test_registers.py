"""Registers at the door: one set of pages drawn from whatever table the service tells."""

import json

from tests.gateway import told
from tests.gateway.test_pages import is_sound
from tests.gateway.told_of_registers import ENTRY, of_registers
from tests.gateway.visits import Door, hidden_fields

PAGES = (
    "/staff/registers",
    "/staff/registers/rectification",
    "/staff/registers/rectification?list=overdue&area=511425001&opened=ZG-2026-0007",
    "/staff/registers/rectification/new",
    f"/staff/entries/{ENTRY}",
)


async def test_every_page_of_a_register_is_whole_and_runs_nothing(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = await door.staff(roles=("township-head",))
    for path in PAGES:
        page = await browser.get(path)
        assert page.status_code == 200, (path, page.text)
        is_sound(page, 120_000)
    page = await browser.get(PAGES[2])
    for shown in ("审计", "1,200.50元", "超期", "list=overdue&amp;area=511425001"):
        assert shown in page.text
    entry = await browser.get(PAGES[4])
    assert "有 1 项内容保密" in entry.text
    assert "责任人本人不得办理" in entry.text


async def test_an_entry_is_opened_and_moved_by_forms_drawn_from_its_table(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = await door.staff(roles=("township-head",))
    words = {"source": "audit", "problem": "缺表", "due_on": "2026-10-20", "sum_fen": "1200.50"}
    form = hidden_fields(await browser.get(PAGES[3]))
    said = {**form, "about_kind": "household", "about": "h-1", **words}
    answer = await browser.post("/staff/registers/rectification", data=said)
    assert answer.headers["location"] == "/staff/registers/rectification?opened=ZG-2026-0007"
    form = hidden_fields(await browser.get(PAGES[4]))
    answer = await browser.post(
        f"/staff/entries/{ENTRY}/acts/plan", data={**form, "version": "3", **words}
    )
    assert answer.headers["location"] == f"/staff/entries/{ENTRY}"
    opened, planned = [
        json.loads(each["body"]) for each in door.upstream.came() if each["method"] == "POST"
    ]
    assert (opened["about_kind"], opened["about"]) == ("household", "h-1")
    assert opened["words"]["sum_fen"] == 120050
    assert (planned["version"], planned["words"]["source"]) == (3, "audit")


async def test_who_keeps_no_register_sees_none(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = await door.staff(roles=("finance-releaser",))
    for path in PAGES:
        assert (await browser.get(path)).status_code == 403
