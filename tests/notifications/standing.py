"""Notifications as it stands in a county: its own process or in this one, with those around it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from aiohttp import web
from psycopg.rows import dict_row

from shared import leash, ports, secrets
from shared.bus import Bus
from shared.callers import Caller, Kind, TokenSigner
from shared.contracts.payments import LinesReturned, LinesSettled, Outcome
from shared.ids import new_id
from tests.notifications.smsc_at import ROOT, SmscAt
from tests.trial import NatsAt, TrialDatabase

COUNTY = "511425"
SERVICES = ("identification", "gateway", "payments")


def a_line(beneficiary_id: UUID, **changed: Any) -> dict[str, Any]:
    """One line of a bank's result, as payments speaks of it."""
    line = {
        "line_id": str(new_id()),
        "beneficiary_kind": "person",
        "beneficiary_id": str(beneficiary_id),
        "programme": "dibao",
        "month": "2026-10",
        "pay_month": "2026-10",
        "amount_fen": 58600,
        "outcome": "settled",
        "reason": None,
        "account_last4": "5341",
        "bank_name": "青神商业银行",
    }
    return {**line, **changed}


def a_contact(phone: str | None, **changed: Any) -> dict[str, Any]:
    """One contact, as identification hands it on; the person is the beneficiary."""
    person_id = str(new_id())
    contact = {"person_id": person_id, "beneficiary_ids": [person_id], "phone": phone}
    return {**contact, "called": "张*明", "language": "zh", **changed}


@dataclass
class Results:
    """Where payments keeps its results: the pages that notifications fetches."""

    port: int = field(default_factory=ports.free)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def put(self, lines: Sequence[dict[str, Any]]) -> UUID:
        """A new result with these lines."""
        result_id = new_id()
        self.lines[str(result_id)] = sorted(lines, key=lambda line: str(line["line_id"]))
        return result_id

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Serve them while the block lasts."""
        application = web.Application()
        application.add_routes([web.get("/results/{result_id}/lines", self._page)])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield
        finally:
            await runner.cleanup()

    async def _page(self, request: web.Request) -> web.Response:
        lines = self.lines[request.match_info["result_id"]]
        after, limit = request.query.get("after", ""), int(request.query["limit"])
        page = [line for line in lines if line["line_id"] > after][:limit]
        more = bool(page) and page[-1]["line_id"] != lines[-1]["line_id"]
        return web.json_response({"items": page, "next": page[-1]["line_id"] if more else None})


@dataclass
class Standing:
    """The process under test, and the hands of those who call it."""

    folder: Path
    database: TrialDatabase
    nats: NatsAt
    smsc: SmscAt
    results: Results
    knobs: dict[str, str]
    port: int = field(default_factory=ports.free)
    child: leash.Child | None = None
    said: list[LinesSettled | LinesReturned] = field(default_factory=list)

    @property
    def files_dir(self) -> Path:
        """Its own folder for files, where crash points are armed."""
        return self.folder / "files"

    @property
    def log_file(self) -> Path:
        """What it wrote down."""
        return self.folder / "notifications.log"

    def environment(self) -> dict[str, str]:
        """All its knobs."""
        knobs = {
            "COUNTY": COUNTY,
            "PORT": str(self.port),
            "DATABASE_URL": self.database.runtime_url,
            "NATS_URL": self.nats.url("notifications"),
            "KEYS_DIR": str(self.folder / "keys" / "notifications"),
            "PUBLIC_KEYS_FILE": str(self.folder / "public.json"),
            "FILES_DIR": str(self.files_dir),
            "LOG_FILE": str(self.log_file),
            "PAYMENTS_URL": f"http://127.0.0.1:{self.results.port}",
            "SIGN": "青神民政",
            "SMPP_HOST": "127.0.0.1",
            "SMPP_PORT": str(self.smsc.port),
            "SMPP_SYSTEM_ID": "doudi",
            "SMPP_PASSWORD": "secret",
            "SMPP_SOURCE": "10690000",
            "RETRY_SECONDS": "0.2",
            **self.knobs,
        }
        return {f"NOTIFICATIONS_{name}": value for name, value in knobs.items()}

    async def start(self) -> None:
        """Start the process and wait until it can work."""
        with (self.folder / "output").open("ab") as output:
            self.child = leash.start(
                [sys.executable, "-m", "services.notifications.app"],
                env={**os.environ, **self.environment()},
                cwd=ROOT,
                output=output,
            )
        async with httpx.AsyncClient() as client:
            for _ in range(400):
                with suppress(httpx.TransportError):
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        return
                if self.child.poll() is not None:
                    break
                await asyncio.sleep(0.05)
        raise AssertionError((self.folder / "output").read_text())

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """kill -9."""
        if self.child is not None:
            self.child.kill()
            self.child.wait(10)
            self.child = None

    def stop(self) -> int:
        """Ask it to end; with what it ended."""
        assert self.child is not None
        self.child.terminate()
        code = self.child.wait(15)
        self.child = None
        return code

    async def killed(self) -> None:
        """Wait until it was killed at an armed point."""
        assert self.child is not None
        for _ in range(400):
            if self.child.poll() is not None:
                self.child = None
                return
            await asyncio.sleep(0.05)
        raise AssertionError("no armed point was reached")

    def caller(self, issuer: str, caller: Caller) -> httpx.AsyncClient:
        """Somebody who calls it, with a token for a minute."""
        signer = TokenSigner(issuer, secrets.KeyRing.open(self.folder / "keys" / issuer))
        token = signer.token("notifications", caller)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60)

    async def post(self, issuer: str, scope: str, path: str, words: Any) -> httpx.Response:
        """One call of another process."""
        caller = Caller(issuer, Kind.SERVICE, COUNTY, issuer, frozenset({scope}), (COUNTY,))
        async with self.caller(issuer, caller) as client:
            return await client.post(path, json=words, headers={"Idempotency-Key": str(new_id())})

    async def hand_on(self, contacts: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Identification hands on contacts."""
        answer = await self.post(
            "identification", "contacts:write", "/contacts", {"items": list(contacts)}
        )
        assert answer.status_code == 200, answer.text
        words: dict[str, Any] = answer.json()
        return words

    async def tally(self, pay_month: str = "2026-10") -> dict[str, Any]:
        """The month's tally, as staff see it."""
        scopes = frozenset({"runs:read"})
        staff = Caller("staff:li", Kind.STAFF, COUNTY, "li", scopes, (COUNTY,))
        async with self.caller("gateway", staff) as client:
            answer = await client.get(f"/months/{pay_month}")
        assert answer.status_code == 200, answer.text
        words: dict[str, Any] = answer.json()
        return words

    async def inbox(self, person_id: UUID) -> list[dict[str, Any]]:
        """A person's inbox, as that person sees it."""
        scopes = frozenset({"my:read"})
        own = Caller(f"citizen:{person_id}", Kind.CITIZEN, COUNTY, str(person_id), scopes)
        async with self.caller("gateway", own) as client:
            answer = await client.get(f"/people/{person_id}/inbox")
        assert answer.status_code == 200, answer.text
        entries: list[dict[str, Any]] = answer.json()["items"]
        return entries

    async def say_settled(
        self, lines: Sequence[dict[str, Any]], result_id: UUID | None = None
    ) -> LinesSettled:
        """Payments says that the settled ones of these lines are settled."""
        event = LinesSettled(**self._announced(lines, {Outcome.SETTLED}, result_id))
        await self.say(event)
        return event

    async def say_returned(
        self, lines: Sequence[dict[str, Any]], result_id: UUID | None = None
    ) -> LinesReturned:
        """Payments says that the others came back."""
        came_back = {Outcome.RETURNED, Outcome.REFUSED}
        event = LinesReturned(**self._announced(lines, came_back, result_id))
        await self.say(event)
        return event

    async def say(self, event: LinesSettled | LinesReturned) -> None:
        """Put an event on the bus as payments would; not deduplicated there."""
        self.said.append(event)
        bus = Bus(self.nats.url("payments"), "payments")
        await bus.ensure_stream("payments")
        await bus.publish(event.subject(), new_id(), event.model_dump(mode="json"))
        await bus.close()

    async def say_again(self) -> None:
        """Put the last event on the bus once more."""
        await self.say(self.said[-1])

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """What its database holds, read as the reader."""
        with psycopg.connect(self.database.owner_url, row_factory=dict_row) as reader:
            return reader.execute(statement).fetchall()

    def _announced(
        self, lines: Sequence[dict[str, Any]], outcomes: set[Outcome], result_id: UUID | None
    ) -> dict[str, Any]:
        concerned = [line for line in lines if Outcome(line["outcome"]) in outcomes]
        return {
            "county": COUNTY,
            "occurred_at": datetime.now(UTC),
            "result_id": result_id or self.results.put(lines),
            "count": len(concerned),
            "total_fen": sum(line["amount_fen"] for line in concerned),
        }


@contextmanager
def standing(
    folder: Path,
    database: TrialDatabase,
    nats: NatsAt,
    smsc: SmscAt,
    results: Results,
    **knobs: str,
) -> Iterator[Standing]:
    """A process not yet started, with its keys, and surely ended."""
    public: dict[str, Any] = {}
    for issuer in ("notifications", *SERVICES):
        public |= secrets.make_keys(folder / "keys" / issuer, issuer)
    (folder / "public.json").write_text(json.dumps(public), encoding="utf-8")
    process = Standing(folder, database, nats, smsc, results, knobs)
    try:
        yield process
    finally:
        process.kill()
