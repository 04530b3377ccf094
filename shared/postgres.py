"""PostgreSQL for whoever brings none: the embedded binaries, run safely, ending when we end.

PostgreSQL refuses to run as root. As root we therefore run it as an unprivileged account, and keep
it inside our own folder all the same: the account is given the opened folder of the cluster, never
the way to it, so the folders above stay closed. Programs it cannot reach are copied.
"""

import os
import pwd
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Final

import psycopg

from shared import leash, passwords, ports
from shared.postgres_programs import PostgresRefused, Programs

SUPERUSER: Final = "doudi_admin"
ACCOUNTS: Final = ("doudi", "postgres", "nobody")  # The first that exists, when we are root.
START_SECONDS_MAX: Final = 60.0  # Replaying the log of a killed server takes its time.
STOP_SECONDS_MAX: Final = 8.0
FREE_BYTES_MIN: Final = 200_000_000

# Given on the command line, where neither postgresql.conf nor ALTER SYSTEM can weaken them.
SETTINGS: Final = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "512MB",  # What a killed server replays before it serves again: seconds.
    "min_wal_size": "256MB",
    "wal_compression": "on",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # A county's queries are small; two cores are shared by everybody, and /dev/shm may be tiny.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    # A refused statement would stand in the log with the values in it: personal data.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedPostgres:
    """One PostgreSQL server of ours, on the loopback address, in a folder of ours."""

    def __init__(
        self, folder: Path, keys: Path, *, port: int = 0, log_file: Path | None = None
    ) -> None:
        """`folder` holds the cluster, `keys` its superuser's password; 0 finds a free port."""
        self.folder = folder.absolute()
        self.port = port
        self._password_file = keys.absolute() / "postgres-superuser"
        self._log_file = (log_file or folder / "postgres.log").absolute()
        self._child: leash.Child | None = None
        self._claim: leash.Claim | None = None

    @property
    def cluster(self) -> Path:
        """The folder PostgreSQL itself writes to."""
        return self.folder / "cluster"

    @property
    def admin_url(self) -> str:
        """As the superuser; for provision, migrations' roles and backups only."""
        password = passwords.kept(self._password_file)
        return f"postgresql://{SUPERUSER}:{password}@{ports.LOOPBACK}:{self.port}/postgres"

    def join(self) -> None:
        """Speak to the server that another run keeps in this folder.

        Raises:
            PostgresRefused: it is not serving.
        """
        try:
            lines = (self.cluster / "postmaster.pid").read_text("utf-8").splitlines()
            self.port = int(lines[3])
        except (OSError, IndexError, ValueError):
            raise PostgresRefused(f"the server in {self.folder} is not serving yet") from None

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> None:
        """Start the server, making the cluster when there is none; it serves when we return.

        Raises:
            PostgresRefused: in words that say what to do.
            leash.FolderTaken: when another run works in the folder.
        """
        if self.pid is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._claim = self._claim or leash.Claim(self.folder)
        try:
            account = self._account()
            programs = Programs.for_account(account)
            if not self.cluster.exists():
                self._make_cluster(programs, account)
            self._refuse_a_cluster_of_another_kind(programs)
            self._clear_the_place()
            self._launch(programs, account)
        except BaseException:
            self.stop()
            raise

    def stop(self, seconds_max: float = STOP_SECONDS_MAX) -> None:
        """Stop the server: sessions are cut, everything written down; killed if it takes long."""
        if self._child is not None:
            for how, seconds in ((signal.SIGINT, seconds_max), (signal.SIGQUIT, 2.0)):
                if self._child.poll() is None:
                    self._child.send_signal(how)
                    leash.wait(self._child, seconds)
            self._child.kill()
            self._child.wait()
            leash.end(leash.leftovers(self.cluster, "postgres"), signal.SIGKILL, 2.0)
            self._child = None
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def wait(self, seconds_max: float | None = None) -> int | None:
        """Wait until the server ends by itself; what it ended with, None when it still runs."""
        assert self._child is not None, "the server was never started"
        return leash.wait(self._child, seconds_max)

    def _account(self) -> leash.Account | None:
        """Who runs the server: we ourselves, or as root the owner of the cluster or a nobody."""
        if os.getuid() != 0:
            return None
        if self.cluster.exists():
            owner = self.cluster.stat()
            if owner.st_uid != 0:
                return leash.Account(owner.st_uid, owner.st_gid)
        wanted = os.environ.get("PG_ACCOUNT")
        for name in (wanted,) if wanted else ACCOUNTS:
            try:
                found = pwd.getpwnam(name)
            except KeyError:
                continue
            if found.pw_uid != 0:
                return leash.Account(found.pw_uid, found.pw_gid)
        raise PostgresRefused(
            "PostgreSQL does not run as root and there is no account to run it as "
            f"({wanted or ', '.join(ACCOUNTS)}): make one with `useradd --system doudi`, "
            "or name one in PG_ACCOUNT"
        )

    def _make_cluster(self, programs: Programs, account: leash.Account | None) -> None:
        """Make the cluster aside and put it in place whole, so that a power cut leaves none."""
        free = shutil.disk_usage(self.folder).free
        if free < FREE_BYTES_MIN:
            raise PostgresRefused(
                f"the disk of {self.folder} is nearly full ({free // 1_000_000} MB free): "
                f"PostgreSQL needs {FREE_BYTES_MIN // 1_000_000} MB to begin with"
            )
        unfinished = self.folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if account is not None:
            os.chown(unfinished, account.uid, account.gid)
        place = os.open(unfinished, os.O_RDONLY | os.O_DIRECTORY)
        secret = os.memfd_create("superuser-password")  # Never on disk where the account reads it.
        try:
            os.write(secret, passwords.kept(self._password_file).encode("ascii") + b"\n")
            if account is not None:
                os.fchown(secret, account.uid, account.gid)
            self._run_initdb(programs, account, place, secret)
        finally:
            os.close(secret)
            os.close(place)
        unfinished.rename(self.cluster)

    def _run_initdb(
        self, programs: Programs, account: leash.Account | None, place: int, secret: int
    ) -> None:
        argv: list[str | Path] = [
            programs.initdb,
            f"--pgdata=/proc/self/fd/{place}",
            f"--username={SUPERUSER}",
            f"--pwfile=/proc/self/fd/{secret}",
            "--auth-local=reject",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
        ]
        with tempfile.TemporaryFile() as said:
            child = leash.start(
                argv,
                env=programs.environment,
                cwd=Path("/"),
                output=said,
                account=account,
                pass_fds=(place, secret),
            )
            if child.wait(START_SECONDS_MAX) != 0:
                said.seek(0)
                words = said.read().decode("utf-8", errors="replace").strip()
                raise PostgresRefused(f"the database cluster could not be made: {words[-800:]}")

    def _refuse_a_cluster_of_another_kind(self, programs: Programs) -> None:
        if not self._password_file.exists():
            raise PostgresRefused(
                f"{self.cluster} is there but its password is not: put back {self._password_file}"
            )
        made_by = (self.cluster / "PG_VERSION").read_text("ascii").strip()
        if made_by != str(programs.major):
            raise PostgresRefused(
                f"{self.cluster} was made by PostgreSQL {made_by}, the programs are of "
                f"{programs.major}: back up with the old ones, restore with the new ones"
            )

    def _clear_the_place(self) -> None:
        """End what a killed server left behind, so that its folder can be opened again.

        We hold the claim, so whoever still works here has lost its parent.
        """
        orphans = leash.leftovers(self.cluster, "postgres")
        if orphans:
            # A server that lost us is stopping already; sessions that lost their server may not be.
            orphans = leash.end(orphans, signal.SIGINT, 0.5)
            orphans = leash.end(orphans, signal.SIGQUIT, STOP_SECONDS_MAX)
            if leash.end(orphans, signal.SIGKILL, 2.0):
                raise PostgresRefused(f"processes {orphans} hold {self.cluster} and do not end")
        # Its pid may by now be another program's, and PostgreSQL would refuse to start for ever.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, programs: Programs, account: leash.Account | None) -> None:
        self.port = self.port or ports.free()
        if ports.taken(self.port):
            raise PostgresRefused(
                f"port {self.port} is taken by another program: stop that one, or choose another"
            )
        place = os.open(self.cluster, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with leash.open_log(self._log_file) as log:
                log_from = log.tell()
                argv: list[str | Path] = [programs.postgres, "-D", f"/proc/self/fd/{place}"]
                argv += ["-p", str(self.port)]
                for name, value in SETTINGS.items():
                    argv += ["-c", f"{name}={value}"]
                self._child = leash.start(
                    argv,
                    env=programs.environment,
                    cwd=Path("/"),
                    output=log,
                    account=account,
                    pass_fds=(place,),
                    at_parents_end=signal.SIGINT,
                )
        finally:
            os.close(place)
        self._wait_ready(log_from)

    def _wait_ready(self, log_from: int) -> None:
        assert self._child is not None
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._says_ready():
            if self._child.poll() is not None:
                raise PostgresRefused(f"PostgreSQL did not start: {self._words(log_from)}")
            if time.monotonic() > deadline:
                raise PostgresRefused(
                    f"PostgreSQL is not ready after {START_SECONDS_MAX:.0f} s: "
                    f"{self._words(log_from)}"
                )
            time.sleep(leash.POLL_SECONDS)
        try:
            psycopg.connect(self.admin_url, connect_timeout=5).close()
        except psycopg.OperationalError as problem:
            raise PostgresRefused(
                f"PostgreSQL runs but lets us not in; is {self._password_file} the one it was "
                f"made with? {problem}"
            ) from problem
        check_settings(self.admin_url)

    def _says_ready(self) -> bool:
        assert self._child is not None
        try:
            lines = (self.cluster / "postmaster.pid").read_text("utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and lines[0] == str(self._child.pid)

    def _words(self, log_from: int) -> str:
        """What the server said for itself since it was started, shortened."""
        with self._log_file.open("rb") as log:
            log.seek(log_from)
            said = log.read().decode("utf-8", errors="replace").strip()
        if "No space left on device" in said:
            return f"the disk of {self.folder} is full; make room and start again"
        telling = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        return " ".join(telling or said.splitlines()[-3:])[:800] or f"see {self._log_file}"


def check_settings(url: str) -> None:
    """Refuse a server that may forget what it has confirmed, or not notice a rotten page.

    Raises:
        PostgresRefused: naming every unsafe setting; or it does not let us in.
    """
    names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    found = {}
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            for name in (*names, "server_encoding"):
                row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
                assert row is not None
                found[name] = str(row[0])
    except psycopg.ProgrammingError:  # It would repeat the address, and with it the password.
        raise PostgresRefused(
            "an address of PostgreSQL reads postgresql://name:password@host:port/postgres"
        ) from None
    except psycopg.Error as problem:
        why = str(problem).strip()
        raise PostgresRefused(f"this PostgreSQL does not let us in: {why}") from problem
    faults = [f"{name} is off" for name in names if found[name] == "off"]
    if found["server_encoding"] != "UTF8":
        faults.append(f"its encoding is {found['server_encoding']}, not UTF8")
    if faults:
        raise PostgresRefused(
            f"this PostgreSQL is not safe for payments: {'; '.join(faults)}; turn them on "
            "(data checksums: stop the server and run `pg_checksums --enable`)"
        )
