"""One chained row per state change: who did what to which thing, and nothing can be taken out.

Each row's hash covers the row and the hash before it. `python -m shared.audit FILE` verifies rows
exported as JSON lines, and needs no secret.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import kit_tables
from shared.database import run

GENESIS: Final = bytes(32)
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


def row_hash(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """SHA-256 of the hash before and the row in its one canonical writing."""
    instant: datetime = row["recorded_at"]
    words = json.dumps(
        {**row, "recorded_at": instant.astimezone(UTC).isoformat(timespec="microseconds")},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return sha256(previous + words.encode()).digest()


def broken_at(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """The number of the first row at which the chain breaks; None when it holds.

    Args:
        rows: in the order of their numbers, with `recorded_at` aware and the hashes as bytes.
    """
    previous, expected = GENESIS, 1
    for row in rows:
        words = {
            name: row[name]
            for name in ("number", "county", "recorded_at", "actor", "act", "subject", "details")
        }
        if (
            row["number"] != expected
            or bytes(row["previous_hash"]) != previous
            or bytes(row["hash"]) != row_hash(previous, words)
        ):
            return expected
        previous, expected = bytes(row["hash"]), expected + 1
    return None


def _exported(lines: Iterable[str]) -> Iterable[dict[str, Any]]:
    for line in lines:
        row: dict[str, Any] = json.loads(line)
        row["recorded_at"] = datetime.fromisoformat(row["recorded_at"])
        for name in ("previous_hash", "hash"):
            row[name] = bytes.fromhex(row[name])
        yield row


def main() -> None:
    """Verify an export: exit 0 when the chain holds, 1 when it does not."""
    with open(sys.argv[1], encoding="utf-8") as lines:
        broken = broken_at(_exported(lines))
    sys.stdout.write("the chain holds\n" if broken is None else f"broken at row {broken}\n")
    raise SystemExit(broken is not None)


if __name__ == "__main__":
    main()
