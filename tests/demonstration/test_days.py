"""A demonstration's days pass when somebody says so, and never back."""

from datetime import date
from pathlib import Path

import pytest

from demonstration import days
from demonstration.clock import StatedClock


def test_a_week_passes_in_a_county_that_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = StatedClock(tmp_path / "clock")
    clock.begin(date(2026, 10, 9))
    monkeypatch.setenv("DATA", str(tmp_path))
    monkeypatch.setenv("DAYS", "7")
    assert days.run() == 0
    assert clock.today == date(2026, 10, 16)
    assert "2026-10-16" in capsys.readouterr().out


@pytest.mark.parametrize(("asked", "why"), [("-1", "must lie between"), ("", "make run")])
def test_no_day_passes_where_none_can(
    asked: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA", str(tmp_path))
    monkeypatch.setenv("DAYS", asked)
    assert days.run() == 1
    assert why in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
