"""How every process stands up: its app, its database, its bus, its listeners, its plain faces."""

import asyncio
import gc
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import crash_points, idempotency, outbox, telemetry
from shared.bus import Bus, Listener
from shared.callers import Caller, Kind, TokenReader, TokenSigner
from shared.calls import Peer
from shared.clock import Clock
from shared.database import Database
from shared.ids import new_id
from shared.look_ups import LookUps
from shared.problems import PROBLEM_JSON, Malformed, NotFound, Problem
from shared.secrets import KeyRing
from shared.settings import ProcessSettings, load_or_exit

STOP_SECONDS: Final = 5
DOOR: Final = "gateway"
"""The one process that strangers reach."""
_CANCEL_AGAIN_SECONDS: Final = 0.5
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

log = telemetry.log

_PLAIN_FACES: Final = APIRouter()
"""What every process answers. FastAPI keeps each function it has routed to for good, so none of
them holds a process: it is asked of the request."""


@dataclass
class Context:
    """What a listener or a background task of a process may use."""

    name: str
    settings: Any
    database: Database
    clock: Clock
    keys: KeyRing
    peers: dict[str, Peer] = field(default_factory=dict)


Background = Callable[[Context], Awaitable[None]]


def build_app(
    settings: ProcessSettings,
    *,
    name: str,
    routers: Sequence[APIRouter],
    allowed: Mapping[str, frozenset[str]],
    listeners: Sequence[Listener] = (),
    peers: Mapping[str, str] | None = None,
    scopes: frozenset[str] = frozenset(),
    background: Sequence[Background] = (),
    nats_url: str | None = None,
) -> FastAPI:
    """Put a process together.

    Args:
        allowed: for each process that may call this one, the scopes it may bring ({"*"}: any).
        listeners: what it does when others speak; needs `nats_url`.
        peers: the processes it calls, name → URL.
        scopes: the scopes its own tokens carry to them.
        background: further tasks that run as long as it stands.
    """
    keys = KeyRing.open(settings.keys_dir)
    signer = TokenSigner(name, keys)
    own = Caller(name, Kind.SERVICE, settings.county, name, scopes, (settings.county,))
    context = Context(
        name=name,
        settings=settings,
        database=Database(settings.database_url.get_secret_value()),
        clock=Clock.open(settings.clock),
        keys=keys,
        peers={peer: Peer(url, peer, signer, own) for peer, url in (peers or {}).items()},
    )
    look_ups = LookUps(settings.database_url.get_secret_value(), settings.county)
    bus = Bus(nats_url, name) if nats_url else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        deeds = [task(context) for task in background]
        deeds.append(idempotency.keep_forgetting(context.database))
        if bus is not None:
            deeds.append(outbox.Relay(name, context.database, bus).run_forever())
            park = partial(outbox.park, context.database)
            deeds.extend(bus.listen(listener, context, park) for listener in listeners)
        tasks = [asyncio.ensure_future(_watched(deed)) for deed in deeds]
        yield
        await _stop(tasks)
        if bus is not None:
            await bus.close()
        for peer in context.peers.values():
            await peer.close()
        await context.database.close()
        await asyncio.to_thread(look_ups.close)

    app = FastAPI(
        title=name, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/openapi.json"
    )
    app.state.settings = settings
    app.state.context = context
    app.state.database = context.database
    app.state.look_ups = look_ups
    app.state.clock = context.clock
    app.state.keys = keys
    app.state.signer = signer
    app.state.peers = context.peers
    app.state.bus = bus
    app.state.tokens = TokenReader.open(name, settings.public_keys_file, allowed)
    for router in (*routers, _PLAIN_FACES):
        # One flat list: a router within a router looks all of its routes over at every request.
        app.router.routes.extend(router.routes)
    speak_problems(app)
    app.add_middleware(Accounted, process=name)
    crash_points.configure(settings.files_dir)
    return app


async def _stop(tasks: Sequence[asyncio.Future[None]]) -> None:
    """Cancel tasks until they have ended: the bus's client may swallow the first time."""
    waiting, until = set(tasks), time.monotonic() + STOP_SECONDS
    while waiting and time.monotonic() < until:
        for task in waiting:
            task.cancel()
        ended, waiting = await asyncio.wait(waiting, timeout=_CANCEL_AGAIN_SECONDS)
        await asyncio.gather(*ended, return_exceptions=True)


SomeSettings = TypeVar("SomeSettings", bound=ProcessSettings)


def run(kind: type[SomeSettings], build: Callable[[SomeSettings], FastAPI]) -> None:
    """Start a process from its environment and serve until it is told to stop."""
    settings = load_or_exit(kind)
    name = kind.model_config.get("env_prefix", "").strip("_").lower()
    telemetry.configure(name, settings.log_file)
    settings.files_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = build(settings)
    # What a process stands up with stays; looking it through for garbage would hold up answers.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        # The slower reader bounds how much a head may say; neighbours bring what the door let in.
        http="h11" if name == DOOR else "httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # From anybody on this machine; the door has its own list.
        date_header=True,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def speak_problems(app: FastAPI) -> None:
    """Answer every refusal with a problem document, and every bug with a plain 500."""

    async def refused(_request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return problem_response(problem)

    async def not_understood(_request: Request, problem: Exception) -> Response:
        assert isinstance(problem, RequestValidationError)
        faults = [
            {"at": ".".join(map(str, fault["loc"])), "fault": fault["msg"]}
            for fault in problem.errors()
        ]
        return problem_response(Malformed("see faults", faults=faults))

    async def plain(_request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        if problem.status_code == 404:
            return problem_response(NotFound())
        document = {"type": "about:blank", "title": problem.detail, "status": problem.status_code}
        return JSONResponse(
            document, problem.status_code, media_type=PROBLEM_JSON, headers=problem.headers
        )

    async def bug(_request: Request, problem: Exception) -> Response:
        log.error("bug", exc_info=problem)
        return problem_response(Problem("something went wrong here; it was written down"))

    app.add_exception_handler(Problem, refused)
    app.add_exception_handler(RequestValidationError, not_understood)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(Exception, bug)


def problem_response(problem: Problem) -> Response:
    """A problem as it goes over the wire."""
    headers = {}
    if problem.retry_after_seconds is not None:
        headers["Retry-After"] = str(problem.retry_after_seconds)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        problem.document(telemetry.request_id.get()),
        problem.status,
        media_type=PROBLEM_JSON,
        headers=headers,
    )


class NulSent(Malformed):
    """An address has a sign in it that nothing of ours is called by."""


class Accounted:
    """Gives every request its id, counts and times every answer, and lets no NUL in by an address.

    Behind the door the id is the one of whoever asked, if it is of the form; what a stranger sends
    could be anything, somebody's number too, and is written down nowhere.
    """

    def __init__(self, app: ASGIApp, process: str) -> None:
        self._app = app
        self._process = process

    def _given(self, scope: Scope) -> str:
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        return given if self._process != DOOR and _REQUEST_ID.fullmatch(given) else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        telemetry.request_id.set(self._given(scope) or str(new_id()))
        started, status = time.perf_counter(), 500
        # No address of ours has this sign in it, and no database takes it.
        app = self._app
        if "\x00" in scope["path"]:
            app = problem_response(NotFound())
        elif b"%00" in scope["query_string"]:
            app = problem_response(NulSent())

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append((b"x-request-id", telemetry.request_id.get().encode()))
            await send(message)

        try:
            await app(scope, receive, sent)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            method = scope["method"]
            telemetry.REQUESTS.labels(self._process, method, route, str(status)).inc()
            seconds = time.perf_counter() - started
            telemetry.REQUEST_SECONDS.labels(self._process, route).observe(seconds)


@_PLAIN_FACES.get("/healthz")
async def _alive(request: Request) -> dict[str, str]:
    """The process stands."""
    return {"process": request.app.state.context.name}


@_PLAIN_FACES.get("/readyz")
async def _ready(request: Request, response: Response) -> dict[str, bool]:
    """The process can do its work: its database and its bus answer."""
    state = request.app.state
    answers = {"database": await state.database.answers()}
    if state.bus is not None:
        answers["bus"] = state.bus.connected
    response.status_code = 200 if all(answers.values()) else 503
    return answers


@_PLAIN_FACES.get("/metrics")
async def _metrics() -> Response:
    """What Prometheus reads."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _watched(deed: Awaitable[None]) -> None:
    """A background task that ends by itself is a bug worth a loud line."""
    try:
        await deed
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.exception("background-task-ended")
        raise
