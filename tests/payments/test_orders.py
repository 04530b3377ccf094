"""A closed run's lines become orders: all of them, once, or none."""

import pytest

from services.payments import orders
from services.payments.orders import (
    ControlTotalsDiffer,
    LineNotUnderstood,
    LineOrderedBefore,
    RunChanged,
)
from shared.calls import PeerUnavailable
from shared.ids import new_id
from tests.payments.county import CountyPayments
from tests.payments.makers import a_line


async def test_a_closed_run_is_ordered_to_the_fen(payments: CountyPayments) -> None:
    lines = [a_line(amount_fen=37000 + number) for number in range(1203)]
    await payments.order(lines)
    found = payments.rows("SELECT count(*) AS n, sum(amount_fen)::bigint AS fen FROM payment_order")
    assert found == [{"n": 1203, "fen": sum(line["amount_fen"] for line in lines)}]
    assert payments.balances() == {"granted": found[0]["fen"], "payable": -found[0]["fen"]}
    assert payments.one("SELECT count(*) FROM staged_line") == 0


async def test_a_run_heard_twice_is_ordered_once(payments: CountyPayments) -> None:
    event = payments.announce([a_line()])
    await orders.take_in(payments.context, event)
    await orders.take_in(payments.context, event)
    assert payments.one("SELECT count(*) FROM payment_order") == 1
    assert payments.one("SELECT count(*) FROM ledger_entry") == 1
    assert payments.benefits.fetches == 1


@pytest.mark.parametrize(
    "wrong", [{"lines_count": 3}, {"total_fen": 117201}, {"list_sha256": "0" * 64}]
)
async def test_nothing_is_ordered_when_a_control_total_differs(
    payments: CountyPayments, wrong: dict[str, object]
) -> None:
    event = payments.announce([a_line(), a_line()], **wrong)
    with pytest.raises(ControlTotalsDiffer):
        await orders.take_in(payments.context, event)
    assert payments.one("SELECT count(*) FROM payment_order") == 0
    assert payments.rows("SELECT status, reason FROM intake") == [
        {"status": "refused", "reason": "control-totals-differ"}
    ]


async def test_a_refused_run_is_taken_in_when_its_lines_are_right_again(
    payments: CountyPayments,
) -> None:
    event = payments.announce([a_line(), a_line()])
    whole = payments.benefits.lines[str(event.run_id)]
    payments.benefits.lines[str(event.run_id)] = whole[:1]
    with pytest.raises(ControlTotalsDiffer):
        await orders.take_in(payments.context, event)
    payments.benefits.lines[str(event.run_id)] = whole
    await orders.take_in(payments.context, event)
    assert payments.one("SELECT count(*) FROM payment_order") == 2


async def test_lines_out_of_order_are_not_the_list_that_was_signed(
    payments: CountyPayments,
) -> None:
    event = payments.announce([a_line(), a_line()])
    payments.benefits.lines[str(event.run_id)].reverse()
    with pytest.raises(ControlTotalsDiffer):
        await orders.take_in(payments.context, event)


async def test_a_line_of_two_runs_is_ordered_by_the_first_alone(payments: CountyPayments) -> None:
    line = a_line()
    await payments.order([line])
    with pytest.raises(LineOrderedBefore):
        await payments.order([line, a_line()], sequence=2)
    assert payments.one("SELECT count(*) FROM payment_order") == 1


async def test_what_one_run_pays_no_other_run_orders_under_another_name(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.order([line])
    again = {**line, "line_id": str(new_id())}
    with pytest.raises(LineOrderedBefore):
        await payments.order([again, a_line()], sequence=2)
    assert payments.one("SELECT count(*) FROM payment_order") == 1
    assert payments.rows("SELECT status, reason FROM intake ORDER BY sequence") == [
        {"status": "ordered", "reason": None},
        {"status": "refused", "reason": "line-ordered-before"},
    ]
    await payments.order([{**again, "difference": 2}], sequence=3)
    assert payments.one("SELECT count(*) FROM payment_order") == 2


async def test_an_ordered_run_heard_with_another_list_is_refused(
    payments: CountyPayments,
) -> None:
    event = payments.announce([a_line()])
    await orders.take_in(payments.context, event)
    with pytest.raises(RunChanged):
        await orders.take_in(payments.context, event.model_copy(update={"list_sha256": "0" * 64}))
    assert payments.one("SELECT count(*) FROM payment_order") == 1
    assert payments.one("SELECT status FROM intake") == "ordered"


async def test_a_sum_of_nothing_or_less_is_refused_with_its_run(payments: CountyPayments) -> None:
    with pytest.raises(LineNotUnderstood):
        await payments.order([a_line(amount_fen=0), a_line()])
    assert payments.one("SELECT count(*) FROM payment_order") == 0


async def test_benefits_away_leaves_the_event_to_come_again(payments: CountyPayments) -> None:
    event = payments.announce([a_line()])
    payments.benefits.silent = True
    with pytest.raises(PeerUnavailable):
        await orders.take_in(payments.context, event)
    payments.benefits.silent = False
    await orders.take_in(payments.context, event)
    assert payments.one("SELECT count(*) FROM payment_order") == 1


async def test_an_overtaken_worker_cannot_finish(payments: CountyPayments) -> None:
    event = payments.announce([a_line()])
    stale = await orders._open(payments.context, event)
    assert stale is not None
    fetched = await orders._stage(payments.context, event, stale)
    await orders.take_in(payments.context, event)
    orders._compare(event, fetched)
    with pytest.raises(orders.Overtaken):
        await orders._order(payments.context, event, stale)
    assert payments.one("SELECT count(*) FROM ledger_entry") == 1
