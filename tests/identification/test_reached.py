"""Whoever a decision brings into the register stays reachable by the telephone that was given."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from services.identification import reaching
from services.identification.casework import applicants
from shared.database import run
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


async def test_what_is_to_be_told_anew_is_not_marked_as_told_meanwhile(register: Register) -> None:
    await Walk(register).confirming(phone=PHONE)
    (case,) = register.rows("SELECT applicant_id FROM case_file WHERE category = 'dibao'")
    database = register.app.state.context.database
    marking = text("SELECT FROM applicant WHERE id = :id FOR UPDATE NOWAIT")
    async with database.transaction() as session:
        await applicants.reach_again(session, case["applicant_id"])
        with pytest.raises(OperationalError):
            async with database.transaction() as other:
                await run(other, marking, {"id": case["applicant_id"]})
