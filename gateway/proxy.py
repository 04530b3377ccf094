"""Passes a request on to the one service it is for, as a stream both ways.

What the caller claims of itself is left at the door; the service gets our own token for sixty
seconds. A problem document goes through untouched. Nothing is sent twice: whether a write that got
no answer was done is for the caller to ask again, with the same key.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
from multidict import CIMultiDict
from starlette.types import Message, Receive, Scope, Send
from yarl import URL

from gateway import endings, named
from gateway.admission import Admission
from gateway.quotas import Quotas
from gateway.settings import Settings
from gateway.table import Match, PublicRoute, Table
from shared import searching, telemetry
from shared.callers import Caller, ScopeMissing, TokenSigner
from shared.database import Database
from shared.problems import Malformed, NotFound, Problem, SpokenByPeer, TooLarge, Unavailable

PASSED_IN: Final = frozenset(
    {
        b"accept",
        b"accept-language",
        b"content-digest",
        b"content-length",
        b"content-type",
        searching.HEADER.lower().encode(),
        b"idempotency-key",
        b"if-none-match",
        b"if-range",
        b"range",
    }
)
PASSED_OUT: Final = frozenset(
    {
        "accept-ranges",
        "cache-control",
        "content-digest",
        "content-disposition",
        "content-length",
        "content-range",
        "content-type",
        "etag",
        "idempotent-replay",
        "last-modified",
        "retry-after",
    }
)
# Shorter than a server keeps an idle connection, so that we never write into one just closed.
IDLE_CONNECTION_SECONDS: Final = 3.0


class NoSuchRoute(NotFound):
    """There is nothing at this path."""


class ServiceAway(Unavailable):
    """The service that does this cannot be reached; try again in a moment."""


class AnswerLost(Unavailable):
    """The service gave no answer; send the same request again with the same key."""


class BodyTooLarge(TooLarge):
    """The body is larger than is accepted here."""


class KeyMissing(Malformed):
    """A POST carries an Idempotency-Key of 8 to 128 characters."""


class UploadSilent(Malformed):
    """Nothing more came of the body."""


class CallerGone(Exception):
    """Whoever asked is not there any more."""


class Upstream:
    """Connections to the services, opened when first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self.urls = {
            "identification": settings.identification_url,
            "benefits": settings.benefits_url,
            "payments": settings.payments_url,
            "notifications": settings.notifications_url,
        }

    def session(self) -> aiohttp.ClientSession:
        """The one client session of this process."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, keepalive_timeout=IDLE_CONNECTION_SECONDS, ttl_dns_cache=60
                ),
                timeout=aiohttp.ClientTimeout(
                    total=None,
                    sock_connect=self._settings.connect_seconds,
                    sock_read=self._settings.answer_seconds,
                ),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def pass_file_on(
        self,
        service: str,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        token: str,
        key: str,
        told: Mapping[str, str] | None = None,
    ) -> Any:
        """Post a file of one of our own forms to a service; its answer in JSON.

        Raises:
            SpokenByPeer: the service refused, in its own words.
            ServiceAway, AnswerLost: as they say.
        """
        fault: list[Problem] = []

        async def body() -> AsyncIterator[bytes]:
            try:
                async for chunk in chunks:
                    yield chunk
            except Problem as problem:
                fault.append(problem)
                raise

        headers = {
            "authorization": f"Bearer {token}",
            "idempotency-key": key,
            "content-type": "application/octet-stream",
            "x-request-id": telemetry.request_id.get(),
            **(told or {}),
        }
        try:
            async with self.session().post(
                self.urls[service] + path, headers=headers, data=body(), allow_redirects=False
            ) as answer:
                said = await answer.json(content_type=None)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as problem:
            raise ServiceAway(f"{service} cannot be reached") from problem
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            if fault:
                raise fault[0] from problem
            raise AnswerLost(f"{service} gave no answer") from problem
        if answer.status >= 400:
            raise SpokenByPeer(answer.status, said)
        return said

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()


class Proxy:
    """The ASGI application behind /api/v1."""

    def __init__(
        self,
        settings: Settings,
        table: Table,
        admission: Admission,
        signer: TokenSigner,
        upstream: Upstream,
        quotas: Quotas,
        database: Database,
    ) -> None:
        self._database = database
        self._settings = settings
        self._table = table
        self._admission = admission
        self._signer = signer
        self._upstream = upstream
        self._quotas = quotas

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        1. Find its route; 2. know the caller; 3. compare scope, kind and quota; 4. pass it on.
        """
        method: str = scope["method"]
        match = self._table.match(method, scope["path"])
        if match is None:
            raise NoSuchRoute()
        scope["route"] = match.route
        words = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        caller = await self._admission.caller(method, words)
        scope["state"]["caller"] = caller
        admit(match.route, caller)
        self._quotas.spend(caller.subject, f"{method} {match.route.path}", match.route.per_minute)
        check_words(match.route, words)
        try:
            await self._pass_on(match, caller, scope, receive, send)
        except CallerGone:
            telemetry.log.info("caller-gone", route=match.route.path)

    async def _pass_on(
        self, match: Match, caller: Caller, scope: Scope, receive: Receive, send: Send
    ) -> None:
        route = match.route
        url = URL(self._upstream.urls[route.service] + route.inner_path(match.values))
        query: bytes = scope["query_string"]
        if query:
            url = URL(f"{url}?{query.decode('latin-1')}", encoded=True)
        headers = self._headers(scope, route, caller)
        if route.signed_by is not None:
            async with self._database.transaction() as session:
                told = await endings.told(session, route.signed_by, datetime.now(UTC))
            headers[endings.HEADER] = told
        if route.names_accounts:
            async with self._database.transaction() as session:
                told = await named.told(session, route.scopes, url.query.getall("account", []))
            headers[named.HEADER] = told
        body = _Body(receive, route.body_bytes_max, self._settings.upload_silence_seconds)
        try:
            async with self._upstream.session().request(
                scope["method"],
                url,
                headers=headers,
                data=body.chunks() if scope["method"] == "POST" else None,
                allow_redirects=False,
                skip_auto_headers=("User-Agent", "Content-Type", "Accept"),
            ) as answer:
                await self._answer(answer, send)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as problem:
            raise ServiceAway(f"{route.service} cannot be reached") from problem
        except (aiohttp.ClientError, TimeoutError) as problem:
            if body.failure is not None:
                raise body.failure from problem
            telemetry.log.warning(
                "no-answer", service=route.service, because=type(problem).__name__
            )
            raise AnswerLost(f"{route.service} gave no answer") from problem

    def _headers(self, scope: Scope, route: PublicRoute, caller: Caller) -> CIMultiDict[str]:
        passed: CIMultiDict[str] = CIMultiDict(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            if name in PASSED_IN
        )
        if scope["method"] != "POST":
            passed.popall("content-length", None)
            passed.popall("content-type", None)
        passed["authorization"] = f"Bearer {self._signer.token(route.service, caller)}"
        passed["accept-encoding"] = "identity"
        passed["x-request-id"] = telemetry.request_id.get()
        return passed

    async def _answer(self, answer: aiohttp.ClientResponse, send: Send) -> None:
        start: Message = {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1"))
                for name, value in answer.headers.items()
                if name.lower() in PASSED_OUT
            ],
        }
        await send(start)
        try:
            async for chunk in answer.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except (aiohttp.ClientError, TimeoutError) as problem:
            # The head is out; a cut connection is the one honest way left to say "not whole".
            raise ConnectionAbortedError("the service broke off its answer") from problem
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def admit(route: PublicRoute, caller: Caller) -> None:
    """Let a caller through to a route.

    Raises:
        ScopeMissing: the route is not for this kind of caller, or its scopes are missing.
    """
    if caller.kind not in route.kinds:
        raise ScopeMissing("this is not open to such a caller")
    if not any(caller.has(scope) for scope in route.scopes):
        raise ScopeMissing("one of these scopes is needed", scopes=list(route.scopes))


def check_words(route: PublicRoute, headers: Mapping[str, str]) -> None:
    """Refuse early what a service would refuse after reading it all.

    Raises:
        KeyMissing: a POST without its key.
        BodyTooLarge: a body said to be larger than the route takes.
    """
    if route.method == "POST":
        key = headers.get("idempotency-key", "")
        if not 8 <= len(key) <= 128 or not key.isprintable():
            raise KeyMissing()
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > route.body_bytes_max:
        raise BodyTooLarge(bytes_max=route.body_bytes_max)


class _Body:
    """The caller's body as it comes, counted; a fault is kept, for the client hides it."""

    def __init__(self, receive: Receive, bytes_max: int, silence_seconds: float) -> None:
        self._receive = receive
        self._bytes_max = bytes_max
        self._silence_seconds = silence_seconds
        self.failure: Problem | CallerGone | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""
        try:
            count, more = 0, True
            while more:
                message = await asyncio.wait_for(self._receive(), self._silence_seconds)
                if message["type"] == "http.disconnect":
                    raise CallerGone
                chunk: bytes = message.get("body", b"")
                count += len(chunk)
                if count > self._bytes_max:
                    raise BodyTooLarge(bytes_max=self._bytes_max)
                if chunk:
                    yield chunk
                more = message.get("more_body", False)
        except TimeoutError as problem:
            self.failure = UploadSilent()
            raise self.failure from problem
        except (Problem, CallerGone) as problem:
            self.failure = problem
            raise
