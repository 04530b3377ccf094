"""Nobody is paid for a month after the month of their death, whenever it is told."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import nats
import nats.js.errors

from services.payments import deaths
from shared.contracts.identification import DeathTakenBack, PersonDied
from tests.payments.county import CHEN_JIE, WANG_FANG, ZHOU_PING, CountyPayments
from tests.payments.makers import COUNTY, a_line, an_account
from tests.payments.test_listening import SECONDS_MAX, say, standing, until
from tests.trial import NatsAt

__all__ = ["standing"]
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 1)


def died(line: dict[str, Any], on: date, at: datetime, county: str = COUNTY) -> PersonDied:
    """Identification tells of the death of whom a line is for."""
    person = UUID(line["beneficiary_id"])
    return PersonDied(county=county, occurred_at=at, person_id=person, died_on=on)


def a_persons_line(**words: Any) -> dict[str, Any]:
    return a_line(beneficiary_kind="person", **words)


async def test_what_is_ordered_after_the_month_of_death_is_held_and_nothing_else(
    payments: CountyPayments,
) -> None:
    gone, last_month, other, home = (
        a_persons_line(), a_persons_line(), a_persons_line(), a_line(),
    )  # fmt: skip
    await payments.hand_on(*(an_account(line) for line in (gone, last_month, other, home)))
    run_id = await payments.order([gone, last_month, other, home])
    event = died(gone, SEPTEMBER, payments.now)
    await deaths.hear(payments.context, event)
    await deaths.hear(payments.context, event)
    await deaths.hear(payments.context, died(last_month, OCTOBER, payments.now))
    await deaths.hear(payments.context, died(home, SEPTEMBER, payments.now))
    await deaths.hear(payments.context, died(other, SEPTEMBER, payments.now, county="511402"))
    assert payments.rows("SELECT line_id::text, reason, owner FROM hold") == [
        {"line_id": gone["line_id"], "reason": "died", "owner": "county:civil-affairs"}
    ]
    [envelope] = (await payments.make(run_id))["envelopes"]
    assert envelope["orders_count"] == 3


async def test_a_death_told_before_the_run_is_taken_in_holds_its_line(
    payments: CountyPayments,
) -> None:
    gone, alive = a_persons_line(), a_persons_line()
    await payments.hand_on(an_account(gone), an_account(alive))
    await deaths.hear(payments.context, died(gone, SEPTEMBER, payments.now))
    made = await payments.make(await payments.order([gone, alive]))
    assert made["held_now"] == [{"reason": "died", "count": 1, "total_fen": 58600}]
    assert (payments.status_of(gone), payments.status_of(alive)) == ("held", "enveloped")


async def test_an_envelope_with_the_dead_is_not_released_but_made_again_without_them(
    payments: CountyPayments,
) -> None:
    gone, alive = a_persons_line(), a_persons_line()
    await payments.hand_on(an_account(gone), an_account(alive))
    await payments.fund()
    run_id = await payments.order([gone, alive])
    [envelope] = (await payments.make(run_id))["envelopes"]
    await payments.check(envelope)
    await deaths.hear(payments.context, died(gone, SEPTEMBER, payments.now))
    words = {"list_sha256": envelope["list_sha256"]}
    path = f"/envelopes/{envelope['id']}"
    refused = await payments.post(ZHOU_PING, f"{path}/release", words, expect=409)
    assert refused["type"].endswith("beneficiary-died")
    await payments.post(ZHOU_PING, f"{path}/void", {"reason": "有人去世"})
    made = (await payments.make(run_id))["envelopes"]
    [again] = [one for one in made if one["status"] == "made"]
    assert again["orders_count"] == 1
    assert payments.status_of(gone) == "held"
    await payments.check(again)
    await payments.release(again)
    assert payments.status_of(alive) == "in-flight"


async def test_a_hold_that_the_head_overruled_is_not_raised_again(
    payments: CountyPayments,
) -> None:
    line = a_persons_line()
    await payments.hand_on(an_account(line))
    await payments.fund()
    run_id = await payments.order([line])
    await deaths.hear(payments.context, died(line, SEPTEMBER, payments.now))
    hold = payments.one("SELECT id FROM hold")
    words = {"reason": "同名的另一个人"}
    await payments.post(WANG_FANG, f"/holds/{hold}/release", words, expect=403)
    await payments.post(CHEN_JIE, f"/holds/{hold}/release", words)
    [envelope] = (await payments.make(run_id))["envelopes"]
    await payments.check(envelope)
    await payments.release(envelope)
    assert payments.status_of(line) == "in-flight"


async def test_payments_hears_of_a_death_on_the_bus(
    standing: CountyPayments,
    nats_server: NatsAt,
) -> None:
    line = a_persons_line()
    await standing.order([line])
    client = await nats.connect(nats_server.admin_url)
    for _ in range(SECONDS_MAX * 10):
        try:
            await client.jetstream().consumer_info("identification", deaths.CONSUMER)
            break
        except nats.js.errors.NotFoundError:
            await asyncio.sleep(0.1)
    await client.close()
    await say(nats_server, died(line, SEPTEMBER, standing.now), speaker="identification")
    await until(standing, "SELECT count(*) FROM hold WHERE reason = 'died'", 1)


def alive(line: dict[str, Any], on: date, at: datetime) -> DeathTakenBack:
    """Identification tells that a death was an error."""
    person = UUID(line["beneficiary_id"])
    return DeathTakenBack(county=COUNTY, occurred_at=at, person_id=person, died_on=on)


async def test_what_a_death_held_that_was_told_in_error_goes_on(payments: CountyPayments) -> None:
    line, other = a_persons_line(), a_persons_line()
    await payments.hand_on(an_account(line), an_account(other))
    run_id = await payments.order([line, other])
    for each in (line, other):
        await deaths.hear(payments.context, died(each, SEPTEMBER, payments.now))
    event = alive(line, SEPTEMBER, payments.now)
    await deaths.hear_taken_back(payments.context, event)
    await deaths.hear_taken_back(payments.context, event)
    assert (payments.status_of(line), payments.status_of(other)) == ("ordered", "held")
    [envelope] = (await payments.make(run_id))["envelopes"]
    assert envelope["orders_count"] == 1


async def test_the_word_told_last_counts_whichever_is_heard_first(payments: CountyPayments) -> None:
    line = a_persons_line()
    await payments.hand_on(an_account(line))
    later = payments.now + timedelta(minutes=1)
    await deaths.hear_taken_back(payments.context, alive(line, SEPTEMBER, later))
    await deaths.hear(payments.context, died(line, SEPTEMBER, payments.now))
    await payments.make(await payments.order([line]))
    assert payments.status_of(line) == "enveloped"
