"""After a definite failure, and only then: a new account, verified, and the next attempt."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.payments.answers import CLOSED, answer_to, came_back, rows_of
from tests.payments.county import CHEN_JIE, WANG_FANG, ZHOU_PING, CountyPayments
from tests.payments.makers import a_line

FEN = 58600


def brought(line: dict[str, Any], **words: Any) -> dict[str, Any]:
    """A new card, as the desk reads it."""
    return {
        "beneficiary_kind": line["beneficiary_kind"],
        "relation": "household",
        "paper": "身份证、新卡，本人到场",
        "since": "2026-10",
        "holder_id": line["beneficiary_id"],
        "holder_name": "李卫国",
        "bank": "qsrcc",
        "account_number": "6230000000000007",
        **words,
    }


async def failed(payments: CountyPayments, count: int = 2) -> tuple[list[dict[str, Any]], Any]:
    """Lines of which the first was refused for a closed account; with the envelope."""
    lines = [a_line() for _ in range(count)]
    [envelope] = await payments.sent(*lines)
    file = await payments.fetch(envelope)
    name = f"{UUID(lines[0]['line_id']).hex}-01"
    await payments.answer(answer_to(envelope, file, {name: CLOSED}))
    return lines, envelope


async def mend(payments: CountyPayments, line: dict[str, Any], **words: Any) -> None:
    """The payee brings a card; a second person verifies it."""
    path = f"/payees/{line['beneficiary_id']}/account"
    account = await payments.post(WANG_FANG, path, brought(line, **words))
    assert account["status"] == "unverified"
    await payments.verify(CHEN_JIE, account["account_id"])


async def test_a_verified_new_account_gets_the_next_attempt(payments: CountyPayments) -> None:
    lines, _ = await failed(payments)
    await mend(payments, lines[0])
    again = await payments.post_reissue()
    [envelope] = again["envelopes"]
    assert (envelope["kind"], envelope["attempt"], envelope["count"]) == ("supplementary", 2, 1)
    assert payments.status_of(lines[0]) == "enveloped"
    await payments.send_off([envelope])
    file = await payments.fetch(envelope)
    assert rows_of(file)[0][1:3] == [f"{UUID(lines[0]['line_id']).hex}-02", "6230000000000007"]
    await payments.answer(answer_to(envelope, file, message="M2"))
    assert payments.status_of(lines[0]) == "settled"
    assert payments.balances()["paid"] == 2 * FEN
    month = await payments.get(CHEN_JIE, "/months/2026-10")
    assert month["settled"] == {"count": 2, "total_fen": 2 * FEN}
    assert month["refused"]["count"] == 0
    success = {"answered": 2, "at_once": 1, "came_back": 1, "paid_since": 1}
    assert month["success"] == success
    assert month["unpaid_long"]["count"] == 0


async def test_what_has_lain_for_thirty_days_is_counted(payments: CountyPayments) -> None:
    await failed(payments)
    month = await payments.get(CHEN_JIE, "/months/2026-10")
    assert month["success"] == {"answered": 2, "at_once": 1, "came_back": 1, "paid_since": 0}
    assert month["unpaid_long"] == {"count": 0, "total_fen": 0}
    payments.move_clock(days=30)
    month = await payments.get(CHEN_JIE, "/months/2026-10")
    assert month["unpaid_long"] == {"count": 1, "total_fen": FEN}


async def test_without_a_new_account_nothing_is_tried_again(payments: CountyPayments) -> None:
    await failed(payments)
    again = await payments.post_reissue()
    assert again["envelopes"] == []
    assert again["not_ready"] == [{"reason": "account-refused", "count": 1, "total_fen": FEN}]


async def test_what_the_bank_settled_after_all_is_not_paid_again(
    payments: CountyPayments,
) -> None:
    lines, envelope = await failed(payments)
    file = await payments.fetch(envelope)
    await payments.answer(answer_to(envelope, file, message="M2"))
    assert payments.one("SELECT kind FROM discrepancy") == "settled-after-refusal"
    await mend(payments, lines[0])
    again = await payments.post_reissue()
    assert again["envelopes"] == []
    assert again["not_ready"] == [{"reason": "bank-contradicts", "count": 1, "total_fen": FEN}]


async def test_a_next_attempt_of_what_the_bank_settled_meanwhile_is_not_released(
    payments: CountyPayments,
) -> None:
    lines, envelope = await failed(payments)
    await mend(payments, lines[0])
    [again] = (await payments.post_reissue())["envelopes"]
    await payments.check(again)
    file = await payments.fetch(envelope)
    await payments.answer(answer_to(envelope, file, message="M2"))
    before = payments.balances()
    path, words = f"/envelopes/{again['id']}/release", {"list_sha256": again["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert (refused["type"], refused["contradicted"]) == ("/problems/bank-contradicts", 1)
    assert payments.balances() == before
    await payments.post(CHEN_JIE, f"/envelopes/{again['id']}/void", {"reason": "it was paid"})
    assert (await payments.post_reissue())["envelopes"] == []


async def test_a_reissue_asked_for_twice_is_made_once(payments: CountyPayments) -> None:
    lines, _ = await failed(payments)
    await mend(payments, lines[0])
    assert len((await payments.post_reissue())["envelopes"]) == 1
    assert (await payments.post_reissue())["envelopes"] == []
    assert payments.one("SELECT count(*) FROM transfer WHERE attempt = 2") == 1


async def test_who_brought_the_account_in_does_not_verify_it(payments: CountyPayments) -> None:
    lines, _ = await failed(payments)
    path = f"/payees/{lines[0]['beneficiary_id']}/account"
    account = await payments.post(WANG_FANG, path, brought(lines[0]))
    refused = await payments.verify(WANG_FANG, account["account_id"], expect=409)
    assert refused["type"] == "/problems/another-person-verifies"
    assert (await payments.post_reissue())["not_ready"][0]["reason"] == "account-unverified"


async def test_an_account_is_brought_with_a_paper_to_a_bank_that_pays(
    payments: CountyPayments,
) -> None:
    lines, _ = await failed(payments)
    path = f"/payees/{lines[0]['beneficiary_id']}/account"
    await payments.post(WANG_FANG, path, brought(lines[0], paper="  "), expect=422)
    unknown = await payments.post(WANG_FANG, path, brought(lines[0], bank="farbank"), expect=422)
    assert unknown["banks"] == ["qscb", "qspb", "qsrcc"]
    mass = {**brought(lines[0]), "status": "verified"}
    assert "faults" in await payments.post(WANG_FANG, path, mass, expect=422)


async def test_money_that_came_back_pays_the_next_attempt_without_a_new_appropriation(
    payments: CountyPayments,
) -> None:
    line = a_line()
    [envelope] = await payments.sent(line)
    file = await payments.fetch(envelope)
    await payments.answer(answer_to(envelope, file))
    await payments.answer(came_back(envelope, file, [f"{UUID(line['line_id']).hex}-01"]))
    with payments.as_owner() as owner:  # The fund is empty; what came back is there.
        left = payments.balances()["fund"]
        owner.execute(
            "INSERT INTO ledger_entry SELECT county, number + 1, 'spent', 'x', pay_month,"
            " recorded_at, 2, '', '', '' FROM ledger_entry ORDER BY number DESC LIMIT 1"
        )
        owner.execute(
            "INSERT INTO ledger_posting SELECT county, (SELECT max(number) FROM ledger_entry),"
            " side.place, side.account, 'hardship', '2026-10', NULL, NULL, side.fen"
            " FROM intake CROSS JOIN (VALUES (1, 'fund', %s::bigint), (2, 'treasury', %s::bigint))"
            " AS side (place, account, fen)",
            (-left, left),
        )
    await mend(payments, line)
    [again] = (await payments.post_reissue())["envelopes"]
    await payments.check(again)
    await payments.release(again)
    assert "returned" not in payments.balances()
    assert payments.balances()["in-flight"] == FEN


async def test_a_home_that_was_refused_is_paid_again_by_one_credit(
    payments: CountyPayments,
) -> None:
    residents = [
        a_line(beneficiary_kind="person", programme="tekun", budget_item="2082102")
        for _ in range(3)
    ]
    home = {
        "relation": "institution",
        "paper": "入院协议",
        "holder_id": uuid4(),
        "holder_kind": "institution",
        "holder_name": "青神县中心敬老院",
    }
    [envelope] = await payments.sent(*residents, number="8888000000000001", **home)
    file = await payments.fetch(envelope)
    first = rows_of(file)[0][1]
    await payments.answer(answer_to(envelope, file, {first: CLOSED}))
    home["holder_id"] = str(home["holder_id"])
    for resident in residents:
        path = f"/payees/{resident['beneficiary_id']}/account"
        words = brought(resident, **home, account_number="8888000000000009")
        account = await payments.post(WANG_FANG, path, words)
    await payments.verify(CHEN_JIE, account["account_id"])
    [again] = (await payments.post_reissue())["envelopes"]
    assert (again["count"], again["orders_count"]) == (1, 3)
    reference = payments.rows("SELECT DISTINCT reference FROM transfer")
    assert len(reference) == 1, "the same residents are the same payment, tried again"


async def test_the_database_refuses_an_attempt_without_a_definite_failure(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.sent(line)
    with payments.as_owner() as owner:
        owner.execute(
            "INSERT INTO transfer (county, envelope_id, position, reference, attempt, account_id,"
            " account_index, amount_fen, orders_count, status) SELECT county, envelope_id, 2,"
            " reference, 2, account_id, account_index, amount_fen, 1, 'made' FROM transfer"
        )
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute(
                "INSERT INTO transfer_order SELECT county, (SELECT max(id) FROM transfer),"
                " line_id, 2, false FROM transfer_order"
            )


async def test_the_database_refuses_the_same_attempt_twice(payments: CountyPayments) -> None:
    line = a_line()
    await payments.sent(line)
    with payments.as_owner() as owner, pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute(
            "INSERT INTO transfer (county, envelope_id, position, reference, attempt, account_id,"
            " account_index, amount_fen, orders_count, status) SELECT county, envelope_id, 2,"
            " reference, 1, account_id, account_index, amount_fen, 1, 'made' FROM transfer"
        )


async def test_a_voided_reissue_leaves_the_failure_as_it_was(payments: CountyPayments) -> None:
    lines, _ = await failed(payments)
    await mend(payments, lines[0])
    [envelope] = (await payments.post_reissue())["envelopes"]
    path = f"/envelopes/{envelope['id']}/void"
    await payments.post(CHEN_JIE, path, {"reason": "wait for the next pay day"})
    assert payments.status_of(lines[0]) == "refused"
    [again] = (await payments.post_reissue())["envelopes"]
    assert (again["attempt"], again["sequence"]) == (2, 2)
