"""What is decided of a household leaves once; an older roster does not undo it."""

from typing import Any

import pytest

from shared.contracts.identification import Determination
from tests.identification.caseworkers import CHEN_HONG, HE_JUN, ZHANG_LI, Walk
from tests.identification.makers import a_csv, a_household, a_person, a_workbook, on_dibao, rows_of
from tests.identification.register import Register, benefits, head

HOUSEHOLD = a_household("h-1", a_person(1, name="李伟"), a_person(2, "配偶"), **on_dibao())
NUMBER = "青民决〔2026〕77号"


@pytest.fixture
async def household_id(register: Register) -> str:
    await register.imported(a_workbook(rows_of(HOUSEHOLD)))
    return str(register.rows("SELECT id FROM household")[0]["id"])


async def earns(register: Register, household_id: str, income_fen: int) -> Walk:
    """A household is found to earn more; it waits for the county."""
    walk = await Walk(register).open(category="change", household_id=household_id)
    await walk.do(CHEN_HONG, "income", income_fen_monthly=income_fen, reason="务工")
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    return walk


async def test_a_decision_changes_what_it_names_and_is_told_once(
    register: Register, household_id: str
) -> None:
    walk = await earns(register, household_id, 20_000)
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    (said,) = register.told("household-determined")
    page = await register.client.get(
        "/determinations",
        params={"determination_id": said["body"]["determination_id"]},
        headers=register.headers(benefits(), "benefits"),
    )
    found = Determination.model_validate(page.json()["items"][0])
    assert (found.facts["on_dibao"], found.facts["income_fen_monthly"]) == (1, 20_000)
    assert len(found.members) == 2


async def test_the_same_number_decides_no_second_time(
    register: Register, household_id: str
) -> None:
    asked = [await earns(register, household_id, fen) for fen in (20_000, 21_000, 22_000)]
    words: dict[str, Any] = {"decision_number": NUMBER, "from_month": "2026-10"}
    first, second, third = asked
    await first.do(HE_JUN, "confirm", **words)
    answer = await second.ask(HE_JUN, "confirm", **words)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/decision-known")
    await second.do(HE_JUN, "confirm", **words | {"decision_number": "青民决〔2026〕78号"})
    answer = await third.ask(HE_JUN, "confirm", **words)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/decision-known")


async def test_a_roster_with_the_decision_before_does_not_undo_it(
    register: Register, household_id: str
) -> None:
    walk = await earns(register, household_id, 20_000)
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    found = await register.imported(a_csv(rows_of(HOUSEHOLD)))
    assert [problem["code"] for problem in found["problems"]] == ["decision-outdated"]
    assert found["determinations"] == 0


@pytest.mark.breaks("Nobody decides alone")
async def test_no_head_decides_facts_by_themselves(register: Register, household_id: str) -> None:
    answer = await register.client.post(
        f"/households/{household_id}/determinations",
        json={"decision_number": NUMBER, "from_month": "2026-10", "facts": {"on_dibao": 1}},
        headers=register.headers(head()),
    )
    assert answer.status_code == 404
    assert register.rows("SELECT count(*) FROM determination") == [{"count": 1}]
