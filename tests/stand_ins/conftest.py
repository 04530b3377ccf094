"""What the tests of outside parties share: a stated clock on a working day."""

from pathlib import Path

import pytest

from tests.stand_ins.playing import Stated


@pytest.fixture
def clock(tmp_path: Path) -> Stated:
    """Monday 2026-10-12, nine in the morning."""
    stated = Stated(tmp_path / "clock")
    stated.say("2026-10-12")
    return stated
