"""Routes whose work is committed before the reply leaves, and done once for one key."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Path, Query, Request, Response
from fastapi.routing import APIRoute
from psycopg.errors import OperationalError as ServerGone
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import callers, idempotency
from shared.clock import Clock
from shared.database import Database
from shared.kept import refuse_unkept
from shared.look_ups import LookUp, LookUps
from shared.problems import Conflict, Problem, Unavailable

BODY_BYTES_MAX: Final = 4 * 1024 * 1024


class AlreadyThere(Conflict):
    """There is such a thing already."""


class DatabaseAway(Unavailable):
    """The database is not answering; nothing was changed for certain, send the same key again."""


Handle = Callable[[Request], Coroutine[Any, Any, Response]]
Begin = Callable[[Request, AsyncSession], Coroutine[Any, Any, None]]


class CommittedRoute(APIRoute):
    """One request, one transaction; a POST is done once for its Idempotency-Key.

    The caller reads a success only after the commit, so what it reads is so. A route that asks for
    `Reading` changes nothing, and has no transaction. No JSON comes in by one of whose texts the
    database keeps nothing.
    """

    reads_body: ClassVar[bool] = True

    def get_route_handler(self) -> Handle:
        """FastAPI's own handling, wrapped in the transaction."""
        answer = super().get_route_handler()
        reads = any(each.call is _reading for each in self.dependant.dependencies)

        async def committed(request: Request) -> Response:
            if self.body_field is not None:
                await _refuse_unkept(request)
            database: Database = request.app.state.database
            try:
                if reads:
                    return await _read(database, request, answer)
                async with database.transaction() as session:
                    request.state.session = session
                    await _begin(request, session)
                    if request.method != "POST":
                        return await answer(request)
                    return await self._once(session, request, answer)
            except IntegrityError as problem:
                raise _named(problem) from problem
            except PoolExhausted as problem:
                raise DatabaseAway("too many at once") from problem
            except ServerGone as problem:
                raise DatabaseAway("try again with the same key") from problem
            except DBAPIError as problem:
                if problem.connection_invalidated or isinstance(problem.orig, ServerGone):
                    raise DatabaseAway("try again with the same key") from problem
                raise

        return committed

    async def _once(self, session: AsyncSession, request: Request, answer: Handle) -> Response:
        caller, key = callers.identify(request), idempotency.key_of(request)
        body = await request.body() if self.reads_body else b""
        words = idempotency.fingerprint(request, body)
        county, keys = request.app.state.settings.county, request.app.state.keys
        earlier = await idempotency.earlier_answer(session, keys, county, caller, key, words)
        if earlier is not None:
            return earlier
        reply = await answer(request)
        await idempotency.keep_answer(session, keys, caller, key, reply)
        return reply


async def _refuse_unkept(request: Request) -> None:
    try:
        said = await request.json()  # Kept by the request, and read once.
    except (ValueError, RecursionError):
        return  # What is no JSON is refused as that.
    refuse_unkept(said)


async def _begin(request: Request, session: AsyncSession) -> None:
    """What the process wants to know before it does anything that is asked, where it does."""
    begin: Begin | None = getattr(request.app.state, "begin", None)
    if begin is not None:
        await begin(request, session)


async def _read(database: Database, request: Request, answer: Handle) -> Response:
    """An answer that changes nothing: it leaves once every look-up behind it is written down."""
    looked_up: list[LookUp] = []
    request.state.looked_up = looked_up
    async with database.reading() as session:
        request.state.reading = session
        await _begin(request, session)
        reply = await answer(request)
    look_ups: LookUps = request.app.state.look_ups
    for each in looked_up:
        await look_ups.write(each)
    return reply


class StreamedRoute(CommittedRoute):
    """The same for an upload, whose body the route reads as a stream."""

    reads_body = False


# Plain functions would be sent to a thread each, a millisecond of every request.
async def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


async def _now(request: Request) -> datetime:
    clock: Clock = request.app.state.clock
    return clock.now()


async def _reading(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.reading
    return session


async def _looked_up(request: Request) -> list[LookUp]:
    looked_up: list[LookUp] = request.state.looked_up
    return looked_up


Transaction = Annotated[AsyncSession, Depends(_session)]
Reading = Annotated[AsyncSession, Depends(_reading)]
"""In place of a transaction: a session that can't write."""
LookedUp = Annotated[list[LookUp], Depends(_looked_up)]
"""What a route that only reads has written on the audit chain before its answer leaves."""
NUMBER_MAX: Final = 2**63 - 1
"""The largest number a table can be asked for."""
After = Annotated[int, Query(ge=0, le=NUMBER_MAX)]
"""After which number, or how many, a page goes on."""
Year = Annotated[int, Path(ge=2000, le=2100)]
"""A year in an address: one that a list can be of."""
Now = Annotated[datetime, Depends(_now)]


def _named(problem: IntegrityError) -> Problem:
    """The problem that a violated constraint stands for; a rule names it as `constraint`."""
    diagnosis = getattr(problem.orig, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    for kind in _all_kinds(Problem):
        if constraint and kind.__dict__.get("constraint") == constraint:
            return kind()
    return AlreadyThere("another request was first", constraint=constraint)


def _all_kinds(kind: type[Problem]) -> list[type[Problem]]:
    return [kind] + [deep for child in kind.__subclasses__() for deep in _all_kinds(child)]
