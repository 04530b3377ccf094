"""A copy of the five databases and the files, at one moment; and the way back, with payouts frozen.

`python -m shared.backup backup --data DATA --to FOLDER`: all five databases as they stood at one
and the same moment, the files, and a manifest with a hash of each. Keys are not in it: keep a copy
of DATA/keys apart, or nobody will read the sealed fields again.

`python -m shared.backup restore --data DATA --from FOLDER`:

1. The backup is read whole and compared with its manifest; the keys must be there already.
2. Each database is replaced in one transaction, payments first, and with it payouts are frozen:
   a restored database has forgotten files that the banks have.
3. The files are put in place; those that were there stay beside them, for they are evidence.
4. The bus's store is cleared, for it rings for what is forgotten; the outboxes ring again.

If the power fails between, the mark `restore-unfinished` stays in DATA; run it again.
"""

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from shared import audit, dumps, leash, provision
from shared.backup_files import Backup, BackupRefused, copy_files
from shared.database import Database
from shared.postgres import EmbeddedPostgres
from shared.postgres_programs import PostgresRefused
from shared.provision import PROCESSES, ProvisionRefused, Urls

REFUSALS: Final = (
    BackupRefused,
    dumps.DumpRefused,
    PostgresRefused,
    ProvisionRefused,
    psycopg.Error,
    OSError,
)
UNFINISHED: Final = "restore-unfinished"
# Payments first: from the first moment on no money leaves.
RESTORE_ORDER: Final = ("payments", "benefits", "identification", "notifications", "gateway")


def back_up(databases: Mapping[str, Urls], data: Path, to: Path) -> Backup:
    """Copy databases and files into an empty folder; processes may be at work meanwhile."""
    made = Backup.begin(to)
    with dumps.one_moment({name: urls.owner for name, urls in databases.items()}) as moment:
        for name, urls in databases.items():
            made.add_database(name, moment, urls.owner)
    # Files are written before the rows that name them, so what is copied later is never too little.
    made.add_files(data)
    made.finish()
    return made


def restore(databases: Mapping[str, Urls], data: Path, backup: Backup) -> None:
    """Put a backup in the place of what is there; nobody may be at work."""
    for name, urls in databases.items():
        dumps.refuse_company(name, urls.owner)
    mark = data / UNFINISHED
    mark.write_text(f"{backup.folder}\n", encoding="utf-8")
    reason = f"restored from the backup of {backup.made_at}"
    for name in sorted(databases, key=RESTORE_ORDER.index):
        freeze = backup.counties if name == "payments" else ()
        dumps.replace(databases[name].owner, backup.dump(name), freeze, reason)
    asyncio.run(_record(databases["payments"].runtime, backup.counties, reason))
    copy_files(backup, data, stamp=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    shutil.rmtree(data / "nats", ignore_errors=True)
    mark.unlink()


def refuse_half_restored(data: Path) -> None:
    """Nobody should work on a DATA of which only a part was restored.

    Raises:
        BackupRefused: a restore was interrupted.
    """
    mark = data / UNFINISHED
    if mark.exists():
        source = mark.read_text("utf-8").strip()
        raise BackupRefused(
            f"a restore into {data} was interrupted: run `make restore FROM={source}` again"
        )


async def _record(url: str, counties: Sequence[str], reason: str) -> None:
    """The freeze is a change of state like any other, and leaves its row."""
    database = Database(url)
    try:
        for county in counties:
            async with database.transaction() as session:
                await audit.record(
                    session,
                    county,
                    actor="restore",
                    act="payouts-frozen",
                    subject=county,
                    details={"reason": reason},
                )
    finally:
        await database.close()


@contextmanager
def _server(data: Path, *, alone: bool) -> Iterator[str]:
    """The server's address as its admin: yours, or ours in DATA, started if it does not run."""
    yours = os.environ.get("DATABASE_URL")
    if yours:
        yield yours
        return
    log = data / "logs" / "postgres.log"
    server = EmbeddedPostgres(data / "postgres", data / "keys", log_file=log)
    try:
        server.start()
    except leash.FolderTaken as taken:
        if alone:
            raise BackupRefused(str(taken)) from taken
        server.join()
        yield server.admin_url
        return
    try:
        yield server.admin_url
    finally:
        server.stop()


def _refuse_without_keys(data: Path) -> None:
    missing = [name for name in PROCESSES if not (data / "keys" / name).is_dir()]
    if missing:
        raise BackupRefused(
            f"the keys of {', '.join(missing)} are not in {data / 'keys'}: put back the copy that "
            "was kept apart, or give --keys-are-lost (docs/runbooks/lost-keys.md says what then)"
        )


def _back_up(data: Path, to: Path) -> str:
    if not data.is_dir():
        raise BackupRefused(f"{data} is not there: DATA names the folder to copy")
    refuse_half_restored(data)
    with _server(data, alone=False) as admin_url:
        databases = provision.provision(admin_url, data / "keys", make_missing=False)
        made = back_up(databases, data, to)
    return f"{made.summary()}\nkeys are not in it: keep a copy of {data / 'keys'} apart"


def _restore(data: Path, source: Path, keys_are_lost: bool) -> str:
    backup = Backup.read(source)
    if not keys_are_lost:
        _refuse_without_keys(data)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _server(data, alone=True) as admin_url:
        databases = provision.provision(admin_url, data / "keys", new_passwords=keys_are_lost)
        restore(databases, data, backup)
    return f"{backup.summary()}\npayouts are frozen: docs/runbooks/after-a-restore.md"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("act", choices=["backup", "restore"])
    parser.add_argument("--data", type=Path, default=Path(".doudi"), help="the folder of it all")
    parser.add_argument("--to", type=Path, nargs="?", help="an empty folder for the backup")
    parser.add_argument("--from", dest="source", type=Path, nargs="?", help="a backup's folder")
    parser.add_argument("--keys-are-lost", action="store_true", help="restore without them")
    chosen = parser.parse_args()
    os.umask(0o077)
    try:
        if chosen.act == "backup":
            if chosen.to is None:
                parser.error("say where to: make backup TO=folder")
            said = _back_up(chosen.data.absolute(), chosen.to.absolute())
        else:
            if chosen.source is None:
                parser.error("say from where: make restore FROM=folder")
            said = _restore(chosen.data.absolute(), chosen.source.absolute(), chosen.keys_are_lost)
    except REFUSALS as problem:
        sys.exit(f"{chosen.act}: {problem}")
    sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main()
