"""The county's door as a courier sees it: a small real server with its own rules about tokens.

It takes a client's assertion once, gives a token, lists signed envelopes and keeps what it was
brought. It can be told to fail.
"""

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import ECKey

from services.payments.banks import manifest
from services.payments.banks.facts import EnvelopeFacts, LineFacts
from services.payments.banks.manifest import FileSeal
from services.payments.banks.profiles import Profile
from services.payments.banks.writers import write


@dataclass
class Envelope:
    """One published file."""

    words: dict[str, Any]
    content: bytes
    manifest: bytes
    signature: bytes


@dataclass
class County:
    """What lies at the door and what was brought to it."""

    folder: Path
    client_key: ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"kid": "courier-1"})
    )
    signing_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    envelopes: list[Envelope] = field(default_factory=list)
    results: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Key, name and content, each key once."""
    posts: int = 0
    answer_results: int = 202
    tokens: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def publish(self, profile: Profile, facts: EnvelopeFacts, lines: list[LineFacts]) -> Envelope:
        """Lay a file ready, as payments does."""
        content = b"".join(write(profile, facts, lines))
        digest = hashlib.sha256(content).hexdigest()
        signed = manifest.text_of(profile, facts, "511425", FileSeal(digest, len(content), None))
        told = json.loads(signed)
        words = {
            "id": facts.batch,
            "bank": profile.code,
            "format": profile.format,
            "attempt": facts.attempt,
            "count": facts.count,
            "total_fen": facts.total_fen,
            "file_sha256": digest,
            "file_name": told["file"],
        }
        envelope = Envelope(words, content, signed, self.signing_key.sign(signed))
        self.envelopes.append(envelope)
        return envelope

    def config(self, *banks: dict[str, Any], url: str, clock: str) -> Path:
        """The courier's config, with its keys beside it."""
        raw = self.signing_key.public_key().public_bytes_raw()
        public = {"payments-files": {"x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}}
        (self.folder / "public.json").write_text(json.dumps(public), encoding="utf-8")
        private = json.dumps(self.client_key.as_dict(private=True))
        (self.folder / "courier.jwk").write_text(private, encoding="utf-8")
        own = {"client_id": "courier", "key": str(self.folder / "courier.jwk")}
        words = {
            "door": url,
            "folder": str(self.folder / "courier"),
            "clock": clock,
            "county_keys": str(self.folder / "public.json"),
            "every_seconds": 0.1,
            "banks": [own | bank for bank in banks],
        }
        path = self.folder / "courier.json"
        path.write_text(json.dumps(words), encoding="utf-8")
        return path


class Door:
    """The server, in a thread of its own."""

    def __init__(self, county: County, port: int) -> None:
        self.county = county
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._open = threading.Event()
        self._stop: Callable[[], object] = self._open.clear

    def __enter__(self) -> "Door":
        self._thread.start()
        assert self._open.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._thread.join(10)

    async def _serve(self) -> None:
        application = web.Application(client_max_size=1 << 26)
        at = "/api/v1/bank/envelopes/{id}"
        application.add_routes(
            [
                web.post("/oauth/token", self._token),
                web.get("/api/v1/bank/envelopes", self._envelopes),
                web.get(f"{at}/file", self._part("content")),
                web.get(f"{at}/manifest", self._part("manifest")),
                web.get(f"{at}/signature", self._part("signature")),
                web.post("/api/v1/bank/results", self._results),
            ]
        )
        runner = web.AppRunner(application, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port).start()
        stopping, loop = asyncio.Event(), asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(stopping.set)
        self._open.set()
        await stopping.wait()
        await runner.cleanup()

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        claims = jwt.decode(
            str(form["client_assertion"]), self.county.client_key, algorithms=["ES256"]
        ).claims
        fits = (
            claims["iss"] == claims["sub"] == "courier"
            and claims["aud"] == f"{self.url}/oauth/token"
            and claims["exp"] - claims["iat"] <= 300
            and claims["jti"] not in self.county.used
            and form["grant_type"] == "client_credentials"
            and form["scope"] == "bank:fetch bank:answer"
        )
        if not fits:
            return web.json_response({"error": "invalid_client"}, status=401)
        self.county.used.add(claims["jti"])
        token = f"token-{len(self.county.used)}"
        self.county.tokens = {token}
        return web.json_response({"access_token": token, "expires_in": 600})

    def _known(self, request: web.Request) -> bool:
        return (
            request.headers.get("Authorization", "").removeprefix("Bearer ") in self.county.tokens
        )

    async def _envelopes(self, request: web.Request) -> web.Response:
        """Pages of one, so that paging is used."""
        if not self._known(request):
            return web.json_response({}, status=401)
        place = int(request.query.get("after", "0"))
        items = [envelope.words for envelope in self.county.envelopes[place : place + 1]]
        more = str(place + 1) if place + 1 < len(self.county.envelopes) else None
        return web.json_response({"items": items, "next": more})

    def _part(self, name: str) -> Any:
        async def part(request: web.Request) -> web.Response:
            if not self._known(request):
                return web.json_response({}, status=401)
            for envelope in self.county.envelopes:
                if envelope.words["id"] == request.match_info["id"]:
                    return web.Response(body=getattr(envelope, name))
            return web.json_response({}, status=404)

        return part

    async def _results(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return web.json_response({}, status=401)
        content = await request.read()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert request.headers["Content-Digest"] == f"sha-256=:{digest}:"
        self.county.posts += 1
        if self.county.answer_results == 202:
            key = request.headers["Idempotency-Key"]
            if key not in {known for known, _, _ in self.county.results}:
                self.county.results.append((key, request.query["name"], content))
        return web.json_response({}, status=self.county.answer_results)
