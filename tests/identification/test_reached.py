"""Whoever a decision brings into the register stays reachable by the telephone that was given."""

import asyncio

import pytest

from services.identification import reaching
from tests.identification.caseworkers import HE_JUN, Walk
from tests.identification.citizens import PHONE, see, told
from tests.identification.register import Register


@pytest.mark.parametrize("seen", [True, False])
async def test_a_household_is_reached_whoever_wrote_its_application(
    register: Register, seen: bool
) -> None:
    walk = await Walk(register).confirming(phone=PHONE)
    if seen:
        await see(walk)
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕802号")
    (case,) = register.rows("SELECT applicant_id FROM case_file WHERE category = 'dibao'")
    lives = {each["person_id"] for each in register.rows("SELECT person_id FROM membership")}
    assert (case["applicant_id"] in lives) == seen
    assert told(register)[-1]["person_id"] == str(case["applicant_id"])
    for _ in range(100):
        await reaching.hand_on(register.app.state.context)
        reached = [each for each in register.neighbours.contacts if each["phone"] == PHONE]
        if reached and {str(each) for each in lives} <= set(reached[-1]["beneficiary_ids"]):
            return
        await asyncio.sleep(0.05)  # The process hands on by itself too.
    pytest.fail(f"the household is told nothing: {reached}")
