"""Whom chance picked from a round is looked at once more, by others; what they find binds."""

from typing import Any, Final

import httpx
import pytest

from tests.identification.caseworkers import (
    HE_JUN,
    LIU_QIANG,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    in_month,
)
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.rounds import (
    begun,
    checked,
    found,
    found_on_paper,
    post,
    shown,
    signed,
)
from tests.identification.test_relatives import filed

COUNTS: Final = {"counts": "check", "reason": "复查时家中有车"}


@pytest.fixture
async def county(register: Register) -> Register:
    """One household on dibao."""
    await register.imported(a_csv(rows_of(a_household("h-1", a_person(1), **on_dibao()))))
    in_month(register, 1)
    return register


async def weighed(register: Register, round_id: str, by: Any, **said: str) -> httpx.Response:
    return await post(register, f"/rounds/{round_id}/findings/1/weighing", by, **{**COUNTS, **said})


async def sampled(county: Register) -> str:
    """The one household of the round, found as kept by two, and picked by chance."""
    round_id = await begun(county)
    await found(county, round_id, note="家中无车")
    (one,) = (await shown(county, round_id))["households"]
    assert one["note"] is None, "nobody reads it before they looked themselves"
    early = await checked(county, round_id, 1, "kept")
    assert early.json()["type"] == "/problems/moved-on", "nobody has signed it a first time"
    await signed(county, round_id)
    assert (await checked(county, round_id, 1, "kept")).json()["type"].endswith("not-to-be-checked")
    await post(county, f"/rounds/{round_id}/sample", ZHANG_LI)
    assert (await shown(county, round_id))["unchecked"] == [1]
    return round_id


@pytest.mark.shows("S49")
@pytest.mark.breaks("A check that finds otherwise binds")
async def test_who_did_the_first_look_does_not_do_the_second_nor_choose(county: Register) -> None:
    round_id = await sampled(county)
    for by in (WANG_FANG, LIU_QIANG):
        answer = await checked(county, round_id, 1, "left", by)
        assert answer.json()["type"] == "/problems/did-the-first"
    assert (await checked(county, round_id, 1, "left", ZHAO_MIN)).status_code == 404
    other = await checked(county, round_id, 1, "left", ZHANG_LI, note="有一辆货车")
    assert not other.json()["as_found"]
    now = await shown(county, round_id)
    assert (now["to_weigh"], now["sums"]["found"]["kept"], now["sums"]["unsigned"]) == ([1], 0, 1)
    (one,) = now["households"]
    assert (one["check"]["finding"], one["check"]["by"]) == ("left", "staff:zhang-li")
    assert (one["note"], one["check"]["note"]) == ("家中无车", "有一辆货车")
    assert (await weighed(county, round_id, ZHANG_LI)).json()["type"] == "/problems/did-the-first"
    closing = await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)
    assert closing.json()["type"] == "/problems/not-all-found"
    for late in (
        await found(county, round_id, OTHER_TOWN_HEAD, was="kept", finding="left"),
        await signed(county, round_id, OTHER_TOWN_HEAD),
    ):
        assert late.json()["type"] == "/problems/to-be-weighed"
    assert (await weighed(county, round_id, HE_JUN, counts="visit")).status_code == 201
    now = await shown(county, round_id)
    assert (now["sums"]["found"]["kept"], now["unchecked"], now["to_weigh"]) == (1, [], [])
    (one,) = now["households"]
    assert one["weighed"]["reason"] == COUNTS["reason"]
    days = {"first": "2026-09-01", "last": "2026-12-31"}
    for who, told in (("zhang-li", "应退出"), ("he-jun", "仍以原核查为准")):
        signed_by = (await county.get("/signatures", HE_JUN, person=who, **days)).json()["items"]
        assert [each["said"] for each in signed_by] == [told]
    assert (await weighed(county, round_id, HE_JUN)).json()["type"] == "/problems/nothing-to-weigh"
    assert (await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)).json()["closed"]


@pytest.mark.breaks("A check that finds otherwise binds")
async def test_where_the_second_look_counts_somebody_new_finds_it_again(county: Register) -> None:
    round_id = await sampled(county)
    await checked(county, round_id, 1, "left", ZHANG_LI)
    await weighed(county, round_id, HE_JUN)
    over = await signed(county, round_id, OTHER_TOWN_HEAD)
    assert over.json()["type"] == "/problems/moved-on", "the first finding is over"
    await found(county, round_id, WANG_FANG, was="kept", finding="left")
    await signed(county, round_id, LIU_QIANG, finding="left")
    assert (await shown(county, round_id))["sums"]["unsigned"] == 1, "the same two again"
    await signed(county, round_id, OTHER_TOWN_HEAD, finding="left")
    now = await shown(county, round_id)
    assert (now["sums"]["found"]["left"], now["unchecked"]) == (1, [])
    assert (await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)).json()["closed"]


@pytest.mark.breaks("A check that finds otherwise binds")
async def test_what_is_found_anew_after_the_draw_is_looked_at_by_others_too(
    register: Register,
) -> None:
    homes = [a_household(f"h-{n}", a_person(n), **on_dibao()) for n in (1, 2)]
    await register.imported(a_csv(rows_of(*homes)))
    in_month(register, 1)
    round_id = await begun(register)
    for serial in (1, 2):
        await found(register, round_id, serial=serial)
        await signed(register, round_id, serial=serial)
    await post(register, f"/rounds/{round_id}/sample", ZHANG_LI)
    (drawn,) = (await shown(register, round_id))["sample"]
    assert (await checked(register, round_id, drawn, "kept")).json()["as_found"]
    other = 3 - drawn
    await found(register, round_id, serial=other, was="kept", finding="left")
    await signed(register, round_id, serial=other, finding="left")
    now = await shown(register, round_id)
    assert (now["sample"], now["unchecked"]) == ([drawn], [other])
    closing = f"/rounds/{round_id}/closing"
    early = await post(register, closing, ZHANG_LI)
    assert early.json()["type"] == "/problems/not-all-checked"
    by_the_same = await checked(register, round_id, other, "left", WANG_FANG)
    assert by_the_same.json()["type"] == "/problems/did-the-first"
    assert (await checked(register, round_id, other, "left")).json()["as_found"]
    assert (await post(register, closing, ZHANG_LI)).json()["closed"]


@pytest.mark.breaks("A relative is visited")
async def test_of_a_near_relative_nobody_looks_a_second_time_nor_finds_or_signs(
    county: Register,
) -> None:
    round_id = await begun(county)
    walk = Walk(county)
    await filed(walk, WANG_FANG, id_number(1))
    assert (await found(county, round_id)).json()["type"] == "/problems/near-relative"
    on_paper = await found_on_paper(county, round_id, WANG_FANG, LIU_QIANG)
    assert on_paper.json()["type"] == "/problems/too-few-signed"
    await found(county, round_id, LIU_QIANG)
    assert (await signed(county, round_id, WANG_FANG)).json()["type"] == "/problems/near-relative"
    await signed(county, round_id, HE_JUN)
    await post(county, f"/rounds/{round_id}/sample", ZHANG_LI)
    await filed(walk, ZHANG_LI, id_number(1))
    answer = await checked(county, round_id, 1, "left")
    assert answer.json()["type"] == "/problems/near-relative"
