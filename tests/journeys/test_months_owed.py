"""What a decision owes for months that are over is paid, through identification and benefits as
they speak to each other."""

from tests.identification.caseworkers import HE_JUN, in_month
from tests.identification.test_months_owed import NURSING_FEN, handed_in, read
from tests.journeys.test_foreseen_sums import Offices, offices

__all__ = ["offices"]


async def paid(offices: Offices, family: str, month: str) -> dict[tuple[str, str], int]:
    """What a run pays of each programme, by the month it is for."""
    await offices.carry()
    closed = await offices.benefits.pay(month, family)
    return {
        (line["programme"], line["month"]): line["amount_fen"]
        for line in offices.benefits.lines(closed)
    }


async def test_who_comes_into_the_register_by_a_grant_is_paid_in_arrears(offices: Offices) -> None:
    await paid(offices, "disability", "2026-09")
    walk = await handed_in(offices.register, "disability")
    in_month(offices.register, 1)
    await read(walk)
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕906号")
    assert await paid(offices, "disability", "2026-10") == {
        ("disability_nursing", "2026-09"): NURSING_FEN,
        ("disability_nursing", "2026-10"): NURSING_FEN,
    }
