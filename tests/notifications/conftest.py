"""Notifications as a process, with a stand-in SMS centre and the place where results lie.

`process` is one for all tests of a file, each with people and a pay month of its own; `trouble` is
a new one, not yet started, over an emptied database, for tests that kill. No file uses both.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.notifications.smsc_at import SmscAt, a_centre
from tests.notifications.standing import Results, Standing, standing
from tests.trial import MakeDatabase, NatsAt, TrialDatabase


@pytest.fixture(scope="session")
def notifications_database(make_database: MakeDatabase) -> TrialDatabase:
    """One database for all these tests."""
    return make_database("notifications")


@pytest.fixture
def trial_database(notifications_database: TrialDatabase) -> Iterator[TrialDatabase]:
    """The same, emptied after each test."""
    yield notifications_database
    notifications_database.empty()


@pytest_asyncio.fixture
async def smsc(tmp_path: Path) -> AsyncIterator[SmscAt]:
    """A centre that stands and behaves."""
    with a_centre(tmp_path / "smsc") as centre:
        await centre.start()
        yield centre


@pytest_asyncio.fixture(scope="module")
async def process(
    tmp_path_factory: pytest.TempPathFactory,
    notifications_database: TrialDatabase,
    nats_server: NatsAt,
) -> AsyncIterator[Standing]:
    """Notifications up and working, for tests that leave it so."""
    folder = tmp_path_factory.mktemp("gentle")
    async with _all_around(folder, notifications_database, nats_server) as stands:
        await stands.start()
        yield stands


@pytest_asyncio.fixture
async def trouble(
    tmp_path: Path, notifications_database: TrialDatabase, nats_server: NatsAt
) -> AsyncIterator[Standing]:
    """Notifications not yet started, to be started and killed at will."""
    async with _all_around(tmp_path, notifications_database, nats_server) as stands:
        yield stands


@asynccontextmanager
async def _all_around(
    folder: Path, database: TrialDatabase, bus: NatsAt
) -> AsyncIterator[Standing]:
    await bus.forget()
    results = Results()
    with (
        a_centre(folder / "smsc") as centre,
        standing(folder, database, bus, centre, results) as stands,
    ):
        async with results.served():
            await centre.start()
            yield stands
    database.empty()
