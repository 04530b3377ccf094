"""The gateway under test, the tiny server behind it, and those who come to its door."""

import asyncio
import json
import re
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import update

from gateway import clients, limits, staff
from gateway.models import BrowserSession, OneTimeCode, SignInAttempt, Tried
from gateway.settings import Settings
from shared.ids import new_id
from tests.trial import TrialDatabase

COUNTY = "511425"
PROXY = "127.0.0.2"
"""From where whoever stands before the door connects."""
PASSWORD = "correct horse battery"
NO_RUNS: dict[str, Any] = {"benefits GET /runs": {"words": {"items": [], "next": None}}}


@dataclass
class Upstream:
    """The tiny server: what it shall answer, and what came to it."""

    port: int
    folder: Path
    running: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self, told: dict[str, Any]) -> None:
        """Answer so from now on: {"benefits GET /runs": {"words": …}}."""
        path = self.folder / "answers.json"
        path.with_suffix(".new").write_text(json.dumps(told), encoding="utf-8")
        path.with_suffix(".new").replace(path)

    def came(self) -> list[dict[str, Any]]:
        """Every request that reached it."""
        path = self.folder / "came.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def forget(self) -> None:
        """Forget what came and what was told."""
        (self.folder / "came.jsonl").unlink(missing_ok=True)
        self.answers({})


@dataclass
class Door:
    """A gateway that listens."""

    settings: Settings
    app: Any
    database: TrialDatabase
    upstream: Upstream
    people: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.settings.public_url

    def browser(self, **options: Any) -> httpx.AsyncClient:
        """A browser of its own."""
        client = httpx.AsyncClient(base_url=self.url, timeout=20, **options)
        self.people.append(client)
        return client

    def behind_the_proxy(self, forwarded_for: str) -> httpx.AsyncClient:
        """A browser whose requests the proxy passes on with these hops."""
        transport = httpx.AsyncHTTPTransport(local_address=PROXY)
        return self.browser(transport=transport, headers={"X-Forwarded-For": forwarded_for})

    async def staff(
        self,
        name: str = "zhang.min",
        roles: tuple[str, ...] = ("civil-affairs-maker",),
        areas: tuple[str, ...] = (COUNTY,),
    ) -> httpx.AsyncClient:
        """A browser at which this member of staff has signed in."""
        async with self.app.state.database.transaction() as session:
            await staff.register(
                session,
                COUNTY,
                name=name,
                roles=list(roles),
                areas=list(areas),
                password=PASSWORD,
                now=datetime.now(UTC),
            )
        browser = self.browser()
        answer = await sign_in(browser, name, PASSWORD)
        assert answer.status_code == 303, answer.text
        browser.headers["X-CSRF-Token"] = answer.headers["X-CSRF-Token"]
        return browser

    async def client(self, client_id: str = "qscb-courier", bank: str = "qscb") -> ECKey:
        """A registered client's private key."""
        key = ECKey.generate_key("P-256", {"kid": "one"})
        async with self.app.state.database.transaction() as session:
            await clients.register(
                session,
                COUNTY,
                client_id=client_id,
                bank=bank,
                jwks={"keys": [key.as_dict(private=False)]},
                scopes=["bank:fetch", "bank:answer"],
                now=datetime.now(UTC),
            )
        return key


async def sign_in(browser: httpx.AsyncClient, name: str, password: str) -> httpx.Response:
    """Send the staff sign-in form as a browser would."""
    words = hidden_fields(await browser.get("/staff/sign-in"))
    return await browser.post("/staff/sign-in", data={**words, "name": name, "password": password})


async def tried(door: Door, what: Tried, peer: str, times: int, subject_hash: bytes = b"x") -> None:
    """Let somebody at this peer have tried this so often just now."""
    async with door.app.state.database.transaction() as session:
        for _ in range(times):
            limits.note(
                session,
                door.settings,
                what,
                subject_hash=subject_hash,
                peer=peer,
                now=datetime.now(UTC),
            )


async def later(door: Door, **passed: float) -> None:
    """Let time pass at the door: for what was tried and what is open."""
    ago = timedelta(**passed)
    async with door.app.state.database.transaction() as session:
        await session.exec(update(SignInAttempt).values(at=SignInAttempt.at - ago))
        await session.exec(update(OneTimeCode).values(expires_at=OneTimeCode.expires_at - ago))
        await session.exec(
            update(BrowserSession).values(
                seen_at=BrowserSession.seen_at - ago, ends_at=BrowserSession.ends_at - ago
            )
        )


def hidden_fields(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    fields = re.findall(r'name="(csrf|key)" value="([^"]*)"', page.text)
    assert fields, page.text
    return dict(fields)


def assertion(key: ECKey, door: Door, **changes: Any) -> str:
    """A client's signed word about itself."""
    now = int(time.time())
    claims = {
        "iss": "qscb-courier",
        "sub": "qscb-courier",
        "aud": f"{door.url}/oauth/token",
        "iat": now,
        "exp": now + 60,
        "jti": str(new_id()),
    }
    header = {"alg": "ES256", "kid": key.kid, **changes.pop("header", {})}
    claims = {name: said for name, said in (claims | changes).items() if said is not None}
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def token_request(signed: str, **more: str) -> dict[str, str]:
    """The form by which a client asks for a token."""
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": kind,
        "client_assertion": signed,
        **more,
    }


async def raw_post(
    browser: httpx.AsyncClient, path: str, body: bytes, **headers: str
) -> tuple[int, str]:
    """A POST written by hand, its body as it is; status and text of what came back first."""
    host, port = str(browser.base_url.host), browser.base_url.port
    cookies = "; ".join(f"{name}={said}" for name, said in browser.cookies.items())
    lines = {
        "Host": f"{host}:{port}",
        "Cookie": cookies,
        "X-CSRF-Token": browser.headers["X-CSRF-Token"],
        "Idempotency-Key": "a-key-of-mine",
        "Connection": "close",
        **{name.replace("_", "-"): said for name, said in headers.items()},
    }
    head = "".join(f"{name}: {said}\r\n" for name, said in lines.items())
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = await reader.read(65_536)
    finally:
        writer.close()
    return int(answer.split()[1]), answer.decode()
