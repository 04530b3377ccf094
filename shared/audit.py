"""One chained row per state change: who did what to which thing, and nothing can be taken out.

Each row's hash covers the row and the hash before it. `python -m shared.audit PROCESS` writes a
process's log out, a row a line; `audit_check` checks that with nothing but the file.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import kit_tables
from shared.audit_check import GENESIS, line_of, row_hash
from shared.database import Database, run

EXPORTED_AT_ONCE: Final = 10_000
_LOCK: Final = 0x646F756469  # "doudi": the chain has one writer at a time.


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
    `details` hold ids, codes and sums, never personal data.
    """
    table = kit_tables.audit
    await run(session, text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = await run(
        session, select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    )
    head = last.one_or_none()
    number, previous = (head.number, head.hash) if head else (0, GENESIS)
    row = {
        "number": number + 1,
        "county": county,
        "recorded_at": datetime.now(UTC),
        "actor": actor,
        "act": act,
        "subject": subject,
        "details": dict(details or {}),
    }
    await run(
        session,
        table.insert().values(**row, previous_hash=previous, hash=row_hash(previous, row)),
    )


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
