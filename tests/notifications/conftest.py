"""The notifications' database, and a stand-in SMS centre."""

from collections.abc import AsyncIterator, Iterator
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


@pytest_asyncio.fixture
async def results() -> AsyncIterator[Results]:
    """Where payments' results lie."""
    kept = Results()
    async with kept.served():
        yield kept


@pytest_asyncio.fixture
async def process(
    tmp_path: Path,
    trial_database: TrialDatabase,
    nats_server: NatsAt,
    smsc: SmscAt,
    results: Results,
) -> AsyncIterator[Standing]:
    """Notifications as a process of its own, up and working."""
    with standing(tmp_path, trial_database, nats_server, smsc, results) as stands:
        await stands.start()
        yield stands
