"""What every request meets first and every answer last: limits, hidden paths, security headers."""

import time
from collections import Counter
from datetime import UTC, datetime
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.passages import PassageBook
from shared import searching
from shared.problems import Malformed, NotFound, Problem
from shared.serving import problem_response

HEADERS_MAX: Final = 64
HEADER_BYTES_MAX: Final = 16 * 1024
PATH_BYTES_MAX: Final = 1024
QUERY_BYTES_MAX: Final = 4096
# Two of these would let one reader believe the first and another the second.
ONLY_ONCE: Final = (
    b"authorization",
    b"content-length",
    b"content-type",
    b"cookie",
    b"host",
    b"idempotency-key",
    b"x-csrf-token",
)
HIDDEN: Final = frozenset({"/metrics", "/openapi.json", "/docs", "/redoc"})
UNLOGGED: Final = ("/static/", "/healthz", "/readyz")

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
OVER_TLS: Final = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)


class HeadersTooLarge(Problem):
    """The headers of this request are too many or too large."""

    status = 431


class AddressTooLong(Problem):
    """The address of this request is too long."""

    status = 414


class NumberInAddress(Malformed):
    """ID, card and telephone numbers stand in no address, which is kept: search by the form."""

    status = 400


class HeaderTwice(Malformed):
    """A header that counts was sent twice."""

    status = 400


class Door:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, book: PassageBook, *, over_tls: bool) -> None:
        self._app = app
        self._book = book
        self._always = ALWAYS + (OVER_TLS if over_tls else ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the request, pass it on, dress the answer, and write the passage down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, at, status = time.perf_counter(), datetime.now(UTC), 500
        scope.setdefault("state", {})

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._dressed(message.get("headers", []))
            await send(message)

        try:
            refusal = self._refusal(scope)
            if refusal is not None:
                await problem_response(refusal)(scope, receive, sent)
            else:
                await self._app(scope, receive, sent)
        finally:
            if not scope["path"].startswith(UNLOGGED):
                self._note(scope, at, status, round((time.perf_counter() - started) * 1000))

    def _refusal(self, scope: Scope) -> Problem | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if scope["path"] in HIDDEN:
            return NotFound()
        if len(scope.get("raw_path") or scope["path"]) > PATH_BYTES_MAX:
            return AddressTooLong()
        if len(scope["query_string"]) > QUERY_BYTES_MAX:
            return AddressTooLong()
        address = (scope.get("raw_path") or scope["path"].encode(), scope["query_string"])
        if any(searching.tells_number(each) for each in address):
            return NumberInAddress()
        size = sum(len(name) + len(value) for name, value in headers)
        if len(headers) > HEADERS_MAX or size > HEADER_BYTES_MAX:
            return HeadersTooLarge()
        counts = Counter(name for name, _ in headers)
        if any(counts[name] > 1 for name in ONLY_ONCE):
            return HeaderTwice()
        return None

    def _dressed(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        present = {name.lower() for name, _ in headers}
        extra = [pair for pair in self._always if pair[0] not in present]
        if b"cache-control" not in present:
            extra.append((b"cache-control", b"no-store"))
        return [*headers, *extra]

    def _note(self, scope: Scope, at: datetime, status: int, milliseconds: int) -> None:
        caller = scope["state"].get("caller")
        peer = scope.get("client")
        self._book.note(
            at=at,
            caller=caller.subject if caller else "-",
            kind=caller.kind.value if caller else "-",
            method=scope["method"],
            # A path nobody serves may hold anything, an ID number even: it is not written down.
            path=scope["path"] if scope.get("route") is not None else "-",
            status=status,
            milliseconds=milliseconds,
            peer=peer[0] if peer else "-",
        )
