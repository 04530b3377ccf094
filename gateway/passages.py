"""The access log: who came through the door, for what, and how it was answered.

Rows are gathered for half a second and loaded together; a killed gateway forgets that half second
of readings, while what was changed stands in the audit rows of the service that changed it.
"""

import asyncio
from datetime import datetime
from typing import Any, Final

from shared import telemetry
from shared.database import Database, copy_rows
from shared.ids import new_id

FLUSH_SECONDS: Final = 0.5
WAITING_MAX: Final = 20_000
COLUMNS: Final = (
    "id",
    "county",
    "at",
    "request_id",
    "caller",
    "kind",
    "method",
    "path",
    "status",
    "milliseconds",
    "peer",
)


class PassageBook:
    """Gathers what passed and writes it down."""

    def __init__(self, database: Database, county: str) -> None:
        self._database = database
        self._county = county
        self._waiting: list[tuple[Any, ...]] = []
        self._one_writer = asyncio.Lock()

    def note(
        self,
        *,
        at: datetime,
        caller: str,
        kind: str,
        method: str,
        path: str,
        status: int,
        milliseconds: int,
        peer: str,
    ) -> None:
        """Take one passage down."""
        request_id = telemetry.request_id.get()
        row = (new_id(), self._county, at, request_id, caller, kind, method, path)
        self._waiting.append((*row, status, milliseconds, peer))

    async def write_forever(self) -> None:
        """Write what has gathered until cancelled, and the rest then."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.write()
        finally:
            await self.write()

    async def write(self) -> None:
        """Write what has gathered; with the database away it waits, up to a limit."""
        async with self._one_writer:
            await self._write()

    async def _write(self) -> None:
        rows, self._waiting = self._waiting, []
        if not rows:
            return
        try:
            async with self._database.transaction() as session:
                await copy_rows(session, "passage", COLUMNS, rows)
        except Exception as problem:
            kept = (rows + self._waiting)[-WAITING_MAX:]
            lost = len(rows) + len(self._waiting) - len(kept)
            self._waiting = kept
            telemetry.log.warning(
                "access-log-waits", because=type(problem).__name__, rows=len(kept), lost=lost
            )
