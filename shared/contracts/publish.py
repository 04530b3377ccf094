"""Writes every event as a JSON schema into docs/events/, for those who listen from outside.

`python -m shared.contracts.publish` writes; `--check` refuses when the files say something else.
"""

import json
import sys
from pathlib import Path
from typing import Final

from shared.contracts import benefits, identification, notifications, payments
from shared.contracts.event import Event

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "events"
PUBLISHERS: Final = (identification, benefits, payments, notifications)


def events() -> list[type[Event]]:
    """Every event that any service says, in the order of their subjects."""
    found = [
        kind
        for module in PUBLISHERS
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
    ]
    return sorted(found, key=lambda kind: kind.subject())


def schemas() -> dict[str, str]:
    """File name → text, for every event."""
    return {
        f"{kind.subject()}.json": json.dumps(
            kind.model_json_schema(), indent=2, ensure_ascii=False, sort_keys=True
        )
        + "\n"
        for kind in events()
    }


def main() -> None:
    """The command line."""
    wanted = schemas()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    if "--check" in sys.argv[1:]:
        stale = sorted(
            name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
        )
        if stale:
            raise SystemExit(f"docs/events is not what the code says: {', '.join(stale)}")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in there.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
