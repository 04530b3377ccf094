"""One transaction per request, event or chunk; whoever opens it never commits by hand."""

import select
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCopy, BaseConnection
from psycopg.sql import SQL, Identifier
from psycopg.types.array import ListDumper
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CursorResult,
    Dialect,
    Executable,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
    any_,
    bindparam,
    event,
    literal,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import registry
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.ids import new_id as new_id

# Constraint names are part of the contract: a violation is mapped to its problem by name.
NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_LINES_AT_ONCE: Final = 2_000
_THOSE: Final = "those"


def table_registry() -> registry:
    """A registry for one service's tables, so that no service's metadata holds another's."""
    return registry(metadata=MetaData(naming_convention=NAMING))


def driver_url(url: str) -> str:
    """A PostgreSQL URL as SQLAlchemy wants it, with psycopg 3 as the driver."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


CONNECTING: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    # A server that fell silent is known before it is asked something.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
# A plan made for any words is chosen for what it costs on average, and goes through whole tables
# for some; planning anew takes a fraction of a millisecond.
_OF_READERS: Final = "-c default_transaction_read_only=on -c plan_cache_mode=force_custom_plan"


class Database:
    """One service's own database, as its runtime role."""

    def __init__(self, url: str, *, connections_max: int = 10) -> None:
        self._acting = _engine(url, connections_max)
        self._reading = _engine(url, connections_max, read_only=True)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed when the block ends, or not at all."""
        async with AsyncSession(self._acting, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that can't write: each statement stands alone, and no round trip frames it."""
        async with AsyncSession(self._reading, expire_on_commit=False) as session:
            yield session

    async def answers(self) -> bool:
        """Whether the server answers at this moment."""
        try:
            async with self.reading() as session:
                await run(session, text("SELECT 1"))
        except Exception:
            return False
        return True

    async def close(self) -> None:
        """Give every connection back."""
        await self._acting.dispose()
        await self._reading.dispose()


async def run(
    session: AsyncSession,
    statement: Executable,
    parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> CursorResult[Any]:
    """Run plain SQL or a Core statement on the session's own connection, after what it holds."""
    await session.flush()
    connection = await session.connection()
    return await connection.execute(statement, parameters)


def one_of(column: Any, words: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column holds one of some words: one parameter, however many they are, written as
    the database reads it once, and not whenever the statement is asked."""
    written = bytes(ListDumper(list).dump(sorted(words)) or b"").decode()
    found: ColumnElement[bool] = column == any_(literal(written, _WrittenArray()))
    return found


def among(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether a column holds one of some ids: one parameter, however many they are; each its own
    would be more than the database takes, of a whole county."""
    found: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(Uuid)))
    return found


def among_those(column: Any) -> ColumnElement[bool]:
    """Whether a column holds one of `those` ids that are said when the statement is asked: it may
    be put together once, which takes longer than the database needs to answer. For few ids."""
    found: ColumnElement[bool] = column.in_(bindparam(_THOSE, expanding=True))
    return found


def those(ids: Iterable[Any]) -> dict[str, Any]:
    """Ids as the parameters of a statement that holds a column `among_those`."""
    return {_THOSE: list(ids)}


class _WrittenArray(TypeDecorator[str]):
    """An array as the text that the database reads it from; a parameter still, and no cast of each
    row's own, which the planner would know nothing of."""

    impl = ARRAY(Text)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """It is written."""


async def driver_connection(session: AsyncSession) -> AsyncConnection[Any]:
    """The driver's own connection of a session, after what the session holds."""
    await session.flush()
    connection = await session.connection()
    raw = (await connection.get_raw_connection()).driver_connection
    assert isinstance(raw, AsyncConnection)
    return raw


async def copy_rows(
    session: AsyncSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Load rows by COPY inside the session's own transaction; the number of rows loaded.

    Twenty-five times faster than adding objects one by one, and as atomic.
    """
    count = 0
    async with _copying(session, table, columns) as copy:
        for row in rows:
            await copy.write_row(row)
            count += 1
    return count


async def copy_lines(
    session: AsyncSession, table: str, columns: Sequence[str], lines: Sequence[str]
) -> None:
    """Load lines of COPY's own text format: columns between tabs, \\N for nothing.

    For rows by the ten thousand whose columns hold nothing that would have to be escaped.
    """
    async with _copying(session, table, columns) as copy:
        for start in range(0, len(lines), _LINES_AT_ONCE):
            await copy.write("\n".join(lines[start : start + _LINES_AT_ONCE]) + "\n")


@asynccontextmanager
async def _copying(
    session: AsyncSession, table: str, columns: Sequence[str]
) -> AsyncIterator[AsyncCopy]:
    raw = await driver_connection(session)
    statement = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(table), SQL(", ").join(Identifier(column) for column in columns)
    )
    async with raw.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy


def _engine(url: str, connections_max: int, *, read_only: bool = False) -> AsyncEngine:
    options = f"-c timezone=UTC {_OF_READERS if read_only else ''}"
    engine = create_async_engine(
        driver_url(url),
        pool_size=connections_max,
        max_overflow=0,
        pool_timeout=2,
        hide_parameters=True,
        connect_args={"options": options, **CONNECTING},
        **({"isolation_level": "AUTOCOMMIT"} if read_only else {}),
    )
    event.listen(engine.sync_engine, "checkout", _refuse_a_closed_one)
    return engine


def _refuse_a_closed_one(adapted: Any, _record: Any, _fairy: Any) -> None:
    """Have the pool connect anew in place of a connection that its server has closed."""
    if said_farewell(adapted.driver_connection):
        raise DisconnectionError("closed by the server")


def said_farewell(connection: BaseConnection[Any]) -> bool:
    """Whether the server of a connection at rest has closed it.

    At rest a server says nothing: what can be read is its farewell, or the end. Looking costs
    nothing; asking "are you there?" would cost a round trip in every transaction.
    """
    if connection.closed:
        return True
    rest = select.poll()
    rest.register(connection.fileno(), select.POLLIN)
    return bool(rest.poll(0))
