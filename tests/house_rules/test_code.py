"""How code must read, each rule learned from somebody's scar."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tests.house_rules.sources import SERVICES, code, imports, named, rooms, tracked, tree

NAMES_THAT_SAY_NOTHING: Final = {
    "service", "manager", "helper", "helpers", "util", "utils", "common", "base", "core", "misc",
    "handler", "handlers", "data", "info", "process",
}  # fmt: skip
LINES_MAX: Final = 450
WEB: Final = ("fastapi", "starlette")
DATED_AT_ZERO: Final = re.compile(
    r"_at::date|CAST\(\s*\S*_at AS date\)|to_char\(\s*\S*_at,|date_trunc\([^,)]*,\s*\S*_at\)"
    r"|_at\s*\[:(?:7|10)\]"
)
"""A date cut off an instant that is kept in UTC: before eight in the morning it is yesterday's."""


@pytest.mark.parametrize("path", code(tests=True), ids=named)
def test_every_module_opens_with_one_sentence(path: Path) -> None:
    if path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip():
        return
    if "/migrations/" in named(path):
        return
    assert ast.get_docstring(tree(path)), "say in one sentence what this room is for"


@pytest.mark.parametrize("path", code(), ids=named)
def test_nobody_commits_by_hand(path: Path) -> None:
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]
    by_hand = [call.lineno for call in calls if call.attr in {"commit", "rollback"}]
    if named(path).startswith("demonstration/stand_ins/"):
        return  # An outside party keeps its books as it likes.
    assert not by_hand


@pytest.mark.parametrize("path", rooms("services/"), ids=named)
def test_only_the_face_of_a_service_speaks_http(path: Path) -> None:
    place = named(path)
    if "/api" in place or path.name == "app.py":
        return
    spoken = {name for name in imports(path) if name.split(".")[0] in WEB}
    assert not spoken, "words in and words out belong in api/"


@pytest.mark.parametrize("path", code(), ids=named)
def test_names_say_something(path: Path) -> None:
    assert path.stem not in NAMES_THAT_SAY_NOTHING
    assert path.parent.name not in NAMES_THAT_SAY_NOTHING
    names = {
        node.name.lower().strip("_")
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assert not names & NAMES_THAT_SAY_NOTHING


@pytest.mark.parametrize("path", code(tests=True), ids=named)
def test_a_file_is_a_comfortable_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LINES_MAX, "split it by subject"


@pytest.mark.parametrize("service", SERVICES)
def test_no_table_holds_a_fraction_of_a_fen(service: str) -> None:
    for path in rooms(f"services/{service}/models"):
        words = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
        assert not words & {"float", "Float", "Numeric", "Decimal"}, named(path)


@pytest.mark.parametrize("path", code(tests=True), ids=named)
def test_every_ignore_carries_its_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for mark in re.finditer(r"#\s*(noqa|type: ignore)\b([^#]*)(#.*)?", line):
            if named(path) == "tests/house_rules/test_code.py":
                continue
            assert mark[3], f"line {number}: say why, after a second #"


@pytest.mark.parametrize("path", [*code(), *tracked(".html")], ids=named)
def test_a_date_is_the_one_on_the_countys_wall(path: Path) -> None:
    if named(path) == "shared/months.py":
        return
    text = path.read_text(encoding="utf-8")
    cut = [text.count("\n", 0, found.start()) + 1 for found in DATED_AT_ZERO.finditer(text)]
    if path.suffix == ".py":
        cut += [
            node.lineno
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if node.func.attr == "date" and not node.args
            if not ast.unparse(node.func.value).startswith("datetime.strptime(")
        ]
    assert not cut, "ask shared.months.civil_date, or say AT TIME ZONE 'Asia/Shanghai'"


@pytest.mark.parametrize("path", [*code(tests=True), *tracked(".md", "Makefile")], ids=named)
def test_nothing_is_left_for_later(path: Path) -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    assert not re.search(rf"\b({'|'.join(words)})\b", path.read_text(encoding="utf-8"))
