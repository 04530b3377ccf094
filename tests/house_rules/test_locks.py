"""What is installed is what was tested, and nothing committed names a machine or an index."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.house_rules.sources import ROOT, named, tracked

LOCK: Final = ROOT / "requirements.lock"
ENGINES: Final = ROOT / "bench" / "engines.lock"
TEXT: Final = (
    ".py", ".md", ".toml", ".yaml", ".yml", ".json", ".lock", ".html", ".css", ".mako", "Makefile",
    "run", ".txt", ".cfg", ".ini",
)  # fmt: skip
INDEXES: Final = re.compile(
    r"(pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror|deb\.debian|mirrors?\.[a-z]+\.[a-z]+)"
)
MACHINES: Final = re.compile(r"(?<![\w.~-])/(work|farm|home/\w+|Users/\w+|root)/")


@pytest.mark.parametrize("lock", [LOCK, ENGINES], ids=named)
def test_every_locked_package_has_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    assert len(entries) > 15
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


@pytest.mark.parametrize("lock", [LOCK, ENGINES], ids=named)
def test_the_lock_names_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text


def test_every_declared_package_is_locked() -> None:
    declared = re.findall(r'^\s*"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?",?$', _declarations(), re.M)
    locked = {
        line.split("==")[0].lower().replace("_", "-")
        for line in LOCK.read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert declared
    assert not {name.lower().replace("_", "-") for name in declared} - locked


@pytest.mark.parametrize("path", tracked(*TEXT), ids=named)
def test_no_index_and_no_machine_is_named(path: Path) -> None:
    if named(path) == "tests/house_rules/test_locks.py":
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    assert not INDEXES.search(text)
    assert not MACHINES.search(text)


def test_no_secret_and_no_build_output_is_tracked() -> None:
    odd = re.compile(r"(\.pem|\.key|\.p12|\.pyc|\.whl|\.so|uv\.lock|pylock\.toml)$|(^|/)\.doudi/")
    assert not [named(path) for path in tracked() if odd.search(named(path))]


def _declarations() -> str:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return text[text.index("dependencies = [") : text.index("[project.optional")]
