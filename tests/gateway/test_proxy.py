"""What goes through the door, what is left at it, and what is said when nobody answers."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway import routes
from gateway.table import PublicRoute
from shared import ports
from shared.ids import new_id
from tests.gateway.visits import Door, raw_post

KEY = {"Idempotency-Key": "a-key-of-mine"}


async def test_the_service_hears_us_and_not_what_the_caller_claims(door: Door) -> None:
    browser = await door.staff()
    answer = await browser.get(
        "/api/v1/runs?pay_month=2026-10&x=%E6%B0%91",
        headers={
            "X-Forwarded-For": "10.0.0.1",
            "X-Forwarded-Host": "evil.example",
            "X-User-Id": "root",
            "X-Role": "auditor",
            "X-Request-Id": "a-request-id-of-theirs",
            "Range": "bytes=0-9",
        },
    )
    seen = answer.json()
    assert (seen["audience"], seen["path"]) == ("benefits", "/runs")
    assert seen["query"] == "pay_month=2026-10&x=%E6%B0%91"
    assert (seen["subject"], seen["kind"], seen["areas"]) == (
        "staff:zhang.min",
        "staff",
        ["511425"],
    )
    assert not {name for name in seen["headers"] if name.startswith("x-forwarded")}
    assert not {"x-user-id", "x-role", "cookie"} & set(seen["headers"])
    assert seen["headers"]["range"] == "bytes=0-9"
    assert answer.headers["x-request-id"] == seen["headers"]["x-request-id"]
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


async def test_a_strangers_request_id_is_written_down_nowhere(door: Door) -> None:
    browser = door.browser()
    theirs = {"X-Request-Id": "511425196503040010"}
    first, second = [await browser.get("/healthz", headers=theirs) for _ in range(2)]
    ids = {each.headers["x-request-id"] for each in (first, second)}
    assert len(ids) == 2
    assert theirs["X-Request-Id"] not in ids


async def test_a_token_for_one_service_is_no_token_for_another(door: Door) -> None:
    browser = await door.staff()
    await browser.get("/api/v1/runs")
    await browser.get("/api/v1/funds")
    assert [seen["audience"] for seen in door.upstream.came()] == ["benefits", "payments"]


async def test_a_problem_goes_through_untouched(door: Door) -> None:
    browser = await door.staff()
    words = {
        "type": "/problems/already-granted",
        "title": "低保",
        "status": 409,
        "month": "2026-10",
    }
    told = {"status": 409, "words": words, "headers": {"retry-after": "7"}}
    door.upstream.answers({"benefits POST /runs": told})
    answer = await browser.post("/api/v1/runs", json={}, headers=KEY)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "7"
    assert answer.json() == words


async def test_a_large_upload_streams_through_whole(door: Door) -> None:
    browser = await door.staff()
    size, piece = 100 * 1024 * 1024, b"\x00\x01\xfe\xff" * 16_384
    digest = hashlib.sha256()

    async def body() -> AsyncIterator[bytes]:
        for _ in range(size // len(piece)):
            digest.update(piece)
            yield piece

    headers = {**KEY, "Content-Length": str(size), "Content-Digest": "sha-256=:x:"}
    answer = await browser.post("/api/v1/rosters", content=body(), headers=headers)
    seen = answer.json()
    assert (seen["size"], seen["sha256"]) == (size, digest.hexdigest())
    assert seen["headers"]["content-length"] == str(size)
    assert seen["headers"]["content-digest"] == "sha-256=:x:"


async def test_more_than_a_route_takes_is_refused_said_or_unsaid(door: Door) -> None:
    browser = await door.staff()
    status, text = await raw_post(browser, "/api/v1/rosters", b"x", Content_Length=str(2 * 1024**3))
    assert status == 413
    assert f'"bytes_max":{routes.ROSTER}' in text
    assert not door.upstream.came()

    async def unsaid() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536

    answer = await browser.post("/api/v1/runs", content=unsaid(), headers=KEY)
    assert answer.status_code == 413


async def test_an_upload_that_falls_silent_is_let_go(door: Door) -> None:
    browser = await door.staff()
    status, text = await asyncio.wait_for(
        raw_post(browser, "/api/v1/rosters", b"x", Content_Length="10"), 4
    )
    assert status == 422
    assert "/problems/upload-silent" in text


async def test_a_caller_who_goes_away_half_way_leaves_nothing_behind(door: Door) -> None:
    browser = await door.staff()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(raw_post(browser, "/api/v1/rosters", b"x", Content_Length="10"), 0.3)
    assert (await browser.get("/api/v1/runs")).status_code == 200
    assert [seen["path"] for seen in door.upstream.came()] == ["/runs"]


async def test_an_answer_broken_off_is_not_taken_for_whole(door: Door) -> None:
    browser = await door.staff()
    table = door.app.routes[0].app._table
    broken = PublicRoute("GET", "/api/v1/endless", "benefits", "/endless", ("runs:read",))
    table._by_shape[("GET", 4)] = [
        (tuple(broken.path.split("/")), broken),
        *table._by_shape[("GET", 4)],
    ]
    try:
        with pytest.raises(httpx.RemoteProtocolError):
            await browser.get("/api/v1/endless")
    finally:
        table._by_shape[("GET", 4)].pop(0)


async def test_a_service_that_cannot_be_reached_is_said_so_within_two_seconds(door: Door) -> None:
    browser = await door.staff()
    urls = door.app.state.upstream.urls
    known = urls["benefits"]
    # 192.0.2.0/24 is nobody's (RFC 5737): a connection there is refused or never answered.
    for away in (f"http://127.0.0.1:{ports.free()}", "http://192.0.2.1:9"):
        urls["benefits"] = away
        try:
            started = asyncio.get_running_loop().time()
            answer = await browser.get("/api/v1/runs")
            took = asyncio.get_running_loop().time() - started
        finally:
            urls["benefits"] = known
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert answer.json()["type"] == "/problems/service-away"
        assert took < 3


async def test_a_post_needs_its_key_and_keeps_it(door: Door) -> None:
    browser = await door.staff()
    assert (await browser.post("/api/v1/runs", json={})).status_code == 422
    assert not door.upstream.came()
    await browser.post("/api/v1/runs", json={"family": "livelihood"}, headers=KEY)
    (seen,) = door.upstream.came()
    assert seen["headers"]["idempotency-key"] == "a-key-of-mine"
    assert seen["body"] == '{"family":"livelihood"}'


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/runs/../../metrics",
        "/api/v1/runs/%2e%2e/lines",
        "/api/v1/runs/a%2Fb",
        "/api/v1/runs/a%00b",
        "/api/v1/runs/%0d%0aX-Evil:1",
        "/api/v1/runs/",
        "/api/v1/runs/01A202BA-0146-7349-B6CA-AF8A1A60AEFA",
        "/api/v1/months/2026-13/paid",
        "/api/v1/nothing",
        "/api/v0/runs",
        "/api/v1",
        "/api/v1/people/resolve",
        "/api/v1/codes",
        "/api/v1/determinations",
        "/api/v1/accounts",
    ],
)
async def test_nothing_behind_the_door_is_reached_but_by_the_table(door: Door, path: str) -> None:
    browser = await door.staff()
    for method in ("GET", "POST"):
        request = browser.build_request(method, path, headers=KEY)
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = await browser.send(request)
        assert answer.status_code in {404, 405}, answer.text
    assert not door.upstream.came()


async def test_a_caller_without_the_scope_or_of_another_kind_is_refused(door: Door) -> None:
    maker = await door.staff()
    release = f"/api/v1/envelopes/{new_id()}/release"
    assert (await maker.post(release, json={}, headers=KEY)).status_code == 403
    assert (await maker.get("/api/v1/bank/envelopes")).status_code == 403
    assert (await door.browser().get("/api/v1/runs")).status_code == 401
    assert not door.upstream.came()


async def test_one_caller_cannot_use_up_the_door(door: Door) -> None:
    browser = await door.staff()
    answers = [await browser.post("/api/v1/rosters", content=b"x", headers=KEY) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["retry-after"]
    assert (await browser.get("/api/v1/runs")).status_code == 200


def test_every_public_route_names_a_scope_a_kind_and_a_service() -> None:
    for route in routes.TABLE.routes:
        assert route.scopes
        assert route.kinds
        assert route.service in {"identification", "benefits", "payments", "notifications"}
        assert route.path.startswith("/api/v1/")
        assert route.method in {"GET", "POST"}
        assert (route.body_bytes_max > 0) == (route.method == "POST")


def test_no_two_public_routes_are_one() -> None:
    shapes = [(route.method, route.path) for route in routes.TABLE.routes]
    assert len(shapes) == len(set(shapes))


async def test_passages_are_written_down_without_questions_or_strange_paths(door: Door) -> None:
    browser = await door.staff()
    await browser.get("/api/v1/people?x=李伟")
    await browser.get("/api/v1/110101199003074514")
    await door.app.state.passages.write()
    rows: list[Any] = await _rows(door)
    assert ("staff:zhang.min", "GET", "/api/v1/people", 200) in rows
    assert ("-", "GET", "-", 400) in rows, "an ID number in an address is refused"
    assert not [row for row in rows if "李伟" in row[2] or "110101" in row[2]]


async def _rows(door: Door) -> list[Any]:
    from sqlmodel import select

    from gateway.models import Passage

    async with door.app.state.database.transaction() as session:
        found = await session.exec(
            select(Passage.caller, Passage.method, Passage.path, Passage.status)
        )
        return [tuple(row) for row in found.all()]
