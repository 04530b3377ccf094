"""One carrier, one connection: what is in the air when it ends, and what is acknowledged when."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from services.notifications.channels import Keep, Receipt, Standing, Text
from services.notifications.channels.sms.send import SmsCarrier
from services.notifications.channels.sms.session import Account
from tests.notifications.smsc_at import SmscAt, until

NUMBER = "8613700000011"


def a_text(number: str = NUMBER, *, urgent: bool = False) -> Text:
    return Text(number, "【青神民政】10月低保金", timedelta(hours=72), urgent)


@asynccontextmanager
async def a_carrier(smsc: SmscAt, keep: Keep, **changed: float) -> AsyncIterator[SmsCarrier]:
    patience = {"answer_seconds": 2.0, "enquire_seconds": 1.0, **changed}
    account = Account("127.0.0.1", smsc.port, "doudi", "secret", "10690000", 10, 2, **patience)
    carrier = SmsCarrier(account)
    running = asyncio.create_task(carrier.run_forever(keep))
    try:
        await until(lambda: carrier.room(urgent=True))
        yield carrier
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def keeping(kept: list[Receipt]) -> Callable[[Receipt], Awaitable[None]]:
    async def keep(receipt: Receipt) -> None:
        kept.append(receipt)

    return keep


async def test_the_window_opens_with_the_first_good_answer(smsc: SmscAt) -> None:
    async with a_carrier(smsc, keeping([])) as carrier:
        assert carrier.room(urgent=False) == 1
        answer = await carrier.send(a_text())
        assert answer.standing is Standing.TAKEN
        assert (carrier.room(urgent=False), carrier.room(urgent=True)) == (8, 10)


async def test_a_text_offered_without_room_was_never_offered(smsc: SmscAt) -> None:
    await smsc.behave(answer_seconds=1)
    async with a_carrier(smsc, keeping([])) as carrier:
        first = asyncio.create_task(carrier.send(a_text()))
        await until(lambda: carrier.room(urgent=True) == 0)
        assert (await carrier.send(a_text())).standing is Standing.NOT_OFFERED
        assert (await first).standing is Standing.TAKEN
        assert len(smsc.texts()) == 1


async def test_a_receipt_is_acknowledged_only_when_it_is_kept(smsc: SmscAt) -> None:
    kept: list[Receipt] = []

    async def keep(receipt: Receipt) -> None:
        kept.append(receipt)
        if len(kept) == 1:
            raise OSError("the database is away")

    async with a_carrier(smsc, keep) as carrier:
        answer = await carrier.send(a_text())
        await until(lambda: len(kept) == 2 and smsc.owed() == 0)
        assert {receipt.carrier_message_id for receipt in kept} == {answer.carrier_message_id}


async def test_a_text_in_the_air_when_the_centre_dies_is_unanswered(smsc: SmscAt) -> None:
    await smsc.behave(mute=True)
    async with a_carrier(smsc, keeping([]), answer_seconds=60.0) as carrier:
        sending = asyncio.create_task(carrier.send(a_text()))
        await until(lambda: smsc.texts())
        smsc.kill()
        assert (await sending).standing is Standing.UNANSWERED
        assert carrier.room(urgent=True) == 0
        await smsc.start()
        await until(lambda: carrier.room(urgent=True) == 1)


async def test_a_centre_that_fell_silent_is_left_and_tried_again(smsc: SmscAt) -> None:
    async with a_carrier(smsc, keeping([]), answer_seconds=60.0) as carrier:
        await carrier.send(a_text())
        assert smsc.child is not None
        smsc.child.send_signal(signal.SIGSTOP)
        sending = asyncio.create_task(carrier.send(a_text()))
        assert (await asyncio.wait_for(sending, 10)).standing is Standing.UNANSWERED
        smsc.child.send_signal(signal.SIGCONT)
        await until(lambda: carrier.room(urgent=True) == 1, 30)
        assert (await carrier.send(a_text())).standing is Standing.TAKEN


async def test_after_a_refusal_the_carrier_rests_and_one_text_tries_it(smsc: SmscAt) -> None:
    async with a_carrier(smsc, keeping([])) as carrier:
        await carrier.send(a_text())
        await smsc.behave(refuse="throttled")
        refused = await carrier.send(a_text())
        assert (refused.standing, refused.reason) == (Standing.NOT_NOW, "refused-0x58")
        assert carrier.room(urgent=True) == 0
        await smsc.behave(refuse="")
        await until(lambda: carrier.room(urgent=True) == 1)
        assert (await carrier.send(a_text())).standing is Standing.TAKEN
        assert carrier.room(urgent=True) == 10


async def test_a_number_that_cannot_be_is_refused_for_good(smsc: SmscAt) -> None:
    await smsc.behave(refuse="number")
    async with a_carrier(smsc, keeping([])) as carrier:
        answer = await carrier.send(a_text())
        assert (answer.standing, answer.reason) == (Standing.NEVER, "number-unknown")
