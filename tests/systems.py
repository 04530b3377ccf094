"""Which test shows which system, and which tries to break which control: pages made of marks.

`python -m tests.systems` writes docs/systems.md and docs/controls.md. Tests are read, not run.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"


@dataclass(frozen=True)
class Listing:
    """Things to be shown by tests, listed in docs/<name>.yaml, and the mark by which they are."""

    name: str
    mark: str
    title: str
    columns: str

    @property
    def page_path(self) -> Path:
        """Where its page stands."""
        return DOCS / f"{self.name}.md"

    @cached_property
    def items(self) -> Mapping[str, tuple[str, ...]]:
        """Everything on it by its key, in its order: what the page says of it, by column."""
        listed = yaml.safe_load((DOCS / f"{self.name}.yaml").read_text(encoding="utf-8"))
        return {
            key: (said,) if isinstance(said, str) else tuple(said.values())
            for key, said in listed.items()
        }

    @cached_property
    def shown(self) -> Mapping[str, list[tuple[Path, str]]]:
        """The tests that carry its mark, by the key they name."""
        found: dict[str, list[tuple[Path, str]]] = {}
        for path in sorted((ROOT / "tests").rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    for key in self._keys(node):
                        found.setdefault(key, []).append((path.relative_to(ROOT), node.name))
        return found

    def page(self) -> str:
        """The page as it should stand."""
        rows = []
        for key, said in self.items.items():
            links = [
                f"[{name.removeprefix('test_').replace('_', ' ')}](../{path})"
                for path, name in self.shown.get(key, [])
            ]
            rows.append(f"| {' | '.join((key, *said, '<br>'.join(links)))} |\n")
        made = f"Made by `make systems` from [{self.name}.yaml]({self.name}.yaml)"
        head = f"# {self.title}\n\n{made} and the marks of the tests.\n\n{self.columns}\n"
        return head + "|---" * (self.columns.count("|") - 1) + "|\n" + "".join(rows)

    def _keys(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == f"pytest.mark.{self.mark}":
                yield from (_text(each) for each in mark.args)


SYSTEMS: Final = Listing(
    "systems",
    "shows",
    "Systems, and the tests that show them",
    "| | System | It works when | Shown by |",
)
CONTROLS: Final = Listing(
    "controls",
    "breaks",
    "Controls, and the tests that try to break them",
    "| Control | It holds when | Tried by |",
)
LISTINGS: Final = (SYSTEMS, CONTROLS)


def _text(node: ast.expr) -> Any:
    return ast.literal_eval(node)


if __name__ == "__main__":
    for listing in LISTINGS:
        listing.page_path.write_text(listing.page(), encoding="utf-8")
