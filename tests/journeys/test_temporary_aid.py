"""Temporary assistance from the report to the bank's file, through three services as they speak."""

from pathlib import Path

from shared.contracts.benefits import RunClosed, RunKind
from tests.benefits.county import CountyBenefits
from tests.benefits.makers import PAYMENTS
from tests.identification.caseworkers import HE_JUN, WANG_FANG, Walk
from tests.identification.register import benefits as as_benefits
from tests.identification.register import standing
from tests.identification.test_temporary_aid import papers, proposed, reported
from tests.payments.county import CountyPayments
from tests.payments.makers import an_account
from tests.trial import MakeDatabase, NatsAt


async def test_an_aid_that_is_approved_lies_in_the_banks_file(
    make_database: MakeDatabase, nats_server: NatsAt, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("identification", "benefits", "payments")]
    for folder in folders:
        folder.mkdir()
    tables = make_database("identification")
    async with standing(folders[0], tables, nats_server, import_children=0) as register:
        walk = await reported(Walk(register))
        await walk.do(WANG_FANG, "accept")
        await proposed(await papers(walk), 150000)
        await walk.do(HE_JUN, "confirm", decision_number="救〔2026〕1号")
        (said,) = register.told("determined")
        answer = await register.client.get(
            "/determinations",
            params={"determination_id": said["body"]["determination_id"]},
            headers=register.headers(as_benefits(), "benefits"),
        )
    benefits = CountyBenefits.stand_up(make_database("benefits"), folders[1])
    payments = CountyPayments.stand_up(make_database("payments"), folders[2])
    try:
        await benefits.decide(answer.json()["items"][0])
        of = await benefits.pay("2026-09", "temporary", RunKind.ONE_OFF)
        async with benefits.door(PAYMENTS) as door:
            items = (await door.get(f"/runs/{of.id}/lines")).json()["items"]
        (event,) = benefits.rows("SELECT body FROM outbox WHERE subject LIKE %s", "%run-closed%")
        closed = RunClosed.model_validate(event["body"])
        await payments.hand_on(*(an_account(line) for line in items))
        await payments.fund(pay_month="2026-09", projects=["temporary"])
        run_id = await payments.order(items, **closed.model_dump(exclude={"event_id"}))
        (envelope,) = (await payments.make(run_id))["envelopes"]
        assert (envelope["kind"], envelope["total_fen"]) == ("one-off", 150000)
        await payments.send_off([envelope])
        content = (await payments.fetch(envelope)).decode("gbk")
        assert "1500.00" in content
        assert "临时救助" in content
    finally:
        await payments.close()
        await benefits.stand_down()
