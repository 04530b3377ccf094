"""One unhurt month, played once, against which the hurt ones are held."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.counties import Played, play


@pytest.fixture(scope="session")
def unhurt() -> Iterator[Played]:
    """The month as it goes when nothing happens to it."""
    folder = Path(tempfile.mkdtemp(prefix="doudi-journey-"))
    yield play(folder / "county")
    shutil.rmtree(folder)
