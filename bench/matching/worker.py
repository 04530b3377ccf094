"""One contender in a process of its own: told to run, it says what it took, and at last its memory.

`python -m bench.matching.worker doudi|duckdb FOLDER`. Doudi's is the production path: people read
from their sealed file, `matching.compare`, and `matching.raise_alerts` in one transaction.
"""

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq

import policies
from bench.matching import duckdb_alone, lists
from services.identification import children
from services.identification.comparison import matching, population
from services.identification.comparison.feeds import read_feeds
from services.identification.comparison.kinds import read_kinds
from services.identification.laws import SUPPORT
from services.identification.models import Comparison
from services.identification.place_settings import PlaceSettings
from shared.database import Database
from shared.ids import new_id
from shared.secrets import KeyRing


class Doudi:
    """Our own matching, its law and tables read and compiled as a standing process has them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys = KeyRing.open(folder / "keys" / "identification")
        self._feeds = read_feeds()
        self._law = policies.load("511425", code_dir=folder / "code")
        self._settings = PlaceSettings.read()
        self._kinds = read_kinds()
        watches = [each for each in self._law.place.watches if each != SUPPORT]
        self._law.award_county(self._law.snapshot([]), lists.MONTH, programmes=watches)
        self._url = (folder / "database").read_text(encoding="utf-8")

    def open(self) -> UUID:
        """A new comparison, as the route and the keeper leave it."""
        return asyncio.run(self._open())

    def run(self, comparison_id: UUID) -> None:
        """From keyed lists on disk to alerts that are committed."""
        asyncio.run(self._run(comparison_id))

    async def _open(self) -> UUID:
        database = Database(self._url, connections_max=1)
        comparison_id = new_id()
        async with database.transaction() as session:
            session.add(
                Comparison(
                    id=comparison_id,
                    county="511425",
                    month=lists.MONTH,
                    status="peopled",
                    opened_by="bench",
                    opened_at=datetime.now(UTC),
                    lists={
                        name: {"delivery_id": None, "standing": "fresh", "as_of": "2026-09-24"}
                        for name in self._feeds
                    },
                )
            )
        await database.close()
        return comparison_id

    async def _run(self, comparison_id: UUID) -> None:
        table = population.read(self._folder / "people.sealed", self._keys, lists.PURPOSE)
        paths = {name: lists.path_of(self._folder, name) for name in lists.names()}
        found = matching.compare(table, paths, self._feeds, self._law, lists.MONTH, lists.TODAY)
        entries = {name: pq.read_metadata(path).num_rows for name, path in paths.items()}
        database = Database(self._url, connections_max=1)
        async with database.transaction() as session:
            comparison = await session.get(Comparison, comparison_id)
            assert comparison is not None, "it was opened before"
            terms = matching.Terms(
                comparison=comparison,
                keys=self._keys,
                files_dir=self._folder,
                kinds=self._kinds,
                settings=self._settings,
                alerts_max=50_000,
                law_sha256=self._law.sha256,
                now=datetime.now(UTC),
                today=lists.TODAY,
            )
            await matching.raise_alerts(session, terms, self._feeds, found, entries)
        await database.close()


def main() -> None:
    """Run whenever told to, until the input ends."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    children.seldom_collect()
    doudi = Doudi(folder) if name == "doudi" else None
    for _ in sys.stdin:
        said: dict[str, Any] = {}
        comparison_id = doudi.open() if doudi else None
        start, busy = time.perf_counter(), time.process_time()
        if doudi is not None and comparison_id is not None:
            doudi.run(comparison_id)
        else:
            duckdb_alone.run(folder)
        said["seconds"] = time.perf_counter() - start
        said["cpu_seconds"] = time.process_time() - busy
        said["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
