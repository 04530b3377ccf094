"""By which way an application comes in: it follows from who calls, whatever they say."""

from typing import Any

import httpx
import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    SUN_LEI,
    WANG_FANG,
    WORKER,
    YANG_MEI,
    Walk,
    an_application,
    staff,
)
from tests.identification.makers import VILLAGE
from tests.identification.register import Register
from tests.identification.test_requests import CLERK_SCOPES, take
from tests.identification.test_temporary_aid import register_with

OPERATOR = staff("qian-li", {"cases:read", "cases:apply", "requests:take"})
BOTH = staff("wu-tao", WORKER, VILLAGE, "511425002")
"""Of the village, and of another township's window."""


async def opened(register: Register, by: Caller, **said: Any) -> httpx.Response:
    words = {"category": "dibao", "village": VILLAGE, **said}
    return await register.client.post("/cases", json=words, headers=register.headers(by))


@pytest.mark.breaks("The channel is the caller's")
@pytest.mark.parametrize("said", ["own", "window", "phone", "one-door", "lead", "list", "school"])
async def test_a_village_account_is_a_proxy_whatever_it_says(register: Register, said: str) -> None:
    for by in (YANG_MEI, BOTH):
        answer = await opened(register, by, channel=said)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/channel-not-yours")
        assert answer.json()["channels"] == ["village"]
    assert register.rows("SELECT 1 FROM case_file") == []


@pytest.mark.breaks("The channel is the caller's")
@pytest.mark.parametrize("said", ["own", "village", "lead", "list", "school", "one-door"])
async def test_a_window_is_nobodys_own_telephone_and_no_village(
    register: Register, said: str
) -> None:
    for by in (CHEN_HONG, OPERATOR):
        assert (await opened(register, by, channel=said)).status_code == 403


@pytest.mark.parametrize(
    ("by", "said", "is_"),
    [
        (YANG_MEI, None, "village"),
        (YANG_MEI, "village", "village"),
        (CHEN_HONG, None, "window"),
        (CHEN_HONG, "phone", "phone"),
        (OPERATOR, None, "phone"),
    ],
)
async def test_a_case_has_the_channel_of_whoever_opens_it(
    register: Register, by: Caller, said: str | None, is_: str
) -> None:
    answer = await opened(register, by, **({"channel": said} if said else {}))
    assert answer.status_code == 201, answer.text
    assert register.rows("SELECT channel FROM case_file") == [{"channel": is_}]


@pytest.mark.breaks("The channel is the caller's")
async def test_an_operator_at_the_telephone_is_no_window(register: Register) -> None:
    assert (await opened(register, OPERATOR, channel="window")).status_code == 403
    taken = await take(register, OPERATOR, channel="one-door")
    assert taken.json()["type"] == "/problems/channel-not-yours"
    taken = await take(register, OPERATOR, programmes=[{"category": "dibao"}], matters=[])
    assert (taken.status_code, taken.json()["channel"]) == (201, "phone")


@pytest.mark.breaks("The channel is the caller's")
async def test_a_door_of_one_village_is_a_village(register: Register) -> None:
    clerk = staff("he-yu", CLERK_SCOPES, VILLAGE)
    assert (await take(register, clerk, channel="one-door")).status_code == 403
    taken = await take(register, clerk, programmes=[{"category": "dibao"}], matters=[])
    assert taken.json()["needs"] == ["proxy-named"], "and a village hands in by a proxy"
    assert register.rows("SELECT 1 FROM request") == []


@pytest.mark.breaks("The channel is the caller's")
async def test_a_village_hands_in_no_draft_of_a_window_without_consent(register: Register) -> None:
    walk = await Walk(register).open(CHEN_HONG)
    await walk.do(YANG_MEI, "write", application=an_application())
    assert (await walk.ask(YANG_MEI, "submit")).json()["needs"] == ["proxy-named"]
    await walk.do(YANG_MEI, "write", application=an_application(proxy=await walk.proxy()))
    await walk.do(YANG_MEI, "submit")
    await walk.do(WANG_FANG, "accept")


async def test_a_window_hands_in_what_people_say_there_themselves(register: Register) -> None:
    walk = await Walk(register).open(CHEN_HONG)
    await walk.do(CHEN_HONG, "write", application=an_application())
    assert (await walk.do(CHEN_HONG, "submit"))["state"] == "submitted"


async def test_which_channels_ask_for_a_proxy_is_the_places_to_set(register: Register) -> None:
    lax = await Walk(register_with(register, proxy_channels=[])).open(YANG_MEI)
    await lax.do(YANG_MEI, "write", application=an_application())
    await lax.do(YANG_MEI, "submit")
    strict = await Walk(register_with(register, proxy_channels=["village", "phone"])).open(OPERATOR)
    alone = an_application()["members"][0] | {"id_number": "110105194912310021", "name": "钱七"}
    await strict.do(OPERATOR, "write", application=an_application(members=[alone]))
    assert (await strict.ask(OPERATOR, "submit")).json()["needs"] == ["proxy-named"]


@pytest.mark.shows("S13")
@pytest.mark.breaks("The channel is the caller's")
async def test_nobody_is_accepted_by_telephone_whose_card_and_face_no_one_saw(
    register: Register,
) -> None:
    asked: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("dibao", "13900001230", {}),
        ("old-age", "13900001231", {"person_key": "head"}),
    )
    for category, phone, accepts in asked:
        said = an_application(phone=phone)
        walk = await Walk(register, category).open(OPERATOR)
        await walk.do(OPERATOR, "write", application=said)
        await walk.do(OPERATOR, "submit")
        answer = await walk.ask(WANG_FANG, "accept", **accepts)
        assert answer.json()["needs"][0] == "applicant-identified"
        if category == "dibao":
            await walk.do(OPERATOR, "write", application={"members": []})
            nobody = await walk.ask(WANG_FANG, "accept")
            assert "applicant-named" in nobody.json()["needs"]
            await walk.do(OPERATOR, "write", application=said)
            today = register.app.state.clock.today().isoformat()
            await walk.do(WANG_FANG, "see-identity", seen_on=today, phone_ending="1230")
        else:
            await walk.paper(OPERATOR, "id-card")
        await walk.do(WANG_FANG, "accept", **accepts)


async def test_whoever_hears_appeals_is_a_window(register: Register) -> None:
    walk = await Walk(register).refused()
    words = {"category": "appeal", "about_receipt": walk.case["receipt"]}
    answer = await register.client.post("/cases", json=words, headers=register.headers(SUN_LEI))
    assert answer.status_code == 201, answer.text
    rows = register.rows("SELECT channel FROM case_file WHERE category = 'appeal'")
    assert rows == [{"channel": "window"}]
