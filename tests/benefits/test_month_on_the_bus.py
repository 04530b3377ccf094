"""The whole of benefits' month on a real bus: told of a roster, run, signed, and heard of."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import nats
import pytest

from services.benefits import app as benefits_app
from services.benefits.settings import Settings
from shared import crash_points
from shared.bus import Bus
from shared.contracts.event import Event
from shared.contracts.identification import PersonDied, RosterImported
from tests.benefits.county import CountyBenefits
from tests.benefits.identification import Identification, standing
from tests.benefits.makers import COUNTY, LI_QIANG, OCTOBER, WANG_FANG, a_household, uuid
from tests.trial import NatsAt


async def until(ask: Callable[[], Awaitable[Any]], seconds_max: float = 60) -> Any:
    """Ask until there is an answer."""
    async with asyncio.timeout(seconds_max):
        while True:
            said = await ask()
            if said:
                return said
            await asyncio.sleep(0.1)


@pytest.fixture
async def speaker(nats_server: NatsAt) -> AsyncIterator[Bus]:
    """Identification's voice."""
    bus = Bus(nats_server.url("identification"), "identification")
    await bus.ensure_stream("identification")
    yield bus
    await bus.close()


async def say(speaker: Bus, event: Event) -> None:
    """Identification says something."""
    await speaker.publish(event.subject(), event.event_id, event.model_dump(mode="json"))


async def test_a_roster_becomes_a_closed_run_though_the_child_is_killed_on_the_way(
    benefits: CountyBenefits, nats_server: NatsAt, speaker: Bus
) -> None:
    determined = [a_household() for _ in range(6)]
    with standing(Identification()) as identification:
        settings: Settings = benefits.settings.model_copy(
            update={
                "nats_url": nats_server.url("benefits"),
                "identification_url": identification.url,
                "chunk_items": 2,
            }
        )
        built = benefits_app.build(settings)
        crash_points.arm(settings.files_dir, "benefits.chunk-loaded")
        async with built.router.lifespan_context(built):
            event = identification.has_imported(*determined)
            await say(speaker, event)
            await say(speaker, event)
            closed = await a_month(benefits, built, event)
        assert closed["status"] == "closed"
    assert len(benefits.lines()) == 6
    said = await heard(nats_server, "benefits.run-closed.v1")
    assert str(closed["id"]) in said


async def a_month(benefits: CountyBenefits, built: Any, event: RosterImported) -> Any:
    """What maker and head do, through the door of a process that stands."""

    def door(caller: Any) -> httpx.AsyncClient:
        token = benefits.signers["gateway"].token("benefits", caller)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(built),
            base_url="http://benefits",
            headers={"Authorization": f"Bearer {token}"},
        )

    async with door(WANG_FANG) as maker, door(LI_QIANG) as head:

        async def learned() -> Any:
            return (await maker.get(f"/learned/rosters/{event.import_id}")).json()["learned"]

        await until(learned)
        words = {"family": "livelihood", "pay_month": "2026-10"}
        key = {"Idempotency-Key": "open-october"}
        opened = (await maker.post("/runs", json=words, headers=key)).json()
        path = f"/runs/{opened['id']}"

        async def calculated() -> Any:
            page = (await maker.get(path)).json()
            return page if page["status"] == "calculated" else None

        page = await until(calculated)
        for role, desk in (("maker", maker), ("head", head)):
            signature = {"role": role, "list_sha256": page["list_sha256"]}
            answer = await desk.post(
                f"{path}/signatures", json=signature, headers={"Idempotency-Key": f"{role}-signs"}
            )
            assert answer.status_code == 200, answer.text

        async def told() -> Any:
            rows = benefits.rows("SELECT * FROM outbox WHERE published_at IS NULL")
            return rows == []

        await until(told)
        return answer.json()


async def heard(nats_server: NatsAt, subject: str) -> str:
    """The last thing said under a subject."""
    client = await nats.connect(nats_server.admin_url)
    try:
        message = await client.jetstream().get_last_msg("benefits", subject)
        assert message.data is not None
        return message.data.decode()
    finally:
        await client.close()


async def test_words_that_cannot_be_acted_on_are_parked_with_their_reason(
    benefits: CountyBenefits, nats_server: NatsAt, speaker: Bus
) -> None:
    with standing(Identification()) as identification:
        settings = benefits.settings.model_copy(
            update={
                "nats_url": nats_server.url("benefits"),
                "identification_url": identification.url,
            }
        )
        built = benefits_app.build(settings)
        async with built.router.lifespan_context(built):
            event = identification.has_imported(a_household())
            await say(speaker, event.model_copy(update={"determinations_count": 2}))
            died = {
                "county": COUNTY,
                "occurred_at": OCTOBER,
                "person_id": uuid(a_household()["members"][0]["person_id"]),
                "died_on": OCTOBER.date(),
            }
            await say(speaker, PersonDied.model_validate(died))

            async def parked() -> Any:
                return benefits.rows("SELECT * FROM dead_letter")

            (letter,) = await until(parked)

            async def acted() -> Any:
                return benefits.rows("SELECT * FROM death")

            await until(acted)
    assert letter["consumer"] == "benefits-rosters"
    assert "announced 2 determinations, fetched 1" in letter["reason"]
    assert benefits.rows("SELECT * FROM determination") == []
