"""Who looked at whom stands on the audit chain before they see it; many look-ups share a commit.

A look-up changes nothing, so it needs no transaction with what was read. One hand of a process, a
thread with a connection of its own, writes down in one transaction all that wait at that moment;
the busier the process, the more go together. The hands of several processes take turns by the
chain's lock.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any, Final

import psycopg

from shared import audit, telemetry
from shared.audit import Entry
from shared.database import CONNECTING, said_farewell
from shared.months import civil_date
from shared.problems import TooMany, Unavailable

TOGETHER_MAX: Final = 500
A_DAY_MAX: Final = 2_000
"""Nobody who helps people looks up more of them in a day; whoever gathers numbers does."""
STATEMENT_SECONDS_MAX: Final = 10

_Waiting = tuple[Entry, asyncio.Future[None]]


class NotWrittenDown(Unavailable):
    """That you looked could not be written down, so nothing is shown; try again."""


class LookedUpTooOften(TooMany):
    """You looked up more people than anybody does in a day; go on tomorrow, or ask your office."""


class LookUps:
    """The look-ups of one process. How many each did today it keeps in its memory: one that starts
    anew counts anew, while the chain tells them all."""

    def __init__(self, database_url: str, county: str) -> None:
        self._url = database_url
        self._county = county
        self._waiting: deque[_Waiting] = deque()
        self._hand = ThreadPoolExecutor(1, "look-ups")
        self._connection: psycopg.Connection[Any] | None = None
        self._day = date.min
        self._done: Counter[str] = Counter()

    async def write(self, entry: Entry) -> None:
        """Come back once a look-up is on the chain.

        Raises:
            LookedUpTooOften: this one is on it too, and is more than a day's number.
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
        if self._counted(entry.actor) > A_DAY_MAX:
            raise LookedUpTooOften()

    def _counted(self, actor: str) -> int:
        """How many this actor looked up today, this one too."""
        today = civil_date(datetime.now(UTC))
        if today != self._day:
            self._day, self._done = today, Counter()
        self._done[actor] += 1
        return self._done[actor]

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
