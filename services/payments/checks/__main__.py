"""`python -m services.payments.checks`: what the package's first page says."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from services.payments.checks import chains, files, history, money, month, outside, standing
from services.payments.checks.findings import Finding, Rows

PROCESSES: Final = ("gateway", "identification", "benefits", "payments", "notifications")
_NEEDED: Final = {"benefits", "payments"}
_KNOB: Final = "CHECKS_{}_DATABASE_URL"
STATES: Final = {
    "held": "held",
    "ordered": "waiting",
    "enveloped": "waiting",
    "in-flight": "waiting",
    "unconfirmed": "unconfirmed",
    "settled": "settled",
    "returned": "returned",
    "refused": "refused",
}


def check(
    benefits: Rows,
    payments: Rows,
    pay_month: str,
    *,
    books: list[Any] | None = None,
    folder: Path | None = None,
    keys: Mapping[str, Any] | None = None,
) -> tuple[list[Finding], dict[str, Any]]:
    """Every check of the money of one pay month; the findings, and the totals they met."""
    findings = [
        *month.runs(benefits, pay_month),
        *month.lines_and_orders(benefits, payments, pay_month),
        *month.orders_and_transfers(payments, pay_month),
        *month.envelopes(payments, pay_month),
        *month.ledger(payments, pay_month),
        *chains.ledger_chain(payments),
        *money.postings(payments, pay_month),
        *month.funds(payments, pay_month),
        *money.funds(payments, pay_month),
        *money.reserves(payments, pay_month),
        *files.approved(payments, pay_month),
        *files.manifests(payments, pay_month, keys),
    ]
    totals = _totals(benefits, payments, pay_month)
    there = sum(totals[state]["total_fen"] for state in sorted(set(STATES.values())))
    if there != totals["granted"]["total_fen"]:
        missing = totals["granted"]["total_fen"] - there
        findings.append(
            Finding("month-does-not-add-up", "granted is not what is found", 1, missing)
        )
    written: files.Written = {}
    if folder is not None:
        found, written = files.contents(payments, folder, pay_month)
        findings += found
    if books is not None:
        findings += outside.books(payments, books, pay_month, written)
    return findings, totals


def check_history(
    databases: Mapping[str, Rows], noted: Mapping[str, chains.Head]
) -> tuple[list[Finding], dict[str, chains.Head]]:
    """Every audit chain, and what identification's bears out; the findings, and the chains' heads.

    A chain that was noted and is not looked at is a finding.
    """
    heads: dict[str, chains.Head] = {}
    findings = [
        Finding("audit-chain-not-read", process) for process in sorted(noted.keys() - databases)
    ]
    for process, database in databases.items():
        findings += chains.audit(database, process, heads, noted.get(process))
    if "identification" in databases:
        findings += history.rows(databases["identification"])
        findings += standing.owners(databases["identification"])
    return findings, heads


def _totals(benefits: Rows, payments: Rows, pay_month: str) -> dict[str, Any]:
    """granted by the closed runs; and every order, by where it is now."""
    granted = benefits.execute(_GRANTED_SUM, {"pay_month": pay_month}).fetchone()
    assert granted is not None
    totals = {"granted": {"count": granted["count"], "total_fen": int(granted["total_fen"])}}
    totals |= {state: {"count": 0, "total_fen": 0} for state in STATES.values()}
    for row in payments.execute(_BY_STATUS, {"pay_month": pay_month}):
        into = totals[STATES[row["status"]]]
        into["count"] += row["count"]
        into["total_fen"] += int(row["total_fen"])
    return totals


def reading(url: str) -> Rows:
    """A connection that sees one moment, and cannot write."""
    connection = psycopg.connect(url, row_factory=dict_row, options="-c timezone=UTC")
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pay-month", required=True)
    parser.add_argument("--books", type=Path, help="the banks' own books, as JSON")
    parser.add_argument("--files", type=Path, help="folder of the payout files, by bank")
    parser.add_argument("--keys", type=Path, help="the processes' public keys, as JSON")
    parser.add_argument(
        "--at", type=datetime.fromisoformat, help="the instant it is there, where a clock is stated"
    )
    parser.add_argument("--noted", type=Path, help="what this printed the last time")
    told = parser.parse_args()
    books, keys, noted = (
        json.loads(place.read_text(encoding="utf-8")) if place else None
        for place in (told.books, told.keys, told.noted)
    )
    with ExitStack() as opened:
        databases = {
            process: opened.enter_context(reading(os.environ[_KNOB.format(process.upper())]))
            for process in PROCESSES
            if process in _NEEDED or _KNOB.format(process.upper()) in os.environ
        }
        findings, totals = check(
            databases["benefits"],
            databases["payments"],
            told.pay_month,
            books=books,
            folder=told.files,
            keys=keys,
        )
        found, heads = check_history(databases, noted["heads"] if noted else {})
        findings += found
    said = {
        "ok": not findings,
        "findings": [asdict(finding) for finding in findings],
        "totals": totals,
        "heads": heads,
        "pay_month": told.pay_month,
        "checked_at": (told.at or datetime.now(UTC)).isoformat(),
    }
    sys.stdout.write(json.dumps(said, ensure_ascii=False, default=str) + "\n")
    return 1 if findings else 0


_GRANTED_SUM: Final = """
SELECT count(*) AS count, coalesce(sum(amount_fen), 0) AS total_fen FROM entitlement_line
JOIN run ON run.id = entitlement_line.run_id
WHERE run.pay_month = %(pay_month)s AND run.status = 'closed'
"""
_BY_STATUS: Final = """
SELECT status, count(*) AS count, sum(amount_fen) AS total_fen FROM payment_order
WHERE pay_month = %(pay_month)s GROUP BY status
"""


if __name__ == "__main__":
    sys.exit(main())
