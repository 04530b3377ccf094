"""One bound connection to an SMS centre: texts go out in a window, receipts are answered once kept.

When it ends, each text still in the air is *unanswered*: perhaps taken. The one who sends decides
what that is worth; here nothing is offered twice.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final, Self

from services.notifications.channels import Answer, Keep, Standing, Text
from services.notifications.channels.sms import pdus
from services.notifications.channels.sms.pdus import Command, Heading
from shared import telemetry

_CONNECT_SECONDS: Final = 10
_GOODBYE_SECONDS: Final = 1
_TICK_SECONDS: Final = 0.5
_RECEIPTS_AT_ONCE: Final = 500
_SEQUENCE_MAX: Final = 0x7FFFFFFF


class CarrierAway(Exception):
    """The centre cannot be reached, refuses the account, or has fallen silent."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the centre is, who we are there, and how patient we are."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    source: str  # The number that people see.
    window: int = 100  # Texts in the air at once.
    reserved: int = 10  # Of these, kept free for urgent texts.
    answer_seconds: float = 120  # A slow centre is waited for: giving up may tell somebody twice.
    enquire_seconds: float = 30


class Session:
    """A connection from its bind to its end."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        account: Account,
        keep: Keep,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._account = account
        self._keep = keep
        self._sequence = 0
        self._in_the_air: dict[int, tuple[asyncio.Future[Answer], float]] = {}
        self._heard_at = asyncio.get_running_loop().time()
        self._receipts = asyncio.Semaphore(_RECEIPTS_AT_ONCE)
        self._unwritten: list[bytes] = []
        self.over = False

    @classmethod
    async def bind(cls, account: Account, keep: Keep) -> Self:
        """Connect and bind.

        Raises:
            CarrierAway: nobody listens there, or the account was refused.
        """
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(account.host, account.port)
        except OSError as problem:
            raise CarrierAway(f"no connection: {type(problem).__name__}") from problem
        session = cls(reader, writer, account, keep)
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                writer.write(pdus.bind(session._next(), account.system_id, account.password))
                heading, _ = await session._read()
        except (OSError, EOFError, ValueError) as problem:
            await session.close()
            raise CarrierAway(f"no bind: {type(problem).__name__}") from problem
        if heading.command != Command.BIND_TRANSCEIVER_RESP or heading.status != pdus.OK:
            await session.close()
            raise CarrierAway(f"the bind was refused with {heading.status:#x}")
        return session

    async def run(self) -> None:
        """Read, and keep the connection alive, until it ends.

        Raises:
            CarrierAway: saying how it ended.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(tasks))
                tasks.create_task(self._watch())
        except* (OSError, EOFError, ValueError, CarrierAway) as ends:
            raise CarrierAway(str(ends.exceptions[0]) or "the connection broke") from None
        finally:
            self._end()

    async def submit(self, text: Text) -> Answer:
        """Offer one text; its answer, or *unanswered* when the connection ends first."""
        if self.over:
            return Answer(Standing.NOT_OFFERED)
        sequence = self._next()
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._in_the_air[sequence] = (answered, asyncio.get_running_loop().time())
        try:
            self._write(pdus.submit(sequence, self._account.source, text))
            return await answered
        finally:
            self._in_the_air.pop(sequence, None)

    async def close(self) -> None:
        """Say goodbye if we can, and give the socket back."""
        self._end()
        try:
            if not self._writer.is_closing():
                self._writer.write(pdus.unbind(self._next()))
            self._writer.close()
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._writer.wait_closed()
        except OSError:
            self._writer.transport.abort()

    async def _listen(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            heading, body = await self._read()
            if heading.command in (Command.SUBMIT_SM_RESP, Command.GENERIC_NACK):
                waiting = self._in_the_air.get(heading.sequence)
                if waiting and not waiting[0].done():
                    waiting[0].set_result(_answer(heading, body))
            elif heading.command == Command.DELIVER_SM:
                await self._receipts.acquire()
                tasks.create_task(self._take_receipt(heading.sequence, body))
            elif heading.command == Command.ENQUIRE_LINK:
                self._write(pdus.here(heading.sequence))
            elif heading.command == Command.UNBIND:
                self._writer.write(pdus.unbound(heading.sequence))
                raise CarrierAway("the centre said goodbye")

    async def _take_receipt(self, sequence: int, body: bytes) -> None:
        try:
            receipt = pdus.read_receipt(body)
            if receipt is not None:
                await self._keep(receipt)
            self._write(pdus.kept(sequence))
        except (ValueError, IndexError):
            telemetry.log.warning("receipt-unreadable", length=len(body))
            self._write(pdus.kept(sequence))  # It would read no better a second time.
        except Exception as problem:
            telemetry.log.warning("receipt-not-kept", because=type(problem).__name__)
            self._write(pdus.not_kept(sequence))
        finally:
            self._receipts.release()

    async def _watch(self) -> None:
        """End a connection on which the centre is silent, or leaves a text unanswered too long."""
        now = asyncio.get_running_loop().time
        enquired_at = now()
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            oldest = next(iter(self._in_the_air.values()), None)
            if oldest and now() - oldest[1] > self._account.answer_seconds:
                raise CarrierAway("a text was not answered")
            quiet_seconds = now() - self._heard_at
            if quiet_seconds > 2 * self._account.enquire_seconds:
                raise CarrierAway("the centre is silent")
            if min(quiet_seconds, now() - enquired_at) > self._account.enquire_seconds:
                enquired_at = now()
                self._write(pdus.enquire(self._next()))

    async def _read(self) -> tuple[Heading, bytes]:
        raw = await self._reader.readexactly(pdus.HEADING.size)
        heading = Heading.read(raw)
        body = await self._reader.readexactly(heading.length - pdus.HEADING.size)
        self._heard_at = asyncio.get_running_loop().time()
        return heading, body

    def _write(self, pdu: bytes) -> None:
        """Write at the loop's next turn, with what else is written by then: one call for many."""
        if not self._unwritten:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unwritten.append(pdu)

    def _flush(self) -> None:
        written, self._unwritten = b"".join(self._unwritten), []
        if not self._writer.is_closing():
            self._writer.write(written)

    def _next(self) -> int:
        self._sequence = self._sequence % _SEQUENCE_MAX + 1
        return self._sequence

    def _end(self) -> None:
        self.over = True
        for answered, _ in self._in_the_air.values():
            if not answered.done():
                answered.set_result(Answer(Standing.UNANSWERED, "connection-ended"))


def _answer(heading: Heading, body: bytes) -> Answer:
    if heading.command == Command.SUBMIT_SM_RESP and heading.status == pdus.OK:
        return Answer(Standing.TAKEN, carrier_message_id=pdus.read_message_id(body))
    final = pdus.FINAL_REFUSALS.get(heading.status)
    if final is not None:
        return Answer(Standing.NEVER, final)
    return Answer(Standing.NOT_NOW, f"refused-{heading.status:#x}")
