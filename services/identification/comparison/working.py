"""The work of comparison, in a process of its own: lists are keyed, months compared, one after the
other, until nothing waits. Killed anywhere, it begins what was not committed again.

`python -m services.identification.comparison.working`
"""

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pyarrow.parquet as pq

from services.identification import children, laws
from services.identification.comparison import (
    comparisons,
    deliveries,
    keyed_files,
    matching,
    population,
    sent,
    supporters,
)
from services.identification.comparison.feeds import Feed, read_feeds
from services.identification.comparison.keyed_files import KeyedWriter
from services.identification.comparison.kinds import read_kinds
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.comparison.rows import (
    List,
    ListUnreadable,
    Understood,
    chunk_rows,
    key_rows,
    open_file,
)
from services.identification.models import Comparison, FeedDelivery
from services.identification.place_settings import PlaceSettings
from services.identification.roster.faults import RosterTooLarge, RosterUnreadable
from services.identification.roster.xlsx import Row
from services.identification.sealed_files import SealedReader, unseal
from services.identification.settings import Settings
from services.identification.workdays import naming
from shared import audit, crash_points, telemetry
from shared.clock import Clock
from shared.database import Database
from shared.problems import Problem
from shared.secrets import KeyRing

_LOCK: Final = 0x636F6D7061  # "compa": one worker at a time in one database.
_MEMORY_BYTES_MAX: Final = 6 << 30
# Rows of an unreadable list are refused, whatever its cells make us stumble over.
_STUMBLES: Final = (ValueError, LookupError, ArithmeticError, RosterUnreadable, RosterTooLarge)


class Work:
    """What waits, done one thing after the other."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._keys = KeyRing.open(settings.keys_dir)
        self._clock = Clock.open(settings.clock)
        self._feeds = read_feeds(settings.feeds_file)

    async def go(self) -> None:
        """Until nothing waits."""
        while True:
            async with self._database.transaction() as session:
                delivery = await deliveries.waiting(session)
                comparison = None if delivery else await comparisons.waiting(session)
            if delivery is not None:
                await self.key(delivery)
            elif comparison is not None:
                await self.compare(comparison)
            else:
                return

    async def key(self, delivery: FeedDelivery) -> None:
        """One delivery's rows, keyed into their file."""
        files, now = self._settings.files_dir, self._clock.now()
        try:
            understood, unfit = self._understood(delivery)
        except Problem as problem:
            async with self._database.transaction() as session:
                await deliveries.keep(
                    session,
                    delivery,
                    [],
                    status="refused",
                    refused_because=problem.detail or problem.slug(),
                    finished_at=now,
                )
            return
        crash_points.reach("identification.feed-keyed")
        path = keyed_files.path_of(files, delivery.id)
        values: dict[str, Any] = {
            "finished_at": now,
            "rows": understood.rows,
            "rows_kept": understood.kept,
            "rows_rejected": understood.rows - understood.kept,
        }
        if unfit is None:
            values |= {
                "status": "kept",
                "entries": understood.entries,
                "key_fingerprint": Pseudonyms(self._keys).fingerprint,
                "keyed_sha256": keyed_files.hash_of(path),
            }
        else:
            values |= {"status": "refused", "refused_because": unfit}
            path.unlink()
        async with self._database.transaction() as session:
            await deliveries.keep(session, delivery, understood.rejects, **values)
        crash_points.reach("identification.feed-kept")

    def _understood(self, delivery: FeedDelivery) -> tuple[Understood, str | None]:
        """What a delivery's rows came to, keyed; and why they do not count, if they do not."""
        feed = self._feeds.get(delivery.feed)
        if feed is None:
            raise ListUnreadable("本县不再收这份名单")
        pseudonyms = Pseudonyms(self._keys)
        path = keyed_files.path_of(self._settings.files_dir, delivery.id)
        file: SealedReader | None = None
        try:
            if delivery.channel == deliveries.NOBODY:
                with KeyedWriter(path, feed):
                    return Understood(), None
            if delivery.channel == deliveries.FILE:
                file = SealedReader(*self._sealed(delivery.id))
                source = open_file(file, feed)  # type: ignore[arg-type] # It reads and seeks, which is all that is asked of it.
            else:
                source = List(self._chunks(delivery, feed))
            with KeyedWriter(path, feed) as writer:
                found = key_rows(source, feed, pseudonyms, writer, self._clock.today())
            return found, found.unfit(feed)
        except ListUnreadable:
            raise
        except _STUMBLES as problem:
            telemetry.log.exception("feed-stumbled", delivery_id=str(delivery.id))
            detail = problem.detail if isinstance(problem, Problem) else "读不懂这个文件"
            raise ListUnreadable(detail) from problem
        finally:
            if file is not None:
                file.close()

    def _chunks(self, delivery: FeedDelivery, feed: Feed) -> Generator[Row, None, None]:
        first = 1
        for number in range(1, delivery.chunks + 1):
            said = json.loads(unseal(*self._sealed(delivery.id, number)))
            yield from chunk_rows(said, feed, first)
            first += len(said)

    def _sealed(self, delivery_id: UUID, chunk: int | None = None) -> tuple[Path, KeyRing, str]:
        """Where what was sent lies, and what it opens with."""
        return (
            sent.path_of(self._settings.files_dir, delivery_id, chunk),
            self._keys,
            sent.purpose(delivery_id, chunk),
        )

    async def compare(self, this: Comparison) -> None:
        """One month, from wherever it stands to its end."""
        law = laws.present(self._settings)
        people = population.path_of(self._settings.files_dir, this.id, this.attempt)
        purpose = population.purpose(this.id, this.attempt)
        if this.status == "opened":
            async with self._database.transaction() as session:
                count = await population.write(
                    session,
                    self._keys,
                    people,
                    purpose,
                    population.decided_facts(law.facts),
                    this.month,
                )
            crash_points.reach("identification.people-written")
            async with self._database.transaction() as session:
                await comparisons.change(session, this.id, status="peopled", people=count)
        if changed := await self._changed(this):
            await self._refuse(this, f"list-changed: {', '.join(changed)}")
            return
        laws.keep(self._settings, law)
        table = population.read(people, self._keys, purpose)
        lists = self._lists(this)
        async with self._database.transaction() as session:
            bound = await supporters.table(session, self._keys, this.month)
        today = self._clock.today()
        found = matching.compare(table, lists, self._feeds, law, this.month, today, bound)
        crash_points.reach("identification.lists-matched")
        entries = {name: _entries(path) for name, path in lists.items()}
        terms = matching.Terms(
            comparison=this,
            keys=self._keys,
            files_dir=self._settings.files_dir,
            kinds=read_kinds(),
            settings=PlaceSettings.read(self._settings.casework_file),
            alerts_max=self._settings.alerts_max,
            law_sha256=law.sha256,
            now=self._clock.now(),
            today=self._clock.today(),
        )
        try:
            async with self._database.transaction() as session:
                locked = await comparisons.one(session, this.id, locked=True)
                assert (locked.status, locked.attempt) == ("peopled", this.attempt)
                counting = replace(terms.settings, calendar=await naming.held(session, this.county))
                terms = replace(terms, settings=counting)
                await matching.raise_alerts(session, terms, self._feeds, found, entries)
                crash_points.reach("identification.alerts-written")
        except matching.Unsound as problem:
            await self._refuse(this, str(problem))
        crash_points.reach("identification.alerts-raised")

    def _lists(self, this: Comparison) -> dict[str, Path]:
        """Where the lists that count lie."""
        return {
            name: keyed_files.path_of(self._settings.files_dir, UUID(said["delivery_id"]))
            for name, said in this.lists.items()
            if said["delivery_id"] and name in self._feeds
        }

    async def _changed(self, this: Comparison) -> list[str]:
        """Lists whose keyed rows are not the ones that were written, by the hash kept with them, or
        were written by another table of feeds."""
        changed = []
        for name, path in self._lists(this).items():
            async with self._database.transaction() as session:
                delivery = await session.get(FeedDelivery, UUID(this.lists[name]["delivery_id"]))
            assert delivery is not None, "deliveries are never taken away"
            whole = path.exists() and keyed_files.hash_of(path) == delivery.keyed_sha256
            if not whole or not keyed_files.fits(path, self._feeds[name]):
                changed.append(name)
        return changed

    async def _refuse(self, this: Comparison, because: str) -> None:
        async with self._database.transaction() as session:
            await comparisons.change(
                session,
                this.id,
                status="refused",
                refused_because=because,
                finished_at=self._clock.now(),
            )
            await audit.record(
                session,
                this.county,
                actor="identification",
                act="comparison-refused",
                subject=str(this.id),
                details={"because": because},
            )


def _entries(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


async def run_work(settings: Settings) -> int:
    """Do what waits, alone; what the process should end with."""

    async def work(database: Database) -> None:
        await Work(settings, database).go()

    return await children.do_alone(settings, _LOCK, work)


def main() -> None:
    """The command line."""
    children.run(run_work, memory_bytes_max=_MEMORY_BYTES_MAX, fallen="comparison-work-ended")


if __name__ == "__main__":
    main()
