"""Check an exported audit log with nothing but the file: `python -m shared.audit_check FILE`.

It needs no secret, no database and nothing outside Python itself, so that this one file can be
copied to whoever checks. Each row's hash covers the row and the hash before it: a row that was
changed, taken out, put in or moved breaks the chain where it stands. Rows cut off at the end leave
a chain that holds: those show only by `--rows` and `--head`, as a frozen month report or a backup's
manifest notes them. Whatever was noted then must still be there, however long the log is now.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

GENESIS: Final = bytes(32)
WORDS: Final = ("number", "county", "recorded_at", "actor", "act", "subject", "details")
FIELDS: Final = frozenset({*WORDS, "previous_hash", "hash"})


class Broken(Exception):
    """The chain does not hold; the text says at which row, and why."""


@dataclass(frozen=True)
class Chain:
    """A chain that holds: how many rows, and the hash of the last."""

    rows: int
    head: bytes


def row_hash(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """SHA-256 of the hash before and the row in its one canonical writing."""
    instant: datetime = row["recorded_at"]
    words = json.dumps(
        {**row, "recorded_at": instant.astimezone(UTC).isoformat(timespec="microseconds")},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return sha256(previous + words.encode()).digest()


def line_of(row: Mapping[str, Any]) -> str:
    """A row of the log as a line of its export."""
    words = {
        **{name: row[name] for name in WORDS},
        "recorded_at": row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "previous_hash": bytes(row["previous_hash"]).hex(),
        "hash": bytes(row["hash"]).hex(),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def check(lines: Iterable[str], rows: int | None = None, head: str | None = None) -> Chain:
    """Follow the chain from its first row to its last.

    Args:
        rows: how many rows there were when it was noted.
        head: the hash of the last row of then.

    Raises:
        Broken: at the first row that does not follow, or where what was noted is not found.
    """
    chain, met = Chain(0, GENESIS), head is None
    for place, line in enumerate(lines, 1):
        row = _understood(place, line)
        number = row["number"]
        if number != chain.rows + 1:
            raise Broken(f"line {place}: row {number} stands where row {chain.rows + 1} belongs")
        if row["previous_hash"] != chain.head:
            raise Broken(f"row {number}: the hash before it is not that of row {number - 1}")
        if row["hash"] != row_hash(chain.head, {name: row[name] for name in WORDS}):
            raise Broken(f"row {number}: its hash is not that of its words")
        chain = Chain(number, row["hash"])
        if chain.head.hex() == head and rows in {None, number}:
            met = True
        elif number == rows and head is not None:
            raise Broken(f"row {number}: its hash is not the one that was noted")
    if rows is not None and chain.rows < rows:
        raise Broken(f"there are {chain.rows} rows, and there were {rows}")
    if not met and head != chain.head.hex():
        raise Broken("no row has the hash that was noted")
    return chain


def _understood(place: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line, object_pairs_hook=_said_once)
        if not isinstance(row, dict) or row.keys() != FIELDS or type(row["number"]) is not int:
            raise ValueError("a row has other fields")
        instant = datetime.fromisoformat(row["recorded_at"])
        if instant.tzinfo is None:
            raise ValueError("an instant has no zone")
        hashes = {name: bytes.fromhex(row[name]) for name in ("previous_hash", "hash")}
    except (ValueError, TypeError) as problem:
        raise Broken(f"line {place}: this is no row of an audit log") from problem
    return {**row, "recorded_at": instant, **hashes}


def _said_once(words: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object each of whose words stands once: of two, a reader may see the other one."""
    said = dict(words)
    if len(said) < len(words):
        raise ValueError("a word stands twice")
    return said


def main(asked: list[str] | None = None) -> int:
    """The command: 0 when the chain holds, 1 when it does not."""
    parser = argparse.ArgumentParser(prog="python -m shared.audit_check", description=__doc__)
    parser.add_argument("file", help="the export: one row a line")
    parser.add_argument("--rows", type=int, help="how many rows there were, as noted elsewhere")
    parser.add_argument("--head", help="the hash of the last row, as noted elsewhere")
    chosen = parser.parse_args(asked)
    try:
        with open(chosen.file, encoding="utf-8") as lines:
            chain = check(lines, chosen.rows, chosen.head and chosen.head.lower())
    except (Broken, OSError, UnicodeDecodeError) as problem:
        sys.stderr.write(f"the chain does not hold: {problem}\n")
        return 1
    sys.stdout.write(f"the chain holds: {chain.rows} rows, head {chain.head.hex()}\n")
    if chosen.rows is None and chosen.head is None:
        sys.stdout.write(
            "nothing shows whether its end is there: give --rows and --head as a frozen month"
            " report or a backup's manifest notes them\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
