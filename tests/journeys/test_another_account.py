"""Another card from the desk to the bank's file, through two services as they speak."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.identification.casework.decisions import payee_answers
from services.payments import offers
from shared.callers import Caller, Kind
from shared.calls import Peer
from shared.contracts.identification import PayeeDecided
from shared.contracts.payments import PayeeAnswered
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    ZHAO_MIN,
    Walk,
    a_known_household,
    later,
)
from tests.identification.register import COUNTY, Register, standing
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_payees import a_card, decided
from tests.payments.county import CHEN_JIE, CountyPayments
from tests.payments.makers import a_line
from tests.trial import MakeDatabase, NatsAt

OLD, NEW, NEXT = "6222000000000001", "6219980012345678", "6219980087654321"


class Offices:
    """Identification, which speaks to payments itself, and payments; the bus is carried by hand."""

    def __init__(self, register: Register, payments: CountyPayments) -> None:
        self.register = register
        self.payments = payments

    async def carry(self) -> None:
        """Each hears what the other said, twice, as after a cut."""
        told = self.register.told("payee-decided")
        for row in [*told, *told]:
            event = PayeeDecided.model_validate(row["body"])
            await offers.hear(self.payments.context, event)
        told = self.payments.rows(
            "SELECT body FROM outbox WHERE subject = 'payments.payee-answered.v1'"
            " ORDER BY created_at"
        )
        for row in [*told, *told]:
            answer = PayeeAnswered.model_validate(row["body"])
            await payee_answers.hear(self.register.app.state.context, answer)

    async def carded(self, household_id: UUID, number: str) -> Walk:
        """A change that leads the household's money to an account, decided."""
        walk = await Walk(self.register).open(category="change", household_id=str(household_id))
        await walk.look()
        await walk.do(CHEN_HONG, "card", **await a_card(walk, account_number=number))
        return walk

    async def not_taken(self, caller: Caller = CHEN_HONG) -> list[dict[str, Any]]:
        """Whose money does not go where a case decided."""
        answer = await self.register.get("/payees-not-taken", caller)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def told(self) -> list[str]:
        """What whoever is reached by the register was told of it."""
        rows = self.register.told("case-moved")
        return [row["body"]["happened"] for row in rows]


@pytest.fixture
async def offices(
    make_database: MakeDatabase, nats_server: NatsAt, tmp_path: Path
) -> AsyncIterator[Offices]:
    """Two offices, each with its own database."""
    for name in ("identification", "payments"):
        (tmp_path / name).mkdir()
    payments = CountyPayments.stand_up(make_database("payments"), tmp_path / "payments")
    tables = make_database("identification")
    try:
        async with standing(
            tmp_path / "identification", tables, nats_server, import_children=0
        ) as register:
            scopes = frozenset({"accounts:write"})
            own = Caller("identification", Kind.SERVICE, COUNTY, "", scopes, (COUNTY,))
            reached = httpx.AsyncClient(
                transport=httpx.ASGITransport(payments.app), base_url="http://payments"
            )
            signer = payments.signer_of["identification"]
            register.app.state.peers["payments"] = Peer("", "payments", signer, own, reached)
            later(register, 20)  # The same days in both offices: after the first October files.
            yield Offices(register, payments)
    finally:
        await payments.close()


@pytest.mark.breaks("No money led elsewhere alone")
async def test_a_card_that_was_decided_is_paid_to_from_its_month_and_said_once(
    offices: Offices,
) -> None:
    payments = offices.payments
    household_id = UUID(await a_known_household(offices.register))
    october = a_line(household_id=household_id)
    (envelope,) = await payments.sent(october, number=OLD)
    walk = await offices.carded(household_id, NEW)
    (shown,) = (await walk.look())["effect"]["payees"]
    assert (shown["before"][-4:], shown["after"][-4:]) == (OLD[-4:], NEW[-4:])
    await decided(walk, "2026-11")
    # Cut short before payments heard it: it lies with the decision, and comes again.
    await offices.carry()
    assert NEW.encode() not in await payments.fetch(envelope)
    november = a_line(household_id=household_id, month="2026-11")
    await payments.fund(pay_month="2026-11")
    made = await payments.make(await payments.order([november], pay_month="2026-11"))
    await payments.send_off(made["envelopes"])
    (envelope,) = made["envelopes"]
    content = (await payments.fetch(envelope)).decode()
    assert NEW in content
    assert OLD not in content
    assert payments.one("SELECT count(*) FROM account") == 2
    assert await offices.not_taken() == []


@pytest.mark.breaks("A card that is not paid to is seen")
async def test_a_card_its_bank_refuses_is_shown_until_another_is_taken_and_the_household_told(
    offices: Offices,
) -> None:
    payments, register = offices.payments, offices.register
    household_id = UUID(await a_known_household(register))
    await payments.sent(a_line(household_id=household_id), number=OLD)
    walk = await offices.carded(household_id, NEW)
    (account,) = payments.rows("SELECT id FROM account WHERE number_last4 = %s", NEW[-4:])
    no = {"verified": False, "relation_ids": [], "reason": "户名不符"}
    await payments.post(CHEN_JIE, f"/accounts/{account['id']}/verification", no)
    await decided(walk, "2026-11")
    await offices.carry()
    (line,) = await offices.not_taken()
    assert (line["outcome"], line["paid_meanwhile"], line["mended_in"]) == (
        "account-refused", True, None,
    )  # fmt: skip
    assert line["case"]["receipt"] == walk.case["receipt"]
    assert await offices.not_taken(ZHAO_MIN) == []
    (shown,) = (await walk.look(HE_JUN))["payees_not_taken"]
    assert shown["words"]["zh"].startswith("开户银行不认")
    assert offices.told().count("payee-not-taken") == 1
    mending = await offices.carded(household_id, NEXT)
    (line,) = await offices.not_taken()
    assert line["mended_in"]["receipt"] == mending.case["receipt"]
    await decided(mending, "2026-11")
    await offices.carry()
    assert await offices.not_taken() == []


async def test_where_an_appeal_leaves_no_account_that_is_shown_as_money_that_goes_nowhere(
    offices: Offices,
) -> None:
    household_id = UUID(await a_known_household(offices.register))
    walk = await offices.carded(household_id, NEW)
    await decided(walk, "2026-11")
    await offices.carry()
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    await offices.carry()
    (line,) = await offices.not_taken()
    assert (line["outcome"], line["paid_meanwhile"]) == ("nowhere", False)
