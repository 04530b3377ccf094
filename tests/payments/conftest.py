"""A payments of one's own: its database, files and keys, and the verbs of a month."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared import telemetry
from tests.payments.county import CountyPayments
from tests.trial import MakeDatabase, TrialDatabase


@pytest.fixture(scope="session")
def payments_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the process writes down, as it does in production: one file for the session."""
    log = tmp_path_factory.mktemp("payments") / "log"
    telemetry.configure("payments", str(log))
    return log


@pytest.fixture(scope="session")
def payments_tables(make_database: MakeDatabase, payments_log: Path) -> TrialDatabase:
    """The tables, once a session."""
    del payments_log
    return make_database("payments")


@pytest.fixture
async def payments(payments_tables: TrialDatabase, tmp_path: Path) -> AsyncIterator[CountyPayments]:
    """A county's payments, empty at the start of each test."""
    county = CountyPayments.stand_up(payments_tables, tmp_path)
    yield county
    await county.close()
    payments_tables.empty()
