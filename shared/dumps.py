"""Databases written to files as they stood at one moment, and read back in one transaction."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from shared.postgres_programs import Programs

QUIET_SECONDS_MAX: Final = 5  # How long writers are made to wait for the moment, and we for them.
QUIET_TRIES: Final = 5
LEAVING: Final = 5  # Seconds.

AT_WORK: Final = """
SELECT DISTINCT usename FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""

# A new schema has no default rights, so tables come back with exactly the rights they had.
EMPTY: Final = """
SET lock_timeout = '5s';
BEGIN;
SET LOCAL client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
"""

FREEZE: Final = """
INSERT INTO public.payout_freeze (county, frozen, reason, since, changed_by)
VALUES ({county}, true, {reason}, now(), 'restore')
ON CONFLICT (county) DO UPDATE
SET frozen = true, reason = excluded.reason, since = excluded.since, changed_by = 'restore';
"""


class DumpRefused(Exception):
    """A database cannot be written or read as asked; the text says why and what to do."""


@dataclass(frozen=True)
class Moment:
    """One moment in the life of several databases: what pg_dump needs to see each as it was."""

    snapshots: Mapping[str, str]
    sessions: Mapping[str, psycopg.Connection[tuple[object, ...]]]

    def rows(self, name: str) -> dict[str, int]:
        """How many rows each table had."""
        session = self.sessions[name]
        tables = session.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' ORDER BY relname"
        ).fetchall()
        counts = {}
        for (table,) in tables:
            counting = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(str(table)))
            row = session.execute(counting).fetchone()
            assert row is not None
            counts[str(table)] = int(str(row[0]))
        return counts

    def audited(self, name: str) -> dict[str, Any]:
        """How many rows its audit log had, and the hash of the last: by them its end is known."""
        found = self.sessions[name].execute(
            "SELECT number, encode(hash, 'hex') FROM public.audit ORDER BY number DESC LIMIT 1"
        )
        rows, head = found.fetchone() or (0, "")
        return {"rows": rows, "head": head}

    def counties(self, name: str) -> set[str]:
        """Which counties have rows there."""
        session = self.sessions[name]
        found: set[str] = set()
        tables = session.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'county'"
        ).fetchall()
        for (table,) in tables:
            asking = sql.SQL("SELECT DISTINCT county FROM public.{}")
            rows = session.execute(asking.format(sql.Identifier(str(table)))).fetchall()
            found |= {str(row[0]) for row in rows}
        return found


@contextmanager
def one_moment(owner_urls: Mapping[str, str]) -> Iterator[Moment]:
    """Hold one moment of all databases: no state change is in one of them and half in another.

    Every state change writes an audit row, so while all audit tables are locked none is under way.
    The locks last for milliseconds; the snapshots taken meanwhile last as long as this block.
    """
    with ExitStack() as held:
        for left in reversed(range(QUIET_TRIES)):
            try:
                moment = _moment(owner_urls, held)
                break
            except psycopg.errors.LockNotAvailable:
                held.close()
                if not left:
                    raise DumpRefused("no quiet moment was found: try again later") from None
                time.sleep(1)
        yield moment


def _moment(owner_urls: Mapping[str, str], held: ExitStack) -> Moment:
    sessions, snapshots = {}, {}
    for name, url in owner_urls.items():
        sessions[name] = held.enter_context(psycopg.connect(url))
        sessions[name].isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        sessions[name].read_only = True
    with ExitStack() as locks:
        for url in owner_urls.values():
            lock = locks.enter_context(psycopg.connect(url))
            lock.execute(f"SET lock_timeout = '{QUIET_SECONDS_MAX}s'")
            there = lock.execute("SELECT to_regclass('public.audit') IS NOT NULL").fetchone()
            if there == (True,):
                lock.execute("LOCK TABLE public.audit IN EXCLUSIVE MODE")
        for name, session in sessions.items():
            row = session.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            snapshots[name] = str(row[0])
    return Moment(snapshots, sessions)


def write(owner_url: str, snapshot: str, to: Path) -> None:
    """Write a database, as a snapshot shows it, to a file in PostgreSQL's own form."""
    url, environment = _without_password(owner_url)
    program = Programs.find().client("pg_dump")
    words = ["--format=custom", f"--snapshot={snapshot}", "--no-password", f"--file={to}", url]
    done = subprocess.run(  # noqa: S603 # A program of ours, with words of ours.
        [program, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpRefused(f"pg_dump: {done.stderr.strip()[-800:]}")


def refuse_company(name: str, owner_url: str) -> None:
    """Refuse to replace a database under somebody's hands.

    PostgreSQL still lists who has just hung up for a moment, so whoever is listed is given
    `LEAVING` seconds to go.

    Raises:
        DumpRefused: naming who works in it.
    """
    until = time.monotonic() + LEAVING
    with psycopg.connect(owner_url, autocommit=True) as owner:
        while others := owner.execute(AT_WORK).fetchall():
            if time.monotonic() > until:
                who = ", ".join(str(row[0]) for row in others)
                raise DumpRefused(
                    f"{who} still works in the database of {name}: stop the processes first"
                )
            time.sleep(0.05)


def replace(owner_url: str, dump: Path, freeze: Sequence[str], reason: str) -> None:
    """Put a dump in the place of what a database holds: all of it, or nothing is changed.

    `freeze` names the counties whose payouts are frozen in the same transaction.
    """
    programs = Programs.find()
    url, environment = _without_password(owner_url)
    psql, pg_restore = programs.client("psql"), programs.client("pg_restore")
    reader = subprocess.Popen(  # noqa: S603 # A program of ours, with words of ours.
        [
            *(psql, "--no-psqlrc", "--quiet", "--no-password"),
            *("--set=ON_ERROR_STOP=1", "--output=/dev/null", url),
        ],
        env=environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert reader.stdin is not None
    assert reader.stderr is not None
    said, told = "", None
    try:
        reader.stdin.write(EMPTY.encode())
        reader.stdin.flush()
        told = subprocess.run(  # noqa: S603 # The same.
            [pg_restore, "--no-owner", "--file=-", dump],
            env=environment,
            stdout=reader.stdin,
            stderr=subprocess.PIPE,
            check=False,
        )
        if told.returncode == 0:  # Without this the transaction ends as if it had never been.
            words = [_frozen(county, reason) for county in freeze]
            reader.stdin.write("".join(["\n", *words, "COMMIT;\n"]).encode())
        said = told.stderr.decode("utf-8", errors="replace")
        reader.stdin.close()
    except BrokenPipeError:
        told = None  # The reader gave up; it says why below.
    said += reader.stderr.read().decode("utf-8", errors="replace")
    reader.stderr.close()
    if reader.wait() or told is None or told.returncode:
        raise DumpRefused(f"{dump.name} could not be read back: {said.strip()[-800:]}")


def _frozen(county: str, reason: str) -> str:
    return FREEZE.format(
        county=sql.Literal(county).as_string(), reason=sql.Literal(reason).as_string()
    )


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """An address that everybody may see among the processes, and the rest for the program alone."""
    parts = urlsplit(url)
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    if parts.password is not None:
        environment["PGPASSWORD"] = unquote(parts.password)
        who, _, where = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{who.partition(':')[0]}@{where}")
    return urlunsplit(parts), environment
