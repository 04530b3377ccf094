"""How a child process does its work: alone in the database, within its memory, and its end told."""

import asyncio
import os
import resource
from collections.abc import Awaitable, Callable
from typing import Final

import psycopg

from services.identification.settings import Settings
from shared import crash_points, telemetry
from shared.database import Database
from shared.settings import load_or_exit

BUSY: Final = os.EX_TEMPFAIL
"""What a child ends with when another does the same work in this database."""


async def do_alone(
    settings: Settings, lock: int, work: Callable[[Database], Awaitable[None]]
) -> int:
    """Do work that one child at a time may do in one database; what the process should end with."""
    url = settings.database_url.get_secret_value()
    holder = await psycopg.AsyncConnection.connect(url, autocommit=True)
    database = Database(url, connections_max=2)
    try:
        claimed = await holder.execute("SELECT pg_try_advisory_lock(%s)", (lock,))
        row = await claimed.fetchone()
        if row is None or not row[0]:
            return BUSY
        await work(database)
        return 0
    finally:
        await database.close()
        await holder.close()


def run(
    work: Callable[[Settings], Awaitable[int]], *, memory_bytes_max: int, fallen: str, **words: str
) -> None:
    """The command line of a child.

    Args:
        memory_bytes_max: a backstop: what makes us ask for more ends the child, not the machine.
        fallen: what the log calls it, with these words, when the work falls.
    """
    settings = load_or_exit(Settings)
    telemetry.configure("identification", settings.log_file)
    crash_points.configure(settings.files_dir)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes_max, memory_bytes_max))

    async def worked() -> int:
        return await work(settings)

    try:
        status = asyncio.run(worked())
    except Exception:
        telemetry.log.exception(fallen, **words)
        status = 1
    raise SystemExit(status)
