"""Another account that a case decided: known before, paid to from its month, and heard once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payments import offers
from shared.contracts.identification import PayeeDecided
from shared.months import Month
from tests.payments.county import CHEN_JIE, IDENTIFICATION, WANG_FANG, CountyPayments
from tests.payments.makers import COUNTY, OCTOBER, a_line, an_account
from tests.payments.test_listening import SECONDS_MAX, say, standing, until
from tests.trial import NatsAt

__all__ = ["SECONDS_MAX", "standing"]
OLD, NEW = "6222000000000001", "6219980000000002"
NAME = "青神县农村信用合作联社"


def an_offer(line: dict[str, Any], number: str = NEW, **words: Any) -> dict[str, Any]:
    return {
        "beneficiary_kind": line["beneficiary_kind"],
        "holder_id": line["beneficiary_id"],
        "holder_name": "李卫国",
        "bank": NAME,
        "account_number": number,
        "account_kind": "card",
        **words,
    }


async def offered(
    payments: CountyPayments,
    line: dict[str, Any],
    number: str = NEW,
    *,
    expect: int = 0,
    **words: Any,
) -> dict[str, Any]:
    """Identification makes an account known that a case names."""
    path = f"/payees/{line['beneficiary_id']}/offers"
    told = await payments.post(IDENTIFICATION, path, an_offer(line, number, **words), expect=expect)
    return dict(told)


def decided(
    payments: CountyPayments,
    line: dict[str, Any],
    account_id: str | None,
    month: str = OCTOBER,
    **words: Any,
) -> PayeeDecided:
    """The case is decided."""
    said = {
        "county": COUNTY,
        "occurred_at": payments.now,
        "case_id": uuid4(),
        "receipt": "BG2026-7",
        "beneficiary_kind": line["beneficiary_kind"],
        "beneficiary_id": UUID(line["beneficiary_id"]),
        "account_id": account_id and UUID(account_id),
        "relation": "household",
        "from_month": Month.parse(month),
    }
    return PayeeDecided(**{**said, **words})


def answered(payments: CountyPayments) -> list[tuple[str, bool, bool]]:
    """What casework is answered: the outcome, whether money goes somewhere, and as a decision's."""
    rows = payments.rows(
        "SELECT body FROM outbox WHERE subject = 'payments.payee-answered.v1'"
        " ORDER BY created_at, event_id"
    )
    said = [row["body"] for row in rows]
    return [(e["outcome"], e["paid_meanwhile"], e["case_id"] is not None) for e in said]


async def paid_to(payments: CountyPayments, *lines: dict[str, Any]) -> list[str]:
    """The last digits of the accounts a run of these lines goes to."""
    run_id = await payments.order(lines)
    await payments.make(run_id)
    rows = payments.rows(
        "SELECT account.number_last4 AS last4 FROM transfer JOIN account"
        " ON account.id = transfer.account_id JOIN transfer_order"
        " ON transfer_order.transfer_id = transfer.id JOIN payment_order USING (line_id)"
        " WHERE payment_order.run_id = %s ORDER BY last4",
        run_id,
    )
    return [row["last4"] for row in rows]


async def test_an_account_is_known_by_four_digits_and_nothing_goes_to_it(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number=OLD))
    told = await offered(payments, line)
    assert (told["last4"], told["status"], told["bank_name"]) == ("0002", "unverified", NAME)
    before = payments.one("SELECT account_id FROM payee_relation")
    known = {"account_id": str(before), "relation": "household"}
    assert told["now"] == {"bank_name": NAME, "last4": "0001", **known}
    assert NEW not in str(payments.rows("SELECT * FROM account"))
    assert await offered(payments, line) == told
    assert await paid_to(payments, line) == ["0001"]


async def test_a_decision_leads_the_next_run_to_the_new_account_and_no_file_elsewhere(
    payments: CountyPayments,
) -> None:
    line = a_line(month="2026-09")
    (envelope,) = await payments.sent(line, number=OLD)
    before = await payments.fetch(envelope)
    told = await offered(payments, line)
    event = decided(payments, line, told["account_id"])
    await offers.hear(payments.context, event)
    await offers.hear(payments.context, event)
    assert payments.one("SELECT count(*) FROM payee_relation") == 2
    assert await payments.fetch(envelope) == before
    household = UUID(line["household_id"])
    assert await paid_to(payments, a_line(household_id=household)) == ["0002"]
    assert payments.one("SELECT status FROM account WHERE number_last4 = '0002'") == "verified"
    assert answered(payments) == [("taken", True, True)]


async def test_before_its_month_the_account_before_is_paid(payments: CountyPayments) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number=OLD))
    told = await offered(payments, line)
    await offers.hear(payments.context, decided(payments, line, told["account_id"], "2026-11"))
    assert await paid_to(payments, line) == ["0001"]


async def test_what_was_decided_later_stands_whichever_is_heard_first(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number=OLD))
    first = await offered(payments, line, "6219980000000003")
    second = await offered(payments, line)
    early = decided(payments, line, first["account_id"])
    late = decided(payments, line, second["account_id"],
                   occurred_at=payments.now + timedelta(minutes=1))  # fmt: skip
    await offers.hear(payments.context, late)
    await offers.hear(payments.context, early)
    assert await paid_to(payments, line) == ["0002"]


async def test_a_line_that_waited_for_an_account_goes_on(payments: CountyPayments) -> None:
    line = a_line()
    run_id = await payments.order([line])
    await payments.make(run_id)
    assert payments.status_of(line) == "held"
    told = await offered(payments, line)
    assert told["now"] is None
    await offers.hear(payments.context, decided(payments, line, told["account_id"]))
    assert payments.status_of(line) == "ordered"


async def test_an_account_of_another_or_refused_by_its_bank_is_refused(
    payments: CountyPayments,
) -> None:
    line, other = a_line(), a_line()
    await payments.hand_on(an_account(line, number=OLD))
    refused = await offered(payments, other, OLD, expect=409)
    assert refused["type"].endswith("account-of-another")
    with payments.as_owner() as owner:
        owner.execute("UPDATE account SET status = 'refused'")
    refused = await offered(payments, line, OLD, expect=409)
    assert refused["type"].endswith("account-unusable")
    refused = await offered(payments, line, bank="远方银行", expect=422)
    assert NAME in refused["banks"]


@pytest.mark.parametrize("month", [OCTOBER, "2020-01"])
async def test_an_account_refused_before_it_was_decided_takes_no_place_of_one_that_works(
    payments: CountyPayments, month: str
) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number=OLD))
    told = await offered(payments, line)
    with payments.as_owner() as owner:
        owner.execute("UPDATE account SET status = 'refused' WHERE number_last4 = '0002'")
    await offers.hear(payments.context, decided(payments, line, told["account_id"], month))
    assert await paid_to(payments, line) == ["0001"]
    (noted,) = payments.rows("SELECT details FROM audit WHERE act = 'payee-not-taken'")
    assert noted["details"]["status"] == "refused"
    assert answered(payments) == [("account-refused", True, True)]


async def test_an_account_refused_where_none_works_is_told_as_refused(
    payments: CountyPayments,
) -> None:
    line = a_line()
    told = await offered(payments, line)
    with payments.as_owner() as owner:
        owner.execute("UPDATE account SET status = 'refused'")
    await offers.hear(payments.context, decided(payments, line, told["account_id"]))
    run_id = await payments.order([line])
    await payments.make(run_id)
    assert payments.one("SELECT reason FROM hold") == "account-refused"
    assert answered(payments) == [("account-refused", False, True)]


async def test_what_was_undone_goes_back_unless_a_third_account_was_decided_since(
    payments: CountyPayments,
) -> None:
    for third in (False, True):
        line = a_line()
        await payments.hand_on(an_account(line, number=OLD[:-2] + f"1{third:d}"))
        new = await offered(payments, line, NEW[:-2] + f"2{third:d}")
        await offers.hear(payments.context, decided(payments, line, new["account_id"]))
        if third:
            own = await offered(payments, line, NEW[:-2] + "30")
            at = payments.now + timedelta(minutes=1)
            event = decided(payments, line, own["account_id"], occurred_at=at)
            await offers.hear(payments.context, event)
        undone = decided(
            payments, line, new["now"]["account_id"], instead_of=UUID(new["account_id"]),
            occurred_at=payments.now + timedelta(minutes=2),
        )  # fmt: skip
        await offers.hear(payments.context, undone)
        assert await paid_to(payments, line) == [("0030" if third else "0010")]
        assert answered(payments)[-1] == ("another-since" if third else "taken", True, True)


@pytest.mark.parametrize("heard_first", [False, True])
async def test_what_was_undone_where_no_account_stood_before_is_held(
    payments: CountyPayments, heard_first: bool
) -> None:
    line = a_line()
    new = await offered(payments, line)
    assert new["now"] is None
    undone = decided(
        payments, line, None, instead_of=UUID(new["account_id"]),
        occurred_at=payments.now + timedelta(minutes=1),
    )  # fmt: skip
    events = [decided(payments, line, new["account_id"]), undone]
    for event in reversed(events) if heard_first else events:
        await offers.hear(payments.context, event)
    assert await paid_to(payments, line) == []
    assert payments.one("SELECT reason FROM hold") == "no-payee"
    assert ("nowhere", False, True) in answered(payments)
    own = await offered(payments, line, OLD)
    at = payments.now + timedelta(minutes=2)
    await offers.hear(payments.context, decided(payments, line, own["account_id"], occurred_at=at))
    assert payments.status_of(line) == "ordered"


async def test_what_was_undone_before_it_was_heard_leads_nothing_elsewhere(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number=OLD))
    new = await offered(payments, line)
    undone = decided(
        payments, line, new["now"]["account_id"], instead_of=UUID(new["account_id"]),
        occurred_at=payments.now + timedelta(minutes=1),
    )  # fmt: skip
    await offers.hear(payments.context, undone)
    await offers.hear(payments.context, decided(payments, line, new["account_id"]))
    assert await paid_to(payments, line) == ["0001"]


async def test_an_account_that_nobody_verified_does_not_come_to_stand_again(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number=OLD))
    with payments.as_owner() as owner:
        owner.execute("UPDATE payee_relation SET verified_at = NULL")
    assert (await offered(payments, line))["now"] == {"bank_name": NAME, "last4": "0001"}


async def test_casework_hears_when_the_bank_refuses_what_was_decided_and_when_it_is_mended(
    payments: CountyPayments,
) -> None:
    line, unasked = a_line(), a_line()
    await payments.hand_on(an_account(unasked, number=OLD))
    (account,) = payments.rows("SELECT id FROM account")
    told = await offered(payments, line)
    await offers.hear(payments.context, decided(payments, line, told["account_id"]))
    for account_id in (str(account["id"]), told["account_id"]):
        no = {"verified": False, "relation_ids": [], "reason": "户名不符"}
        await payments.post(CHEN_JIE, f"/accounts/{account_id}/verification", no)
    refused = ("account-refused", False, False)
    assert answered(payments) == [("taken", True, True), refused]
    await payments.verify(CHEN_JIE, told["account_id"])
    assert answered(payments)[2:] == [("taken", True, False)]


async def test_only_casework_offers(payments: CountyPayments) -> None:
    line = a_line()
    path = f"/payees/{line['beneficiary_id']}/offers"
    await payments.post(WANG_FANG, path, an_offer(line), expect=403)


async def test_said_three_times_on_the_bus_it_is_heard_once(
    standing: CountyPayments, nats_server: NatsAt
) -> None:
    line = a_line()
    told = await offered(standing, line)
    event = decided(standing, line, told["account_id"])
    await say(nats_server, event, times=3, speaker="identification")
    await until(standing, "SELECT count(*) FROM payee_relation", 1)
    # The bus may still carry what was said in another test.
    heard = "SELECT count(*) FROM inbox WHERE event_id = %s"
    assert standing.one(heard, event.event_id) == 1
