"""Whose hands keep the low-income database, and what stands in it when its days are over."""

import asyncio

import pytest

from shared.callers import Caller, Kind
from tests.identification.caseworkers import later, staff
from tests.identification.makers import id_number
from tests.identification.province import MA_LAN, SUN_YU, ZHOU_JIE, post
from tests.identification.register import COUNTY, Register
from tests.identification.test_low_income import act, somebody


async def test_of_two_officers_at_once_the_second_reads_that_it_moved_on(
    register: Register,
) -> None:
    person = (await post(register, "/low-income", ZHOU_JIE, **somebody(1))).json()
    path = f"/low-income/{person['low_income_id']}"
    read = {"stay_id": person["current"]["stay_id"], "reason": "x"}
    at_once = await asyncio.gather(
        post(register, f"{path}/acts/move", ZHOU_JIE, group="other", **read),
        post(register, f"{path}/acts/extend", MA_LAN, **read),
    )
    assert sorted(each.status_code for each in at_once) == [200, 409]
    assert len((await register.get(path, SUN_YU)).json()["history"]) == 2
    late = await post(register, f"{path}/acts/clear", MA_LAN, **read)
    assert late.json()["type"] == "/problems/moved-on"


@pytest.mark.shows("S50")
async def test_nobody_keeps_a_near_relative_in_the_database(register: Register) -> None:
    near = staff("bai-xue", {"low-income:keep", "low-income:read", "cases:read", "cases:decide"})
    filing = {"relation": "parent", "name": "王小芳", "id_number": id_number(1, "19900303")}
    assert (await post(register, "/relatives", near, **filing)).status_code == 201
    entered = await post(register, "/low-income", near, **somebody(1))
    assert entered.json()["type"] == "/problems/near-relative"
    person = (await post(register, "/low-income", ZHOU_JIE, **somebody(1))).json()
    path = f"/low-income/{person['low_income_id']}"
    for name, words in (("extend", {}), ("move", {"group": "other"}), ("clear", {})):
        refused = await act(register, path, near, name, reason="x", **words)
        assert refused.json()["type"] == "/problems/near-relative", name


async def test_whose_days_are_over_are_counted_apart_and_read_by_nobody_else(
    register: Register,
) -> None:
    await post(register, "/low-income", ZHOU_JIE, **somebody(1))
    later(register, 500)
    await post(register, "/low-income", ZHOU_JIE, **somebody(2, since="2028-01-01"))
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
