"""The tables a process is set down in: YAML, with one word for a bad one."""

import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

_SAFE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader, in C where there is one: tables are read at every start."""
TABLES_KEPT: Final = 256


class TableUnreadable(Exception):
    """A table cannot be used; the text says where and why."""


class _Once(_SAFE):  # type: ignore[misc] # Which of the two it is is known on the machine only.
    """YAML in which a name may stand once: of two, the reader keeps the later without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # What is no word, and cannot be a key, is refused below.
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def read_table(path: Path, unreadable: type[Exception] = TableUnreadable) -> dict[str, Any]:
    """The table a file holds.

    Raises:
        unreadable: the file cannot be read, is no YAML, says a name twice, or holds something else
            than a table.
    """
    try:
        found = pickle.loads(_read(path.read_text(encoding="utf-8")))  # noqa: S301 # Pickled below.
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise unreadable(f"{path}: {problem}") from problem
    if not isinstance(found, dict):
        raise unreadable(f"{path}: not a table")
    return found


@lru_cache(maxsize=TABLES_KEPT)
def _read(text: str) -> bytes:
    """What a text says, pickled: whoever asks again gets a copy that is theirs, for an eighteenth
    of what reading YAML takes."""
    return pickle.dumps(yaml.load(text, Loader=_Once))  # noqa: S506 # A safe one, above.
