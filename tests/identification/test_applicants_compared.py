"""Whoever applies is set against the lists too: known by an id that says nothing of them."""

from hashlib import sha256
from uuid import UUID

from tests.identification.caseworkers import WANG_FANG, Walk, later
from tests.identification.lists import compared, delivered
from tests.identification.makers import id_number
from tests.identification.register import Register

NUMBER = id_number(51)
OUT_OF_WORK = (NUMBER, "2026-08-01", "0")
RAISED = "SELECT id, subject_id, case_id FROM alert"


async def test_nobody_finds_an_applicants_number_by_the_id_of_their_alert(
    register: Register,
) -> None:
    alone = {"key": "head", "name": "李伟", "relation": "户主", "id_number": NUMBER}
    walk = await Walk(register).accepted(members=[alone])
    await walk.authorise()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    await delivered(register, "unemployment", OUT_OF_WORK)
    await compared(register)
    (alert,) = register.rows(RAISED)
    guessed = sha256(UUID(walk.case["case_id"]).bytes + NUMBER.encode()).digest()[:16]
    assert alert["subject_id"].bytes != guessed, "whoever knows the case tries all numbers"
    later(register, 30)
    new: dict[str, str] = {"month": "2026-11", "as_of": "2026-10-24"}
    await delivered(register, "deaths", (id_number(9), "2026-09-01"), **new, unchanged="yes")
    await delivered(register, "unemployment", OUT_OF_WORK, **new, unchanged="yes")
    await compared(register, "2026-11")
    assert register.rows(RAISED) == [alert]
