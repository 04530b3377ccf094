"""A process with nothing in it but the kit: it makes things, says so, and hears itself."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import sqlalchemy as sa
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from pydantic_settings import SettingsConfigDict

from shared import audit, kit_tables, outbox, secrets, serving
from shared.bus import Listener
from shared.callers import Caller, Kind, TokenSigner, needs
from shared.contracts.payments import LinesSettled
from shared.database import driver_url, run
from shared.ids import new_id
from shared.look_ups import LookUp
from shared.problems import Conflict
from shared.routes import CommittedRoute, LookedUp, Now, Reading, Transaction
from shared.settings import ProcessSettings, load
from tests.trial import NatsAt, TrialDatabase

COUNTY = "511425"
router = APIRouter(route_class=CommittedRoute)


class Settings(ProcessSettings):
    """The echo's knobs."""

    model_config = SettingsConfigDict(env_prefix="ECHO_")

    nats_url: str


class Words(BaseModel):
    """A number to make a thing of."""

    number: int


class Unlucky(Conflict):
    """Thirteen is not made here."""


@router.post("/things", status_code=201)
async def make(
    words: Words, session: Transaction, now: Now, caller: Annotated[Caller, needs("things:make")]
) -> dict[str, Any]:
    """Make a thing, and say so."""
    event = LinesSettled(
        county=COUNTY, occurred_at=now, result_id=new_id(), count=words.number, total_fen=0
    )
    await outbox.announce(session, event)
    await audit.record(
        session, COUNTY, actor=caller.subject, act="thing-made", subject=str(words.number)
    )
    if words.number == 13:
        raise Unlucky("thirteen", number=13)
    return {"number": words.number, "made": str(new_id())}


@router.get("/things/{number}")
async def look(
    number: int,
    session: Reading,
    looked_up: LookedUp,
    caller: Annotated[Caller, needs("things:look")],
) -> dict[str, Any]:
    """Look at a thing, which is written down."""
    looked_up.append(LookUp(caller.subject, "thing-looked-at", str(number)))
    return {"number": number, "seen": (await run(session, sa.text("SELECT 'seen'"))).scalar_one()}


@dataclass
class Echo:
    """The process, a way to call it, and what it heard."""

    app: FastAPI
    client: httpx.AsyncClient
    signer: TokenSigner
    heard: list[int] = field(default_factory=list)
    failing: set[int] = field(default_factory=set)

    def token(self, *scopes: str, audience: str = "payments", subject: str = "staff:1") -> str:
        """A token of the gateway's."""
        caller = Caller(subject, Kind.STAFF, COUNTY, "p1", frozenset(scopes), (COUNTY,))
        return self.signer.token(audience, caller)

    async def make(self, number: int, key: str, token: str | None = None) -> httpx.Response:
        """Ask for a thing."""
        headers = {"Authorization": f"Bearer {token or self.token('things:make')}"}
        return await self.client.post(
            "/things", json={"number": number}, headers={**headers, "Idempotency-Key": key}
        )

    async def look(self, number: int) -> httpx.Response:
        """Ask to see a thing."""
        headers = {"Authorization": f"Bearer {self.token('things:look')}"}
        return await self.client.get(f"/things/{number}", headers=headers)

    async def rows(self, table: sa.Table) -> list[Any]:
        """Everything in one of the kit's tables."""
        async with self.app.state.database.transaction() as session:
            return list((await run(session, sa.select(table))).all())


def lay_tables(database: TrialDatabase) -> None:
    """Make the kit's tables in an empty database, as a first migration would."""
    engine = sa.create_engine(driver_url(database.owner_url))
    with engine.begin() as connection:

        class Op:
            def get_bind(self) -> Any:
                return connection

            def execute(self, statement: str) -> None:
                connection.execute(sa.text(statement))

        kit_tables.create(Op())
    engine.dispose()


@asynccontextmanager
async def standing(
    folder: Path, database: TrialDatabase, bus: NatsAt, *, durable: str
) -> AsyncIterator[Echo]:
    """The echo, up and listening."""
    public = secrets.make_keys(folder / "echo", "payments")
    public |= secrets.make_keys(folder / "gateway", "gateway")
    (folder / "public.json").write_text(json.dumps(public), encoding="utf-8")
    settings = load(
        Settings,
        {
            "ECHO_COUNTY": COUNTY,
            "ECHO_PORT": "1",
            "ECHO_DATABASE_URL": database.runtime_url,
            "ECHO_NATS_URL": bus.url("payments"),
            "ECHO_KEYS_DIR": str(folder / "echo"),
            "ECHO_PUBLIC_KEYS_FILE": str(folder / "public.json"),
            "ECHO_FILES_DIR": str(folder / "files"),
        },
    )
    echo: Echo

    async def hear(context: serving.Context, event: LinesSettled) -> None:
        if event.count in echo.failing:
            echo.failing.discard(event.count)
            raise RuntimeError("not this time")
        if event.count == 7:
            raise Unlucky("seven")
        async with context.database.transaction() as session:
            if await outbox.first_time(session, event, durable):
                echo.heard.append(event.count)

    app = serving.build_app(
        settings,
        name="payments",
        routers=[router],
        allowed={"gateway": frozenset({"*"})},
        listeners=[Listener(LinesSettled, durable, hear)],
        nats_url=settings.nats_url,
    )
    signer = TokenSigner("gateway", secrets.KeyRing.open(folder / "gateway"))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://echo") as client,
    ):
        echo = Echo(app, client, signer)
        yield echo
