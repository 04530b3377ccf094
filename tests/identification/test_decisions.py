"""A household decided by itself is told at once; an older roster does not undo it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.callers import Caller, Kind
from shared.contracts.identification import Determination
from tests.identification.makers import (
    OTHER_VILLAGE,
    a_csv,
    a_household,
    a_person,
    a_workbook,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register, benefits

HOUSEHOLD = a_household("h-1", a_person(1, name="李伟"), a_person(2, "配偶"), **on_dibao())


@pytest.fixture
async def household_id(register: Register) -> str:
    await register.imported(a_workbook(rows_of(HOUSEHOLD)))
    return str(register.rows("SELECT id FROM household")[0]["id"])


def clerk(*areas: str) -> Caller:
    scopes = frozenset({"determinations:decide"})
    return Caller("staff:wang", Kind.STAFF, COUNTY, "wang", scopes, areas or (COUNTY,))


async def decide(
    register: Register, household_id: str, caller: Caller | None = None, **words: Any
) -> httpx.Response:
    decision = {
        "decision_number": "青民决〔2026〕77号",
        "decided_on": "2026-09-22",
        "from_month": "2026-10",
        **words,
    }
    return await register.client.post(
        f"/households/{household_id}/determinations",
        json=decision,
        headers=register.headers(caller or clerk()),
    )


async def test_a_decision_changes_what_it_names_and_is_told_once(
    register: Register, household_id: str
) -> None:
    (person,) = register.rows("SELECT id FROM person WHERE name = '李伟'")
    member = {"person_id": str(person["id"]), "facts": {"on_old_age": 1}}
    answer = await decide(
        register, household_id, facts={"income_fen_monthly": 5000}, members=[member]
    )
    assert answer.status_code == 201, answer.text
    said = register.rows("SELECT body FROM outbox WHERE subject LIKE '%household-determined%'")
    assert [row["body"]["determination_id"] for row in said] == [answer.json()["determination_id"]]
    page = await register.client.get(
        "/determinations", params=answer.json(), headers=register.headers(benefits(), "benefits")
    )
    found = Determination.model_validate(page.json()["items"][0])
    assert found.facts == {"registration": 2, "on_dibao": 1, "income_fen_monthly": 5000}
    assert [m.facts["on_old_age"] for m in found.members if m.person_id == person["id"]] == [1]
    assert len(found.members) == 2


async def test_the_same_decision_or_an_older_one_is_refused(
    register: Register, household_id: str
) -> None:
    assert (await decide(register, household_id)).status_code == 201
    assert (await decide(register, household_id)).status_code == 409
    older = await decide(register, household_id, decision_number="a", decided_on="2026-09-21")
    assert older.json()["type"] == "/problems/decision-known"
    to_come = await decide(register, household_id, decision_number="b", decided_on="2026-09-26")
    assert to_come.status_code == 422


async def test_a_roster_with_the_decision_before_does_not_undo_it(
    register: Register, household_id: str
) -> None:
    await decide(register, household_id, facts={"on_dibao": 0})
    found = await register.imported(a_csv(rows_of(HOUSEHOLD)))
    assert [problem["code"] for problem in found["problems"]] == ["decision-outdated"]
    assert found["determinations"] == 0


async def test_strangers_and_other_areas_are_refused(register: Register, household_id: str) -> None:
    stranger = {"person_id": str(uuid4()), "facts": {"on_old_age": 1}}
    assert (await decide(register, household_id, members=[stranger])).status_code == 422
    other = await decide(register, household_id, clerk(OTHER_VILLAGE))
    assert other.status_code == (await decide(register, str(uuid4()))).status_code == 404
    wrong = await decide(register, household_id, facts={"on_dibao": 2})
    assert wrong.status_code == 422
