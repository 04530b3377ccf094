"""What was helped first and verified is told to whoever fills the reserve up, however long ago."""

import runpy

from shared import migrations
from shared.contracts.identification import AdvanceVerified
from tests.identification.caseworkers import WANG_FANG, ZHANG_LI, Walk
from tests.identification.register import Register
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    approved,
    papers,
    proposed,
    register_with,
    reported,
    today,
)


async def test_an_advance_that_was_verified_before_anybody_said_so_is_told_once(
    register: Register,
) -> None:
    walk = await reported(Walk(register_with(register, **LIMITS)))
    await walk.do(WANG_FANG, "accept")
    await walk.do(ZHANG_LI, "advance", amount_fen=60000, paid_on=today(walk), voucher="备-7")
    await proposed(await papers(walk), 60000)
    versions = migrations.folder("identification") / "versions"
    (path,) = versions.glob("*_advances_verified_before.py")
    tell = runpy.run_path(str(path))["VERIFIED"]
    walk.register.change(tell)
    told = "SELECT body FROM outbox WHERE subject LIKE '%advance-verified%'"
    assert walk.register.rows(told) == [], "nobody has verified it yet"
    await approved(walk, ZHAO_GANG)
    (said,) = walk.register.rows(told)
    walk.register.change("DELETE FROM outbox WHERE subject LIKE '%advance-verified%'")
    for _ in range(2):
        walk.register.change(tell)
    (again,) = walk.register.rows(told)
    events = [AdvanceVerified.model_validate(each["body"]) for each in (said, again)]
    assert events[0].case_id == events[1].case_id
    assert events[0].occurred_at.date() == events[1].occurred_at.date()
