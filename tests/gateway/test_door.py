"""What every request meets: headers, hidden paths, forms of other sites, pages of fair size."""

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import ValidationError
from sqlmodel import col, select
from starlette.routing import Mount

from gateway.app import FACES
from gateway.forms import posted, posted_at_the_door
from gateway.models import Passage, Tried
from gateway.pages import STATIC
from gateway.settings import Settings
from shared.callers import Needs
from tests.gateway.visits import NO_RUNS, Door, hidden_fields, sign_in, tried

# Whoever they are: the first page, the two sign-ins, what machines ask first, the plain faces.
PUBLIC = {
    "/",
    "/sign-in",
    "/sign-in/code",
    "/staff/sign-in",
    "/problems/{slug}",
    "/public",
    "/public/{village}",
    "/public/file/{kind}",
    "/public/file/{kind}/state",
    "/public/board/{kind}",
    "/apply",
    "/apply/sign-in",
    "/oauth/token",
    "/.well-known/oauth-authorization-server",
    "/.well-known/jwks.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
}


def _page_routes() -> list[APIRoute]:
    routes = [route for face in FACES for route in face.routes]
    assert len(routes) > 10
    assert all(isinstance(route, APIRoute) for route in routes)
    return [route for route in routes if isinstance(route, APIRoute)]


def _calls(dependant: Any) -> list[Any]:
    inner = [call for deep in dependant.dependencies for call in _calls(deep)]
    return [dependant.call, *inner]


def test_every_page_names_a_scope_or_is_on_the_public_list(listening: Door) -> None:
    bare = [
        route.path
        for route in _page_routes()
        if not any(isinstance(call, Needs) for call in _calls(route.dependant))
    ]
    assert set(bare) <= PUBLIC | {"/sign-out"}
    mounts = {route.path for route in listening.app.routes if isinstance(route, Mount)}
    assert mounts == {"/api/v1", "/static"}


def test_every_form_of_ours_is_checked_to_be_ours() -> None:
    for route in _page_routes():
        if "POST" not in (route.methods or set()) or route.path in {"/oauth/token"}:
            continue
        calls = _calls(route.dependant)
        names = {getattr(call, "__name__", "") for call in calls}
        assert posted in calls or posted_at_the_door in calls or "posted_file" in names, route.path


async def test_a_form_without_its_word_or_from_another_site_is_refused(door: Door) -> None:
    door.upstream.answers(NO_RUNS)
    browser = await door.staff()
    words = hidden_fields(await browser.get("/staff"))
    bad: list[tuple[dict[str, str], dict[str, str]]] = [
        ({**words, "csrf": ""}, {}),
        ({**words, "csrf": "0" * 64}, {}),
        ({"key": words["key"]}, {}),
        (words, {"Sec-Fetch-Site": "cross-site"}),
        (words, {"Sec-Fetch-Site": "same-site"}),
    ]
    for form, headers in bad:
        answer = await browser.post("/sign-out", data=form, headers=headers)
        assert answer.status_code == 403, (form, headers)
    assert (await browser.get("/api/v1/runs")).status_code == 200
    assert (await browser.post("/sign-out", data=words)).status_code == 303
    assert (await browser.get("/api/v1/runs")).status_code == 401


async def test_a_word_of_another_session_is_no_word_here(door: Door) -> None:
    door.upstream.answers(NO_RUNS)
    mine, theirs = await door.staff(), await door.staff(name="li.na")
    words = hidden_fields(await theirs.get("/staff"))
    assert (await mine.post("/sign-out", data=words)).status_code == 403


async def test_a_cookie_alone_changes_nothing_at_the_api(door: Door) -> None:
    browser = await door.staff()
    key = {"Idempotency-Key": "a-key-of-mine"}
    right = browser.headers.pop("X-CSRF-Token")
    assert (await browser.post("/api/v1/runs", json={}, headers=key)).status_code == 403
    wrong = {**key, "X-CSRF-Token": "0" * 64}
    assert (await browser.post("/api/v1/runs", json={}, headers=wrong)).status_code == 403
    crossed = {**key, "X-CSRF-Token": right, "Sec-Fetch-Site": "cross-site"}
    assert (await browser.post("/api/v1/runs", json={}, headers=crossed)).status_code == 403
    assert not door.upstream.came()
    good = {**key, "X-CSRF-Token": right}
    assert (await browser.post("/api/v1/runs", json={}, headers=good)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/sign-in", "/staff/sign-in", "/nothing", "/api/v1/x"])
async def test_every_answer_carries_the_headers_that_bind_a_browser(door: Door, path: str) -> None:
    answer = await door.browser().get(path, headers={"Origin": "null"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert not {"server", "x-powered-by"} & set(answer.headers)


@pytest.mark.parametrize(
    "path", ["/metrics", "/docs", "/redoc", "/openapi.json", "/debug", "/.git/config", "/staff/x"]
)
async def test_what_is_for_inside_is_not_there_from_outside(door: Door, path: str) -> None:
    browser = await door.staff()
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


async def test_headers_and_addresses_have_limits(door: Door) -> None:
    browser = door.browser()
    assert (await browser.get("/", headers={"X-Long": "x" * 20_000})).status_code == 431
    many = [(f"X-{number}", "1") for number in range(80)]
    assert (await browser.get("/", headers=many)).status_code == 431
    assert (await browser.get("/" + "x" * 2000)).status_code == 414
    assert (await browser.get("/?" + "x" * 5000)).status_code == 414
    twice = [("Idempotency-Key", "one-key-here"), ("Idempotency-Key", "another-key")]
    assert (await browser.get("/", headers=twice)).status_code == 400


async def test_a_spoofed_address_does_not_move_the_limits(door: Door) -> None:
    browser = door.browser()
    answers = []
    for number in range(52):
        words = hidden_fields(await browser.get("/staff/sign-in"))
        answer = await browser.post(
            "/staff/sign-in",
            data={**words, "name": f"nobody{number}", "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
        answers.append(answer.status_code)
        if number == 1:
            await tried(door, Tried.PASSWORD_WRONG, "127.0.0.1", 48)
    assert answers[:2] == [401, 401]
    assert 429 in answers[2:]


async def test_only_the_proxy_before_the_door_says_where_a_caller_is(door: Door) -> None:
    stranger = door.browser(headers={"X-Forwarded-For": "203.0.113.1"})
    passed_on = door.behind_the_proxy("203.0.113.2, 203.0.113.3")
    for browser in (stranger, passed_on):
        await browser.get("/staff/sign-in")
    await door.app.state.passages.write()
    async with door.app.state.database.transaction() as session:
        peers = (await session.exec(select(Passage.peer).order_by(col(Passage.at)))).all()
    assert peers == ["127.0.0.1", "203.0.113.3"]

    await tried(door, Tried.PASSWORD_WRONG, "203.0.113.3", 50)
    neighbour = door.behind_the_proxy("203.0.113.3, 203.0.113.4")
    answers = [await sign_in(each, "nobody", "wrong") for each in (passed_on, neighbour)]
    assert [answer.status_code for answer in answers] == [429, 401]


def test_a_secure_door_does_not_start_before_it_is_said_who_ends_tls(door: Door) -> None:
    said = door.settings.model_dump() | {"cookies_secure": True}
    for proxies in ("", " ", "10.0.0.0/33", "10.0.0.1,", "ingress"):
        with pytest.raises(ValidationError, match="proxies"):
            Settings(**said | {"proxies": proxies})
    assert Settings(**said | {"proxies": "none"}).trusted_proxies == []
    two = Settings(**said | {"proxies": "10.0.0.1, fd00::/8"})
    assert two.trusted_proxies == ["10.0.0.1", "fd00::/8"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/staff/sign-in"])
async def test_a_page_is_small_whole_and_says_what_county_this_is(door: Door, path: str) -> None:
    browser = door.browser()
    page = await browser.get(path)
    assert "演示县：标准为历史数值。" in page.text
    assert "<script" not in page.text
    assert " style=" not in page.text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    size = len(page.content)
    for file in files:
        answer = await browser.get(file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        size += len(answer.content)
    assert size <= 40_000
    assert len(files) <= 4


def test_colours_are_far_enough_apart_and_buttons_large_enough() -> None:
    style = (STATIC / "doudi.css").read_text(encoding="utf-8")
    colour = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", style))
    on_paper = ("ink", "green", "red", "blue")
    pairs = [(colour[name], colour["paper"]) for name in on_paper]
    pairs += [(colour["ink"], colour[name]) for name in ("pale", "blush", "amber")]
    pairs += [(colour["red"], colour["blush"]), ("#3a3a3a", colour["paper"])]
    assert all(_contrast(*pair) >= 7 for pair in pairs)
    for rule in (".button,button", "input,select,textarea", ".help", ".top a"):
        body = style.split(rule + "{", 1)[1].split("}", 1)[0]
        assert "min-height:60px" in body, rule
    assert "font:20px" in style
    assert "@font-face" not in style
    assert "url(" not in style


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
