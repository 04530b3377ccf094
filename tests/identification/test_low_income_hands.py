"""Whose hands keep the low-income database: one asks, another agrees, and people are told."""

import asyncio
import io
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from shared.callers import Caller, Kind
from tests.identification.caseworkers import later, staff
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    rows_of,
)
from tests.identification.province import (
    MA_LAN,
    OTHER_TOWN,
    SUN_YU,
    ZHOU_JIE,
    a_list,
    brought,
    post,
)
from tests.identification.register import COUNTY, Register
from tests.identification.test_low_income import listed
from tests.identification.watched import (
    REQUESTS,
    act,
    ask_of,
    ask_to_enter,
    entered,
    somebody,
    waiting,
    with_paper,
)

HANDS = {"low-income:read", "low-income:keep", "low-income:agree", "cases:read", "cases:decide"}


def text_of(notice: httpx.Response) -> str:
    """What a notice says."""
    pages = PdfReader(io.BytesIO(notice.content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


async def stays(register: Register) -> list[dict[str, Any]]:
    """Who is in which group, as it stands."""
    return register.rows("SELECT group_name, until FROM low_income_entry ORDER BY id")


@pytest.mark.breaks("Nobody lists alone")
async def test_nobody_enters_anybody_alone_by_whichever_account_nor_without_the_paper(
    register: Register,
) -> None:
    asker = staff("zhou-jie", HANDS, VILLAGE[:9])
    other_account = replace(asker, subject="staff:zhou-jie.county")
    bare = await waiting(register, await ask_to_enter(register, asker, **somebody(1)))
    for path in ("/low-income", "/low-income/x/acts/clear"):
        assert (await post(register, path, asker, **somebody(1))).status_code in {404, 405}
    unsigned = await bare.ask(MA_LAN, "agree")
    assert unsigned.json()["needs"] == ["commitment-on-file"]
    paper = await bare.paper(asker)
    await bare.do(asker, "file-commitment", signed_on="2026-09-24", commitment_id=paper)
    for again in (asker, other_account):
        for name, words in (("agree", {}), ("refuse", {"refused_because": "x"})):
            refused = await bare.ask(again, name, **words)
            assert refused.json()["needs"] == ["not-who-asked"], name
    assert (await bare.ask(ZHOU_JIE, "agree")).json()["type"] == "/problems/not-yours"
    assert (await bare.ask(OTHER_TOWN, "agree")).status_code == 404
    near = staff("bai-jie", HANDS, VILLAGE[:9])
    filing = {"relation": "parent", "name": "王小芳", "id_number": id_number(1, "19900303")}
    assert (await post(register, "/relatives", near, **filing)).status_code == 201
    assert (await bare.ask(near, "agree")).json()["needs"] == ["not-a-relative"]
    assert await stays(register) == []
    twice = await ask_to_enter(register, MA_LAN, **somebody(1, group="other"))
    assert twice.json()["type"] == "/problems/already-on-register"
    await bare.do(MA_LAN, "agree")
    assert [each["group_name"] for each in await stays(register)] == ["monitored"]
    (written,) = register.audited("low-income-entered")
    assert (written["actor"], written["details"]["asked_by"]) == (MA_LAN.subject, asker.subject)
    assert written["details"]["request"] == bare.entry["number"]


@pytest.mark.breaks("Nobody lists alone")
async def test_what_was_asked_of_a_stay_that_is_over_is_done_by_nobody(register: Register) -> None:
    person = await entered(register, **somebody(1))
    path = f"/low-income/{person['low_income_id']}"
    read = {"stay_id": person["current"]["stay_id"], "reason": "x", "request": "clear"}
    about = {"about_kind": "low-income", "about": person["low_income_id"]}
    cleared = await waiting(register, await ask_of(register, path, ZHOU_JIE, "clear", reason="x"))
    assert (await register.get(path, SUN_YU)).json()["current"] == person["current"]
    numbers = await brought(
        register,
        "low-income-edge",
        a_list("low-income-edge", listed(1, id_number=id_number(1, "19900303"))),
    )
    assert numbers["counts"]["moved"] == 1
    stale = await cleared.ask(MA_LAN, "agree")
    assert stale.json()["type"] == "/problems/stay-moved-on"
    assert (await register.get(path, SUN_YU)).json()["current"]["group"] == "edge"
    await cleared.do(MA_LAN, "refuse", refused_because="已转为低保边缘")
    late = await post(register, f"/registers/{REQUESTS}", ZHOU_JIE, **about, words=read)
    assert late.json()["type"] == "/problems/stay-moved-on"


async def test_of_two_at_once_one_wins_and_the_other_reads_why(register: Register) -> None:
    person = await entered(register, **somebody(1))
    path = f"/low-income/{person['low_income_id']}"
    asked = await asyncio.gather(
        ask_of(register, path, ZHOU_JIE, "move", group="other", reason="x"),
        ask_of(register, path, MA_LAN, "extend", reason="x"),
    )
    assert sorted(each.status_code for each in asked) == [201, 409]
    (opened,) = [each for each in asked if each.status_code == 201]
    ledger = await waiting(register, opened)
    two = [staff(name, HANDS, VILLAGE[:9]) for name in ("he-yan", "tian-yu")]
    agreed = await asyncio.gather(*(ledger.ask(each, "agree") for each in two))
    assert sorted(each.status_code for each in agreed) == [200, 409]
    assert {"/problems/moved-on"} == {e.json()["type"] for e in agreed if e.status_code == 409}
    assert len((await register.get(path, SUN_YU)).json()["history"]) == 2


async def test_what_waits_is_on_one_list_is_refused_with_a_reason_or_taken_back(
    register: Register,
) -> None:
    person = await entered(register, **somebody(1))
    path = f"/low-income/{person['low_income_id']}"
    held = await waiting(register, await ask_of(register, path, ZHOU_JIE, "extend", reason="x"))
    shown = {each["field"]: each["said"] for each in (await held.look(MA_LAN))["says"]}
    assert shown["was"] == "易返贫致贫监测对象"
    new = await waiting(register, await ask_to_enter(register, ZHOU_JIE, **somebody(2)))
    waits = [new.entry["number"], held.entry["number"]]
    assert await new.listed(MA_LAN, list="waiting") == waits
    assert await new.listed(MA_LAN, list="uncommitted") == waits[:1]
    assert await new.listed(OTHER_TOWN) == []
    later(register, 20)
    assert await new.listed(MA_LAN, list="overdue") == waits
    stranger = staff("he-yan", HANDS, VILLAGE[:9])
    assert (await new.ask(stranger, "take-back")).json()["needs"] == ["who-asked"]
    await new.do(ZHOU_JIE, "take-back")
    silent = await held.ask(MA_LAN, "refuse")
    assert silent.json()["field"] == "refused_because"
    done = await held.do(MA_LAN, "refuse", refused_because="收入已超过")
    assert (done["state"], done["notice"]) == ("refused", False)
    assert (await register.get(path, SUN_YU)).json()["current"] == person["current"]
    assert await new.listed(MA_LAN, list="waiting") == []


async def test_who_is_found_and_cannot_sign_comes_in_with_a_reason_and_signs_later(
    register: Register,
) -> None:
    why = {"signing": "cannot-sign", "unsigned_because": "独居，昏迷住院，没有监护人"}
    new = await waiting(register, await ask_to_enter(register, ZHOU_JIE, **somebody(1, **why)))
    await new.do(MA_LAN, "agree")
    unsigned = await new.listed(MA_LAN, list="unsigned")
    assert unsigned == [new.entry["number"]]
    paper = await new.paper(ZHOU_JIE)
    await new.do(ZHOU_JIE, "file-commitment", signed_on="2026-09-25", commitment_id=paper)
    assert await new.listed(MA_LAN, list="unsigned") == []


async def test_whoever_comes_in_moves_or_leaves_is_told_and_handed_a_notice(
    register: Register,
) -> None:
    home = a_household("h-1", a_person(1), a_person(2))
    await register.imported(a_csv(rows_of(home)))
    new = await with_paper(register, **somebody(2, id_number=id_number(2), name="李明"))
    assert (await register.get(f"{new.path}/notice", MA_LAN)).status_code == 409
    done = await new.do(MA_LAN, "agree")
    path = f"/low-income/{done['about']}"
    later(register, 5)
    for name, words in (("extend", {}), ("move", {"group": "other"}), ("clear", {})):
        gone = await act(register, path, ZHOU_JIE, name, reason="情况变了", **words)
        assert gone.status_code == 200, gone.text
    told = [each["body"] for each in register.told("group-changed")]
    assert [each["happened"] for each in told] == [
        "watched", "watched-otherwise", "watched-no-more",
    ]  # fmt: skip
    (person,) = register.rows("SELECT id FROM person WHERE name = '李明'")
    (household,) = register.rows("SELECT id FROM household")
    assert told[0]["told_ids"] == [str(person["id"]), str(household["id"])]
    assert told[0]["request_id"] == done["entry_id"]
    printed = []
    for each in (await register.get(f"/registers/{REQUESTS}", MA_LAN)).json()["items"]:
        assert each["about"] == done["about"], "whoever came in is whom the request is about"
        shown = (await register.get(f"/entries/{each['entry_id']}", MA_LAN)).json()
        notice = await register.get(f"/entries/{each['entry_id']}/notice", MA_LAN)
        assert notice.content.startswith(b"%PDF") == shown["notice"]
        printed.append(text_of(notice) if shown["notice"] else None)
    left, moved, held, came = printed
    assert held is None, "that a group holds on is no news"
    assert "您登记为其他低收入人口到2026年9月30日为止" in str(left)
    assert "由易返贫致贫监测对象调整为其他低收入人口" in str(moved)
    assert "自2026年9月25日起，您已登记为易返贫致贫监测对象" in str(came)
    assert "理由如下：情况变了" in str(left)
    assert "走访发现" not in str(came)
    assert len(register.audited("low-income-request-notice-printed")) == 3


async def test_of_whoever_died_or_is_a_child_somebody_of_their_home_is_told(
    register: Register,
) -> None:
    child = id_number(3, "20180101")
    home = a_household("h-1", a_person(1), a_person(2), a_person(3, id_number=child))
    await register.imported(a_csv(rows_of(home)))
    await entered(register, **somebody(3, id_number=child))
    person = await entered(register, **somebody(1, id_number=id_number(1)))
    await register.change(
        "UPDATE person SET died_on = '2026-09-25' WHERE id = ANY(SELECT person_id FROM membership"
        " WHERE relation = '户主')"
    )
    path = f"/low-income/{person['low_income_id']}"
    assert (await act(register, path, ZHOU_JIE, "clear", reason="去世")).status_code == 200
    told = [each["body"]["told_ids"] for each in register.told("group-changed")]
    dead = str(register.rows("SELECT id FROM person WHERE died_on IS NOT NULL")[0]["id"])
    assert told[0][0] == told[1][0] == dead, "an adult acts for the child, and for themselves"
    assert dead not in told[2]
    assert len(told[2]) == 1


@pytest.mark.shows("S50")
async def test_nobody_keeps_a_near_relative_in_the_database(register: Register) -> None:
    near = staff("bai-xue", HANDS)
    filing = {"relation": "parent", "name": "王小芳", "id_number": id_number(1, "19900303")}
    assert (await post(register, "/relatives", near, **filing)).status_code == 201
    asked = await ask_to_enter(register, near, **somebody(1))
    assert asked.json()["type"] == "/problems/near-relative"
    person = await entered(register, **somebody(1))
    path = f"/low-income/{person['low_income_id']}"
    for name, words in (("extend", {}), ("move", {"group": "other"}), ("clear", {})):
        refused = await act(register, path, near, name, reason="x", **words)
        assert refused.json()["type"] == "/problems/near-relative", name
    moved = await waiting(register, await ask_of(register, path, ZHOU_JIE, "clear", reason="x"))
    assert (await moved.ask(near, "agree")).json()["needs"] == ["not-a-relative"]


async def test_whose_days_are_over_are_counted_apart_and_read_by_nobody_else(
    register: Register,
) -> None:
    await entered(register, **somebody(1))
    later(register, 500)
    await entered(register, **somebody(2, since="2028-01-01"))
    counted = (await register.get("/low-income/statistics", SUN_YU)).json()
    assert (counted["total"]["people"], counted["expired"]) == (1, 1)
    behind = [
        (await register.get("/low-income", SUN_YU, **asked)).json()["total"]
        for asked in ({}, {"expired": "true"})
    ]
    assert behind == [1, 1]
    school = Caller(
        "client:medical-security", Kind.PARTNER, COUNTY, "", frozenset({"low-income:slice"})
    )
    assert len((await register.get("/low-income/slice", school)).json()["items"]) == 1
