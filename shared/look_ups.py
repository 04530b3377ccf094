"""Who looked at whom stands on the audit chain before they see it; many look-ups share a commit.

A look-up changes nothing, so it needs no transaction with what was read. One hand of a process, a
thread with a connection of its own, writes down in one transaction all that wait at that moment;
the busier the process, the more go together. The hands of several processes take turns by the
chain's lock.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psycopg

from shared import audit, telemetry
from shared.audit import Entry
from shared.database import CONNECTING, said_farewell
from shared.problems import Unavailable

TOGETHER_MAX: Final = 500
STATEMENT_SECONDS_MAX: Final = 10

_Waiting = tuple[Entry, asyncio.Future[None]]


class NotWrittenDown(Unavailable):
    """That you looked could not be written down, so nothing is shown; try again."""


class LookUps:
    """The look-ups of one process."""

    def __init__(self, database_url: str, county: str) -> None:
        self._url = database_url
        self._county = county
        self._waiting: deque[_Waiting] = deque()
        self._hand = ThreadPoolExecutor(1, "look-ups")
        self._connection: psycopg.Connection[Any] | None = None

    async def write(self, entry: Entry) -> None:
        """Come back once a look-up is on the chain.

        Raises:
            NotWrittenDown: it is not, or not for certain.
        """
        loop = asyncio.get_running_loop()
        written = loop.create_future()
        self._waiting.append((entry, written))
        self._hand.submit(self._write_waiting, loop)
        try:
            await written
        except psycopg.Error as problem:
            telemetry.log.error("look-up-not-written-down", exc_info=problem)
            raise NotWrittenDown() from problem

    def close(self) -> None:
        """Write down what still waits, and let go."""
        self._hand.shutdown()
        if self._connection is not None:
            self._connection.close()

    def _write_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        """All that wait, those that came meanwhile too; whoever is called next may find nothing."""
        group: list[_Waiting] = []
        while self._waiting and len(group) < TOGETHER_MAX:
            group.append(self._waiting.popleft())
        if not group:
            return
        failure: Exception | None = None
        try:
            audit.record_together(self._open(), self._county, [entry for entry, _ in group])
        except Exception as problem:
            failure = problem
        loop.call_soon_threadsafe(_tell, [written for _, written in group], failure)

    def _open(self) -> psycopg.Connection[Any]:
        known = self._connection
        if known is None or said_farewell(known):
            if known is not None:
                known.close()
            known = self._connection = psycopg.connect(
                self._url, autocommit=True, options=_OPTIONS, **CONNECTING
            )
        return known


_OPTIONS: Final = f"-c timezone=UTC -c statement_timeout={STATEMENT_SECONDS_MAX}s"


def _tell(waiting: Sequence[asyncio.Future[None]], failure: Exception | None) -> None:
    for written in waiting:
        if written.done():  # Whoever waited went away.
            continue
        if failure is None:
            written.set_result(None)
        else:
            written.set_exception(failure)
