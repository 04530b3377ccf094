"""The tables a place and the casework are set down in: YAML, with one word for a bad one."""

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader, in C where there is one: tables are read at every start."""


def read_table(path: Path, unreadable: type[Exception]) -> dict[str, Any]:
    """The table a file holds.

    Raises:
        unreadable: the file cannot be read, is no YAML, or holds something else than a table.
    """
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 # A safe one, either way.
    except (OSError, yaml.YAMLError) as problem:
        raise unreadable(f"{path}: {problem}") from problem
    if not isinstance(found, dict):
        raise unreadable(f"{path}: not a table")
    return found
