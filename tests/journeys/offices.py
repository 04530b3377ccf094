"""Three offices of a county without its money: the door, identification and notifications, up
and listening in this process, with an SMS centre that is a program of its own."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI

from demonstration import processes
from demonstration.processes import Where
from gateway import app as gateway
from gateway import staff
from gateway.settings import Settings as GatewaySettings
from services.identification import app as identification
from services.identification.settings import Settings as IdentificationSettings
from services.notifications import app as notifications
from services.notifications.settings import Settings as NotificationsSettings
from shared import ports, secrets
from shared.provision import PROCESSES
from shared.settings import load
from tests.gateway.visits import hidden_fields, sign_in
from tests.notifications.smsc_at import SmscAt, a_centre, until
from tests.trial import MakeDatabase, NatsAt

COUNTY: Final = "511425"
NOW: Final = "2026-09-25T09:00:00+08:00"
PASSWORD: Final = "correct horse battery"  # Of people who exist for a test.
APPS: Final = {
    "identification": (IdentificationSettings, identification.build),
    "notifications": (NotificationsSettings, notifications.build),
    "gateway": (GatewaySettings, gateway.build),
}


@dataclass
class Offices:
    """The three, those who come to their door, and the telephones of the county."""

    where: Where
    apps: dict[str, FastAPI]
    smsc: SmscAt
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self) -> httpx.AsyncClient:
        """A browser of its own."""
        browser = httpx.AsyncClient(base_url=self.where.url("gateway"), timeout=60)
        self.browsers.append(browser)
        return browser

    async def officer(self, name: str, role: str, area: str) -> httpx.AsyncClient:
        """Somebody of staff, signed in, for whom the interface is enough."""
        async with self.apps["gateway"].state.database.transaction() as session:
            await staff.register(
                session,
                COUNTY,
                name=name,
                roles=[role],
                areas=[area],
                password=PASSWORD,
                now=datetime.now(UTC),
            )
        browser = self.browser()
        answer = await sign_in(browser, name, PASSWORD)
        browser.headers["X-CSRF-Token"] = answer.headers["X-CSRF-Token"]
        return browser

    async def texts(self, telephone: str, count: int) -> list[str]:
        """What came to a telephone, once so many texts have come."""
        await until(lambda: len(self.smsc.texts(f"86{telephone}")) >= count, 30)
        return [text.words for text in self.smsc.texts(f"86{telephone}")]

    async def at_home(self, name: str, id_number: str, phone: str) -> httpx.AsyncClient:
        """A phone at which somebody has proven that it is theirs."""
        browser, before = self.browser(), len(self.smsc.texts(f"86{phone}"))
        words = {"name": name, "id_number": id_number, "phone": phone}
        answer = await send(browser, "/apply/sign-in", **words)
        assert answer.status_code == 303, answer.text
        code = re.findall(r"验证码 (\d{6})", (await self.texts(phone, before + 1))[-1])[-1]
        answer = await send(browser, answer.headers["location"], to="/sign-in/code", code=code)
        assert answer.headers["location"] == "/my/cases", answer.text
        return browser

    def later(self, days: int) -> None:
        """Let days pass in the county."""
        path = self.where.folder / "clock"
        now = datetime.fromisoformat(path.read_text(encoding="utf-8")) + timedelta(days=days)
        path.write_text(now.isoformat(), encoding="utf-8")


async def send(
    browser: httpx.AsyncClient, page: str, *, to: str | None = None, **words: Any
) -> httpx.Response:
    """Open a page and send its form, as a browser does."""
    form = hidden_fields(await browser.get(page))
    return await browser.post(to or page.partition("?")[0], data={**form, **words})


@asynccontextmanager
async def offices(folder: Path, make_database: MakeDatabase, bus: NatsAt) -> AsyncIterator[Offices]:
    """All three up, with nobody in the register and nothing said on the bus yet."""
    await bus.forget()
    where = Where(
        folder=folder,
        county=COUNTY,
        county_name="青神县",
        notice="演示县：标准为历史数值。",
        port_of={name: ports.free() for name in PROCESSES},
        smpp_port=ports.free(),
    )
    public: dict[str, Any] = {}
    for name in APPS:
        public |= secrets.make_keys(where.keys / name, name)
        (folder / "files" / name).mkdir(parents=True, mode=0o700)
    (where.keys / "public.json").write_text(json.dumps(public), encoding="utf-8")
    (folder / "clock").write_text(NOW, encoding="utf-8")
    async with AsyncExitStack() as stack:
        centre = stack.enter_context(a_centre(folder / "smsc"))
        centre.port = where.smpp_port
        await centre.start()
        apps = {}
        for name, (kind, build) in APPS.items():
            knobs = processes.knobs(name, where, make_database(name).urls, bus.url(name))
            apps[name] = build(load(kind, knobs))  # type: ignore[arg-type,operator] # Each with its own.
            await stack.enter_async_context(_listening(apps[name], where.port_of[name]))
        stands = Offices(where, apps, centre)
        try:
            yield stands
        finally:
            for browser in stands.browsers:
                await browser.aclose()


@asynccontextmanager
async def _listening(app: FastAPI, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving
