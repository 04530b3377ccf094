"""The stand-in SMS centre: SMPP 3.4 by another library than our client's, with its own books.

`python -m demonstration.stand_ins.smsc --port N --books FILE [--phone-port N] [--control-port N]
[--host 127.0.0.1] [--clock system|file:PATH] [--undelivered-endings 04,44]`

A text is in the books before it is acknowledged, and its receipt is owed until the receipt is
acknowledged, also over a kill. Numbers with one of the endings never get their texts. It takes any
account that binds.
POST /behaviour on the control port makes it slow, deaf or hostile (see `Behaviour`); GET /behaviour
says what it is, GET /books how many texts it took.
"""

import argparse
import asyncio
import json
import signal
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import smpp34
from aiohttp import web

from demonstration.stand_ins.phone import pages, serve
from demonstration.stand_ins.smsc_books import Books, Sms, stated_time

UNDELIVERED_ENDINGS: Final = ("04", "44")
_BATCH: Final = 500
_RECEIPTS_AT_ONCE: Final = 200
_RECEIPT_PAUSE_SECONDS: Final = 0.05
_EARLY_AGAIN_SECONDS: Final = 5.0  # An early receipt nobody acknowledged is sent again so late.
_REFUSALS: Final = {
    "busy": 0x08,  # ESME_RSYSERR
    "throttled": 0x58,  # ESME_RTHROTTLED
    "full": 0x14,  # ESME_RMSGQFUL
    "number": 0x0B,  # ESME_RINVDSTADR
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How it treats those who come; the beginning is to be good."""

    answer_seconds: float = 0.0  # Slow: it waits so long before each answer.
    deaf: bool = False  # It neither keeps nor answers.
    mute: bool = False  # It keeps and delivers, but never answers.
    refuse: str = ""  # busy, throttled, full, or number.
    receipts: str = "once"  # once, twice, never, or early: before the answer.
    receipt_seconds: float = 0.0  # So long after taking a text comes its receipt.


class Centre:
    """The centre, from the first bind to the last receipt."""

    def __init__(self, books: Books, clock: str, undelivered: tuple[str, ...]) -> None:
        self.books = books
        self.behaviour = Behaviour()
        self._clock = clock
        self._undelivered = undelivered
        self._sessions: dict[str, Any] = {}
        self._arrived: asyncio.Queue[Any] = asyncio.Queue(maxsize=10_000)
        self._unheard: list[Any] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def run_forever(self, server: Any) -> None:
        """Serve until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._accept(server))
            tasks.create_task(self._keep())
            tasks.create_task(self._send_receipts())

    async def _accept(self, server: Any) -> None:
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                self._sessions[event.session_id] = event
            elif isinstance(event, smpp34.Unbound):
                self._sessions.pop(event.session_id, None)
            elif self.behaviour.deaf:
                self._unheard.append(event)  # Forgetting it would answer for it.
            elif self.behaviour.refuse:
                event.reject(_REFUSALS[self.behaviour.refuse])
            else:
                await self._arrived.put(event)

    async def _keep(self) -> None:
        while True:
            events = [await self._arrived.get()]
            while len(events) < _BATCH and not self._arrived.empty():
                events.append(self._arrived.get_nowait())
            behaviour = self.behaviour
            texts = [self._text(event, behaviour) for event in events]
            self.books.take(texts)
            if behaviour.receipts == "early":
                await self._hand_over(texts)
            for event, text in zip(events, texts, strict=True):
                self._answer(event, text, behaviour)

    def _answer(self, event: Any, text: Sms, behaviour: Behaviour) -> None:
        if behaviour.mute:
            self._unheard.append(event)
        elif behaviour.answer_seconds:
            self._later(behaviour.answer_seconds, lambda: event.accept(text.message_id))
        else:
            event.accept(text.message_id)

    def _text(self, event: Any, behaviour: Behaviour) -> Sms:
        telephone = event.destination_addr
        owed = {"once": 1, "twice": 2, "never": 0, "early": 1}[behaviour.receipts]
        return Sms(
            message_id=uuid.uuid4().hex,
            telephone=telephone,
            source=event.source_addr,
            words=_words(event),
            taken_at=stated_time(self._clock),
            stat="UNDELIV" if telephone.endswith(self._undelivered) else "DELIVRD",
            receipt_due=time.time()
            + (
                _EARLY_AGAIN_SECONDS if behaviour.receipts == "early" else behaviour.receipt_seconds
            ),
            receipts_owed=owed if event.registered_delivery & 1 else 0,
        )

    async def _send_receipts(self) -> None:
        while True:
            due = self.books.receipts_due(time.time(), _BATCH) if self._sessions else []
            if not due or not await self._hand_over(due):
                await asyncio.sleep(_RECEIPT_PAUSE_SECONDS)

    async def _hand_over(self, texts: list[Sms]) -> int:
        """Send a receipt for each; how many were acknowledged."""
        acknowledged: list[str] = []
        waiting = iter(texts)

        async def carry() -> None:
            for text in waiting:
                esme = next((each for each in self._sessions.values() if each.can_receive), None)
                if esme is None:
                    return
                try:
                    answer = await esme.deliver_sm(
                        destination_addr=text.source,
                        source_addr=text.telephone,
                        esm_class=0x04,
                        short_message=_receipt(text),
                    )
                except smpp34.SmppError:
                    return  # The session broke; the receipt is still owed.
                if answer.is_success:
                    acknowledged.append(text.message_id)

        await asyncio.gather(*(carry() for _ in range(_RECEIPTS_AT_ONCE)))
        self.books.receipts_sent(acknowledged)
        return len(acknowledged)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        async def wait() -> None:
            await asyncio.sleep(seconds)
            act()

        task = asyncio.create_task(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def controls(centre: Centre) -> web.Application:
    """The page through which a test tells the centre how to behave."""

    async def show(_: web.Request) -> web.Response:
        return web.json_response(asdict(centre.behaviour))

    async def change(request: web.Request) -> web.Response:
        try:
            changed = replace(centre.behaviour, **await request.json())
            if changed.refuse and changed.refuse not in _REFUSALS:
                raise ValueError(changed.refuse)
        except (TypeError, ValueError, json.JSONDecodeError) as problem:
            raise web.HTTPUnprocessableEntity(text=str(problem)) from problem
        centre.behaviour = changed
        return web.json_response(asdict(changed))

    async def books(_: web.Request) -> web.Response:
        return web.json_response({"taken": centre.books.count()})

    application = web.Application()
    application.add_routes(
        [
            web.get("/behaviour", show),
            web.post("/behaviour", change),
            web.get("/books", books),
        ]
    )
    return application


def _words(event: Any) -> str:
    raw: bytes = event.short_message
    return raw.decode("utf-16-be" if event.data_coding == 8 else "latin-1", "replace")


def _receipt(text: Sms) -> bytes:
    delivered = text.stat == "DELIVRD"
    day = time.strftime("%y%m%d%H%M")
    return (
        f"id:{text.message_id} sub:001 dlvrd:{int(delivered):03d} submit date:{day}"
        f" done date:{day} stat:{text.stat} err:{0 if delivered else 1:03d} text:"
    ).encode()


async def _run(chosen: argparse.Namespace) -> None:
    chosen.books.parent.mkdir(parents=True, exist_ok=True)
    endings = tuple(ending for ending in chosen.undelivered_endings.split(",") if ending)
    centre = Centre(Books(chosen.books), chosen.clock, endings)
    server = smpp34.Server(chosen.host, chosen.port, system_id="STANDIN", inbound_capacity=10_000)
    await server.start()
    runners = []
    if chosen.phone_port:
        runners.append(await serve(pages(chosen.books), chosen.host, chosen.phone_port))
    if chosen.control_port:
        runners.append(await serve(controls(centre), chosen.host, chosen.control_port))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    serving = asyncio.create_task(centre.run_forever(server))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
    serving.cancel()
    for runner in runners:
        await runner.cleanup()
    await server.stop()
    centre.books.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="SMPP")
    parser.add_argument("--books", type=Path, required=True, help="SQLite file")
    parser.add_argument("--phone-port", type=int, default=0, help="page of the telephones")
    parser.add_argument("--control-port", type=int, default=0, help="how it behaves")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--clock", default="system", help='"system" or "file:" and a path')
    parser.add_argument("--undelivered-endings", default=",".join(UNDELIVERED_ENDINGS))
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
