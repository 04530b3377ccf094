"""One certificate a household: made with the decision, handed over, withdrawn on leaving."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_known_household,
)
from tests.identification.makers import a_csv, a_household, a_person, on_dibao, rows_of
from tests.identification.register import Register
from tests.identification.test_changes import decided

RECEIVED: dict[str, Any] = {
    "received_on": "2026-10-02",
    "received_by": "李伟",
    "relation": "head",
}


async def the_certificate(register: Register) -> Walk:
    """The one certificate there is."""
    (row,) = register.rows("SELECT id FROM case_file WHERE category = 'certificate'")
    walk = Walk(register, case={"case_id": str(row["id"])})
    await walk.look(WANG_FANG)
    return walk


async def printed(walk: Walk) -> str:
    """What the certificate says."""
    pdf = await walk.register.get(f"{walk.path}/certificate", WANG_FANG)
    return PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()


async def lists(register: Register, by: Any = WANG_FANG) -> dict[str, list[str]]:
    found = (await register.get("/certificates", by)).json()
    return {name: [each["receipt"] for each in rows] for name, rows in found.items()}


@pytest.mark.shows("S46")
async def test_a_certificate_is_made_with_the_decision_and_handed_over_to_somebody_named(
    register: Register,
) -> None:
    walk = await Walk(register).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    certificate = await the_certificate(register)
    assert (certificate.case["state"], certificate.case["head_name"]) == ("made", "李伟")
    number = certificate.case["receipt"]
    assert await lists(register) == {"undelivered": [number], "to_withdraw": []}
    assert await lists(register, ZHAO_MIN) == {"undelivered": [], "to_withdraw": []}
    queue = (await register.get("/cases", CHEN_HONG)).json()["items"]
    assert [each["receipt"] for each in queue] == [number], "it is the village's turn"
    answer = await certificate.ask(CHEN_HONG, "hand-over", **{**RECEIVED, "received_by": ""})
    assert answer.json()["field"] == "received_by"
    await certificate.do(CHEN_HONG, "hand-over", **RECEIVED)
    assert await lists(register) == {"undelivered": [], "to_withdraw": []}
    text = await printed(certificate)
    assert number in text
    assert "李娜" in text
    again = await certificate.do(WANG_FANG, "make-again", why="lost")
    assert again["state"] == "made"
    assert f"{number}-2" in await printed(certificate)


@pytest.mark.shows("S46")
async def test_a_household_has_one_and_none_after_it_left(register: Register) -> None:
    household_id = await a_known_household(register)
    first = await Walk(register, "certificate").open(household_id=household_id)
    answer = await register.client.post(
        "/cases",
        json={"category": "certificate", "household_id": household_id},
        headers=register.headers(CHEN_HONG),
    )
    assert answer.json()["type"] == "/problems/has-one-already"
    await first.do(LIU_QIANG, "issue")
    answer = await first.ask(LIU_QIANG, "withdraw", reason="先放着")
    assert answer.json()["type"] == "/problems/entitled", "nobody keeps it from them"
    leaving = await Walk(register, "exit").open(household_id=household_id)
    found: dict[str, Any] = {"found_on": "2026-09-20", "findings": "户主为财政供养人员"}
    await leaving.found("wrongly-in", ends="dibao", **found)
    await leaving.do(
        HE_JUN, "remove",
        decision_number="青民退〔2026〕2号", from_month="2026-03",
        reasons="查实",
    )  # fmt: skip
    case = await first.look(ZHANG_LI)
    assert (case["state"], case["history"][-1]["by"]) == ("withdrawn", "staff:he-jun")
    assert (await register.get(f"{first.path}/certificate", WANG_FANG)).status_code == 409
    second = await Walk(register, "certificate").open(household_id=household_id)
    answer = await second.ask(LIU_QIANG, "issue")
    assert answer.json()["type"] == "/problems/not-entitled"


async def test_a_certificate_names_who_lives_there_when_it_is_made(register: Register) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register, "certificate").open(household_id=household_id)
    await walk.do(LIU_QIANG, "issue")
    assert "李丙" in await printed(walk)
    change = await Walk(register).open(category="change", household_id=household_id)
    key = (await change.look())["application"]["members"][1]["key"]
    await change.do(CHEN_HONG, "move-out", person_key=key, until="2026-09", reason="外出")
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await decided(change)
    assert "李丙" not in await printed(walk), "it was not handed over yet"
    await walk.look()
    today = register.app.state.clock.today().isoformat()
    await walk.do(CHEN_HONG, "hand-over", **{**RECEIVED, "received_on": today})
    anew = {"decision_number": "青民决〔2026〕9号", "decided_on": today, "from_month": "2026-10"}
    people = a_person(1, name="李乙"), a_person(3, name="李丁")
    found = await register.imported(a_csv(rows_of(a_household("h-1", *people, **on_dibao(**anew)))))
    assert found["problems"] == [], found
    assert "李丁" not in await printed(walk), "as it was handed over"
    await walk.do(WANG_FANG, "make-again", why="changed")
    assert "李丁" in await printed(walk)


async def test_who_left_by_a_roster_is_on_the_list_to_be_taken_back(register: Register) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register, "certificate").open(household_id=household_id)
    await walk.do(LIU_QIANG, "issue")
    people = [a_person(order, name=f"李{'甲乙丙'[order]}") for order in (1, 2)]
    off_by = {"decision_number": "青民决〔2026〕99号", "decided_on": "2026-09-25"}
    off = a_household("h-1", *people, dibao="否", from_month="2026-10", **off_by)
    await register.imported(a_csv(rows_of(off)))
    assert (await lists(register))["to_withdraw"] == [walk.case["receipt"]]
