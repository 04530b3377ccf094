"""Money paid back stands in the ledger by its receipts, and never more than is owed back."""

from typing import Any
from uuid import uuid4

import pytest

from services.payments import recoveries
from shared.contracts.benefits import RecoveryDecided
from shared.months import Month
from tests.payments.county import CHEN_JIE, ZHOU_PING, CountyPayments
from tests.payments.makers import COUNTY


def decided(payments: CountyPayments, amount_fen: int, number: int = 1, **words: Any) -> Any:
    """Benefits says that so much is to be paid back."""
    said: dict[str, Any] = {
        "county": COUNTY,
        "occurred_at": payments.now,
        "recovery_id": uuid4(),
        "household_id": uuid4(),
        "beneficiary_id": uuid4(),
        "programme": "dibao",
        "month": Month.parse("2026-08"),
    }
    return RecoveryDecided(number=number, amount_fen=amount_fen, **(said | words))


async def receive(
    payments: CountyPayments, event: RecoveryDecided, fen: int, expect: int = 201
) -> Any:
    """Finance writes a receipt down."""
    said = {
        "amount_fen": fen,
        "voucher": f"缴{fen}",
        "received_on": payments.now.date().isoformat(),
    }
    path = f"/owed-back/{event.recovery_id}/receipts"
    return await payments.post(ZHOU_PING, path, said, expect=expect)


async def test_what_is_owed_back_comes_in_parts_and_each_stands_in_the_ledger(
    payments: CountyPayments,
) -> None:
    event = decided(payments, 58600)
    await recoveries.hear(payments.context, event)
    await recoveries.hear(payments.context, event)
    assert payments.balances()["owed-back"] == 58600
    await receive(payments, event, 20000)
    kept = await receive(payments, event, 38600)
    assert (kept["received_fen"], kept["left_fen"], len(kept["receipts"])) == (58600, 0, 2)
    assert payments.balances() == {"claimed": -58600, "recovered": 58600}
    assert (await payments.get(CHEN_JIE, "/owed-back"))["items"] == []
    month = str(Month.of(payments.now.date()))
    (came,) = (await payments.get(CHEN_JIE, f"/owed-back?received_in={month}"))["items"]
    assert came["recovery_id"] == str(event.recovery_id)
    asked = f"recovery_id={event.recovery_id}&recovery_id={uuid4()}"
    assert (await payments.get(CHEN_JIE, f"/owed-back?{asked}"))["items"] == [came]
    summed = (await payments.get(CHEN_JIE, f"/months/{month}"))["owed_back"]
    assert summed["received"] == {"count": 2, "total_fen": 58600}
    assert summed["left"] == {"count": 0, "total_fen": 0}


@pytest.mark.breaks("Paid back by decision")
async def test_no_more_comes_back_than_is_owed_nor_twice_by_one_voucher(
    payments: CountyPayments,
) -> None:
    event = decided(payments, 30000)
    await receive(payments, event, 100, expect=404)
    await recoveries.hear(payments.context, event)
    for fen, wanted in ((30001, 409), (-1, 409), (0, 422)):
        await receive(payments, event, fen, expect=wanted)
    await receive(payments, event, 10000)
    await receive(payments, event, 10000, expect=409)
    assert payments.balances()["recovered"] == 10000


async def test_what_came_and_is_no_longer_owed_is_given_back(payments: CountyPayments) -> None:
    first = decided(payments, 30000)
    nothing = decided(payments, 0, number=2, recovery_id=first.recovery_id)
    await recoveries.hear(payments.context, first)
    await receive(payments, first, 30000)
    await recoveries.hear(payments.context, nothing)
    (too_much,) = (await payments.get(CHEN_JIE, "/owed-back"))["items"]
    assert too_much["left_fen"] == -30000
    await receive(payments, first, -30000)
    assert payments.balances() == {}


async def test_the_last_decision_stands_in_whichever_order_they_are_heard(
    payments: CountyPayments,
) -> None:
    second = decided(payments, 5000, number=2)
    await recoveries.hear(payments.context, second)
    first = decided(payments, 9000, recovery_id=second.recovery_id)
    await recoveries.hear(payments.context, first)
    assert payments.balances()["owed-back"] == 5000
