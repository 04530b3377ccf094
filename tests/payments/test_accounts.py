"""Accounts come in with a roster, once; what a person mended is not undone by the next roster."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.payments.county import (
    CHEN_JIE,
    DOOR,
    IDENTIFICATION,
    NOTIFICATIONS,
    WANG_FANG,
    CountyPayments,
)
from tests.payments.makers import a_line, an_account


async def test_the_same_chunk_again_changes_nothing(payments: CountyPayments) -> None:
    accounts = [an_account(a_line()) for _ in range(5)]
    first = await payments.hand_on(*accounts)
    assert first == {"items": 5, "accounts": 5, "relations": 5}
    assert await payments.hand_on(*accounts) == {"items": 5, "accounts": 0, "relations": 0}


async def test_a_number_is_sealed_and_never_told(payments: CountyPayments) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number="6217009912345678"))
    [row] = payments.rows("SELECT * FROM account")
    assert "6217009912345678" not in str(row)
    assert row["number_last4"] == "5678"
    assert row["status"] == "verified"
    opened = payments.app.state.keys.decrypt(
        row["number_sealed"], table="account", column="number", row=row["id"]
    )
    assert opened == "6217009912345678"


async def test_the_reading_role_sees_no_holder(payments: CountyPayments) -> None:
    await payments.hand_on(an_account(a_line()))
    with psycopg.connect(payments.tables.reader_url) as reader:
        assert reader.execute("SELECT count(*) FROM account").fetchone() == (0,)
    assert payments.one("SELECT count(*) FROM account") == 1


async def test_a_changed_relation_holds_from_its_own_month(payments: CountyPayments) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number="6222000000000001", since="2026-09"))
    await payments.hand_on(an_account(line, number="6222000000000002", since="2026-11"))
    [envelope] = (await payments.make(await payments.order([line])))["envelopes"]
    paid = payments.one(
        "SELECT number_last4 FROM account JOIN transfer ON transfer.account_id = account.id"
    )
    assert (envelope["count"], paid) == (1, "0001")


async def test_a_roster_does_not_bring_back_an_account_its_bank_refused(
    payments: CountyPayments,
) -> None:
    line = a_line()
    old = an_account(line, number="6222000000000001")
    await payments.hand_on(old)
    account_id = payments.one("SELECT id FROM account")
    closed = {"verified": False, "reason": "account-closed"}
    await payments.post(CHEN_JIE, f"/accounts/{account_id}/verification", closed)
    words = {
        "beneficiary_kind": "household",
        "relation": "household",
        "paper": "本人到场",
        "since": "2026-10",
        "holder_id": line["beneficiary_id"],
        "holder_name": "李卫国",
        "bank": "qscb",
        "account_number": "6222000000000009",
    }
    new = await payments.post(WANG_FANG, f"/payees/{line['beneficiary_id']}/account", words)
    await payments.verify(CHEN_JIE, new["account_id"])
    again = await payments.hand_on({**old, "since": "2026-11"})
    assert again["relations"] == 0


def brought(line: dict[str, Any], number: str, **words: Any) -> dict[str, Any]:
    """A card of somebody else's, as the desk reads it with a paper."""
    return {
        "beneficiary_kind": line["beneficiary_kind"],
        "relation": "carer",
        "paper": "照料服务协议",
        "since": "2026-10",
        "holder_id": str(uuid4()),
        "holder_name": "李卫国",
        "bank": "qsrcc",
        "account_number": number,
        **words,
    }


async def test_one_person_alone_leads_nobodys_money_to_a_card_verified_long_ago(
    payments: CountyPayments,
) -> None:
    line, other = a_line(), a_line()
    await payments.hand_on(an_account(line), an_account(other, number="6222000000000001"))
    path = f"/payees/{line['beneficiary_id']}/account"
    account = await payments.post(WANG_FANG, path, brought(line, "6222000000000001"))
    assert account["status"] == "verified"
    refused = await payments.verify(WANG_FANG, account["account_id"], expect=409)
    assert refused["type"] == "/problems/another-person-verifies"
    run_id = await payments.order([line, other])
    await payments.make(run_id)
    assert [payments.status_of(one) for one in (line, other)] == ["held", "enveloped"]
    assert payments.one("SELECT reason FROM hold") == "account-unverified"

    await payments.verify(CHEN_JIE, account["account_id"])
    again = await payments.verify(CHEN_JIE, account["account_id"], expect=409)
    assert again["type"] == "/problems/account-decided"
    [relation] = payments.rows(
        "SELECT recorded_person, verified_by, verified_person FROM payee_relation"
        " WHERE relation = 'carer'"
    )
    assert relation == {
        "recorded_person": "wang.fang",
        "verified_by": "chen.jie",
        "verified_person": "chen.jie",
    }
    await payments.make(run_id)
    assert payments.status_of(line) == "enveloped"


@pytest.mark.breaks("Who verifies has seen the payee")
async def test_nobody_is_verified_who_was_led_to_the_account_after_it_was_looked_at(
    payments: CountyPayments,
) -> None:
    friend, victim = a_line(), a_line()
    await payments.hand_on(an_account(victim))
    path = "/payees/{}/account"
    card = "6222000000000077"
    honest = brought(friend, card, relation="household", since="2027-06")
    account = await payments.post(WANG_FANG, path.format(friend["beneficiary_id"]), honest)
    seen = await payments.get(CHEN_JIE, f"/accounts/{account['account_id']}")
    assert (seen["holder_name"], seen["last4"]) == ("李卫国", "0077")
    assert [each["beneficiary_id"] for each in seen["payees"]] == [friend["beneficiary_id"]]

    there = path.format(victim["beneficiary_id"])
    led = brought(victim, card, relation="household")
    other = await payments.post(WANG_FANG, there, {**led, "holder_name": "王芳"}, expect=409)
    assert other["type"] == "/problems/account-of-another"
    await payments.post(WANG_FANG, there, led)
    words = {"verified": True, "relation_ids": [seen["payees"][0]["relation_id"]]}
    for late in (words, {"verified": True}):
        verification = f"/accounts/{account['account_id']}/verification"
        refused = await payments.post(CHEN_JIE, verification, late, expect=409)
        assert refused["type"] == "/problems/payees-changed"
    run_id = await payments.order([victim])
    await payments.make(run_id)
    assert payments.one("SELECT reason FROM hold") == "account-unverified"

    await payments.verify(CHEN_JIE, account["account_id"])
    await payments.make(run_id)
    held = payments.one("SELECT reason FROM hold WHERE released_at IS NULL")
    assert held == "card-shared", "a card that is another's from next summer on is looked at twice"


async def test_a_roster_that_calls_the_holder_by_another_name_waits_for_a_second_person(
    payments: CountyPayments,
) -> None:
    known, new = a_line(), a_line()
    await payments.hand_on(an_account(known, number="6222000000000001"))
    await payments.hand_on(an_account(new, number="6222000000000001", holder_name="王芳"))
    await payments.make(await payments.order([new]))
    assert payments.one("SELECT reason FROM hold") == "account-unverified"


async def test_accounts_are_handed_on_by_casework_alone(payments: CountyPayments) -> None:
    words = {"items": [an_account(a_line())]}
    await payments.post(WANG_FANG, "/accounts", words, expect=403)


async def test_a_roster_alone_leads_nobodys_money_to_another_card(
    payments: CountyPayments,
) -> None:
    changed, same, new = a_line(), a_line(), a_line()
    await payments.hand_on(an_account(changed), an_account(same))
    await payments.hand_on(
        an_account(changed, number="6222000000000008", since="2026-10"),
        an_account(same, since="2026-10"),
        an_account(new, since="2026-10"),
    )
    run_id = await payments.order([changed, same, new])
    await payments.make(run_id)
    stand = [payments.status_of(line) for line in (changed, same, new)]
    assert stand == ["held", "enveloped", "enveloped"]
    assert payments.one("SELECT reason FROM hold") == "account-unverified"

    account_id = payments.one("SELECT id FROM account WHERE number_last4 = '0008'")
    await payments.verify(WANG_FANG, account_id, expect=409)
    await payments.verify(CHEN_JIE, account_id)
    await payments.make(run_id)
    assert payments.status_of(changed) == "enveloped"


async def test_a_roster_leads_a_payee_to_anothers_verified_card_only_with_a_second_person(
    payments: CountyPayments,
) -> None:
    changed, other = a_line(), a_line()
    await payments.hand_on(an_account(changed), an_account(other, number="6222000000000001"))
    given = an_account(changed, number="6222000000000001", relation="carer", paper="协议")
    await payments.hand_on({**given, "since": "2026-10"})
    await payments.make(await payments.order([changed, other]))
    assert [payments.status_of(one) for one in (changed, other)] == ["held", "enveloped"]


async def test_an_account_is_brought_and_verified_in_ones_own_areas_only(
    payments: CountyPayments,
) -> None:
    line, unpaid = a_line(), a_line()
    await payments.order([line])
    here, elsewhere = ("511425102",), ("511425103",)
    words = brought(line, "6222000000000001")
    path = f"/payees/{line['beneficiary_id']}/account"
    await payments.post(replace(WANG_FANG, areas=elsewhere), path, words, expect=404)
    account = await payments.post(replace(WANG_FANG, areas=here), path, words)
    look = f"/accounts/{account['account_id']}"
    stranger = replace(CHEN_JIE, areas=elsewhere)
    await payments.get(stranger, look, expect=404)
    await payments.post(stranger, f"{look}/verification", {"verified": True}, expect=404)

    path = f"/payees/{unpaid['beneficiary_id']}/account"
    words = brought(unpaid, "6222000000000001")
    await payments.post(replace(WANG_FANG, areas=here), path, words, expect=404)
    await payments.post(WANG_FANG, path, words)
    await payments.get(replace(CHEN_JIE, areas=here), look, expect=404)
    await payments.verify(CHEN_JIE, account["account_id"])


async def test_a_chunk_holds_at_most_a_thousand_and_only_whole_words(
    payments: CountyPayments,
) -> None:
    line = a_line()
    many = {"items": [an_account(line)] * 1001}
    await payments.post(IDENTIFICATION, "/accounts", many, expect=422)
    for wrong in ({"account_number": "62-2"}, {"relation": "friend"}, {"verified": True}):
        words = {"items": [{**an_account(line), **wrong}]}
        await payments.post(IDENTIFICATION, "/accounts", words, expect=422)
    await payments.post(NOTIFICATIONS, "/accounts", {"items": []}, expect=403)


async def test_one_number_at_two_banks_is_two_accounts(payments: CountyPayments) -> None:
    lines = [a_line(), a_line()]
    await payments.hand_on(
        an_account(lines[0], number="6222000000000001"),
        an_account(lines[1], number="6222000000000001", bank="qscb"),
    )
    assert payments.one("SELECT count(*) FROM account") == 2


async def test_a_sealed_number_moved_to_another_row_does_not_open(
    payments: CountyPayments,
) -> None:
    lines = [a_line(), a_line(), a_line()]
    await payments.hand_on(
        an_account(lines[0], bank="qscb"), an_account(lines[1]), an_account(lines[2])
    )
    with payments.as_owner() as owner:
        owner.execute(
            "UPDATE account SET number_sealed = (SELECT number_sealed FROM account other"
            " WHERE other.bank = 'qscb') WHERE number_last4 = %s",
            (payments.last4_of(lines[1]),),
        )
    await payments.make(await payments.order(lines))
    assert [payments.status_of(line) for line in lines] == ["enveloped", "held", "enveloped"]
    assert payments.one("SELECT reason FROM hold") == "account-damaged"


async def test_the_runtime_role_changes_no_number_and_takes_no_account_away(
    payments: CountyPayments,
) -> None:
    await payments.hand_on(an_account(a_line()))
    for statement in (
        "UPDATE account SET number_last4 = '0000'",
        "DELETE FROM account",
        "UPDATE payment_order SET amount_fen = 1",
        "UPDATE transfer SET amount_fen = 1",
        "UPDATE envelope SET total_fen = 1",
        "DELETE FROM payment_order",
        "DELETE FROM hold",
        "UPDATE payee_relation SET account_id = id",
        "UPDATE appropriation SET amount_fen = 1",
    ):
        with (
            psycopg.connect(payments.tables.runtime_url) as runtime,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            runtime.execute(statement.encode())


async def test_a_citizen_reads_their_own_payments_alone(payments: CountyPayments) -> None:
    from shared.callers import Caller, Kind
    from tests.payments.makers import COUNTY

    person = uuid4()
    line = a_line(beneficiary_kind="person", beneficiary_id=person)
    await payments.sent(line)
    citizen = Caller("citizen:1", Kind.CITIZEN, COUNTY, str(person), frozenset({"my:read"}))
    told = await payments.get(citizen, f"/beneficiaries/{person}/payments")
    [item] = told["items"]
    assert (item["status"], item["amount_fen"]) == ("in-flight", 58600)
    assert len(item["account_last4"]) == 4
    await payments.get(citizen, f"/beneficiaries/{uuid4()}/payments", expect=403)
    await payments.get(citizen, f"/lines/payments?line_id={line['line_id']}", expect=403)
    await payments.get(CHEN_JIE, f"/lines/payments?line_id={line['line_id']}", expect=403)
    seen = await payments.get(DOOR, f"/lines/payments?line_id={line['line_id']}")
    assert [found["line_id"] for found in seen["items"]] == [line["line_id"]]
