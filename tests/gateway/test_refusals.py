"""Refusals are told in the reader's words, and every word is about a refusal there is."""

import re
from pathlib import Path

from gateway.refusals import BY_SLUG

ROOT = Path(__file__).resolve().parents[2]


def test_every_refusal_that_has_words_exists() -> None:
    slugs = {
        re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        for room in ("gateway", "services", "shared")
        for module in (ROOT / room).rglob("*.py")
        for name in re.findall(r"^class (\w+)\(", module.read_text(encoding="utf-8"), re.M)
    }
    assert set(BY_SLUG) <= slugs, set(BY_SLUG) - slugs


def test_what_stops_an_officer_in_a_case_is_not_told_in_english_alone() -> None:
    grammar = ROOT / "services" / "identification" / "grammar" / "moving.py"
    grants = ROOT / "services" / "identification" / "casework" / "grants.py"
    for module in (grammar, grants):
        text = module.read_text(encoding="utf-8")
        for name in re.findall(r"^class (\w+)\((?:Conflict|Malformed|Forbidden)\)", text, re.M):
            assert re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower() in BY_SLUG, name
