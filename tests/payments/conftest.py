"""A payments of one's own: its database, files and keys, and the verbs of a month."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.payments.county import CountyPayments
from tests.trial import MakeDatabase, TrialDatabase


@pytest.fixture(scope="session")
def payments_tables(make_database: MakeDatabase) -> TrialDatabase:
    """The tables, once a session."""
    return make_database("payments")


@pytest.fixture
async def payments(payments_tables: TrialDatabase, tmp_path: Path) -> AsyncIterator[CountyPayments]:
    """A county's payments, empty at the start of each test."""
    county = CountyPayments.stand_up(payments_tables, tmp_path)
    yield county
    await county.close()
    payments_tables.empty()
