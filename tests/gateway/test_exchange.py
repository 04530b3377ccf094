"""The exchange and the low-income database at the door: pages, forms, files passed through."""

import hashlib
import json
from typing import Any

from tests.gateway import told
from tests.gateway.soundness import are_sound
from tests.gateway.told_of_cases import CASE, VILLAGE
from tests.gateway.told_of_exchange import A_FILE, FILE, ITEM, REQUEST, SOMEBODY, of_exchange
from tests.gateway.visits import Door, hidden_fields

PAGES = (
    "/staff/exchange",
    f"/staff/exchange/files/{FILE}",
    "/staff/exchange/items?template=warnings&state=open",
    f"/staff/cases/{CASE}/verification",
    "/staff/low-income",
    "/staff/low-income?group=edge&trait=women&offset=100",
    "/staff/low-income?area=511425",
    f"/staff/low-income/{SOMEBODY}",
    "/staff/low-income/lists",
    "/staff/low-income/filings",
    "/staff/leads?month=2026-10",
)
REQUESTED = f"/staff/entries/{REQUEST}"
ROLES = ("township-officer", "township-head", "county-checker")


async def test_every_page_is_whole_small_and_runs_nothing(door: Door) -> None:
    door.upstream.answers(told.everything() | of_exchange())
    browser = await door.staff(roles=ROLES)
    await are_sound(door, browser, PAGES, 120_000)
    listed = (await browser.get(PAGES[5])).text
    assert "offset=101" in listed
    assert "group=edge&amp;trait=women" in listed
    person = (await browser.get(PAGES[7])).text
    assert "迟报" in person
    assert f'href="{REQUESTED}"' in person
    assert "青竹街道民政办" in (await browser.get(PAGES[0])).text


async def test_a_roster_of_the_province_leads_on_to_the_roster_it_became(door: Door) -> None:
    passed_on = {"template": "provincial-roster", "state": "applied", "roster_id": FILE}
    roster = {**A_FILE, **passed_on, "counts": {"households": 2}}
    door.upstream.answers(
        told.everything()
        | of_exchange()
        | {f"identification GET /exchange/files/{FILE}": {"words": roster}}
    )
    maker = await door.staff("lu.yun", ("civil-affairs-maker",))
    page = (await maker.get(PAGES[1])).text
    assert f'href="/staff/rosters/{FILE}"' in page
    assert "<dt>户</dt><dd>2</dd>" in page
    checker = await door.staff(roles=ROLES)
    assert "/staff/rosters/" not in (await checker.get(PAGES[1])).text


async def test_what_the_forms_say_reaches_the_service(door: Door) -> None:
    door.upstream.answers(told.everything() | of_exchange())
    browser = await door.staff(roles=ROLES)
    form = hidden_fields(await browser.get(PAGES[4]))
    asked: list[tuple[str, dict[str, Any], str]] = [
        ("/staff/exchange/outgoing", {"template": "verification-request", "form": ""}, PAGES[1]),
        (
            f"/staff/exchange/items/{ITEM}/answer",
            {"outcome": "left", "remark": "已退出"},
            "/staff/exchange/items?template=warnings&state=open",
        ),
        (
            f"/staff/exchange/items/{ITEM}/owner",
            {"owner": "zhang.min"},
            "/staff/exchange/items?template=warnings&state=open",
        ),
        (PAGES[3], {}, PAGES[3]),
        (
            "/staff/low-income",
            {"name": "王小芳", "id_number": "1", "village": VILLAGE, "registration": "rural",
             "group": "other", "source": "discovery", "since": "", "reason": "走访",
             "disability_grade": "2", "signing": "signed"},
            REQUESTED,
        ),
        (f"{PAGES[7]}/requests/extend", {"reason": "仍符合", "stay_id": SOMEBODY}, REQUESTED),
        (f"{PAGES[7]}/requests/move", {"reason": "花费大", "group": "other", "stay_id": SOMEBODY},
         REQUESTED),
        ("/staff/low-income/filings", {"town": "511425001"}, PAGES[9]),
    ]  # fmt: skip
    for number, (path, words, onward) in enumerate(asked):
        said = {**form, "key": f"{form['key']}-{number}", **words}
        answer = await browser.post(path, data=said)
        assert (answer.status_code, answer.headers.get("location")) == (303, onward), answer.text
    came = [each for each in door.upstream.came() if each["method"] == "POST"]
    bodies = [json.loads(each["body"]) for each in came]
    assert bodies[0] == {"template": "verification-request", "form": None}
    assert bodies[1] == {"outcome": "left", "remark": "已退出"}
    assert (bodies[4]["area"], bodies[4]["words"]["request"]) == (VILLAGE, "enter")
    assert "since" not in bodies[4]["words"]
    assert bodies[6] == {
        "about_kind": "low-income",
        "about": SOMEBODY,
        "words": {
            "request": "move", "reason": "花费大", "group": "other", "stay_id": SOMEBODY,
        },
    }  # fmt: skip
    odd = await browser.post(f"{PAGES[7]}/requests/odd", data=form)
    assert odd.status_code == 422


async def test_a_list_goes_through_whole_under_its_template(door: Door) -> None:
    door.upstream.answers(told.everything() | of_exchange())
    browser = await door.staff(roles=ROLES)
    form = hidden_fields(await browser.get(PAGES[0]))
    content = bytes(range(256)) * 5_000
    path = "/staff/exchange/files/warnings"
    answer = await browser.post(path, data=form, files={"file": ("名单.xlsx", content)})
    assert answer.headers["location"] == PAGES[1]
    (came,) = [each for each in door.upstream.came() if each["method"] == "POST"]
    assert (came["query"], came["size"]) == ("template=warnings", len(content))
    assert came["sha256"] == hashlib.sha256(content).hexdigest()
    unknown = await browser.post(
        "/staff/exchange/files/odd", data=form, files={"file": ("名单.xlsx", content)}
    )
    assert unknown.status_code == 404


async def test_who_has_no_part_in_it_sees_none_of_it(door: Door) -> None:
    door.upstream.answers(told.everything() | of_exchange())
    browser = await door.staff(roles=("finance-releaser",))
    for path in PAGES:
        assert (await browser.get(path)).status_code == 403, path
    officer = await door.staff(name="wang.fang", roles=("township-officer",))
    page = await officer.get("/staff/exchange")
    assert "最近的文件" not in page.text
    assert (await officer.get(PAGES[1])).status_code == 403
