"""Real PostgreSQL and real NATS, each started once and only when a test asks for it.

postgres        the server: `.admin_url`; DATABASE_URL when set, else the embedded one
nats_server     the bus: `.url("payments")`, `.admin_url`; NATS_URL when set, else the embedded
make_database   make_database("payments") → a database of its own, migrated, as in production:
                `.owner_url`, `.runtime_url`, `.reader_url`, and `.empty()` for after each test
"""

import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from shared.nats import EmbeddedNats, check_server
from shared.postgres import EmbeddedPostgres, check_settings
from tests.trial import MakeDatabase, NatsAt, PostgresAt, TrialDatabase

pytest_plugins: Final = ("pytester", "tests.identification.moves.gathering")
MEMORY: Final = Path("/dev/shm")  # noqa: S108 # A folder of ours alone is made in it.
MEMORY_BYTES_MIN: Final = 3_000_000_000


@pytest.fixture(scope="session")
def trial_folder() -> Iterator[Path]:
    """A folder only we can enter, gone after the session; in memory where there is room.

    Servers sync there as they do anywhere, but nobody waits for a disk.
    """
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    roomy = roomy and shutil.disk_usage(MEMORY).free > MEMORY_BYTES_MIN
    folder = Path(tempfile.mkdtemp(prefix="doudi-test-", dir=MEMORY if roomy else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def own_folder(trial_folder: Path) -> Path:
    """A folder for one test's own servers."""
    return Path(tempfile.mkdtemp(dir=trial_folder))


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[PostgresAt]:
    """A PostgreSQL server; on yours, only databases and roles named doudi_test_… are touched."""
    yours = os.environ.get("DATABASE_URL")
    if yours:
        check_settings(yours)
        yield PostgresAt(yours)
        return
    folder = request.getfixturevalue("trial_folder")
    server = EmbeddedPostgres(folder / "postgres", folder / "keys")
    server.start()
    yield PostgresAt(server.admin_url)
    server.stop()


@pytest.fixture(scope="session")
def nats_server(request: pytest.FixtureRequest) -> Iterator[NatsAt]:
    """A NATS server with JetStream; on yours, everybody speaks as the one user you named."""
    yours = os.environ.get("NATS_URL")
    if yours:
        check_server(yours)
        yield NatsAt(lambda speaker: yours)
        return
    folder = request.getfixturevalue("trial_folder")
    server = EmbeddedNats(folder / "nats", folder / "keys")
    server.start()
    yield NatsAt(server.url)
    server.stop()


@pytest.fixture(scope="session")
def make_database(postgres: PostgresAt) -> Iterator[MakeDatabase]:
    """Makes databases for the session's tests; all are dropped at its end."""
    with ExitStack() as made:

        def make(process: str, *, migrated: bool = True) -> TrialDatabase:
            name = f"doudi_test_{process}_{secrets.token_hex(4)}"
            database = TrialDatabase.make(postgres.admin_url, name)
            made.callback(database.drop)
            if migrated:
                database.migrate(process)
            return database

        yield make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first: one takes minutes, and begun last it would keep a worker when all else is
    done."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: looking it through for garbage again and again would
    take a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


def pytest_configure(config: Any) -> None:
    """Files made by tests are private too, like those of the processes."""
    del config
    os.umask(0o077)
