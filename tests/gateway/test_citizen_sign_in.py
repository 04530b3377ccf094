"""A citizen comes in by number and code, and a stranger learns nothing by trying."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from sqlmodel import select

from gateway.models import OneTimeCode, SignInAttempt, Tried
from gateway.palmtop.sign_in import number_fault, read_number
from shared.ids import new_id
from tests.gateway.visits import Door, hidden_fields, later, tried

LI_WEI = "11010519491231002X"  # The standard's own example (GB 11643).
NOBODY = "110105194912310038"
PERSON = str(new_id())


def _known(door: Door, person: str | None = PERSON, **more: Any) -> None:
    told = {
        "identification POST /people/resolve": {"words": {"person_id": person}},
        f"identification GET /people/{PERSON}": {"words": {"name": "李伟"}},
        f"benefits GET /beneficiaries/{PERSON}/lines": {"words": {"items": [], "next": None}},
    }
    door.upstream.answers({**told, **more})


async def _ask(browser: httpx.AsyncClient, number: str = LI_WEI) -> httpx.Response:
    words = hidden_fields(await browser.get("/sign-in"))
    return await browser.post("/sign-in", data={**words, "id_number": number})


async def _code(door: Door) -> str:
    for _ in range(100):
        for seen in door.upstream.came():
            if seen["path"] == "/codes":
                return str(json.loads(seen["body"])["code"])
        await asyncio.sleep(0.02)
    raise AssertionError("no code was sent")


async def _say(browser: httpx.AsyncClient, code: str) -> httpx.Response:
    words = hidden_fields(await browser.get("/sign-in/code"))
    return await browser.post("/sign-in/code", data={**words, "code": code})


async def _citizen(door: Door) -> httpx.AsyncClient:
    _known(door)
    browser = door.browser()
    await _ask(browser)
    answer = await _say(browser, await _code(door))
    assert (answer.status_code, answer.headers["location"]) == (303, "/my")
    return browser


async def test_number_and_code_open_the_page(door: Door) -> None:
    browser = await _citizen(door)
    cookies = [cookie for cookie in browser.cookies.jar if cookie.name == "doudi_session"]
    assert cookies[0].has_nonstandard_attr("HttpOnly")
    (resolved,) = [seen for seen in door.upstream.came() if seen["path"] == "/people/resolve"]
    assert (resolved["subject"], resolved["scopes"]) == (
        "gateway",
        [
            "applicants:admit",
            "codes:send",
            "payouts:read",
            "people:resolve",
            "publicity:read",
            "registers:outside",
        ],
    )
    assert json.loads(resolved["body"]) == {"id_number": LI_WEI}


async def test_the_number_and_the_code_are_kept_nowhere(door: Door) -> None:
    await _citizen(door)
    code = await _code(door)
    async with door.app.state.database.transaction() as session:
        kept = str((await session.exec(select(OneTimeCode))).all())
        tried = str((await session.exec(select(SignInAttempt))).all())
    assert LI_WEI not in kept + tried
    assert f"'{code}'" not in kept


async def test_known_and_unknown_numbers_get_the_same_answers(door: Door) -> None:
    told = []
    for person in (PERSON, None):
        _known(door, person)
        browser = door.browser()
        asked = await _ask(browser)
        page = await browser.get("/sign-in/code")
        wrong = await _say(browser, "000000")
        told.append((asked.status_code, asked.headers["location"], _bare(page), _bare(wrong)))
        await later(door, days=2)
    assert told[0] == told[1]


def _bare(page: httpx.Response) -> tuple[int, str, list[str]]:
    """A page without what differs each time."""
    text = page.text
    for name in ("csrf", "key"):
        for said in {hidden_fields(page).get(name, "")}:
            text = text.replace(said, "")
    return page.status_code, text, sorted(page.headers)


@pytest.mark.parametrize("samples", [12])
async def test_known_and_unknown_numbers_take_the_same_time(door: Door, samples: int) -> None:
    took: dict[str | None, list[float]] = {PERSON: [], None: []}
    browser = door.browser()
    for _ in range(samples):
        for person, spans in took.items():
            _known(door, person)
            words = hidden_fields(await browser.get("/sign-in"))
            started = time.perf_counter()
            answer = await browser.post("/sign-in", data={**words, "id_number": LI_WEI})
            spans.append(time.perf_counter() - started)
            assert answer.status_code == 303
            await later(door, days=2)
    quickest = [min(spans) for spans in took.values()]
    assert abs(quickest[0] - quickest[1]) < 0.05


async def test_five_wrong_codes_and_the_right_one_is_wrong_too(door: Door) -> None:
    _known(door)
    browser = door.browser()
    await _ask(browser)
    right = await _code(door)
    wrong = [f"{(int(right) + step) % 10**6:06d}" for step in range(1, 6)]
    answers = [await _say(browser, code) for code in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert (await _say(browser, right)).status_code == 401


async def test_thirty_guesses_at_once_are_still_five(door: Door) -> None:
    _known(door)
    browser = door.browser()
    await _ask(browser)
    words = hidden_fields(await browser.get("/sign-in/code"))
    guesses = [
        browser.post("/sign-in/code", data={**words, "code": f"{guess:06d}"}) for guess in range(30)
    ]
    await asyncio.gather(*guesses)
    async with door.app.state.database.transaction() as session:
        (tries,) = (await session.exec(select(OneTimeCode.tries))).all()
    assert tries <= 5


async def test_a_code_opens_once_in_its_own_browser_and_in_its_time(door: Door) -> None:
    _known(door)
    first, second = door.browser(), door.browser()
    await _ask(first)
    code = await _code(door)
    await second.get("/sign-in")
    assert (await _say(second, code)).status_code == 401
    await later(door, minutes=11)
    assert (await _say(first, code)).status_code == 401
    await later(door, days=2)
    door.upstream.forget()
    _known(door)
    await _ask(first)
    code = await _code(door)
    form = hidden_fields(await first.get("/sign-in/code"))
    secret = first.cookies["doudi_browser"]
    assert (await first.post("/sign-in/code", data={**form, "code": code})).status_code == 303
    first.cookies.set("doudi_browser", secret)
    assert (await first.post("/sign-in/code", data={**form, "code": code})).status_code == 401


async def test_a_new_code_takes_the_place_of_the_old(door: Door) -> None:
    _known(door)
    browser = door.browser()
    await _ask(browser)
    old = await _code(door)
    await later(door, minutes=2)
    door.upstream.forget()
    _known(door)
    await _ask(browser)
    new = await _code(door)
    if old != new:
        assert (await _say(browser, old)).status_code == 401
    assert (await _say(browser, new)).status_code == 303


async def test_codes_are_sent_once_a_minute_and_five_times_an_hour(door: Door) -> None:
    for known in (PERSON, None):
        _known(door, known)
        browser = door.browser()
        assert (await _ask(browser)).status_code == 303
        assert (await _ask(browser)).status_code == 429
        for _ in range(4):
            await later(door, minutes=2)
            assert (await _ask(browser)).status_code == 303
        await later(door, minutes=2)
        assert (await _ask(browser)).status_code == 429
        await later(door, days=2)


async def test_one_address_asks_for_twenty_numbers_an_hour_and_no_more(door: Door) -> None:
    _known(door, None)
    browser = door.browser()
    numbers = [_number(serial) for serial in range(1, 23)]
    answers = [(await _ask(browser, number)).status_code for number in numbers]
    assert answers == [303] * 20 + [429] * 2


async def test_a_subscriber_counts_once_whichever_of_its_ipv6_addresses_asks(door: Door) -> None:
    _known(door, None)
    await tried(door, Tried.CODE_ASKED, "2001:db8:1:2::/64", 19)
    homes = ["2001:db8:1:2::7", "2001:db8:1:2:f00::8", "2001:db8:1:3::9"]
    browsers = [door.behind_the_proxy(home) for home in homes]
    answers = [
        await _ask(browser, _number(serial)) for serial, browser in enumerate(browsers, start=1)
    ]
    assert [answer.status_code for answer in answers] == [303, 429, 303]


async def test_one_network_cannot_stop_the_codes_of_all_but_many_can(door: Door) -> None:
    _known(door, None)
    for last in range(10):
        await tried(door, Tried.CODE_ASKED, f"203.0.113.{last}", 20)
    answer = await _ask(door.behind_the_proxy("203.0.113.200"), _number(1))
    assert answer.status_code == 429
    assert (await _ask(door.browser(), _number(2))).status_code == 303
    for network in range(19):
        await tried(door, Tried.CODE_ASKED, f"198.51.{network}.1", 10)
    assert (await _ask(door.browser(), _number(3))).status_code == 429


async def test_pressing_the_button_twice_sends_one_code(door: Door) -> None:
    _known(door)
    browser = door.browser()
    words = {**hidden_fields(await browser.get("/sign-in")), "id_number": LI_WEI}
    first, second = [await browser.post("/sign-in", data=words) for _ in range(2)]
    assert (first.status_code, second.status_code) == (303, 303)
    await _code(door)
    assert len([seen for seen in door.upstream.came() if seen["path"] == "/codes"]) == 1


async def test_a_session_ends_when_idle_when_old_and_when_left(door: Door) -> None:
    idle = await _citizen(door)
    assert (await idle.get("/my")).status_code != 303
    await later(door, minutes=16)
    assert (await idle.get("/my")).headers["location"] == "/sign-in"
    await later(door, days=2)
    door.upstream.forget()

    left = await _citizen(door)
    secret = left.cookies["doudi_session"]
    words = hidden_fields(await left.get("/my"))
    assert (await left.post("/sign-out", data=words)).status_code == 303
    left.cookies.set("doudi_session", secret)
    assert (await left.get("/my")).headers["location"] == "/sign-in"


async def test_a_service_that_is_away_is_said_before_any_code_is_promised(door: Door) -> None:
    urls = door.app.state.peers["identification"]._client
    known = urls.base_url
    urls.base_url = "http://127.0.0.1:9"
    try:
        answer = await _ask(door.browser())
    finally:
        urls.base_url = known
    assert answer.status_code == 503
    assert "接不上" in answer.text


def test_numbers_are_read_as_people_write_them() -> None:
    assert read_number(" １１０１０５１９４９１２３１００２ｘ ") == LI_WEI
    assert number_fault(LI_WEI) is None
    assert "少了1位" in (number_fault(LI_WEI[:-1]) or "")
    assert "日期" in (number_fault("110105194902300027") or "")
    assert "有一位不对" in (number_fault("110105194912310021") or "")
    assert number_fault("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X") is not None


def _number(serial: int) -> str:
    payload = f"1101051949123{serial:04d}"[:17]
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    payload = f"11010519491231{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(payload, weights, strict=True))
    return payload + "10X98765432"[total % 11]
