"""Lists of other departments and alerts at the door: pages, forms, files passed through."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey

from gateway import clients
from tests.gateway import told
from tests.gateway.soundness import are_sound
from tests.gateway.told_of_comparison import ALERT, COMPARISON, DELIVERY, OWN, of_comparison
from tests.gateway.visits import COUNTY, Door, assertion, hidden_fields, token_request

BEHIND = f"/staff/comparisons/{COMPARISON}"
PAGES = (
    "/staff/feeds",
    f"/staff/feeds/deaths/{DELIVERY}",
    BEHIND,
    f"{BEHIND}/feeds/deaths/only-there",
    f"{BEHIND}/feeds/deaths/matched",
    f"{BEHIND}/batches/monitored-only-here",
    "/staff/alerts?kind=alert_death&overdue=true",
    f"/staff/alerts/{ALERT}",
    "/staff/retention",
    "/staff/workdays",
)
ROLES = ("civil-affairs-head", "county-checker")


async def test_every_page_is_whole_small_and_runs_nothing(door: Door) -> None:
    door.upstream.answers(told.everything() | of_comparison())
    browser = await door.staff(roles=ROLES)
    await are_sound(door, browser, PAGES, 120_000)
    assert "最早一行是 2026年3月，不足 12 个月" in (await browser.get(PAGES[0])).text
    assert "李伟" in (await browser.get(PAGES[4])).text
    compared = (await browser.get(BEHIND)).text
    assert "待核查" in compared
    assert "unknown-listed" not in compared
    watched = f'<li>数据库列为监测对象，名单没有列为监测对象：<a href="{PAGES[5]}">41</a> 人</li>'
    assert watched in compared
    assert "监测对象没有对照" not in compared
    behind = (await browser.get(PAGES[5])).text
    assert "李伟" in behind
    assert f"{PAGES[5]}?after=7" in behind
    assert f"{BEHIND}/feeds/deaths/matched?after=7" in (await browser.get(PAGES[4])).text
    alert = (await browser.get(PAGES[7])).text
    assert "本人部分已暂缓发放" in alert
    assert "2026-09-25 分派" in alert


async def test_a_register_that_calls_nobody_watched_names_nobody_as_missing(door: Door) -> None:
    told_of = of_comparison()
    at = f"identification GET /comparisons/{COMPARISON}"
    words = {**told_of[at]["words"], "batches": {"1": 3, "assisted-only": 2, "registered-only": 0}}
    door.upstream.answers(told.everything() | told_of | {at: {"words": words}})
    page = (await (await door.staff(roles=ROLES)).get(BEHIND)).text
    assert "监测对象没有对照：用的这份名单没有注明谁是监测对象。" in page
    assert "monitored-only" not in page


async def test_a_list_goes_through_the_door_with_its_month_and_its_day(door: Door) -> None:
    door.upstream.answers(told.everything() | of_comparison())
    browser = await door.staff(roles=ROLES)
    form = hidden_fields(await browser.get(PAGES[0]))
    words = {**form, "key": "key-of-a-list", "month": "2026-10", "as_of": "2026-09-24"}
    sent = await browser.post(
        "/staff/feeds/deaths", data=words, files={"file": ("d.csv", b"id,day\n", "text/csv")}
    )
    assert sent.headers["location"] == f"/staff/feeds/deaths/{DELIVERY}", sent.text
    seen = door.upstream.came()[-1]
    assert (seen["method"], seen["path"]) == ("POST", "/feeds/deaths/deliveries")
    assert seen["query"] == "month=2026-10&as_of=2026-09-24"
    said = await browser.post("/staff/feeds/deaths/nobody", data=words)
    assert said.headers["location"] == f"/staff/feeds/deaths/{DELIVERY}", said.text
    seen = door.upstream.came()[-1]
    assert seen["path"] == "/feeds/deaths/empty-deliveries"
    assert json.loads(seen["body"]) == {"month": "2026-10", "as_of": "2026-09-24"}


async def test_a_brought_list_is_let_count_before_the_agencys_own_with_a_reason(
    door: Door,
) -> None:
    door.upstream.answers(told.everything() | of_comparison())
    browser = await door.staff(roles=ROLES)
    assert "代传的 2026年10月 一份没有采用" in (await browser.get(PAGES[0])).text
    page = await browser.get(PAGES[1])
    assert f"/staff/feeds/deaths/{OWN}" in page.text
    words = {**hidden_fields(page), "over": OWN, "because": "接口停了"}
    done = await browser.post(f"{PAGES[1]}/acceptance", data=words)
    assert done.headers["location"] == PAGES[1], done.text
    seen = door.upstream.came()[-1]
    assert seen["path"] == f"/feeds/deaths/deliveries/{DELIVERY}/acceptance"
    assert json.loads(seen["body"]) == {"over": OWN, "because": "接口停了"}
    auditor = await door.staff("song.lei", ("auditor",))
    assert "采用这一份" not in (await auditor.get(PAGES[1])).text


async def test_an_act_on_an_alert_reaches_the_service(door: Door) -> None:
    door.upstream.answers(told.everything() | of_comparison())
    browser = await door.staff(roles=ROLES)
    form = hidden_fields(await browser.get(PAGES[7]))
    words = {**form, "key": "key-of-an-act", "version": "1", "asked_how": "打电话"}
    done = await browser.post(f"/staff/alerts/{ALERT}/acts/ask", data=words)
    assert done.headers["location"] == f"/staff/alerts/{ALERT}", done.text
    seen = door.upstream.came()[-1]
    assert seen["path"] == f"/alerts/{ALERT}/acts/ask"
    assert json.loads(seen["body"]) == {"version": 1, "words": {"asked_how": "打电话"}}


async def test_days_are_named_on_their_page_by_a_paper(door: Door) -> None:
    door.upstream.answers(told.everything() | of_comparison())
    browser = await door.staff(roles=ROLES)
    page = await browser.get(PAGES[-1])
    assert "个案 3 个，省平台事项 1 个" in page.text
    words = {
        **hidden_fields(page),
        "document": "青府办〔2026〕31号",
        "free": "2027-02-08、2027-02-09",
    }
    done = await browser.post(PAGES[-1], data={**words, "worked": "2027-02-14"})
    assert done.headers["location"] == PAGES[-1], done.text
    assert json.loads(door.upstream.came()[-1]["body"]) == {
        "document": "青府办〔2026〕31号",
        "days": {"2027-02-08": "free", "2027-02-09": "free", "2027-02-14": "worked"},
    }


async def test_who_may_not_read_lists_reads_none(door: Door) -> None:
    door.upstream.answers(told.everything() | of_comparison())
    browser = await door.staff(roles=("finance-releaser",))
    for path in (PAGES[0], PAGES[2], PAGES[6]):
        assert (await browser.get(path)).status_code == 403


async def test_an_agency_comes_with_its_key_and_names_its_own_lists(door: Door) -> None:
    key = ECKey.generate_key("P-256", {"kid": "one"})
    said: dict[str, Any] = {
        "client_id": "police-lists",
        "bank": None,
        "jwks": {"keys": [key.as_dict(private=False)]},
        "scopes": ["feeds:deliver"],
        "now": datetime.now(UTC),
    }
    async with door.app.state.database.transaction() as session:
        with pytest.raises(clients.ClientRefused, match="--feeds"):
            await clients.register(session, COUNTY, **said)
        await clients.register(session, COUNTY, **said, feeds=["deaths"])
    words = token_request(
        assertion(key, door, iss="police-lists", sub="police-lists"), scope="feeds:deliver"
    )
    browser = door.browser()
    token = (await browser.post("/oauth/token", data=words)).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    chunk = f"/api/v1/feeds/deaths/chunked-deliveries/{DELIVERY}/chunks/2"
    sent = await browser.post(
        chunk, json={"rows": []}, headers={**bearer, "Idempotency-Key": "chunk-of-deaths"}
    )
    seen = sent.json()
    assert (seen["audience"], seen["kind"], seen["areas"]) == (
        "identification", "partner", ["feed:deaths"],
    )  # fmt: skip
    assert seen["path"] == f"/feeds/deaths/chunked-deliveries/{DELIVERY}/chunks/2"
    assert (await browser.get("/api/v1/alerts", headers=bearer)).status_code == 403
