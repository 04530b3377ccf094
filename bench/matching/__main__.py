"""Compares a month's matching with DuckDB alone and writes bench/results/matching.json.

`python -m bench.matching 1000000` makes people and lists, stands PostgreSQL up, lets both take
turns on two cores, and asks that they found the same before it says what they took.
"""

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import psycopg

from bench.matching import lists
from bench.measured import say, write_down
from bench.workers import Worker
from services.identification import id_numbers
from services.identification.comparison.feeds import read_feeds
from services.identification.comparison.pseudonyms import Pseudonyms
from shared import migrations, provision, secrets
from shared.postgres import EmbeddedPostgres
from shared.secrets import KeyRing

ROWS_A_PERSON: Final = 5
"""Rows of each list, for each person of the county: five million for a million."""

TURNS: Final = 3
KEYED: Final = 1_000_000


def measure(people: int) -> dict[str, Any]:
    """One size: both take turns, and must have found the same."""
    with tempfile.TemporaryDirectory(prefix="doudi-bench-") as place, _county(Path(place)) as urls:
        folder, rows = Path(place), people * ROWS_A_PERSON
        keys = KeyRing.open(folder / "keys" / "identification")
        lists.make(people, rows, folder, keys, read_feeds())
        took: dict[str, list[dict[str, Any]]] = {"doudi": [], "duckdb": []}
        for turn in range(TURNS + 1):
            _forget(urls.owner)
            # A process of its own each time, as the keeper starts one; starting it is not timed.
            for name in took if turn % 2 else reversed(took):
                worker = Worker("bench.matching.worker", name, folder)
                took[name].append(worker.tell("run"))
                worker.end()
        alerts = _same(urls.owner, folder)
        seconds, cpu = (
            {who: statistics.median(each[key] for each in runs[1:]) for who, runs in took.items()}
            for key in ("seconds", "cpu_seconds")
        )
        return {
            "people": people,
            "feed_rows": rows * len(lists.names()),
            "alerts": alerts,
            "identical": True,
            "ratio_vs_duckdb": round(seconds["doudi"] / seconds["duckdb"], 2),
            "peak_mb": max(each["peak_mb"] for each in took["doudi"]),
            "seconds": round(seconds["doudi"], 3),
            "duckdb_seconds": round(seconds["duckdb"], 3),
            "cpu_seconds": round(cpu["doudi"], 3),
            "duckdb_cpu_seconds": round(cpu["duckdb"], 3),
            "keying_rows_per_second": _keying(keys),
        }


@contextlib.contextmanager
def _county(folder: Path) -> Iterator[provision.Urls]:
    """PostgreSQL with identification's own database, and its keys."""
    server = EmbeddedPostgres(folder / "postgres", folder / "keys")
    server.start()
    try:
        urls = provision.provision(server.admin_url, folder / "keys")["identification"]
        migrations.upgrade("identification", urls.owner)
        secrets.make_keys(folder / "keys" / "identification", "identification")
        (folder / "database").write_text(urls.runtime, encoding="utf-8")
        yield urls
    finally:
        server.stop()


def _forget(url: str) -> None:
    """An empty county again; the alerts of the last turn stay to be compared."""
    with psycopg.connect(url) as owner:
        owner.execute("DELETE FROM outbox")
        for table in ("alert", "comparison_feed", "comparison"):
            owner.execute(psycopg.sql.SQL("DELETE FROM {}").format(psycopg.sql.Identifier(table)))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE alert")


def _same(url: str, folder: Path) -> int:
    """How many alerts there are, when both found the very same."""
    with psycopg.connect(url) as owner:
        ours = owner.execute(
            "SELECT kind, replace(subject_id::text, '-', ''), village, month, weight FROM alert"
        ).fetchall()
    theirs = duckdb.execute(
        "SELECT kind, lower(hex(subject_id)), village::VARCHAR, month, weight"  # noqa: S608 # A folder of our own.
        f" FROM read_parquet('{folder}/alerts.parquet')"
    ).fetchall()
    if sorted(ours) != sorted(theirs):
        raise SystemExit(f"{len(ours)} alerts of ours are not the {len(theirs)} of DuckDB's")
    return len(ours)


def _keying(keys: KeyRing) -> int:
    """How many written ID numbers are checked and keyed in a second, by one core."""
    chance = np.random.default_rng(7)
    days = chance.integers(1, 28, KEYED)
    payloads = [f"5114251965{1 + day % 12:02d}{day:02d}{order % 1000:03d}"
                for order, day in enumerate(days.tolist())]  # fmt: skip
    numbers = [each + id_numbers.check_digit(each) for each in payloads]
    pseudonyms, today = Pseudonyms(keys), date(2026, 9, 25)
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        for first in range(0, KEYED, 20_000):
            keyed = pseudonyms.of(numbers[first : first + 20_000], today)
            assert not keyed.flaws, "they were made to hold"
        best = max(best, KEYED / (time.perf_counter() - start))
    return round(best)


def main() -> None:
    """The command line."""
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")
    rows = []
    for people in [int(word) for word in sys.argv[1:]] or [1_000_000]:
        row = measure(people)
        rows.append(row)
        say(row)
    write_down("matching", rows)


if __name__ == "__main__":
    main()
