"""The two hash chains, audit and ledger, recomputed from their rows: a changed row is found."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from hashlib import sha256
from typing import Any, Final, TypedDict

from services.payments.checks.findings import Finding, Rows

AT_ONCE: Final = 10_000
"""Rows that are held at once: a chain is long."""


class Head(TypedDict):
    """The last row of a chain: how many there are, and its hash."""

    rows: int
    head: str


def ledger_chain(payments: Rows) -> Iterator[Finding]:
    """Each entry's hash covers its postings and the entry before."""
    previous = bytes(32)
    for number, row in enumerate(payments.execute(_LEDGER_CHAIN), 1):
        words = "|".join(
            str(row[name])
            for name in ("county", "number", "act", "subject", "pay_month", "at", "postings_count")
        )
        postings = sha256(row["postings"].encode()).digest()
        expected = sha256(previous + f"{words}|{postings.hex()}".encode()).digest()
        broken = (
            row["number"] != number
            or bytes(row["previous_hash"]) != previous
            or bytes(row["hash"]) != expected
        )
        if broken:
            yield Finding("ledger-chain-broken", f"at entry {row['number']}")
            return
        previous = bytes(row["hash"])


def audit(
    connection: Rows, process: str, heads: dict[str, Head], noted: Head | None = None
) -> Iterator[Finding]:
    """The chain of audit rows is whole, and what was noted of it is still in it.

    Args:
        heads: where its last row is noted, for the next time.
        noted: its last row as it was noted before: rows cut off at the end show by nothing else.
    """
    with connection.cursor(name=f"audit_{process}") as rows:
        rows.itersize = AT_ONCE
        yield from _followed(rows.execute(_AUDIT), process, heads, noted)


def _followed(
    rows: Iterable[dict[str, Any]], process: str, heads: dict[str, Head], noted: Head | None
) -> Iterator[Finding]:
    previous, number = bytes(32), 0
    for number, row in enumerate(rows, 1):
        kept = ("number", "county", "recorded_at", "actor", "act", "subject", "details")
        words = {name: row[name] for name in kept}
        words["recorded_at"] = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
        text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        broken = (
            row["number"] != number
            or bytes(row["previous_hash"]) != previous
            or bytes(row["hash"]) != sha256(previous + text.encode()).digest()
        )
        if broken:
            yield Finding("audit-chain-broken", f"{process}, at row {row['number']}")
            return
        previous = bytes(row["hash"])
        if noted is not None and number == noted["rows"] and previous.hex() != noted["head"]:
            yield Finding("audit-chain-rewritten", f"{process}, at row {number}")
    if noted is not None and number < noted["rows"]:
        yield Finding("audit-chain-cut", f"{process}, {noted['rows']} rows were, {number} are")
    heads[process] = {"rows": number, "head": previous.hex()}


_LEDGER_CHAIN: Final = """
SELECT number, county, act, subject, ledger_entry.pay_month, postings_count, previous_hash, hash,
    to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at,
    coalesce((SELECT string_agg(concat_ws('|', position, account, fund, posting.pay_month,
        coalesce(line_id::text, ''), coalesce(transfer_id::text, ''), amount_fen),
        E'\n' ORDER BY position) FROM ledger_posting AS posting
        WHERE entry_number = number), '') AS postings
FROM ledger_entry ORDER BY number
"""
_AUDIT: Final = "SELECT * FROM audit ORDER BY number"
