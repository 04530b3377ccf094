"""The demonstration's places say the same in every room that reads them."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_a_bank_is_called_on_a_roster_what_it_is_called_on_a_page() -> None:
    on_rosters = _read(ROOT / "demonstration" / "places" / "511425-banks.yaml")["banks"]
    profiles = (ROOT / "services" / "payments" / "banks" / "profiles").glob("*.yaml")
    on_pages = {profile.stem: _read(profile)["names"]["zh"] for profile in profiles}
    assert {bank["code"]: bank["name"] for bank in on_rosters} == on_pages


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
