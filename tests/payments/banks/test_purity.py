"""The room of bank formats stays pure: no database, no network, no clock, no domain of payments."""

import ast
from pathlib import Path

from services.payments import banks

ALLOWED = {"shared.money", "shared.months", "yaml", "pydantic"}
FORBIDDEN = {"asyncio", "socket", "urllib.request", "http", "sqlite3", "time", "random", "uuid4"}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_it_imports_nothing_but_money_months_and_two_libraries() -> None:
    paths = sorted(Path(banks.__file__).parent.glob("*.py"))
    assert len(paths) > 10
    for path in paths:
        names = imported(path)
        ours = {name for name in names if name.split(".")[0] in ("shared", "services", "gateway")}
        foreign = {
            name
            for name in ours
            if not name.startswith("services.payments.banks")
            and not any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED)
            and name not in ("services.payments",)
        }
        assert not foreign, f"{path.name} imports {foreign}"
        assert not names & FORBIDDEN, f"{path.name} imports {names & FORBIDDEN}"
