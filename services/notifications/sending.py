"""The loop that tells people: write down the intent, offer the text, write down the answer.

1. Take the county's lease; what an earlier sender left `sending` waits again.
2. Claim as many due deliveries as the carrier has room for, and commit.
3. Offer each to the carrier. No transaction is open here.
4. Write the answers down, many in one transaction; only then is the room free again.

A crash between 3 and 4 tells somebody twice, and nobody more often than there were crashes. Codes
have a lane of their own, so that notices never stand before them. Nothing else waits for this loop.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from prometheus_client import Gauge

from services.notifications import codes, contacts, deliveries, lease
from services.notifications.batches import Batches
from services.notifications.channels import Answer, Receipt, Standing, Text, TextCarrier
from services.notifications.channels.sms.send import SmsCarrier
from services.notifications.channels.sms.session import Account
from services.notifications.deliveries import Lane, Offered
from services.notifications.messages import said_by
from services.notifications.settings import Settings
from services.notifications.texts import Texts
from shared import crash_points, telemetry
from shared.serving import Context

CLAIM_MAX: Final = 200
LANES: Final = (Lane.CODE, Lane.NOTICE, Lane.NOTICE)  # One claims while the other commits.
IDLE_SECONDS: Final = {Lane.CODE: 0.2, Lane.NOTICE: 0.5}
BUSY_SECONDS: Final = 0.03  # Between two claims, so that each takes many.
SWEEP_SECONDS: Final = 1.0
DRAIN_SECONDS: Final = 3.0
END_SECONDS: Final = 0.7  # Twice, around the drain: all within what a process has to stop.

HOLDS_LEASE: Final = Gauge("doudi_sms_sender_holds_lease", "Whether this process is the sender")


class LeaseLost(Exception):
    """Another sender has taken over."""


async def send_forever(context: Context) -> None:
    """What the process runs in the background."""
    settings: Settings = context.settings
    account = Account(
        host=settings.smpp_host,
        port=settings.smpp_port,
        system_id=settings.smpp_system_id,
        password=settings.smpp_password.get_secret_value(),
        source=settings.smpp_source,
        window=settings.smpp_window,
        reserved=settings.smpp_reserved,
        answer_seconds=settings.smpp_answer_seconds,
        enquire_seconds=settings.smpp_enquire_seconds,
    )
    while True:
        try:
            async with context.database.transaction() as session:
                token = await lease.take(session, settings.county)
            if token is not None:
                await Sender(context, SmsCarrier(account), token).run()
        except Exception as problem:
            telemetry.log.warning("sender-waits", because=type(problem).__name__)
        await asyncio.sleep(1)


class Sender:
    """One holder of the lease, from its taking to its end."""

    def __init__(self, context: Context, carrier: TextCarrier, token: int) -> None:
        settings: Settings = context.settings
        self._context = context
        self._carrier = carrier
        self._token = token
        self._county = settings.county
        self._retry_seconds = settings.retry_seconds
        self._away_seconds = settings.away_seconds
        self._notice_lives = timedelta(hours=settings.notice_hours)
        self._in_flight_max = 5 * settings.smpp_window
        self._texts = Texts(sign=settings.sign, telephone=settings.question_phone)
        self._answers = Batches[Offered]("answers", self._record_answers)
        self._receipts = Batches[Receipt]("receipts", self._record_receipts)
        self._telling: set[asyncio.Task[None]] = set()
        self._some_told = asyncio.Event()
        self._promised = 0  # Room kept for what is being claimed.

    async def run(self) -> None:
        """Send until cancelled or outgrown; leave nothing half told if there is time.

        Raises:
            LeaseLost: another sender has taken over.
        """
        async with self._context.database.transaction() as session:
            await deliveries.give_back(session, self._county, self._token)
        HOLDS_LEASE.set(1)
        lanes = [asyncio.create_task(self._lane(lane)) for lane in LANES]
        lanes += [asyncio.create_task(self._sweep()), asyncio.create_task(self._renew())]
        others = [
            asyncio.create_task(self._answers.run_forever()),
            asyncio.create_task(self._receipts.run_forever()),
            asyncio.create_task(self._carrier.run_forever(self._receipts.add)),
        ]
        try:
            done, _ = await asyncio.wait([*lanes, *others], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            HOLDS_LEASE.set(0)
            await _end(lanes)
            await _wait(self._telling, DRAIN_SECONDS)
            await _end([*self._telling, *others])
            with suppress(Exception):  # The lease also ends by itself.
                async with self._context.database.transaction() as session:
                    await lease.release(session, self._county, self._token)

    async def _lane(self, lane: Lane) -> None:
        urgent = lane is Lane.CODE
        while True:
            if len(self._telling) >= self._in_flight_max and not urgent:
                self._some_told.clear()
                await self._some_told.wait()
            room = min(self._carrier.room(urgent=urgent) - self._promised, CLAIM_MAX)
            if room <= 0:
                await asyncio.sleep(BUSY_SECONDS)
                await self._carrier.wait_for_room(urgent=urgent)
                continue
            self._promised += room
            claiming = asyncio.create_task(self._claim(lane, room))
            try:
                claimed = await asyncio.shield(claiming)
            finally:
                # Who is claimed is told, also when this lane is asked to end meanwhile.
                for row in await claiming:
                    task = asyncio.create_task(self._tell(row, urgent))
                    self._telling.add(task)
                    task.add_done_callback(self._told)
                await asyncio.sleep(0)  # Each takes its room now.
                self._promised -= room
            await asyncio.sleep(BUSY_SECONDS if claimed else IDLE_SECONDS[lane])

    def _told(self, task: asyncio.Task[None]) -> None:
        self._telling.discard(task)
        self._some_told.set()

    async def _claim(self, lane: Lane, limit: int) -> Any:
        try:
            async with self._context.database.transaction() as session:
                claimed = await deliveries.claim(
                    session, self._county, self._token, lane, limit=limit, now=self._now()
                )
        except Exception as problem:
            telemetry.log.warning("claim-waits", because=type(problem).__name__)
            await asyncio.sleep(1)
            return []
        if claimed:
            crash_points.reach("notifications.claimed")
        return claimed

    async def _tell(self, row: Any, urgent: bool) -> None:
        answer = await self._offer(row, urgent)
        crash_points.reach("notifications.offered")
        await self._answers.add(Offered(row.message_id, row.attempts, answer))

    async def _offer(self, row: Any, urgent: bool) -> Answer:
        keys, number = self._context.keys, None
        if urgent:
            if row.sealed is None:
                return Answer(Standing.NEVER, "code-gone")
            number, words = codes.unseal(keys, row.message_id, row.sealed)
            lives = max(row.expires_at - self._now(), timedelta(minutes=1))
        else:
            words = self._texts.sms(said_by(row))
            lives = self._notice_lives
        if number is None and row.phone is None:
            return Answer(Standing.NEVER, "no-phone")
        number = number or contacts.open_number(keys, row.person_id, row.phone)
        return await self._carrier.send(Text(number, words, lives, urgent))

    async def _record_answers(self, offered: list[Offered]) -> None:
        async with self._context.database.transaction() as session:
            await deliveries.record_answers(
                session,
                self._county,
                self._token,
                offered,
                retry_seconds=self._retry_seconds,
                now=self._now(),
            )

    async def _record_receipts(self, receipts: list[Receipt]) -> None:
        async with self._context.database.transaction() as session:
            await deliveries.record_receipts(session, self._county, receipts, now=self._now())

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                async with self._context.database.transaction() as session:
                    away = self._carrier.away_seconds() > self._away_seconds
                    await deliveries.sweep(session, self._county, now=self._now(), away=away)
            except Exception as problem:
                telemetry.log.warning("sweep-waits", because=type(problem).__name__)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(lease.RENEW_SECONDS)
            try:
                async with self._context.database.transaction() as session:
                    held = await lease.renew(session, self._county, self._token)
            except Exception as problem:
                telemetry.log.warning("renewal-waits", because=type(problem).__name__)
                continue
            if not held:
                raise LeaseLost

    def _now(self) -> datetime:
        return self._context.clock.now()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await _wait(tasks, END_SECONDS)


async def _wait(tasks: Iterable[asyncio.Task[None]], seconds: float) -> None:
    """Wait so long for tasks, however often this one is asked to end meanwhile."""
    until = time.monotonic() + seconds
    while waiting := [task for task in tasks if not task.done()]:
        left = until - time.monotonic()
        if left <= 0:
            return
        with suppress(asyncio.CancelledError):
            await asyncio.wait(waiting, timeout=left)
