"""What the house rules look at: the tracked files, and the processes by name."""

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SERVICES: Final = ("identification", "benefits", "payments", "notifications")
PROCESSES: Final = ("gateway", *SERVICES)


@cache
def tracked(*endings: str) -> list[Path]:
    """Files git knows or would take, that exist, by ending; all of them when none is named."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 # git is where the caller's PATH says.
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return sorted(
        path
        for path in paths
        if path.is_file() and (not endings or path.suffix in endings or path.name in endings)
    )


def code(*, tests: bool = False) -> list[Path]:
    """Python files of the rooms, with or without the tests."""
    return [path for path in tracked(".py") if tests or path.relative_to(ROOT).parts[0] != "tests"]


def rooms(*names: str) -> list[Path]:
    """Python files under these folders."""
    return [path for path in code() if path.relative_to(ROOT).as_posix().startswith(names)]


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> set[str]:
    """The modules a file imports, as written."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def named(path: Path) -> str:
    """A path as a test's name."""
    return path.relative_to(ROOT).as_posix()
