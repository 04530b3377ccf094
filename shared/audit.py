"""One chained row per state change: who did what to which thing, and nothing can be taken out.

Each row's hash covers the row and the hash before it. `python -m shared.audit PROCESS` writes a
process's log out, a row a line; `audit_check` checks that with nothing but the file.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

from psycopg import Connection
from psycopg.types.json import Jsonb
from sqlalchemy import select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import kit_tables
from shared.audit_check import GENESIS, line_of, row_hash
from shared.database import Database, driver_connection, run
from shared.personal import without_numbers

EXPORTED_AT_ONCE: Final = 10_000
_LOCK: Final = 0x646F756469  # "doudi": the chain has one writer at a time.
_TAKE_LOCK: Final = f"SELECT pg_advisory_xact_lock({_LOCK})"
_READ_HEAD: Final = "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"
_ADD: Final = (
    "INSERT INTO audit"
    " (number, county, recorded_at, actor, act, subject, details, previous_hash, hash) VALUES"
    " (%(number)s, %(county)s, %(recorded_at)s, %(actor)s, %(act)s, %(subject)s, %(details)s,"
    " %(previous_hash)s, %(hash)s)"
)


@dataclass(frozen=True)
class Entry:
    """Who did what to which thing; `details` hold ids, codes and sums, never personal data: what
    somebody typed as a reason loses the numbers that stand in it."""

    actor: str
    act: str
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict)


def witness(table: str, columns: Mapping[str, Any]) -> dict[str, str]:
    """A row of another table as an audit row's details bear it out: where it is, and its digest.

    The digest is SHA-256 of the columns that are not empty, as they are stored: a row that is
    changed past the service no longer has it, and what is sealed stays sealed. `columns` are those
    that never change and hold the row's `id`. A column that is added later must be empty in older
    rows, or those lose their digests.
    """
    words = {name: _stored(value) for name, value in columns.items() if value is not None}
    text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {
        "table": table,
        "id": str(columns["id"]),
        "sha256": sha256(text.encode()).hexdigest(),
    }


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value)


async def record(
    session: AsyncSession,
    county: str,
    *,
    actor: str,
    act: str,
    subject: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add a row to the chain, in the session's own transaction; call it last.

    The chain's lock is held from here to the commit, so that rows stand in the order of committing.
    """
    driver = await driver_connection(session)
    async with driver.pipeline():  # One round trip; the head is read once the lock is ours.
        await driver.execute(_TAKE_LOCK)
        last = await driver.execute(_READ_HEAD)
    (row,) = _following(await last.fetchone(), county, [Entry(actor, act, subject, details or {})])
    await driver.execute(_ADD, row)


def record_together(connection: Connection[Any], county: str, entries: Sequence[Entry]) -> int:
    """Add rows in a transaction of their own: what was only looked at, and changed nothing; the
    number of the last, before which every row is there."""
    with connection.pipeline(), connection.transaction():  # Two round trips, as there are two ends.
        connection.execute(_TAKE_LOCK)
        last = connection.execute(_READ_HEAD)
        rows = _following(last.fetchone(), county, entries)
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)
    return int(rows[-1]["number"])


def _following(
    head: Sequence[Any] | None, county: str, entries: Sequence[Entry]
) -> list[dict[str, Any]]:
    """The rows of entries behind a head, each with its number and its link to the one before."""
    number, previous = head or (0, GENESIS)
    rows = []
    for entry in entries:
        number += 1
        row: dict[str, Any] = {
            "number": number,
            "county": county,
            "recorded_at": datetime.now(UTC),
            "actor": entry.actor,
            "act": entry.act,
            "subject": entry.subject,
            "details": without_numbers(entry.details),
        }
        this = row_hash(previous, row)
        rows.append(
            {**row, "details": Jsonb(row["details"]), "previous_hash": previous, "hash": this}
        )
        previous = this
    return rows


async def exported(session: AsyncSession, after: int, most: int) -> list[str]:
    """Rows of the log behind a number, in their order, each a line as `audit_check` reads it."""
    table = kit_tables.audit
    statement = select(table).where(table.c.number > after).order_by(table.c.number).limit(most)
    return [line_of(dict(row._mapping)) for row in await run(session, statement)]


async def _export(url: str) -> None:
    database, after = Database(url, connections_max=1), 0
    try:
        while True:
            async with database.transaction() as session:
                lines = await exported(session, after, EXPORTED_AT_ONCE)
            if not lines:
                return
            sys.stdout.writelines(f"{line}\n" for line in lines)
            after += len(lines)
    finally:
        await database.close()


def main() -> None:
    """The command: a process's whole log on standard output, by its database knob."""
    parser = argparse.ArgumentParser(prog="python -m shared.audit", description=__doc__)
    parser.add_argument("process", help="whose log: its DATABASE_URL is read from the environment")
    knob = f"{parser.parse_args().process.upper()}_DATABASE_URL"
    if knob not in os.environ:
        parser.error(f"{knob} is not set")
    asyncio.run(_export(os.environ[knob]))


if __name__ == "__main__":
    main()
