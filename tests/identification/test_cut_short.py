"""An import that is killed goes on where it was, and ends as if nothing had happened."""

import asyncio
from typing import Any

import pytest

from shared import crash_points
from tests.identification.makers import (
    CARD,
    a_household,
    a_person,
    a_workbook,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register

POINTS = [
    "identification.roster-surveyed",
    "identification.chunk-written",
    "identification.chunk-loaded",
    "identification.chunk-handed",
    "identification.roster-imported",
]


def a_roster(people_count: int) -> bytes:
    """Households of ten; every tenth household on dibao."""
    people = [
        a_person(0, id_number=id_number(order % 999 + 1, f"19{50 + order // 999}0304"))
        for order in range(people_count)
    ]
    households = []
    for place in range(0, len(people), 10):
        head = on_dibao() if place % 100 == 0 else {}
        households.append(a_household(f"h-{place:05d}", *people[place : place + 10], **head))
    return a_workbook(rows_of(*households))


@pytest.mark.parametrize("point", POINTS)
async def test_killed_anywhere_it_ends_as_if_nothing_had_happened(
    working_register: Register, point: str
) -> None:
    register = working_register
    crash_points.arm(register.settings.files_dir, point)
    found = await register.imported(a_roster(180))
    assert not (register.settings.files_dir / "crash-points" / point).exists(), "it was killed"
    assert found["status"] == "imported"
    await _ends_whole(register, found)


async def _ends_whole(register: Register, found: dict[str, Any]) -> None:
    assert (found["chunks"], found["problems"]) == (4, [])
    assert (found["people"], found["households"], found["determinations"]) == (180, 18, 2)
    assert register.rows("SELECT count(*) AS n FROM person") == [{"n": 180}]
    assert register.rows("SELECT count(*) AS n FROM membership") == [{"n": 180}]
    handed = [account["beneficiary_id"] for account in register.neighbours.accounts]
    assert len(handed) == len(set(handed)) == 2
    assert {account["account_number"] for account in register.neighbours.accounts} == {CARD}
    events = register.rows("SELECT subject FROM outbox")
    assert [event["subject"] for event in events] == ["identification.roster-imported.v1"]


async def test_payments_that_are_away_make_the_import_wait_and_say_for_what(
    working_register: Register,
) -> None:
    register = working_register
    register.neighbours.away = True
    content = a_workbook(rows_of(a_household("h-1", a_person(1), **on_dibao())))
    import_id = (await register.upload(content)).json()["import_id"]
    for _ in range(600):
        found = (await register.get(f"/rosters/{import_id}")).json()
        if found["waits_for"]:
            break
        if found["status"] == "waiting":
            await register.judged(import_id)
        await asyncio.sleep(0.05)
    assert found["status"] == "importing"
    assert "payments" in found["waits_for"]
    register.neighbours.away = False
    found = await register.finished(import_id)
    assert (found["status"], found["waits_for"]) == ("imported", None)
    assert len(register.neighbours.accounts) == 1


async def test_pages_answer_while_a_roster_goes_in(working_register: Register) -> None:
    register = working_register
    import_id = (await register.upload(a_roster(3_000))).json()["import_id"]
    answered = 0
    while True:
        stands = (await register.get(f"/rosters/{import_id}")).json()["status"]
        if stands == "imported":
            break
        if stands == "waiting":
            assert (await register.judged(import_id)).status_code == 200
        assert (await register.get("/county")).status_code == 200
        answered += 1
        await asyncio.sleep(0.05)
    assert answered > 1
