"""Refusals are told in the reader's words, and every word is about a refusal there is."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from gateway.refusals import BY_SLUG
from shared.problems import Problem

ROOT = Path(__file__).resolve().parents[2]


def test_every_refusal_that_has_words_exists() -> None:
    slugs = {
        re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        for room in ("gateway", "services", "shared")
        for module in (ROOT / room).rglob("*.py")
        for name in re.findall(r"^class (\w+)\(", module.read_text(encoding="utf-8"), re.M)
    }
    assert set(BY_SLUG) <= slugs, set(BY_SLUG) - slugs


def test_no_refusal_of_identification_or_of_the_door_is_told_in_english_alone() -> None:
    for room in ("services.identification", "gateway"):
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if ".migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    met = {
        kind.slug()
        for kind in _all(Problem)
        if kind.__module__.startswith(("services.identification", "gateway"))
    }
    assert len(met) > 150
    assert met <= BY_SLUG.keys(), met - BY_SLUG.keys()


def _all(kind: type[Problem]) -> Iterator[type[Problem]]:
    for each in kind.__subclasses__():
        yield each
        yield from _all(each)
