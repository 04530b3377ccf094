"""Work in a child process: on a leash, alone in the database, within its memory, its end told."""

import asyncio
import gc
import os
import resource
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import psycopg
from pydantic import SecretStr

from services.identification.settings import Settings
from shared import crash_points, leash, telemetry
from shared.database import Database
from shared.settings import load_or_exit

BUSY: Final = os.EX_TEMPFAIL
"""What a child ends with when another does the same work in this database."""
PAUSE_SECONDS_MAX: Final = 300
"""The longest pause before a child that fell is started again."""
_MADE_BETWEEN_WALKS: Final = 100_000
_POLL_SECONDS: Final = 0.05
_ROOT: Final = Path(__file__).resolve().parents[2]
_PREFIX: Final = "IDENTIFICATION_"


async def run_child(settings: Settings, module: str, *words: str) -> int:
    """Do a piece of work in a process of its own; what it ended with."""
    child = leash.start(
        [sys.executable, "-m", module, *words],
        env=_environment(settings),
        cwd=_ROOT,
        output=1,
    )
    try:
        while child.poll() is None:
            await asyncio.sleep(_POLL_SECONDS)
    except asyncio.CancelledError:
        child.kill()
        child.wait()
        raise
    return int(child.returncode)


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
        with suppress(psycopg.Error):
            # PostgreSQL takes a moment to notice who hung up; the next is not to wait for that.
            await holder.execute("SELECT pg_advisory_unlock_all()")
        await holder.close()


def seldom_collect() -> None:
    """Look for garbage seldom: rows are made by the ten thousand and none of them is a circle."""
    gc.set_threshold(_MADE_BETWEEN_WALKS)


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
    seldom_collect()

    async def worked() -> int:
        return await work(settings)

    try:
        status = asyncio.run(worked())
    except Exception:
        telemetry.log.exception(fallen, **words)
        status = 1
    raise SystemExit(status)


def _environment(settings: Settings) -> Mapping[str, str]:
    """Ours, with the knobs as they are set here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_PREFIX)}
    for knob in type(settings).model_fields:
        value = getattr(settings, knob)
        if value is None:
            continue
        plain = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        kept[f"{_PREFIX}{knob.upper()}"] = plain
    # Names are spelled character by character: the dictionary of phrases only costs a second.
    return kept | {"PYPINYIN_NO_PHRASES": "true", "PYPINYIN_NO_DICT_COPY": "true"}
