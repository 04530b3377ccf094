"""A bank's answer is applied once, whole; what does not fit moves no money."""

import asyncio
import random
from typing import Any
from uuid import uuid4

import pytest

from tests.payments.answers import (
    CLOSED,
    SETTLED,
    UNKNOWN_CODE,
    WRONG_NAME,
    answer_to,
    came_back,
    rows_of,
    status_report,
)
from tests.payments.county import CHEN_JIE, NOTIFICATIONS, CountyPayments, a_bank
from tests.payments.makers import a_line, an_account

FEN = 58600


async def at_the_bank(
    payments: CountyPayments, count: int = 3
) -> tuple[list[dict[str, Any]], dict[str, Any], bytes]:
    """Lines that the co-operative has fetched: lines, their envelope, its file."""
    lines = [a_line() for _ in range(count)]
    [envelope] = await payments.sent(*lines)
    return lines, envelope, await payments.fetch(envelope)


def name_of(line: dict[str, Any], attempt: int = 1) -> str:
    return f"{line['line_id'].replace('-', '')}-{attempt:02d}"


async def test_settled_and_refused_lines_post_to_the_ledger(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    told = (await payments.answer(answer_to(envelope, file, {name_of(lines[1]): CLOSED}))).json()
    assert told["status"] == "applied"
    assert told["settled"] == {"count": 2, "total_fen": 2 * FEN}
    assert told["failed"] == {"count": 1, "total_fen": FEN}
    assert [payments.status_of(line) for line in lines] == ["settled", "refused", "settled"]
    balances = payments.balances()
    assert balances["paid"] == 2 * FEN
    assert "in-flight" not in balances
    assert balances["fund"] == 10**9 - 2 * FEN
    assert payments.one("SELECT status FROM envelope") == "answered"
    refused = payments.rows("SELECT status_reason FROM account WHERE status = 'refused'")
    assert refused == [{"status_reason": "account-closed"}]


async def test_the_events_name_the_lines_and_the_lines_are_there(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    told = (await payments.answer(answer_to(envelope, file, {name_of(lines[1]): CLOSED}))).json()
    events = payments.rows("SELECT subject, body FROM outbox WHERE subject LIKE '%%lines%%'")
    assert sorted((e["subject"], e["body"]["count"], e["body"]["total_fen"]) for e in events) == [
        ("payments.lines-returned.v1", 1, FEN),
        ("payments.lines-settled.v1", 2, 2 * FEN),
    ]
    path = f"/results/{told['result_id']}/lines"
    page = await payments.get(NOTIFICATIONS, f"{path}?limit=2")
    rest = await payments.get(NOTIFICATIONS, f"{path}?limit=2&after={page['next']}")
    items = page["items"] + rest["items"]
    assert rest["next"] is None
    assert {item["line_id"]: item["outcome"] for item in items} == {
        lines[0]["line_id"]: "settled",
        lines[1]["line_id"]: "refused",
        lines[2]["line_id"]: "settled",
    }
    [refused] = [item for item in items if item["outcome"] == "refused"]
    assert refused["reason"] == "account-closed"
    assert refused["bank_name"] == "青神县农村信用合作联社"
    assert len(refused["account_last4"]) == 4


async def test_the_same_file_again_changes_nothing(payments: CountyPayments) -> None:
    _, envelope, file = await at_the_bank(payments)
    content = answer_to(envelope, file)
    first = await payments.answer(content)
    before = payments.balances()
    again = await payments.answer(content, name="another-name.txt")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["already_received"] is True
    assert again.json()["result_id"] == first.json()["result_id"]
    assert payments.balances() == before
    assert payments.one("SELECT count(*) FROM outbox WHERE subject LIKE '%%settled%%'") == 1


async def test_the_same_file_five_times_at_once_is_applied_once(payments: CountyPayments) -> None:
    _, envelope, file = await at_the_bank(payments)
    content = answer_to(envelope, file)
    answers = await asyncio.gather(*(payments.answer(content) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {200, 201, 503}
    assert payments.one("SELECT count(*) FROM ledger_entry WHERE act = 'answered'") == 1


async def test_a_message_of_the_same_name_with_other_content_is_refused(
    payments: CountyPayments,
) -> None:
    lines, envelope, file = await at_the_bank(payments)
    await payments.answer(answer_to(envelope, file, only=1))
    changed = await payments.answer(answer_to(envelope, file, {name_of(lines[2]): CLOSED}))
    assert changed.status_code == 409
    assert changed.json()["type"] == "/problems/message-changed"
    assert payments.status_of(lines[2]) == "in-flight"


async def test_a_file_cut_anywhere_is_refused_whole(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    content = answer_to(envelope, file)
    rng = random.Random(15)  # noqa: S311 # Places to cut, no secret.
    for place in rng.sample(range(len(content)), 12):
        answer = await payments.answer(content[:place])
        assert answer.status_code == 422, answer.text
    assert {payments.status_of(line) for line in lines} == {"in-flight"}
    assert payments.one("SELECT count(*) FROM result_file") == 0
    assert (await payments.answer(content)).status_code == 201


async def test_a_body_that_is_not_the_one_declared_is_refused(payments: CountyPayments) -> None:
    answer = await payments.ask(
        a_bank("qsrcc"),
        "POST",
        "/bank/results?name=x.txt",
        content=b"HD|",
        headers={"Content-Digest": "sha-256=:AAAA:"},
    )
    assert answer.json()["type"] == "/problems/digest-differs"


async def test_unknown_ids_are_listed_and_the_known_applied(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    extra = [(f"{uuid4().hex}-01", "12.00", SETTLED), ("SALARY-OCT", "99.00", SETTLED)]
    told = (await payments.answer(answer_to(envelope, file, extra=extra))).json()
    assert (told["status"], told["discrepancies"]) == ("applied-with-discrepancies", 2)
    assert {payments.status_of(line) for line in lines} == {"settled"}
    read = await payments.get(a_bank("qsrcc"), f"/results/{told['result_id']}")
    assert {found["kind"] for found in read["discrepancy_list"]} == {"unknown-id"}
    assert payments.balances()["paid"] == 3 * FEN


async def test_a_file_of_unknown_ids_alone_is_refused(payments: CountyPayments) -> None:
    _, envelope, file = await at_the_bank(payments)
    content = answer_to(
        envelope, file, only=0, extra=[(f"{uuid4().hex}-01", "12.00", SETTLED) for _ in range(3)]
    )
    for _ in range(2):
        answer = await payments.answer(content)
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/all-unknown"
    assert payments.one("SELECT count(*) FROM discrepancy") == 0


@pytest.mark.breaks("No fee")
async def test_a_fen_more_or_less_moves_no_money(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    amounts = {name_of(lines[0]): "586.01", name_of(lines[1]): "585.99"}
    told = (await payments.answer(answer_to(envelope, file, amounts=amounts))).json()
    assert [payments.status_of(line) for line in lines] == ["in-flight", "in-flight", "settled"]
    found = payments.rows("SELECT kind, amount_fen, expected_fen FROM discrepancy ORDER BY 2")
    assert found == [
        {"kind": "amount-differs", "amount_fen": 58599, "expected_fen": FEN},
        {"kind": "amount-differs", "amount_fen": 58601, "expected_fen": FEN},
    ]
    assert told["settled"]["count"] == 1
    assert payments.one("SELECT status FROM envelope") == "fetched"


async def test_another_banks_payments_are_unknown_to_this_bank(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    own = a_line()
    await payments.hand_on(an_account(own, bank="qscb"))
    made = await payments.make(await payments.order([own], sequence=2))
    await payments.send_off(made["envelopes"])
    content = answer_to(envelope, file)
    answer = await payments.ask(
        a_bank("qscb"),
        "POST",
        "/bank/results?name=x.xml&bank=qsrcc",
        content=content,
        headers={"Content-Digest": "sha-256=:=:"},
    )
    assert answer.json()["type"] == "/problems/bank-not-named"
    assert {payments.status_of(line) for line in lines} == {"in-flight"}


async def test_success_then_a_return_is_posted_backwards(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    await payments.answer(answer_to(envelope, file))
    payments.move_clock(days=4)
    told = (await payments.answer(came_back(envelope, file, [name_of(lines[0])]))).json()
    assert told["failed"] == {"count": 1, "total_fen": FEN}
    assert payments.status_of(lines[0]) == "returned"
    balances = payments.balances()
    assert (balances["paid"], balances["returned"]) == (2 * FEN, FEN)
    assert balances["fund"] == 10**9 - 3 * FEN


async def test_a_return_that_comes_before_its_settlement_is_a_return(
    payments: CountyPayments,
) -> None:
    lines, envelope, file = await at_the_bank(payments)
    await payments.answer(came_back(envelope, file, [name_of(lines[0])]))
    told = (await payments.answer(answer_to(envelope, file))).json()
    assert payments.status_of(lines[0]) == "returned"
    assert told["discrepancies"] == 0, "the day it settled lies before the day it came back"
    assert payments.balances()["returned"] == FEN


async def test_a_failure_and_then_a_success_goes_to_the_discrepancy_list(
    payments: CountyPayments,
) -> None:
    lines, envelope, file = await at_the_bank(payments)
    await payments.answer(answer_to(envelope, file, {name_of(lines[0]): WRONG_NAME}))
    before = payments.balances()
    told = (await payments.answer(answer_to(envelope, file, message="M2"))).json()
    assert told["discrepancies"] == 1
    assert payments.one("SELECT kind FROM discrepancy") == "settled-after-refusal"
    assert payments.status_of(lines[0]) == "refused"
    assert payments.balances() == before


async def test_a_refusal_after_a_settlement_and_a_return_after_a_refusal_move_nothing(
    payments: CountyPayments,
) -> None:
    lines, envelope, file = await at_the_bank(payments)
    await payments.answer(answer_to(envelope, file, {name_of(lines[0]): CLOSED}))
    before = payments.balances()
    codes = {name_of(lines[0]): CLOSED, name_of(lines[1]): CLOSED}
    await payments.answer(answer_to(envelope, file, codes, message="M2"))
    await payments.answer(came_back(envelope, file, [name_of(lines[0])]))
    kinds = payments.rows("SELECT kind FROM discrepancy ORDER BY kind")
    assert [row["kind"] for row in kinds] == ["refused-after-settlement", "returned-after-refusal"]
    assert payments.balances() == before


async def test_an_answer_nobody_can_read_is_no_answer(payments: CountyPayments) -> None:
    lines, envelope, file = await at_the_bank(payments)
    codes = {name_of(lines[0]): UNKNOWN_CODE}
    await payments.answer(answer_to(envelope, file, codes))
    assert payments.status_of(lines[0]) == "in-flight"
    assert payments.one("SELECT kind FROM discrepancy") == "not-understood"


async def test_an_answer_before_the_file_was_fetched_is_refused_until_it_is(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.hand_on(an_account(line))
    await payments.fund()
    [envelope] = (await payments.make(await payments.order([line])))["envelopes"]
    await payments.check(envelope)
    await payments.release(envelope)
    await payments.publish()
    file = (payments.settings.files_dir / "payouts" / "qsrcc").iterdir()
    content = answer_to(envelope, next(file).read_bytes())
    early = await payments.answer(content)
    assert early.status_code == 409
    assert early.json()["type"] == "/problems/answered-before-fetched"
    await payments.fetch(envelope)
    assert (await payments.answer(content)).json()["status"] == "applied"
    assert payments.status_of(line) == "settled"


@pytest.mark.parametrize("block", [False, True])
async def test_a_refused_file_fails_every_line(payments: CountyPayments, block: bool) -> None:
    lines = [a_line() for _ in range(3)]
    [envelope] = await payments.sent(*lines, bank="qscb")
    refused = await payments.answer(
        status_report(envelope, "RJCT", "AM04", block=block), bank="qscb"
    )
    assert refused.json()["failed"] == {"count": 3, "total_fen": 3 * FEN}
    assert {payments.status_of(line) for line in lines} == {"refused"}
    assert payments.balances()["fund"] == 10**9
    assert payments.one("SELECT count(*) FROM account WHERE status = 'verified'") == 3


@pytest.mark.parametrize("block", [False, True])
async def test_an_accepted_file_waits_and_its_refusal_as_a_whole_moves_nothing(
    payments: CountyPayments, block: bool
) -> None:
    lines = [a_line() for _ in range(3)]
    [envelope] = await payments.sent(*lines, bank="qscb")
    accepted = await payments.answer(
        status_report(envelope, "ACCP", block=block), bank="qscb", name="1.xml"
    )
    assert (accepted.json()["answers"], accepted.json()["settled"]["count"]) == (3, 0)
    assert payments.one("SELECT count(accepted_at) FROM transfer") == 3
    before = payments.balances()
    refused = await payments.answer(
        status_report(envelope, "RJCT", "AM04", block=block), bank="qscb", name="2.xml"
    )
    assert (refused.json()["failed"]["count"], refused.json()["discrepancies"]) == (0, 3)
    kinds = payments.rows("SELECT DISTINCT kind FROM discrepancy")
    assert kinds == [{"kind": "file-refused-after-acceptance"}]
    assert {payments.status_of(line) for line in lines} == {"in-flight"}
    assert payments.balances() == before


@pytest.mark.parametrize("kind", ["Cd", "Prtry"])
@pytest.mark.parametrize("block", [False, True])
async def test_a_bank_that_has_had_the_file_before_has_not_refused_it(
    payments: CountyPayments, kind: str, block: bool
) -> None:
    line = a_line()
    [envelope] = await payments.sent(line, bank="qscb")
    report = status_report(envelope, "RJCT", "DUPL", kind=kind, block=block)
    answer = await payments.answer(report, bank="qscb")
    assert answer.status_code in (201, 422)
    assert payments.status_of(line) == "in-flight"


@pytest.mark.parametrize("reason", ["", "ZZ99"])
async def test_a_file_refused_for_no_reason_we_know_is_asked_about(
    payments: CountyPayments, reason: str
) -> None:
    line = a_line()
    [envelope] = await payments.sent(line, bank="qscb")
    report = status_report(envelope, "RJCT", reason, kind="Prtry")
    told = (await payments.answer(report, bank="qscb")).json()
    assert (told["failed"]["count"], told["discrepancies"]) == (0, 1)
    assert payments.one("SELECT kind FROM discrepancy") == "file-refused-without-reason"
    assert payments.status_of(line) == "in-flight"


async def test_one_credit_settles_every_resident_of_a_home(payments: CountyPayments) -> None:
    residents = [
        a_line(beneficiary_kind="person", programme="tekun", budget_item="2082102")
        for _ in range(4)
    ]
    [envelope] = await payments.sent(
        *residents,
        number="8888000000000001",
        relation="institution",
        paper="入院协议",
        holder_id=uuid4(),
        holder_kind="institution",
        holder_name="青神县中心敬老院",
    )
    file = await payments.fetch(envelope)
    assert [row[4] for row in rows_of(file)] == ["2344.00"]
    told = (await payments.answer(answer_to(envelope, file))).json()
    assert told["settled"] == {"count": 4, "total_fen": 4 * FEN}
    assert {payments.status_of(line) for line in residents} == {"settled"}


async def test_a_silent_bank_leaves_its_lines_unconfirmed_and_unsent_again(
    payments: CountyPayments,
) -> None:
    lines, envelope, file = await at_the_bank(payments)
    await payments.answer(answer_to(envelope, file, only=1))
    payments.move_clock(days=4)  # Tuesday; Saturday the tenth was worked: the third bank day.
    assert await payments.hear_silence() == 0
    payments.move_clock(days=1)
    assert await payments.hear_silence() == 2
    assert await payments.hear_silence() == 0
    month = await payments.get(CHEN_JIE, "/months/2026-10")
    assert month["unconfirmed"] == {"count": 2, "total_fen": 2 * FEN}
    assert month["waiting"]["count"] == 0
    again = await payments.post_reissue()
    assert again["envelopes"] == []
    assert payments.one("SELECT max(attempt) FROM transfer_order") == 1
    await payments.answer(answer_to(envelope, file, message="M2"))
    assert {payments.status_of(line) for line in lines} == {"settled"}


async def test_a_file_nobody_fetched_is_not_silence(payments: CountyPayments) -> None:
    line = a_line()
    await payments.hand_on(an_account(line))
    await payments.fund()
    [envelope] = (await payments.make(await payments.order([line])))["envelopes"]
    await payments.check(envelope)
    await payments.release(envelope)
    await payments.publish()
    payments.move_clock(days=30)
    assert await payments.hear_silence() == 0
    assert payments.status_of(line) == "in-flight"


async def test_a_result_file_at_rest_shows_no_account_number(payments: CountyPayments) -> None:
    _, envelope, file = await at_the_bank(payments, count=1)
    await payments.answer(answer_to(envelope, file))
    number = rows_of(file)[0][2].encode()
    [kept] = list((payments.settings.files_dir / "results").iterdir())
    assert number not in kept.read_bytes()
    opened = payments.app.state.keys.decrypt_bytes(kept.read_bytes(), purpose="bank-result")
    assert number in opened


@pytest.mark.parametrize("who", ["qscb"])
async def test_a_banks_result_is_not_anothers_to_read(payments: CountyPayments, who: str) -> None:
    _, envelope, file = await at_the_bank(payments, count=1)
    told = (await payments.answer(answer_to(envelope, file))).json()
    await payments.get(a_bank("qsrcc"), f"/results/{told['result_id']}")
    await payments.get(a_bank(who), f"/results/{told['result_id']}", expect=404)
