"""A township's reserve is filled by vouchers, helps a case once, and never goes below zero."""

import asyncio
import runpy
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from services.payments import advances
from services.payments.checks import money
from shared import migrations
from shared.callers import Caller, Kind
from shared.contracts.identification import AdvanceUnverified, AdvanceVerified
from shared.contracts.payments import AdvanceReturned
from shared.months import Month
from tests.payments.county import CHEN_JIE, IDENTIFICATION, ZHOU_PING, CountyPayments
from tests.payments.makers import COUNTY

TOWN, OTHER = "511425102", "511425103"
ZHANG_LI = Caller("zhang.li", Kind.STAFF, COUNTY, "zhang.li", frozenset({"reserves:read"}), (TOWN,))

RETURNED = "SELECT body FROM outbox WHERE subject = 'payments.advance-returned.v1'"


async def fill(payments: CountyPayments, fen: int, voucher: str = "拨1", expect: int = 201) -> Any:
    said = {"amount_fen": fen, "voucher": voucher}
    return await payments.post(ZHOU_PING, f"/reserves/{TOWN}/receipts", said, expect=expect)


async def advance(
    payments: CountyPayments, fen: int, case_id: UUID | None = None, expect: int = 201
) -> Any:
    case_id = case_id or uuid4()
    said = {"case_id": str(case_id), "amount_fen": fen, "voucher": f"备{case_id}"}
    return await payments.post(IDENTIFICATION, f"/reserves/{TOWN}/advances", said, expect=expect)


async def verified(payments: CountyPayments, case_id: UUID) -> None:
    said = AdvanceVerified(county=COUNTY, occurred_at=payments.now, case_id=case_id)
    await advances.hear(payments.context, said)


async def unverified(payments: CountyPayments, case_id: UUID, why: str | None) -> None:
    said = AdvanceUnverified(county=COUNTY, occurred_at=payments.now, case_id=case_id, why=why)
    await advances.hear_unverified(payments.context, said)


async def reserve(payments: CountyPayments, by: Caller = ZHANG_LI) -> Any:
    month = str(Month.of(payments.now.date()))
    return (await payments.get(by, f"/reserves?month={month}"))["items"]


async def test_a_reserve_receives_spends_and_is_reported_and_stands_in_the_ledger(
    payments: CountyPayments,
) -> None:
    case_id = uuid4()
    assert (await fill(payments, 3_000_000))["left_fen"] == 3_000_000
    await fill(payments, 1, expect=409)
    for _ in range(2):
        assert (await advance(payments, 200_000, case_id))["left_fen"] == 2_800_000
    await advance(payments, 200_001, case_id, expect=409)
    assert payments.balances() == {
        "treasury": -3_000_000,
        "reserve": 2_800_000,
        "advanced": 200_000,
    }
    (stands,) = await reserve(payments)
    assert (stands["received_fen"], stands["advanced_fen"]) == (3_000_000, 200_000)
    assert (stands["began_with_fen"], stands["left_fen"]) == (0, 2_800_000)
    assert [each["act"] for each in stands["moves"]] == ["received", "advanced"]
    elsewhere = Caller("li", Kind.STAFF, COUNTY, "li", ZHANG_LI.scopes, (OTHER,))
    assert await reserve(payments, elsewhere) == []
    assert len(await reserve(payments, CHEN_JIE)) == 1

    back = {"case_id": str(case_id), "voucher": "退1"}
    path = f"/reserves/{TOWN}/returns"
    assert (await payments.post(ZHOU_PING, path, back, expect=201))["left_fen"] == 3_000_000
    await payments.post(ZHOU_PING, path, {**back, "voucher": "退2"}, expect=409)
    missing = {**back, "case_id": str(uuid4())}
    await payments.post(ZHOU_PING, path, missing, expect=404)


async def test_of_two_at_once_only_what_the_reserve_holds_is_advanced(
    payments: CountyPayments,
) -> None:
    refused = await advance(payments, 1, expect=409)
    assert refused["type"] == "/problems/reserve-spent"
    await fill(payments, 100_000)
    said = [{"case_id": str(uuid4()), "amount_fen": 60_000, "voucher": f"备{n}"} for n in range(3)]
    answers = await asyncio.gather(
        *(
            payments.ask(IDENTIFICATION, "POST", f"/reserves/{TOWN}/advances", json=each)
            for each in said
        )
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    (stands,) = await reserve(payments)
    assert stands["left_fen"] == 40_000


async def test_the_checker_finds_a_reserve_that_its_vouchers_do_not_explain(
    payments: CountyPayments,
) -> None:
    await fill(payments, 100_000)
    await advance(payments, 40_000)
    month = str(Month.of(payments.now.date()))
    with psycopg.connect(payments.tables.owner_url, row_factory=dict_row) as owner:
        assert list(money.reserves(owner, month)) == []
        owner.execute("UPDATE reserve_move SET amount_fen = 30000 WHERE act = 'received'")
        found = {each.code for each in money.reserves(owner, month)}
        owner.rollback()
    assert found == {"reserve-differs", "reserve-overspent"}


@pytest.mark.breaks("A reserve is filled up by verified cases")
async def test_a_reserve_is_filled_up_again_by_what_verified_cases_were_advanced(
    payments: CountyPayments,
) -> None:
    one, other, open_still = uuid4(), uuid4(), uuid4()
    await fill(payments, 100_000)
    for case_id, fen in ((one, 30_000), (other, 20_000), (open_still, 10_000)):
        await advance(payments, fen, case_id)
    path = f"/reserves/{TOWN}/replenishments"
    said = {"amount_fen": 30_000, "voucher": "补1"}
    await payments.post(ZHOU_PING, path, said, expect=409)
    for case_id in (one, one, uuid4()):
        await verified(payments, case_id)
    (stands,) = await reserve(payments)
    assert (stands["to_replenish_fen"], stands["to_replenish"]) == (30_000, [str(one)])
    differs = await payments.post(ZHOU_PING, path, {**said, "amount_fen": 30_001}, expect=409)
    assert (differs["type"], differs["due_fen"]) == ("/problems/replenishment-differs", 30_000)
    await verified(payments, other)
    used = {"amount_fen": 50_000, "voucher": f"备{one}"}
    await payments.post(ZHOU_PING, path, used, expect=409)
    both = {"amount_fen": 50_000, "voucher": "补1"}
    assert (await payments.post(ZHOU_PING, path, both, expect=201))["left_fen"] == 90_000
    await payments.post(ZHOU_PING, path, {**both, "voucher": "补2"}, expect=409)
    await fill(payments, 1, voucher="补1", expect=409)
    back = {"case_id": str(one), "voucher": "退1"}
    late = await payments.post(ZHOU_PING, f"/reserves/{TOWN}/returns", back, expect=409)
    assert late["type"] == "/problems/replenished-before"
    (stands,) = await reserve(payments)
    assert (stands["replenished_fen"], stands["to_replenish_fen"]) == (50_000, 0)
    month = str(Month.of(payments.now.date()))
    with psycopg.connect(payments.tables.owner_url, row_factory=dict_row) as owner:
        assert list(money.reserves(owner, month)) == []


@pytest.mark.breaks("A reserve is filled up by verified cases")
async def test_what_nobody_verified_is_to_be_recovered_until_it_comes_back_or_is_verified(
    payments: CountyPayments,
) -> None:
    lapsed, refused, won = uuid4(), uuid4(), uuid4()
    await fill(payments, 100_000)
    for case_id, fen in ((lapsed, 30_000), (refused, 20_000), (won, 10_000)):
        await advance(payments, fen, case_id)
    await unverified(payments, lapsed, "lapsed")
    for case_id in (refused, won, uuid4()):
        await unverified(payments, case_id, "refused")
    (stands,) = await reserve(payments)
    assert stands["to_recover_fen"] == 60_000
    assert [(each["why"], each["amount_fen"]) for each in stands["to_recover"]] == [
        ("lapsed", 30_000),
        ("refused", 20_000),
        ("refused", 10_000),
    ]
    path = f"/reserves/{TOWN}/replenishments"
    said = {"amount_fen": 60_000, "voucher": "补1"}
    await payments.post(ZHOU_PING, path, said, expect=409)
    await unverified(payments, won, None)
    (stands,) = await reserve(payments)
    assert stands["to_recover_fen"] == 50_000, "an appeal set its end aside"
    await verified(payments, won)
    back = {"case_id": str(lapsed), "voucher": "退1"}
    await payments.post(ZHOU_PING, f"/reserves/{TOWN}/returns", back, expect=201)
    (stands,) = await reserve(payments)
    assert (stands["to_recover_fen"], stands["to_replenish_fen"]) == (20_000, 10_000)
    assert stands["left_fen"] == 70_000


async def test_casework_is_told_once_of_what_came_back_and_it_is_not_paid_first_again(
    payments: CountyPayments,
) -> None:
    case_id = uuid4()
    await fill(payments, 100_000)
    await advance(payments, 30_000, case_id)
    path, back = f"/reserves/{TOWN}/returns", {"case_id": str(case_id), "voucher": "退1"}
    await payments.post(ZHOU_PING, path, back, expect=201)
    again = await payments.post(ZHOU_PING, path, {**back, "voucher": "退2"}, expect=409)
    assert again["type"] == "/problems/back-before"
    (said,) = payments.rows(RETURNED)
    event = AdvanceReturned.model_validate(said["body"])
    assert (event.case_id, event.amount_fen) == (case_id, 30_000)
    again = await advance(payments, 30_000, case_id, expect=409)
    assert again["type"] == "/problems/back-before", "in the same words it would draw nothing"


async def test_what_came_back_before_anybody_said_so_is_told_once(payments: CountyPayments) -> None:
    case_id = uuid4()
    await fill(payments, 100_000)
    await advance(payments, 30_000, case_id)
    back = {"case_id": str(case_id), "voucher": "退1"}
    await payments.post(ZHOU_PING, f"/reserves/{TOWN}/returns", back, expect=201)
    (path,) = (migrations.folder("payments") / "versions").glob("*_advances_returned_before.py")
    tell = runpy.run_path(str(path))["RETURNED"]
    with psycopg.connect(payments.tables.owner_url, autocommit=True) as owner:
        owner.execute("DELETE FROM outbox WHERE subject = 'payments.advance-returned.v1'")
        for _ in range(2):
            owner.execute(tell)
    (said,) = payments.rows(RETURNED)
    event = AdvanceReturned.model_validate(said["body"])
    assert (event.case_id, event.amount_fen) == (case_id, 30_000)


async def test_what_was_verified_is_theirs_and_does_not_come_back(payments: CountyPayments) -> None:
    case_id = uuid4()
    await fill(payments, 100_000)
    await advance(payments, 30_000, case_id)
    await verified(payments, case_id)
    back = {"case_id": str(case_id), "voucher": "退1"}
    answer = await payments.post(ZHOU_PING, f"/reserves/{TOWN}/returns", back, expect=409)
    assert answer["type"] == "/problems/verified-since"
    (stands,) = await reserve(payments)
    assert (stands["left_fen"], stands["to_replenish_fen"]) == (70_000, 30_000)
    assert (
        payments.rows("SELECT body FROM outbox WHERE subject = 'payments.advance-returned.v1'")
        == []
    )
