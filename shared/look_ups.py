"""Who looked at whom stands on the audit chain before they see it; many look-ups share a commit.

A look-up changes nothing, so it needs no transaction with what was read. One hand of a process, a
thread with a connection of its own, writes down in one transaction all that wait at that moment;
the busier the process, the more go together. The hands of several processes take turns by the
chain's lock.
"""

import asyncio
import math
from collections import Counter, deque
from collections.abc import Mapping, Sequence, Sized
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from time import monotonic
from typing import Any, Final

import psycopg

from shared import audit, telemetry
from shared.audit import Entry
from shared.callers import Caller
from shared.database import CONNECTING, said_farewell
from shared.months import COUNTY_ZONE, civil_date
from shared.problems import TooMany, Unavailable

TOGETHER_MAX: Final = 500
A_DAY_MAX: Final = 2_000
"""Nobody who helps people looks up more often in a day; whoever gathers numbers does."""
PEOPLE_A_DAY_MAX: Final = 20_000
"""Nor sees more people: whoever reads the low-income tables of all townships on the day they are
filed, or prints the lists of every village of a township, comes near. A page of a search shows
fifty, and the register half a million."""
STATEMENT_SECONDS_MAX: Final = 10
COUNT_SECONDS: Final = 1.0
"""How long what other processes wrote may be uncounted; its own a process counts at once."""

SHOWN: Final = "shown"
"""The word of an audit row by which it is one of a look-up: how many people were shown."""


@dataclass(frozen=True)
class LookUp:
    """Who looked whom up, how often it counts, and what else is written down of it."""

    actor: str
    act: str
    subject: str
    shown: int = 1
    details: Mapping[str, Any] = field(default_factory=dict)

    def entry(self) -> Entry:
        """As it stands on the chain."""
        return Entry(self.actor, self.act, self.subject, {**self.details, SHOWN: self.shown})


def searched(caller: Caller, what: str, found: Sized) -> LookUp:
    """That somebody searched through people or what is about people, and how many that showed."""
    return LookUp(caller.subject, f"{what}-searched", what, len(found))


_Waiting = tuple[LookUp, asyncio.Future[None]]


class NotWrittenDown(Unavailable):
    """That you looked could not be written down, so nothing is shown; try again."""


class LookedUpTooOften(TooMany):
    """You looked up more people than anybody does in a day; go on tomorrow, or ask your office."""


class _Done:
    """How often each looked up, and how many people that showed."""

    def __init__(self) -> None:
        self.often: Counter[str] = Counter()
        self.people: Counter[str] = Counter()

    def add(self, actor: str, often: int, people: int) -> None:
        """So much more of somebody's."""
        self.often[actor] += often
        self.people[actor] += people

    def too_much_with(self, more: "_Done", actor: str) -> bool:
        """Whether that is more than a day's number, with what else they did."""
        often, people = (
            mine[actor] + theirs[actor]
            for mine, theirs in ((self.often, more.often), (self.people, more.people))
        )
        return often > A_DAY_MAX or people > PEOPLE_A_DAY_MAX


class LookUps:
    """The look-ups of one process. What each did today is counted off the chain, by whatever
    process it was written down, once a second at most; the hand remembers how far it has counted,
    and what it wrote since."""

    def __init__(self, database_url: str, county: str) -> None:
        self._url = database_url
        self._county = county
        self._waiting: deque[_Waiting] = deque()
        self._hand = ThreadPoolExecutor(1, "look-ups")
        self._connection: psycopg.Connection[Any] | None = None
        self._day = date.min
        self._counted: int | None = None
        self._count_from = -math.inf
        self._on_chain, self._since = _Done(), _Done()

    async def write(self, look_up: LookUp) -> None:
        """Come back once a look-up is on the chain.

        Raises:
            LookedUpTooOften: this one is on it too, and is more than a day's number.
            NotWrittenDown: it is not, or not for certain.
        """
        loop = asyncio.get_running_loop()
        written = loop.create_future()
        self._waiting.append((look_up, written))
        self._hand.submit(self._write_waiting, loop)
        try:
            await written
        except psycopg.Error as problem:
            telemetry.log.error("look-up-not-written-down", exc_info=problem)
            raise NotWrittenDown() from problem
        if self._on_chain.too_much_with(self._since, look_up.actor):
            raise LookedUpTooOften()

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
            connection = self._open()
            entries = [look_up.entry() for look_up, _ in group]
            last = audit.record_together(connection, self._county, entries)
            self._count(connection, last, [look_up for look_up, _ in group])
        except Exception as problem:
            failure = problem
        loop.call_soon_threadsafe(_tell, [written for _, written in group], failure)

    def _count(
        self, connection: psycopg.Connection[Any], last: int, written: Sequence[LookUp]
    ) -> None:
        """Everybody's look-ups of today, up to a row of the chain: rows before it are all there.
        Until that is due again, those alone that were written here."""
        today = civil_date(datetime.now(UTC))
        if today == self._day and monotonic() < self._count_from:
            for each in written:
                self._since.add(each.actor, 1, each.shown)
            return
        since = datetime.combine(today, time.min, COUNTY_ZONE)
        if self._counted is None:
            (self._counted,) = connection.execute(_BEFORE, {"since": since}).fetchone() or (0,)
        span = {"after": self._counted, "last": last, "since": since}
        found = connection.execute(_LOOKED_UP, span).fetchall()
        if today != self._day:
            self._day, self._on_chain = today, _Done()
        self._since, self._count_from = _Done(), monotonic() + COUNT_SECONDS
        for actor, often, people in found:
            self._on_chain.add(actor, often, people)
        self._counted = last

    def _open(self) -> psycopg.Connection[Any]:
        known = self._connection
        if known is None or said_farewell(known):
            if known is not None:
                known.close()
            known = self._connection = psycopg.connect(
                self._url, autocommit=True, options=_OPTIONS, **CONNECTING
            )
        return known


_BEFORE: Final = (
    "SELECT number FROM audit WHERE recorded_at < %(since)s ORDER BY number DESC LIMIT 1"
)
_LOOKED_UP: Final = f"""
SELECT actor, count(*), sum((details ->> '{SHOWN}')::int) FROM audit
WHERE number > %(after)s AND number <= %(last)s AND recorded_at >= %(since)s
    AND details ? '{SHOWN}'
GROUP BY actor
"""  # noqa: S608  # A word of this file.
_OPTIONS: Final = f"-c timezone=UTC -c statement_timeout={STATEMENT_SECONDS_MAX}s"


def _tell(waiting: Sequence[asyncio.Future[None]], failure: Exception | None) -> None:
    for written in waiting:
        if written.done():  # Whoever waited went away.
            continue
        if failure is None:
            written.set_result(None)
        else:
            written.set_exception(failure)
