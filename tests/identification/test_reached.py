"""Whoever a decision brings into the register stays reachable by the telephone that was given."""

from tests.identification.caseworkers import HE_JUN, Walk
from tests.identification.register import Register


async def test_a_household_is_reached_whoever_wrote_its_application(register: Register) -> None:
    walk = await Walk(register).confirming(phone="13900001234")
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕802号")
    (case,) = register.rows("SELECT applicant_id FROM case_file WHERE category = 'dibao'")
    lives = register.rows("SELECT person_id FROM membership")
    assert case["applicant_id"] in {each["person_id"] for each in lives}
