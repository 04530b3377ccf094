"""A benefits of one's own: its database, its files and keys, and the verbs of a month."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import policies
from shared.secrets import make_keys
from tests.benefits.county import CountyBenefits
from tests.trial import MakeDatabase, TrialDatabase


@pytest.fixture(scope="session")
def benefits_tables(make_database: MakeDatabase) -> TrialDatabase:
    """The tables, once a session."""
    return make_database("benefits")


@pytest.fixture
async def benefits(benefits_tables: TrialDatabase, tmp_path: Path) -> AsyncIterator[CountyBenefits]:
    """A county's benefits, empty at the start of each test."""
    keys = tmp_path / "keys"
    make_keys(keys, "benefits")
    county = CountyBenefits.stand_up(benefits_tables, tmp_path)
    yield county
    await county.stand_down()
    benefits_tables.empty()


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A copy of the places' numbers that a test may change."""
    copied = tmp_path / "places"
    shutil.copytree(Path(policies.__file__).parent / "places", copied)
    return copied
