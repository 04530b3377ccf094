"""A register of one's own: its database, its files, and those it hands accounts and contacts to."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from services.identification.roster.columns import HEAD
from tests.identification.moves.gathering import gather
from tests.identification.register import Register, standing
from tests.identification.walking import Rows
from tests.trial import MakeDatabase, NatsAt, TrialDatabase

_NOT_ONE_HEAD = """
    SELECT household.number, array_agg(membership.relation)
    FROM membership JOIN household ON household.id = household_id
    WHERE until IS NULL
    GROUP BY household.id
    HAVING count(*) FILTER (WHERE relation = %s) <> 1
"""


@pytest.fixture(scope="session")
def identification_database(make_database: MakeDatabase) -> TrialDatabase:
    """One database for all these tests."""
    return make_database("identification")


@pytest.fixture
def trial_database(
    identification_database: TrialDatabase, pytestconfig: pytest.Config
) -> Iterator[TrialDatabase]:
    """The same, emptied after each test."""
    yield identification_database
    _leave(pytestconfig, identification_database)


@pytest.fixture
async def register(
    trial_database: TrialDatabase, tmp_path: Path, nats_server: NatsAt
) -> AsyncIterator[Register]:
    """Identification, up, with nobody in it; a roster is imported before `imported` returns."""
    async with standing(
        tmp_path, trial_database, nats_server, import_children=0, comparison_children=0
    ) as stands:
        yield stands


@pytest.fixture
async def working_register(
    trial_database: TrialDatabase, tmp_path: Path, nats_server: NatsAt
) -> AsyncIterator[Register]:
    """The same with its imports in a process of their own, in small chunks, as in production."""
    async with standing(
        tmp_path, trial_database, nats_server, import_children=1, import_chunk_rows=50
    ) as stands:
        yield stands


@pytest.fixture(scope="module")
async def county(
    identification_database: TrialDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    nats_server: NatsAt,
    pytestconfig: pytest.Config,
) -> AsyncIterator[Register]:
    """Identification, up, for all tests of one file: whatever they do is in it together."""
    place = tmp_path_factory.mktemp("county")
    async with standing(
        place, identification_database, nats_server, import_children=0, comparison_children=0
    ) as stands:
        yield stands
    _leave(pytestconfig, identification_database)


def _leave(config: pytest.Config, database: TrialDatabase) -> None:
    """Empty it; whatever the tests did, one person alone heads every household they left in it."""
    gather(config, database)
    with psycopg.connect(database.owner_url) as owner:
        homes = owner.execute(_NOT_ONE_HEAD, (HEAD,)).fetchall()
    database.empty()
    assert homes == []


@pytest.fixture(scope="module")
def rows(county: Register) -> Iterator[Rows]:
    """One look at the database, kept open."""
    found = Rows(county.database.owner_url)
    yield found
    found.close()
