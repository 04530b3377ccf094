"""Nobody is left out of a list by whoever brings another one."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from shared.callers import Caller
from tests.identification.lists import (
    COMPARER,
    MAKER,
    MONTH,
    a_list,
    a_register,
    agency,
    alerts,
    compared,
    delivered,
    send,
    work,
)
from tests.identification.makers import id_number
from tests.identification.register import Register

SECOND_ACCOUNT = replace(MAKER, subject="staff:wang.two")
"""Another account of who brings lists."""


@pytest.mark.breaks("An agency's own list counts first")
async def test_what_an_agency_sent_is_put_aside_by_nobodys_file_and_compared_by_another(
    register: Register,
) -> None:
    await a_register(register)
    whole = a_list("deaths", (id_number(2), "2026-09-02"), (id_number(800), "2026-09-03"))
    assert (await send(register, "deaths", whole, by=agency("deaths"))).status_code == 202
    await work(register)
    await delivered(register, "deaths", (id_number(800), "2026-09-03"), as_of="2026-09-25")
    await delivered(register, "vehicles", (id_number(3), "川Z12345", ""))
    for by in (MAKER, SECOND_ACCOUNT):
        words, headers = {"month": MONTH}, register.headers(by)
        own = await register.client.post("/comparisons", json=words, headers=headers)
        assert (own.status_code, own.json()["feeds"]) == (409, ["vehicles"])
        assert own.json()["type"] == "/problems/another-compares"
    await compared(register)
    assert "alert_death" in {each["kind"] for each in await alerts(register)}

    again = a_list("deaths", (id_number(2), "2026-09-02"), (id_number(4), "2026-09-20"))
    sent = await send(register, "deaths", again, by=agency("deaths"), as_of="2026-09-25")
    assert sent.status_code == 202, "the agency itself sends it anew"
    await work(register)
    await compared(register)
    assert len([each for each in await alerts(register) if each["kind"] == "alert_death"]) == 2


async def deaths(register: Register) -> dict[str, Any]:
    """The list of deaths as the page of lists shows it."""
    items = (await register.get("/feeds", MAKER)).json()["items"]
    return {each["feed"]: each for each in items}["deaths"]  # type: ignore[no-any-return] # Of JSON.


async def let_count(register: Register, brought: str, over: str, by: Caller) -> httpx.Response:
    """Somebody says that a list that was brought counts before the agency's own."""
    return await register.client.post(
        f"/feeds/deaths/deliveries/{brought}/acceptance",
        json={"over": over, "because": "公安的接口停了，由派出所盖章交来"},
        headers=register.headers(by),
    )


@pytest.mark.breaks("An agency's own list counts first")
async def test_a_later_list_that_was_brought_waits_behind_the_agencys_until_another_lets_it_count(
    register: Register,
) -> None:
    whole = a_list("deaths", (id_number(2), "2026-08-02"), (id_number(800), "2026-08-03"))
    sent = await send(
        register, "deaths", whole, by=agency("deaths"), month="2026-09", as_of="2026-08-24"
    )
    own = sent.json()["delivery_id"]
    brought = (await delivered(register, "deaths", (id_number(800), "2026-08-03")))["delivery_id"]
    stands = await deaths(register)
    assert (stands["last"]["delivery_id"], stands["waits"]["delivery_id"]) == (own, brought)
    shown = (await register.get(f"/feeds/deaths/deliveries/{brought}", COMPARER)).json()
    assert shown["behind"]["delivery_id"] == own

    for by in (MAKER, SECOND_ACCOUNT):
        refused = await let_count(register, brought, own, by)
        assert refused.json()["type"] == "/problems/brought-this-list"
    assert (await let_count(register, brought, brought, COMPARER)).status_code == 409
    assert (await deaths(register))["last"]["delivery_id"] == own

    done = (await let_count(register, brought, own, COMPARER)).json()
    assert (done["accepted_by"], done["accepted_over"]) == (COMPARER.subject, own)
    assert done["accepted_because"].startswith("公安的接口停了")
    stands = await deaths(register)
    assert (stands["last"]["delivery_id"], stands["waits"]) == (brought, None)
    again = await let_count(register, brought, own, COMPARER)
    assert again.json()["type"] == "/problems/nothing-to-set-aside"
    (written,) = register.audited("feed-accepted")
    assert written["actor"] == COMPARER.subject

    # What the agency sends then, if only the same month again, is its own word.
    anew = a_list("deaths", (id_number(2), "2026-08-02"))
    late = await send(
        register, "deaths", anew, by=agency("deaths"), month="2026-09", as_of="2026-08-25"
    )
    await work(register)
    stands = await deaths(register)
    assert stands["last"]["delivery_id"] == late.json()["delivery_id"]
    assert stands["waits"]["delivery_id"] == brought


async def test_what_was_brought_is_the_agencys_once_it_sends_the_same(register: Register) -> None:
    content = a_list("deaths", (id_number(2), "2026-09-02"))
    first = (await send(register, "deaths", content)).json()
    assert first["from_agency"] is False
    same = (await send(register, "deaths", content, by=agency("deaths"))).json()
    assert (same["delivery_id"], same["from_agency"]) == (first["delivery_id"], True)
    await work(register)
    await delivered(register, "deaths", (id_number(3), "2026-09-04"), month="2026-11")
    assert (await deaths(register))["last"]["delivery_id"] == first["delivery_id"]


@pytest.mark.breaks("An agency's own list counts first")
async def test_an_agencys_list_whose_rows_were_deleted_keeps_no_other_away(
    register: Register,
) -> None:
    """Until brought lists stood behind, one that was brought had the agency's own deleted."""
    whole = a_list("deaths", (id_number(2), "2026-08-02"))
    await send(register, "deaths", whole, by=agency("deaths"), month="2026-09", as_of="2026-08-24")
    brought = (await delivered(register, "deaths", (id_number(800), "2026-08-03")))["delivery_id"]
    await register.change("UPDATE feed_delivery SET keyed_deleted_at = now() WHERE from_agency")
    stands = await deaths(register)
    assert (stands["last"]["delivery_id"], stands["waits"]) == (brought, None)
