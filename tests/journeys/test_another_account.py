"""Another card from the desk to the bank's file, through two services as they speak."""

from pathlib import Path
from uuid import UUID

import httpx
import pytest

from services.payments import offers
from shared.callers import Caller, Kind
from shared.calls import Peer
from shared.contracts.identification import PayeeDecided
from tests.identification.caseworkers import CHEN_HONG, Walk, a_known_household, later
from tests.identification.register import COUNTY, standing
from tests.identification.test_payees import a_card, decided
from tests.payments.county import CountyPayments
from tests.payments.makers import a_line
from tests.trial import MakeDatabase, NatsAt

OLD, NEW = "6222000000000001", "6219980012345678"


@pytest.mark.breaks("No money led elsewhere alone")
async def test_a_card_that_was_decided_is_paid_to_from_its_month_and_said_once(
    make_database: MakeDatabase, nats_server: NatsAt, tmp_path: Path
) -> None:
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
            household_id = UUID(await a_known_household(register))
            later(
                register, 20
            )  # The same days in both offices: after the first of October's files.
            october = a_line(household_id=household_id)
            (envelope,) = await payments.sent(october, number=OLD)
            walk = await Walk(register).open(category="change", household_id=str(household_id))
            await walk.look()
            await walk.do(CHEN_HONG, "card", **await a_card(walk, account_number=NEW))
            (shown,) = (await walk.look())["effect"]["payees"]
            assert (shown["before"][-4:], shown["after"][-4:]) == (OLD[-4:], NEW[-4:])
            await decided(walk, "2026-11")
            # Cut short before payments heard it: it lies with the decision, and comes again.
            (said,) = register.rows("SELECT body FROM outbox WHERE subject LIKE '%payee-decided%'")
            for _ in range(2):
                await offers.hear(payments.context, PayeeDecided.model_validate(said["body"]))
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
    finally:
        await payments.close()
