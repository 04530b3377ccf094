"""NATS JetStream, as little of it as we need: publish, and hear each event until it is done.

One stream a publisher. A listener's deed commits before its acknowledgement, so a crash between is
a second delivery, which the inbox turns away. What cannot be acted on is parked with its reason.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NothingYet
from nats.js.api import AckPolicy, ConsumerConfig, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from shared import telemetry
from shared.contracts.event import Event
from shared.problems import Problem, SpokenByPeer, Unavailable

ACK_WAIT_SECONDS: Final = 30
HEARTBEAT_SECONDS: Final = 10
DELIVERIES_MAX: Final = 10
BACK_OFF_SECONDS_MAX: Final = 60
KEPT_SECONDS: Final = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Held:
    """What a stream holds, by which a replaced store is known."""

    last_sequence: int
    created_at: datetime


@dataclass(frozen=True)
class Listener:
    """What a process does when another speaks.

    `act(context, event)` opens its own transactions and claims the event in the inbox.
    """

    event: type[Event]
    durable: str
    act: Callable[[Any, Any], Awaitable[None]]


Park = Callable[..., Awaitable[None]]


class Bus:
    """One process's connection; it comes back by itself, for ever."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._client: Client | None = None
        self._connecting = asyncio.Lock()

    async def close(self) -> None:
        """Leave, after what is under way."""
        if self._client is not None and not self._client.is_closed:
            await self._client.close()

    @property
    def connected(self) -> bool:
        """Whether the server answers at this moment."""
        return self._client is not None and self._client.is_connected

    async def ensure_stream(self, publisher: str) -> None:
        """Make a publisher's stream if it is not there (a new store, or one that was wiped)."""
        stream = await self._stream()
        try:
            await stream.stream_info(publisher)
        except NotFoundError:
            await stream.add_stream(
                StreamConfig(
                    name=publisher,
                    subjects=[f"{publisher}.>"],
                    storage=StorageType.FILE,
                    max_age=KEPT_SECONDS,
                    duplicate_window=120,
                )
            )

    async def held(self, publisher: str) -> Held:
        """What the stream of a publisher holds now."""
        info = await (await self._stream()).stream_info(publisher)
        created = info.created or datetime.now(UTC)
        if isinstance(created, str):
            created = datetime.fromisoformat(created)
        return Held(info.state.last_seq, created)

    async def publish(self, subject: str, event_id: UUID, body: Mapping[str, Any]) -> int:
        """Put an event on the bus; its sequence there, once the server has it on disk."""
        stream = await self._stream()
        answer = await stream.publish(
            subject,
            json.dumps(body, separators=(",", ":")).encode(),
            headers={"Nats-Msg-Id": str(event_id)},
            timeout=5,
        )
        return answer.seq

    async def listen(self, listener: Listener, context: Any, park: Park) -> None:
        """Hear and act until cancelled; a lost server, stream or consumer only makes it wait."""
        while True:
            try:
                await self._listen_once(listener, context, park)
            except Exception as problem:
                telemetry.log.warning(
                    "listener-waits", consumer=listener.durable, because=type(problem).__name__
                )
                await asyncio.sleep(1)

    async def _listen_once(self, listener: Listener, context: Any, park: Park) -> None:
        await self.ensure_stream(listener.event.publisher)
        subscription = await (await self._stream()).pull_subscribe(
            listener.event.subject(),
            durable=listener.durable,
            stream=listener.event.publisher,
            config=ConsumerConfig(
                durable_name=listener.durable,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_WAIT_SECONDS,
                max_deliver=-1,
                max_ack_pending=64,
            ),
        )
        try:
            while True:
                try:
                    messages = await subscription.fetch(1, timeout=5)
                except NothingYet:
                    await subscription.consumer_info()  # A consumer that is gone must be made anew.
                    continue
                for message in messages:
                    await _hear(message, listener, context, park)
        finally:
            await subscription.unsubscribe()

    async def _stream(self) -> JetStreamContext:
        async with self._connecting:
            if self._client is None or self._client.is_closed:
                self._client = await nats.connect(
                    self._url,
                    name=self._name,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=0.5,
                    connect_timeout=2,
                    allow_reconnect=True,
                    error_cb=_note,
                )
        return self._client.jetstream()


async def _hear(message: Msg, listener: Listener, context: Any, park: Park) -> None:
    deliveries = message.metadata.num_delivered or 1
    beat = asyncio.create_task(_keep_alive(message))
    try:
        event = listener.event.model_validate_json(message.data)
        telemetry.request_id.set(str(event.event_id))
        await listener.act(context, event)
    except (ValidationError, Problem) as refused:
        if not isinstance(refused, Unavailable | SpokenByPeer) or deliveries >= DELIVERIES_MAX:
            await _give_up(message, listener, park, _reason(refused), deliveries)
        else:
            await _try_later(message, listener, refused, deliveries)
    except Exception as problem:
        if deliveries >= DELIVERIES_MAX:
            await _give_up(message, listener, park, _reason(problem), deliveries)
        else:
            await _try_later(message, listener, problem, deliveries)
    else:
        await message.ack_sync(timeout=5)
        telemetry.EVENTS_HEARD.labels(listener.durable, "done").inc()
    finally:
        beat.cancel()


async def _keep_alive(message: Msg) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        await message.in_progress()


async def _try_later(message: Msg, listener: Listener, problem: Exception, deliveries: int) -> None:
    telemetry.EVENTS_HEARD.labels(listener.durable, "again").inc()
    telemetry.log.warning(
        "event-will-come-again", consumer=listener.durable, because=_reason(problem)
    )
    await message.nak(delay=min(2 ** (deliveries - 1), BACK_OFF_SECONDS_MAX))


async def _give_up(
    message: Msg, listener: Listener, park: Park, reason: str, deliveries: int
) -> None:
    try:
        body = json.loads(message.data)
        event_id, county = UUID(str(body["event_id"])), str(body["county"])[:6]
    except (ValueError, KeyError, TypeError):
        body = {"undecodable_bytes": len(message.data)}
        event_id, county = UUID(int=message.metadata.sequence.stream), "000000"
    await park(
        event_id=event_id,
        county=county,
        consumer=listener.durable,
        subject=message.subject,
        body=body,
        reason=reason,
        deliveries=deliveries,
    )
    telemetry.EVENTS_HEARD.labels(listener.durable, "parked").inc()
    await message.term()


def _reason(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        places = (".".join(map(str, fault["loc"])) for fault in problem.errors())
        return f"the words were not understood: {', '.join(places)}"
    if isinstance(problem, Problem):
        return f"{problem.slug()}: {problem.detail}"
    return f"{type(problem).__name__}"


async def _note(problem: Exception) -> None:
    telemetry.log.warning("bus", because=type(problem).__name__)
