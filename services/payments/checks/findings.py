"""What a check says when something is not as it must be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

Rows = psycopg.Connection[dict[str, Any]]

EXAMPLES: Final = 5


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be: what, how often, by how much, and a few of them."""

    code: str
    says: str
    count: int = 1
    fen: int = 0
    examples: list[str] = field(default_factory=list)


def all_of(code: str, ids: Sequence[Any], fen: Mapping[Any, int]) -> Iterator[Finding]:
    """One finding for all of a kind; none when there are none."""
    if ids:
        examples = [str(one) for one in ids[:EXAMPLES]]
        total_fen = sum(int(fen.get(one) or 0) for one in ids)
        yield Finding(code, code.replace("-", " "), len(ids), total_fen, examples)


class Tally:
    """Things noted one by one, told as one finding for each kind."""

    def __init__(self) -> None:
        self._noted: dict[str, list[tuple[str, int]]] = {}

    def add(self, code: str, what: object, fen: int = 0) -> None:
        """Note one more."""
        self._noted.setdefault(code, []).append((str(what), fen))

    def findings(self) -> Iterator[Finding]:
        """By code."""
        for code, noted in sorted(self._noted.items()):
            examples = [what for what, _ in noted[:EXAMPLES]]
            fen = sum(each for _, each in noted)
            yield Finding(code, code.replace("-", " "), len(noted), fen, examples)
