"""Registers at the door: one set of pages drawn from whatever table the service tells."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from gateway import staff
from gateway.palmtop.filing import FILED_PER_PEER_AND_MINUTE
from tests.gateway import told
from tests.gateway.soundness import are_sound, is_sound
from tests.gateway.told_of_registers import ENTRY, of_registers
from tests.gateway.visits import COUNTY, Door, hidden_fields

LIST: Final = "/registers/rectification"
PAGES: Final = (
    "/staff/registers",
    "/staff/registers/rectification",
    "/staff/registers/rectification?list=overdue&area=511425001&opened=ZG-2026-0007",
    "/staff/registers/rectification/new",
    f"/staff/entries/{ENTRY}",
    "/staff/registers/rectification/missing",
    "/staff/registers/rectification?field=skill&word=%E7%84%8A%E5%B7%A5",
)


async def test_every_page_of_a_register_is_whole_and_runs_nothing(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = await door.staff(roles=("township-head",))
    await are_sound(door, browser, PAGES, 120_000)
    about = await browser.get(f"{PAGES[3]}?about_kind=household&about=h-1")
    assert '<option value="household" selected>' in about.text
    assert 'value="h-1"' in about.text
    offered = about.text.split('<datalist id="areas">')[1].split("</datalist>")[0]
    assert '<option value="511425001">' in offered, "nobody has to know a place by its code"
    page = await browser.get(PAGES[2])
    for shown in (
        "审计",
        "目标 625",
        "found=source%3Aaudit",
        "1,200.50元",
        "超期",
        "list=overdue&amp;area=511425001",
    ):
        assert shown in page.text
    entry = await browser.get(PAGES[4])
    assert "有 1 项内容保密" in entry.text
    assert "责任人本人不得办理" in entry.text
    for earlier in ("三户缺表", "3,500.50元"):
        assert earlier in entry.text, "what was said with an earlier act stays to be read"
    left = await browser.get(PAGES[5])
    assert "KP-2026-0007" in left.text
    assert f'href="/staff/entries/{ENTRY}"' in left.text
    for opened in ("/staff/cases?query=DABCD-2345", "/registers/complaint?number=TS-2026-0002"):
        assert opened in entry.text, "a score opens the facts behind it"


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


async def test_whoever_is_missing_is_entered_by_one_button(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = await door.staff(roles=("township-head",))
    form = hidden_fields(await browser.get(PAGES[5]))
    answer = await browser.post(PAGES[5], data=form)
    assert answer.headers["location"] == f"{PAGES[5]}?entered=1"
    page = (await browser.get(PAGES[5])).text
    assert "h-9" in page
    assert f'<a href="/staff/entries/{ENTRY}">KP-2026-0003</a>' in page, "who is to come back"


async def test_one_form_opens_an_entry_for_every_township_and_another_brings_a_paper(
    door: Door,
) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = await door.staff(roles=("township-head",))
    form = hidden_fields(await browser.get(PAGES[3]))
    said = {**form, "each": "township", "source": "audit", "problem": "缺表"}
    page = "/staff/registers/rectification"
    nobodys = await browser.post(page, data={**said, "rectifier": "nobody"})
    assert (nobodys.status_code, _posted(door)) == (422, [])
    answer = await browser.post(page, data={**said, "rectifier": "zhang.min"})
    assert answer.headers["location"] == page
    form = hidden_fields(await browser.get(PAGES[4]))
    answer = await browser.post(
        f"/staff/entries/{ENTRY}/papers",
        data={name: form[name] for name in ("csrf", "key")},
        files={"file": ("a.jpg", b"\xff\xd8\xff\xe0 a photo", "image/jpeg")},
    )
    assert answer.headers["location"] == f"/staff/entries/{ENTRY}"
    each, paper = _posted(door)
    asked = json.loads(each["body"])
    assert (asked["each"], asked["words"]["rectifier"][:6]) == ("township", "staff:")
    assert paper["path"] == f"/entries/{ENTRY}/papers"


def _posted(door: Door) -> list[dict[str, Any]]:
    return [came for came in door.upstream.came() if came["method"] == "POST"]


async def test_who_keeps_no_register_sees_none(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = await door.staff(roles=("finance-releaser",))
    for path in PAGES:
        assert (await browser.get(path)).status_code == 403


async def test_anybody_files_without_signing_in_and_asks_by_number_and_code(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = door.browser()
    page = await browser.get("/public/file/complaint")
    is_sound(page, 60_000)
    said = {"topic": "audit", "text": "村干部优亲厚友", "accused_unit": "511425001", "area": ""}
    filed = await browser.post("/public/file/complaint", data={**hidden_fields(page), **said})
    assert filed.status_code == 200, filed.text
    is_sound(filed, 60_000)
    for shown in ("TS-2026-0001", "ABCD2345", "2026-11-12"):
        assert shown in filed.text
    (came,) = [each for each in door.upstream.came() if each["method"] == "POST"]
    assert json.loads(came["body"]) == {
        "area": None,
        "words": {"topic": "audit", "text": "村干部优亲厚友", "accused_unit": "511425001"},
    }
    assert came["kind"] == "service"
    asked = {"number": "TS-2026-0001", "code": "ABCD2345"}
    state = await browser.post(
        "/public/file/complaint/state", data={**hidden_fields(page), **asked}
    )
    is_sound(state, 60_000)
    assert "已改正" in state.text
    board = await browser.get("/public/board/complaint")
    is_sound(board, 60_000)
    assert "1,200.50元" in board.text


async def test_a_form_from_elsewhere_and_too_many_at_once_are_refused(door: Door) -> None:
    door.upstream.answers(told.everything() | of_registers())
    browser = door.browser()
    form = hidden_fields(await browser.get("/public/file/complaint"))
    forged = await browser.post("/public/file/complaint", data={**form, "csrf": "x", "text": "x"})
    assert forged.status_code == 403
    words = {**form, "topic": "audit", "text": "内容"}
    answers = [
        (await browser.post("/public/file/complaint", data=words)).status_code
        for _ in range(FILED_PER_PEER_AND_MINUTE + 2)
    ]
    assert set(answers) == {200, 429}


async def test_what_is_of_somebody_whose_account_ended_is_listed_with_their_name(
    door: Door,
) -> None:
    door.upstream.answers(told.everything() | of_registers())
    for name in ("li.na", "wu.yu"):
        await door.staff(name)
    browser, page = await door.staff(roles=("township-head",)), PAGES[2]
    assert "责任人账号已停用" not in (await browser.get(page)).text
    async with door.app.state.database.transaction() as session:
        for name in ("li.na", "wu.yu"):
            await staff.dismiss(session, COUNTY, name=name, now=datetime(2026, 9, 30, tzinfo=UTC))
    shown = (await browser.get(page)).text
    left = shown[shown.index("责任人账号已停用") :].partition("</ul>")[0]
    assert "li.na（2026年9月30日 停用）</a> 2" in left
    assert "wu.yu" not in left, "nothing of theirs is open"
    assert "owner=staff%3Ali.na&amp;open=true&amp;area=511425001" in left
    await browser.get(f"{PAGES[1]}?owner=staff%3Ali.na&open=true")
    asked = [each["query"] for each in door.upstream.came() if each["path"] == LIST]
    assert asked[-1] == "owner=staff%3Ali.na&open=true"
