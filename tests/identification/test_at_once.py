"""Two officers at once: one goes first, the other is told why not."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

import httpx
import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    TOWN_HEAD,
    WANG_FANG,
    WORKER,
    ZHANG_LI,
    Walk,
    an_application,
    staff,
)
from tests.identification.makers import VILLAGE, a_csv, a_household, a_person, id_number, rows_of
from tests.identification.register import Register
from tests.identification.test_asked_once import HEAD
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    papers,
    proposed,
    register_with,
    reported,
    today,
)

ORDERS = (1, 2, 3)
"""Each is tried so often: of two that race, one try alone may happen to go well."""


async def outcomes(*asked: Awaitable[httpx.Response]) -> Sequence[tuple[int, str | None]]:
    """What came of what was asked at once, the one that went well first."""
    answers = await asyncio.gather(*asked)
    return sorted((each.status_code, each.json().get("type")) for each in answers)


@pytest.mark.breaks("Given once")
async def test_the_reserve_pays_once_for_one_cause_asked_for_twice_at_once(
    register: Register,
) -> None:
    register_with(register, **LIMITS)
    for order in ORDERS:
        walks = [await reported(Walk(register), order=order) for _ in range(2)]
        for walk in walks:
            await walk.do(WANG_FANG, "accept")
        words: dict[str, Any] = {
            "amount_fen": 100000,
            "paid_on": today(walks[0]),
            "voucher": "备-1",
        }
        asked = (walk.ask(ZHANG_LI, "advance", **words) for walk in walks)
        assert await outcomes(*asked) == [(200, None), (409, "/problems/helped-before")]


@pytest.mark.breaks("Given once")
async def test_of_two_approvals_at_once_for_one_household_one_is_told_why_not(
    register: Register,
) -> None:
    register_with(register, **LIMITS)
    other_head = staff("wu-hao", TOWN_HEAD, VILLAGE[:9])
    households = [a_household(f"h-{order}", a_person(order, name="李伟")) for order in ORDERS]
    await register.imported(a_csv(rows_of(*households)))
    for order in ORDERS:
        walks = [
            await reported(Walk(register), order=order, cause=cause)
            for cause in ("fire", "accident")
        ]
        for walk in walks:
            await walk.do(WANG_FANG, "accept")
            await papers(walk)
            await proposed(walk, 150000)
        asked = (
            walk.ask(head, "confirm", decision_number=f"救〔2026〕{order}{number}号")
            for number, (walk, head) in enumerate(zip(walks, (ZHAO_GANG, other_head), strict=True))
        )
        assert await outcomes(*asked) == [(200, None), (409, "/problems/given-this-month")]


@pytest.mark.breaks("Given once")
async def test_one_application_is_handed_in_twice_at_once_and_taken_in_once(
    register: Register,
) -> None:
    other = staff("chen-two", WORKER, VILLAGE[:9])
    for order in ORDERS:
        walks = [Walk(register), Walk(register)]
        application = an_application(members=[{**HEAD, "id_number": id_number(order)}])
        for walk, by in zip(walks, (CHEN_HONG, other), strict=True):
            await walk.open(by)
            await walk.do(by, "write", application=application)
        asked = (walk.ask(CHEN_HONG, "submit") for walk in walks)
        assert await outcomes(*asked) == [(200, None), (409, "/problems/applied-already")]
