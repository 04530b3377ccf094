"""Lists joined with the people by their keys, in DuckDB: who is on one, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from services.identification.comparison.feeds import Feed, Taking
from shared.months import Month, day_number

THREADS: Final = 2
MEMORY: Final = "512MB"
Ints = npt.NDArray[Any]

_TAKES: Final = {
    "earliest": "min({of}) {only}",
    "latest": "max({of}) {only}",
    "most": "max({of}) {only}",
    "sum": "CAST(sum({of}) {only} AS BIGINT)",
    "rows": "count(*) {only}",
    "any": "max(1) {only}",
    "together": "max(CASE WHEN other_home = home THEN 1 ELSE 0 END) {only}",
}

_A_DAY: Final = 9999_99
"""No month is as high a number, and every day is higher."""
_ONCE_A_HOUSEHOLD: Final = (
    "row_number() OVER ("
    "PARTITION BY people.home, listed.identity ORDER BY people.place, listed.row) = 1"
)


@dataclass(frozen=True)
class People:
    """Everybody the lists are set against: their columns, and where each one's home begins."""

    table: Any
    homes: Ints

    @classmethod
    def of(cls, table: Any) -> Self:
        """People as they were written down, household by household."""
        ids = sixteens(table.column("household_id"))
        changed = np.ones(len(ids), bool)
        changed[1:] = (ids[1:] != ids[:-1]).any(axis=1)
        return cls(table, np.cumsum(changed, dtype=np.int32) - 1)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def integers(self, name: str) -> Ints:
        """A column of integers."""
        return np.asarray(self.table.column(name).to_numpy())

    def texts(self, name: str, places: Ints, connection: Any) -> Any:
        """Some ids of a column, as texts."""
        some = self.table.column(name).take(pa.array(places)).combine_chunks()
        if isinstance(some, pa.ChunkedArray):
            some = some.chunk(0) if some.num_chunks else pa.array([], pa.binary(16))
        ids = pa.table({"id": pa.ExtensionArray.from_storage(pa.uuid(), some)})
        connection.register("ids", ids)
        found = connection.sql("SELECT CAST(id AS VARCHAR) AS id FROM ids").to_arrow_table()
        connection.unregister("ids")
        return found.column("id").combine_chunks()


@dataclass(frozen=True)
class Span:
    """Against when rows are held: the day it is, as a list writes it, and the month compared."""

    today: int
    month: Month

    @classmethod
    def of(cls, today: date, month: str) -> Self:
        return cls(day_number(today), Month.parse(month))


@dataclass(frozen=True)
class Met:
    """Who is on a list, and what theirs say; and each thing somebody's rows tell of that a fact
    rests on, by their place and its identity."""

    places: Ints
    facts: Mapping[str, Any]
    things: tuple[Ints, Ints]
    entries_matched: int


@dataclass(frozen=True)
class Hits(Met):
    """The same, and how many entries of the list are nobody's of ours."""

    entries_only_there: int


def connect(people: People) -> Any:
    """A DuckDB of our own that knows the people by their keys."""
    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY})
    count = len(people)
    known = pa.table(
        {
            "key": people.table.column("key"),
            "place": pa.array(np.arange(count, dtype=np.int32)),
            "home": pa.array(people.homes),
        }
    )
    connection.register("known", known)
    connection.execute("CREATE TEMP TABLE people AS SELECT * FROM known")
    connection.unregister("known")
    return connection


def find(connection: Any, feed: Feed, path: Path, of: Span) -> Hits:
    """Everybody who is on a list, and how much of it is about others."""
    found = meet(connection, feed, path, of)
    # Each row that met somebody counts once here, however many it met: where somebody stands twice
    # among the people, this and what is matched do not add up. A pair is written both ways.
    ((strangers,),) = connection.execute(
        "SELECT (SELECT count(*) FROM read_parquet($path)) - coalesce(sum(rows), 0)::BIGINT"
        " FROM (SELECT count(*) // count(DISTINCT place) AS rows FROM met GROUP BY key)",
        {"path": str(path)},
    ).fetchall()
    return Hits(**vars(found), entries_only_there=int(strangers))


def meet(connection: Any, feed: Feed, path: Path, of: Span) -> Met:
    """Everybody who is on a list."""
    columns = ", ".join(f"{_sql(taking, of)} AS {taking.fact}" for taking in feed.facts)
    # The second person of a pair need not be one of ours.
    other = "LEFT JOIN people AS other ON other.key = listed.other_key" if feed.pairs else ""
    other_home = "other.home" if feed.pairs else "NULL"
    counts = _ONCE_A_HOUSEHOLD if feed.shared else _latest(feed)
    # Words of our own table of feeds only, which were read strictly; the path is a parameter.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE met AS SELECT listed.*, people.place, people.home,"  # noqa: S608 # See above.
        f" {other_home} AS other_home, {counts} AS counts"
        f" FROM read_parquet($path) AS listed JOIN people ON people.key = listed.key {other}",
        {"path": str(path)},
    )
    found = connection.execute(
        f"SELECT place, count(*) AS entries, {columns} FROM met GROUP BY place ORDER BY place"  # noqa: S608 # See above.
    ).fetchnumpy()
    things = connection.execute(
        f"SELECT DISTINCT place, identity FROM met WHERE {_rests_on(feed, of)}"  # noqa: S608 # See above.
    ).fetchnumpy()
    return Met(
        places=np.asarray(found["place"]),
        facts={taking.fact: found[taking.fact] for taking in feed.facts},
        things=(np.asarray(things["place"]), np.asarray(things["identity"]).astype(np.uint64)),
        entries_matched=int(np.asarray(found["entries"]).sum()),
    )


def says(connection: Any, path: Path, taking: Taking, of: Span) -> bool:
    """Whether any row of a list, whomever it is about, is one a fact is taken from."""
    only = " AND ".join(_only(taking, of)) or "true"
    found = connection.execute(
        f"SELECT 1 FROM read_parquet($path) WHERE {only} LIMIT 1",  # noqa: S608 # Words of our own table of feeds, as above.
        {"path": str(path)},
    )
    return found.fetchone() is not None


def month_of(written: int) -> Month:
    """The month of a day or a month as a list's rows keep it: 20260831, or 202608."""
    return Month(*divmod(written // 100 if written > _A_DAY else written, 100))


def sixteens(column: Any) -> Ints:
    """A column of sixteen bytes as two integers a row."""
    chunks = [column] if isinstance(column, pa.Array) else column.chunks
    parts = [
        np.frombuffer(each.buffers()[1], np.int64)[each.offset * 2 : (each.offset + len(each)) * 2]
        for each in chunks
        if len(each)
    ]
    return np.concatenate(parts or [np.zeros(0, np.int64)]).reshape(-1, 2)


def _latest(feed: Feed) -> str:
    """Whether a row is the one that decides, where one does: the latest of a person or a pair."""
    if feed.decides is None:
        return "true"
    pair = ", listed.other_key" if feed.pairs else ""
    return (
        f"row_number() OVER (PARTITION BY people.place{pair}"
        f" ORDER BY listed.{feed.decides} DESC, listed.row DESC) = 1"
    )


def _rests_on(feed: Feed, of: Span) -> str:
    """Which rows some fact rests on: a record that another took the place of tells of nothing, but
    what is held together is whoever's holds it."""
    once = [] if feed.shared else ["counts"]
    asked = [" AND ".join([*once, *_only(each, of)]) or "true" for each in feed.facts]
    return " OR ".join(f"({each})" for each in asked)


def _sql(taking: Taking, of: Span) -> str:
    only = ["counts", *_only(taking, of)]
    return _TAKES[taking.take].format(of=taking.of, only=f"FILTER (WHERE {' AND '.join(only)})")


def _only(taking: Taking, of: Span) -> list[str]:
    """What a row says, for a fact to be taken from it."""
    only = []
    if taking.where is not None:
        column, codes = taking.where
        only.append(f"{column} IN ({', '.join(f'{code:d}' for code in codes)})")
    if taking.unless_over is not None:
        only.append(f"({taking.unless_over} IS NULL OR {taking.unless_over} > {of.today:d})")
    if taking.within is not None:
        column, months = taking.within
        first, past = (_number(each) for each in (of.month.plus(-months), of.month))
        said = f"(CASE WHEN {column} > {_A_DAY:d} THEN {column} // 100 ELSE {column} END)"
        only.append(f"({column} IS NULL OR {said} >= {first:d} AND {said} < {past:d})")
    return only


def _number(month: Month) -> int:
    return month.year * 100 + month.number
