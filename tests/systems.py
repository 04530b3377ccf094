"""Which test shows which system: docs/systems.md out of docs/systems.yaml and the marks of tests.

`python -m tests.systems` writes the page. Tests are read, not run.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
SYSTEMS: Final = ROOT / "docs" / "systems.yaml"
PAGE: Final = ROOT / "docs" / "systems.md"
_HEAD: Final = """# Systems, and the tests that show them

Made by `make systems` from [systems.yaml](systems.yaml) and the marks of the tests.

| | System | It works when | Shown by |
|---|---|---|---|
"""


def systems() -> Mapping[str, Mapping[str, str]]:
    """Every system by its key: its name, and what it means that it works."""
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(SYSTEMS.read_text(encoding="utf-8"))
    return found


def shown() -> Mapping[str, list[tuple[Path, str]]]:
    """The tests marked as showing a system, by its key."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for key in _keys(node):
                    found.setdefault(key, []).append((path.relative_to(ROOT), node.name))
    return found


def page() -> str:
    """The page as it should stand."""
    tests = shown()
    rows = []
    for key, each in sorted(systems().items()):
        links = [
            f"[{name.removeprefix('test_').replace('_', ' ')}](../{path})"
            for path, name in tests.get(key, [])
        ]
        rows.append(f"| {key} | {each['name']} | {each['works']} | {'<br>'.join(links)} |\n")
    return _HEAD + "".join(rows)


def _keys(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.shows":
            yield from (_text(each) for each in mark.args)


def _text(node: ast.expr) -> Any:
    return ast.literal_eval(node)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
