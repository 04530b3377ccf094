"""What an official found of a household on assistance is asked of the province by the letters of
its application: they were signed for as long as it is granted."""

from typing import Any

import pytest

from tests.identification.caseworkers import HE_JUN, JPEG, WANG_FANG, Walk, in_month
from tests.identification.province import SUN_YU, a_list, brought, fetched, post
from tests.identification.register import Register
from tests.identification.test_exits import RISEN
from tests.identification.test_verification import a_report


@pytest.fixture
async def walk(register: Register) -> Walk:
    """A household that applied and was granted dibao some time ago, above the standard now."""
    granted = await Walk(register).confirming()
    await granted.do(HE_JUN, "confirm", decision_number="青民决〔2026〕1号")
    in_month(register, 2)
    (home,) = register.rows("SELECT id FROM household")
    walk = await Walk(register).open(category="exit", household_id=str(home["id"]))
    await walk.do(WANG_FANG, "over-standard", **{**RISEN, "found_on": today(register)})
    return walk


def today(register: Register) -> str:
    return str(register.app.state.clock.today().isoformat())


@pytest.mark.shows("S08")
async def test_the_province_is_asked_by_the_letters_of_the_application(walk: Walk) -> None:
    register = walk.register
    told = (await register.get(f"{walk.path}/verification", WANG_FANG)).json()
    assert told["unauthorised"] == [], "who signed then agreed to be looked up while they are on it"
    asked = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert asked.status_code == 201, asked.text
    _, rows = await fetched(register, "verification-request")
    assert [(each["name"], each["signed_on"]) for each in rows] == [("李伟", "2026-09-25")]
    report: list[dict[str, Any]] = [
        {**each, "reported_on": today(register)} for each in a_report(asked.json()["key"], 1)
    ]
    await brought(register, "verification-report", a_list("verification-report", report))
    (compared,) = [e for e in (await walk.look())["history"] if e["act"] == "compare"]
    assert compared["words"]["authorised_on"] == "2026-09-25"
    assert compared["by"] == SUN_YU.subject


async def test_a_letter_of_now_is_the_one_that_is_named(walk: Walk) -> None:
    (head,) = [each for each in walk.case["application"]["members"] if each["name"] == "李伟"]
    letter = await walk.paper(WANG_FANG, "authorisation", JPEG + b"now", of_person=head["key"])
    words = {"person_key": head["key"], "document_id": letter, "signed_on": today(walk.register)}
    await walk.do(WANG_FANG, "authorise", **words)
    await post(walk.register, f"{walk.path}/verification", WANG_FANG)
    _, rows = await fetched(walk.register, "verification-request")
    assert [each["signed_on"] for each in rows] == [today(walk.register)]


async def test_what_may_raise_what_is_paid_asks_for_a_letter_of_now(walk: Walk) -> None:
    register = walk.register
    (home,) = register.rows("SELECT id FROM household")
    change = await Walk(register).open(category="change", household_id=str(home["id"]))
    told = (await register.get(f"{change.path}/verification", WANG_FANG)).json()
    assert [each["name"] for each in told["unauthorised"]] == ["李伟"]
