"""Identification as it stands in a county, with payments and notifications as its listeners."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import psycopg
from aiohttp import web
from fastapi import FastAPI
from psycopg.rows import dict_row

from services.identification import app as identification
from services.identification.importing.working import run_import
from services.identification.settings import Settings
from shared import ports, searching, secrets
from shared.callers import Caller, Kind, TokenSigner
from shared.contracts.notifications import ContactsHandedOn
from shared.contracts.payments import AccountOffered, AccountsHandedOn
from shared.settings import load
from tests.trial import NatsAt, TrialDatabase

COUNTY: Final = "511425"
NOW: Final = "2026-09-25T09:00:00+08:00"
ROOT: Final = Path(__file__).resolve().parents[2]
BEFORE: Final = "01a2178a-0000-7000-8000-000000000007"
PAID_TO = {
    "bank_name": "青神县邮政银行",
    "last4": "0007",
    "account_id": BEFORE,
    "relation": "household",
}
"""Where money goes now, as payments says it."""
"""The account payments pays to before another is decided."""
_SECONDS_MAX: Final = 60


@dataclass
class Neighbours:
    """Payments and notifications: they keep what is handed on, once for each key."""

    port: int = field(default_factory=ports.free)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    offers: list[dict[str, Any]] = field(default_factory=list)
    reserve_fen: int = 10_000_000
    advances: dict[str, int] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    away: bool = False
    refuses: bool = False
    paid_to: dict[str, str] | None = field(default_factory=lambda: dict(PAID_TO))

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[None]:
        """Serve while the block lasts."""
        application = web.Application(client_max_size=8 << 20)
        application.add_routes(
            [
                web.post("/accounts", self._take),
                web.post("/contacts", self._take),
                web.post("/payees/{beneficiary_id}/offers", self._offer),
                web.post("/reserves/{town}/advances", self._advance),
            ]
        )
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        yield
        await runner.cleanup()

    async def _offer(self, request: web.Request) -> web.Response:
        """Know an account that a case names."""
        if self.away:
            return web.Response(status=503)
        offered = AccountOffered.model_validate_json(await request.read())
        beneficiary_id = request.match_info["beneficiary_id"]
        self.offers.append({"beneficiary_id": beneficiary_id, **offered.model_dump(mode="json")})
        return web.json_response({
            "account_id": str(uuid4()),
            "bank_name": "青神县商业银行",
            "last4": offered.account_number[-4:],
            "now": self.paid_to,
        })  # fmt: skip

    async def _advance(self, request: web.Request) -> web.Response:
        """A case is helped first from the township's reserve, while it holds enough."""
        said = json.loads(await request.read())
        if self.reserve_fen < said["amount_fen"]:
            document = {"type": "/problems/reserve-spent", "title": "Spent", "status": 409}
            return web.json_response(document, status=409, content_type="application/problem+json")
        if said["case_id"] not in self.advances:
            self.advances[said["case_id"]] = said["amount_fen"]
            self.reserve_fen -= said["amount_fen"]
        return web.json_response({"left_fen": self.reserve_fen})

    async def _take(self, request: web.Request) -> web.Response:
        if self.away:
            return web.Response(status=503)
        if self.refuses:
            document = {"type": "/problems/malformed", "title": "Not understood", "status": 422}
            return web.json_response(document, status=422, content_type="application/problem+json")
        body, key = await request.read(), f"{request.path}:{request.headers['Idempotency-Key']}"
        if key in self.keys:
            assert self.keys[key] == body, "the same key came with other words"
            return web.json_response({})
        self.keys[key] = body
        if request.path == "/accounts":
            AccountsHandedOn.model_validate_json(body)
            self.accounts.extend(json.loads(body)["items"])
        else:
            ContactsHandedOn.model_validate_json(body)
            self.contacts.extend(json.loads(body)["items"])
        return web.json_response({})


@dataclass
class Register:
    """The process under test, those who call it, and what lies in its database."""

    app: FastAPI
    client: httpx.AsyncClient
    settings: Settings
    keys: Path
    database: TrialDatabase
    neighbours: Neighbours

    def headers(self, caller: Caller, issuer: str = "gateway") -> dict[str, str]:
        """A token of the gateway's, or of another service's, for this caller."""
        signer = TokenSigner(issuer, secrets.KeyRing.open(self.keys / issuer))
        token = signer.token("identification", caller)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    async def upload(
        self,
        content: bytes,
        caller: Caller | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Hand a roster in."""
        return await self.client.post(
            "/rosters",
            content=content,
            headers=self.headers(caller or staff()) | (headers or {}),
        )

    async def get(
        self, path: str, caller: Caller | None = None, *, query: str = "", **params: Any
    ) -> httpx.Response:
        """Ask as staff of the county, or as somebody else; what is searched for is a header."""
        headers = self.headers(caller or staff()) | (searching.header(query) if query else {})
        return await self.client.get(path, params=params, headers=headers)

    async def imported(self, content: bytes) -> dict[str, Any]:
        """Hand a roster in and wait until it is in, or refused."""
        answer = await self.upload(content)
        assert answer.status_code == 202, answer.text
        import_id = answer.json()["import_id"]
        if not self.settings.import_children:
            assert await run_import(self.settings, UUID(import_id)) == 0
        return await self.finished(import_id)

    async def finished(self, import_id: str) -> dict[str, Any]:
        """Wait until an import has ended."""
        for _ in range(_SECONDS_MAX * 20):
            found: dict[str, Any] = (await self.get(f"/rosters/{import_id}")).json()
            if found["status"] in ("imported", "refused"):
                return found
            if found["status"] == "waiting":
                await self.judged(import_id)
                if not self.settings.import_children:
                    assert await run_import(self.settings, UUID(import_id)) == 0
            await asyncio.sleep(0.05)
        raise AssertionError(f"still {found['status']}: {found}")

    async def judged(
        self, import_id: str, caller: Caller | None = None, *, accepted: bool = True
    ) -> httpx.Response:
        """Another accepts a roster that assists somebody, or does not."""
        return await self.client.post(
            f"/rosters/{import_id}/judgement",
            json={"accepted": accepted},
            headers=self.headers(caller or head()),
        )

    async def determinations(self, import_id: str, limit: int = 500) -> list[dict[str, Any]]:
        """All of an import's determinations, as benefits fetches them."""
        items: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            params = {"import_id": import_id, "limit": str(limit)}
            if after is not None:
                params["after"] = after
            answer = await self.client.get(
                "/determinations", params=params, headers=self.headers(benefits(), "benefits")
            )
            assert answer.status_code == 200, answer.text
            items.extend(answer.json()["items"])
            after = answer.json()["next"]
            if after is None:
                return items

    def rows(self, statement: str, *parameters: str) -> list[dict[str, Any]]:
        """What the database holds, read as its owner."""
        with psycopg.connect(self.database.owner_url, row_factory=dict_row) as owner:
            return owner.execute(statement, parameters or None).fetchall()

    def told(self, event: str) -> list[dict[str, Any]]:
        """Events with `event` in their subject, their `body` among them, in the order told."""
        said = "SELECT * FROM outbox WHERE subject LIKE %s ORDER BY created_at, event_id"
        return self.rows(said, f"%{event}%")

    def audited(self, act: str) -> list[dict[str, Any]]:
        """The audit's entries of `act`, in the order they were written."""
        return self.rows("SELECT * FROM audit WHERE act = %s ORDER BY number", act)

    async def change(self, statement: str) -> None:
        """Somebody with the owner's password changes what lies in the database.

        They wait beside the process, not in its stead: it may hold the row they are after.
        """
        await asyncio.to_thread(self._change, statement)

    def _change(self, statement: str) -> None:
        with psycopg.connect(self.database.owner_url) as owner:
            owner.execute(statement)


def staff(*areas: str) -> Caller:
    """Wang Fang of civil affairs, of the whole county unless a town or village is named."""
    scopes = frozenset({"roster:import", "people:read", "runs:read"})
    return Caller("staff:wang", Kind.STAFF, COUNTY, "wang", scopes, areas or (COUNTY,))


def head(name: str = "chen", *areas: str) -> Caller:
    """Chen Jie, who heads civil affairs: the second person of a roster."""
    scopes = frozenset({"roster:accept", "runs:read"})
    return Caller(f"staff:{name}", Kind.STAFF, COUNTY, name, scopes, areas or (COUNTY,))


def citizen(person_id: str) -> Caller:
    """Somebody who signed in as themselves."""
    return Caller(f"citizen:{person_id}", Kind.CITIZEN, COUNTY, person_id, frozenset({"my:read"}))


def benefits() -> Caller:
    """The service that reckons with determinations."""
    scopes = frozenset({"determinations:read"})
    return Caller("benefits", Kind.SERVICE, COUNTY, "benefits", scopes, (COUNTY,))


def environment(
    folder: Path, database: TrialDatabase, nats: NatsAt, neighbours: Neighbours, **knobs: Any
) -> dict[str, str]:
    """All knobs of a process whose files lie in a folder; keys are made if there are none."""
    public: dict[str, Any] = {}
    for issuer in ("identification", "gateway", "benefits"):
        public |= secrets.make_keys(folder / "keys" / issuer, issuer)
    (folder / "public.json").write_text(json.dumps(public), encoding="utf-8")
    (folder / "clock").write_text(NOW, encoding="utf-8")
    (folder / "files").mkdir(exist_ok=True, mode=0o700)
    beside = f"http://127.0.0.1:{neighbours.port}"
    places = ROOT / "demonstration" / "places"
    words = {
        "county": COUNTY,
        "port": 1,
        "database_url": database.runtime_url,
        "nats_url": nats.url("identification"),
        "keys_dir": folder / "keys" / "identification",
        "public_keys_file": folder / "public.json",
        "files_dir": folder / "files",
        "clock": f"file:{folder / 'clock'}",
        "log_file": folder / "identification.log",
        "payments_url": beside,
        "benefits_url": beside,
        "notifications_url": beside,
        "divisions_file": places / f"{COUNTY}.yaml",
        "banks_file": places / f"{COUNTY}-banks.yaml",
        "import_retry_seconds": 1,
        **knobs,
    }
    return {f"IDENTIFICATION_{name.upper()}": str(value) for name, value in words.items()}


@asynccontextmanager
async def standing(
    folder: Path, database: TrialDatabase, nats: NatsAt, **knobs: Any
) -> AsyncIterator[Register]:
    """Identification, up; with `import_children=0` imports run here, which spares a start."""
    neighbours = Neighbours()
    settings = load(Settings, environment(folder, database, nats, neighbours, **knobs))
    app = identification.build(settings)
    transport = httpx.ASGITransport(app)
    async with (
        neighbours.standing(),
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://identification", timeout=60
        ) as client,
    ):
        yield Register(app, client, settings, folder / "keys", database, neighbours)
