"""Three persons and one hash: made, checked, released; only as far as the appropriation covers."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from shared.callers import Caller, Kind
from tests.payments.county import (
    CHEN_JIE,
    WANG_FANG,
    ZHAO_MIN,
    ZHOU_PING,
    CountyPayments,
)
from tests.payments.makers import COUNTY, a_line, an_account


async def made(payments: CountyPayments, count: int = 3, **words: Any) -> dict[str, Any]:
    """One envelope of some lines."""
    lines = [a_line() for _ in range(count)]
    await payments.hand_on(*(an_account(line, **words) for line in lines))
    envelopes = (await payments.make(await payments.order(lines)))["envelopes"]
    assert len(envelopes) == 1
    return dict(envelopes[0])


async def test_an_envelope_is_bank_by_project_by_budget_item_by_kind(
    payments: CountyPayments,
) -> None:
    home = uuid4()
    lines = [
        a_line(),
        a_line(),
        a_line(budget_item="2081901"),
        a_line(),
        *(
            a_line(beneficiary_kind="person", programme="tekun", budget_item="2082102")
            for _ in range(3)
        ),
    ]
    for line in lines[:3]:
        await payments.hand_on(an_account(line))
    await payments.hand_on(an_account(lines[3], bank="qscb"))
    for line in lines[4:]:
        await payments.hand_on(
            an_account(
                line,
                number="8888000000000001",
                relation="institution",
                paper="入院协议",
                holder_id=home,
                holder_kind="institution",
                holder_name="青神县中心敬老院",
            )
        )
    envelopes = (await payments.make(await payments.order(lines)))["envelopes"]
    assert [
        (each["bank"], each["project"], each["budget_item"], each["count"], each["orders_count"])
        for each in envelopes
    ] == [
        ("qscb", "dibao", "2081902", 1, 1),
        ("qsrcc", "dibao", "2081901", 1, 1),
        ("qsrcc", "dibao", "2081902", 2, 2),
        ("qsrcc", "tekun", "2082102", 1, 3),
    ]
    assert envelopes[0]["format"] == "pain.001.001.09"
    assert envelopes[1]["layout"]["encoding"] == "GB18030"


async def test_making_them_again_gives_the_same_answer(payments: CountyPayments) -> None:
    lines = [a_line() for _ in range(3)]
    await payments.hand_on(*(an_account(line) for line in lines))
    run_id = await payments.order(lines)
    first = await payments.make(run_id)
    assert (await payments.make(run_id))["envelopes"] == first["envelopes"]
    assert payments.one("SELECT count(*) FROM transfer_order") == 3


async def test_a_large_list_is_cut_where_the_bank_says(payments: CountyPayments) -> None:
    lines = [a_line() for _ in range(5003)]
    for start in range(0, 5003, 1000):
        await payments.hand_on(*(an_account(line) for line in lines[start : start + 1000]))
    envelopes = (await payments.make(await payments.order(lines)))["envelopes"]
    assert [(each["sequence"], each["count"]) for each in envelopes] == [(1, 5000), (2, 3)]


async def test_two_makers_at_once_make_them_once(payments: CountyPayments) -> None:
    lines = [a_line() for _ in range(5)]
    await payments.hand_on(*(an_account(line) for line in lines))
    run_id = await payments.order(lines)
    both = await asyncio.gather(payments.make(run_id), payments.make(run_id))
    assert both[0]["envelopes"] == both[1]["envelopes"]
    assert payments.one("SELECT count(*) FROM transfer") == 5


async def test_an_unordered_run_and_another_countys_have_no_envelopes(
    payments: CountyPayments,
) -> None:
    await payments.post(WANG_FANG, "/envelopes", {"run_id": str(uuid4())}, expect=404)
    run_id = await payments.order([a_line()])
    await payments.post(ZHAO_MIN, "/envelopes", {"run_id": str(run_id)}, expect=403)


async def test_the_maker_does_not_check_nor_by_a_second_account(payments: CountyPayments) -> None:
    envelope = await made(payments)
    words = {"list_sha256": envelope["list_sha256"]}
    path = f"/envelopes/{envelope['id']}/check"
    await payments.post(WANG_FANG, path, words, expect=403)
    second_account = Caller(
        "wang.fang.2", Kind.STAFF, COUNTY, "wang.fang", frozenset({"payouts:check"}), (COUNTY,)
    )
    refused = await payments.post(second_account, path, words, expect=409)
    assert refused["type"] == "/problems/another-person-needed"


async def test_neither_maker_nor_checker_releases(payments: CountyPayments) -> None:
    await payments.fund()
    envelope = await made(payments)
    await payments.check(envelope)
    words = {"list_sha256": envelope["list_sha256"]}
    path = f"/envelopes/{envelope['id']}/release"
    for person in ("wang.fang", "chen.jie"):
        finance = Caller(
            "finance", Kind.STAFF, COUNTY, person, frozenset({"payouts:release"}), (COUNTY,)
        )
        refused = await payments.post(finance, path, words, expect=409)
        assert refused["type"] == "/problems/another-person-needed"
    assert (await payments.release(envelope))["status"] == "released"


async def test_an_unchecked_envelope_is_not_released(payments: CountyPayments) -> None:
    await payments.fund()
    envelope = await made(payments)
    path = f"/envelopes/{envelope['id']}/release"
    words = {"list_sha256": envelope["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert refused["type"] == "/problems/envelope-moved"


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE position = 1",
        "UPDATE payment_order SET amount_fen = amount_fen + 1 WHERE line_id ="
        " (SELECT line_id FROM transfer_order LIMIT 1)",
        "UPDATE transfer SET account_index = sha256(account_index) WHERE position = 1",
    ],
)
async def test_a_list_changed_by_a_fen_or_an_account_is_not_released(
    payments: CountyPayments, tampering: str
) -> None:
    await payments.fund()
    envelope = await made(payments)
    await payments.check(envelope)
    with payments.as_owner() as owner:
        owner.execute(tampering.encode())
    path = f"/envelopes/{envelope['id']}/release"
    words = {"list_sha256": envelope["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert refused["type"] == "/problems/list-differs"


async def test_another_hash_than_the_one_made_is_not_approved(payments: CountyPayments) -> None:
    envelope = await made(payments)
    path = f"/envelopes/{envelope['id']}/check"
    refused = await payments.post(CHEN_JIE, path, {"list_sha256": "0" * 64}, expect=409)
    assert refused["type"] == "/problems/list-differs"


async def test_of_two_releasers_at_once_one_wins(payments: CountyPayments) -> None:
    await payments.fund()
    envelope = await made(payments)
    await payments.check(envelope)
    words = {"list_sha256": envelope["list_sha256"]}
    path = f"/envelopes/{envelope['id']}/release"
    answers = await asyncio.gather(
        *(payments.ask(ZHOU_PING, "POST", path, json=words) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert payments.one("SELECT count(*) FROM ledger_entry WHERE act = 'released'") == 1


async def test_without_an_appropriation_nothing_is_released(payments: CountyPayments) -> None:
    envelope = await made(payments)
    await payments.check(envelope)
    await payments.fund(fund="disability", projects=["disability_living"])
    await payments.fund(pay_month="2026-11")
    path = f"/envelopes/{envelope['id']}/release"
    words = {"list_sha256": envelope["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert refused["type"] == "/problems/no-appropriation"
    assert "hardship" in refused["detail"]


async def test_a_voucher_for_another_programme_covers_nothing(payments: CountyPayments) -> None:
    envelope = await made(payments)
    await payments.check(envelope)
    await payments.fund(projects=["tekun"])
    path = f"/envelopes/{envelope['id']}/release"
    words = {"list_sha256": envelope["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert refused["type"] == "/problems/no-appropriation"


async def test_a_fund_pays_only_what_its_appropriation_covers(payments: CountyPayments) -> None:
    lines = [a_line(), a_line()]
    await payments.hand_on(an_account(lines[0], bank="qscb"), an_account(lines[1], bank="qsrcc"))
    envelopes = (await payments.make(await payments.order(lines)))["envelopes"]
    await payments.fund(2 * 58600 - 1)
    for envelope in envelopes:
        await payments.check(envelope)
    await payments.release(envelopes[0])
    path = f"/envelopes/{envelopes[1]['id']}/release"
    words = {"list_sha256": envelopes[1]["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert (refused["type"], refused["left_fen"]) == ("/problems/appropriation-spent", 58599)
    await payments.fund(1)
    await payments.release(envelopes[1])
    funds = (await payments.get(ZHOU_PING, "/funds?pay_month=2026-10"))["items"]
    assert [(fund["appropriated_fen"], fund["left_fen"]) for fund in funds] == [(2 * 58600, 0)]


async def test_two_envelopes_released_at_once_do_not_overdraw_the_fund(
    payments: CountyPayments,
) -> None:
    lines = [a_line() for _ in range(4)]
    for line, bank in zip(lines, ("qscb", "qsrcc", "qspb", "qspb"), strict=True):
        await payments.hand_on(an_account(line, bank=bank))
    envelopes = (await payments.make(await payments.order(lines)))["envelopes"]
    await payments.fund(2 * 58600)
    for envelope in envelopes:
        await payments.check(envelope)
    answers = await asyncio.gather(
        *(
            payments.ask(
                ZHOU_PING,
                "POST",
                f"/envelopes/{each['id']}/release",
                json={"list_sha256": each["list_sha256"]},
            )
            for each in envelopes
        )
    )
    assert 409 in {answer.status_code for answer in answers}
    assert payments.balances().get("fund", 0) >= 0


async def test_a_frozen_county_releases_nothing(payments: CountyPayments) -> None:
    await payments.fund()
    envelope = await made(payments)
    await payments.check(envelope)
    await payments.post(CHEN_JIE, "/freeze", {"reason": "restored from a backup"})
    path = f"/envelopes/{envelope['id']}/release"
    words = {"list_sha256": envelope["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert refused["type"] == "/problems/payouts-frozen"
    await payments.post(ZHOU_PING, "/unfreeze", {"reason": "compared with both banks' books"})
    await payments.release(envelope)
    assert await payments.publish() == 1


async def test_an_account_refused_since_stops_the_release(payments: CountyPayments) -> None:
    await payments.fund()
    envelope = await made(payments)
    await payments.check(envelope)
    account_id = payments.rows("SELECT id FROM account")[0]["id"]
    verdict = {"verified": False, "reason": "account-closed"}
    await payments.post(CHEN_JIE, f"/accounts/{account_id}/verification", verdict)
    path = f"/envelopes/{envelope['id']}/release"
    words = {"list_sha256": envelope["list_sha256"]}
    refused = await payments.post(ZHOU_PING, path, words, expect=409)
    assert (refused["type"], refused["changed"]) == ("/problems/account-changed", 1)


async def test_a_voided_envelope_gives_its_orders_back(payments: CountyPayments) -> None:
    envelope = await made(payments)
    await payments.check(envelope)
    path = f"/envelopes/{envelope['id']}/void"
    voided = await payments.post(CHEN_JIE, path, {"reason": "one account was closed"})
    assert voided["status"] == "voided"
    again = await payments.make(envelope["run_id"])
    assert [each["status"] for each in again["envelopes"]] == ["voided", "made"]
    assert again["envelopes"][1]["list_sha256"] == envelope["list_sha256"]
    assert again["envelopes"][1]["id"] != envelope["id"]
    month = await payments.get(CHEN_JIE, "/months/2026-10")
    assert len(month["envelopes"]) == 1


async def test_a_released_envelope_cannot_be_voided(payments: CountyPayments) -> None:
    await payments.fund()
    envelope = await made(payments)
    await payments.check(envelope)
    await payments.release(envelope)
    path = f"/envelopes/{envelope['id']}/void"
    await payments.post(CHEN_JIE, path, {"reason": "too late for that"}, expect=409)


async def test_a_voucher_is_recorded_once_and_names_programmes_of_its_fund(
    payments: CountyPayments,
) -> None:
    words = {
        "fund": "hardship",
        "pay_month": "2026-10",
        "amount_fen": 5,
        "voucher": "财社〔2026〕41号",
        "projects": ["dibao"],
    }
    await payments.post(ZHOU_PING, "/appropriations", words)
    twice = await payments.post(ZHOU_PING, "/appropriations", words, expect=409)
    assert twice["type"] == "/problems/voucher-recorded"
    strange = {**words, "voucher": "42", "projects": ["old_age"]}
    await payments.post(ZHOU_PING, "/appropriations", strange, expect=422)
    for amount in (0, -5, 2**63, 1.5):
        bad = {**words, "voucher": "43", "amount_fen": amount}
        await payments.post(ZHOU_PING, "/appropriations", bad, expect=422)
    await payments.post(WANG_FANG, "/appropriations", {**words, "voucher": "44"}, expect=403)
    assert payments.balances() == {"fund": 5, "treasury": -5}
