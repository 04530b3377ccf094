"""A population for a what-if: determinations, one household a line, or frozen columns."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from policies.counties.snapshot import Snapshot
from policies.desk.requests import RequestRefused, read_household, read_json
from policies.engine.law import Law

_NAMED: Final = frozenset({"household_id"})
_ALWAYS: Final = "1000-01"


def read_population(path: Path, law: Law) -> Snapshot:
    """The households of a file: `.jsonl`, or a snapshot in Arrow's file format.

    Raises:
        RequestRefused: a line cannot be read; it is named by its number.
    """
    if path.suffix == ".arrow":
        try:
            return Snapshot.from_bytes(path.read_bytes())
        except (ValueError, OSError) as why:
            raise RequestRefused(f"not a snapshot: {why}") from None
    return law.snapshot(_determinations(path, law))


def _determinations(path: Path, law: Law) -> Iterator[Mapping[str, Any]]:
    """One household a line; it and its members have names, for they are counted by them."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    words = read_household(read_json(line), law, _NAMED)
                except RequestRefused as why:
                    raise RequestRefused(f"line {number}: {why}") from None
                yield {"from_month": _ALWAYS, **words}
