"""A pay month's own rows: runs, lines, orders, transfers, envelopes, ledger and funds agree."""

from collections.abc import Iterator
from typing import Final

from services.payments.checks.findings import Finding, Rows, all_of


def runs(benefits: Rows, pay_month: str) -> Iterator[Finding]:
    """Each closed run's lines are the control totals it was closed with; two people signed it."""
    for run in benefits.execute(_CLOSED_RUNS, {"pay_month": pay_month}):
        if (run["lines"], int(run["fen"])) != (run["lines_count"], run["total_fen"]):
            difference = int(run["fen"]) - run["total_fen"]
            yield Finding("run-differs-from-its-totals", str(run["id"]), 1, difference)
        if run["persons"] < 2:
            yield Finding("run-not-signed-by-two", str(run["id"]))


def lines_and_orders(benefits: Rows, payments: Rows, pay_month: str) -> Iterator[Finding]:
    """Every granted line is one order, with the same sum, and no order is without its line."""
    granted, ordered = (
        {row["line_id"]: row["amount_fen"] for row in connection.execute(text, [pay_month])}
        for connection, text in ((benefits, _GRANTED), (payments, _ORDERED))
    )
    yield from all_of("line-without-order", sorted(granted.keys() - ordered.keys()), granted)
    yield from all_of("order-without-line", sorted(ordered.keys() - granted.keys()), ordered)
    both = granted.keys() & ordered.keys()
    differ = sorted(line for line in both if granted[line] != ordered[line])
    yield from all_of("order-differs-from-line", differ, ordered)


def orders_and_transfers(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """Where an order stands is where its last transfer stands; nobody has two that may be paid."""
    for code, text in (
        ("order-and-transfer-disagree", _DISAGREE),
        ("line-paid-twice", _PAID_TWICE),
        ("attempt-without-failure", _ATTEMPT_WITHOUT_FAILURE),
        ("transfer-differs-from-orders", _TRANSFER_DIFFERS),
        ("held-without-reason", _HELD_WITHOUT_REASON),
        ("beneficiary-ordered-twice", _ORDERED_TWICE),
    ):
        rows = payments.execute(text, {"pay_month": pay_month}).fetchall()
        yield from all_of(code, [row["id"] for row in rows], {r["id"]: r["fen"] for r in rows})


def envelopes(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """An envelope is its transfers; who made, checked and released it are three persons."""
    for code, text in (
        ("envelope-differs-from-transfers", _ENVELOPE_DIFFERS),
        ("envelope-not-signed-by-three", _NOT_THREE),
    ):
        rows = payments.execute(text, {"pay_month": pay_month}).fetchall()
        yield from all_of(code, [row["id"] for row in rows], {r["id"]: r["fen"] for r in rows})


def ledger(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """Every entry comes to nothing, and what stands in each account is what the rows say."""
    rows = payments.execute(_UNBALANCED).fetchall()
    yield from all_of(
        "entry-not-balanced", [r["id"] for r in rows], {r["id"]: r["fen"] for r in rows}
    )
    stands = {
        row["account"]: int(row["fen"])
        for row in payments.execute(_STANDS, {"pay_month": pay_month})
    }
    for account, text in (
        ("paid", _SETTLED_FEN),
        ("in-flight", _IN_FLIGHT_FEN),
        ("granted", _ORDERED_FEN),
    ):
        row = payments.execute(text, {"pay_month": pay_month}).fetchone()
        assert row is not None
        difference = stands.get(account, 0) - int(row["fen"])
        if difference:
            yield Finding("ledger-differs", account, 1, difference)


def funds(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """No fund has sent out more than it was given, or for a programme its voucher does not name."""
    for row in payments.execute(_OVERDRAWN, {"pay_month": pay_month}):
        yield Finding("fund-overdrawn", row["fund"], 1, int(row["fen"]))
    for row in payments.execute(_NOT_NAMED, {"pay_month": pay_month}):
        yield Finding("fund-does-not-name", f"{row['fund']}: {row['project']}", 1, int(row["fen"]))


_CLOSED_RUNS: Final = """
SELECT run.id, run.lines_count, run.total_fen,
    (SELECT count(*) FROM entitlement_line WHERE run_id = run.id) AS lines,
    (SELECT coalesce(sum(amount_fen), 0) FROM entitlement_line WHERE run_id = run.id) AS fen,
    (SELECT count(DISTINCT person) FROM run_signature
        WHERE run_id = run.id AND attempt = run.attempt) AS persons
FROM run WHERE pay_month = %(pay_month)s AND status = 'closed'
"""
_GRANTED: Final = """
SELECT line_id, amount_fen FROM entitlement_line JOIN run ON run.id = entitlement_line.run_id
WHERE run.pay_month = %s AND run.status = 'closed'
"""
_ORDERED: Final = "SELECT line_id, amount_fen FROM payment_order WHERE pay_month = %s"
_LAST: Final = """
WITH last AS (
    SELECT DISTINCT ON (transfer_order.line_id) transfer_order.line_id, transfer_order.attempt,
        transfer.status, envelope.status AS envelope_status
    FROM transfer_order JOIN transfer ON transfer.id = transfer_order.transfer_id
    JOIN envelope ON envelope.id = transfer.envelope_id
    JOIN payment_order ON payment_order.line_id = transfer_order.line_id
    WHERE NOT transfer_order.voided AND payment_order.pay_month = %(pay_month)s
    ORDER BY transfer_order.line_id, transfer_order.attempt DESC
)
"""
_DISAGREE: Final = f"""{_LAST}
SELECT payment_order.line_id AS id, amount_fen AS fen
FROM payment_order LEFT JOIN last USING (line_id)
WHERE pay_month = %(pay_month)s AND CASE
    WHEN payment_order.status IN ('held', 'ordered') THEN last.line_id IS NOT NULL
    WHEN payment_order.status = 'enveloped' THEN last.status IS DISTINCT FROM 'made'
    ELSE last.status IS DISTINCT FROM payment_order.status END
"""  # noqa: S608 # Every part is text of this file.
_PAID_TWICE: Final = """
SELECT line_id AS id, max(payment_order.amount_fen) AS fen FROM transfer_order
JOIN transfer ON transfer.id = transfer_order.transfer_id JOIN payment_order USING (line_id)
WHERE payment_order.pay_month = %(pay_month)s AND NOT transfer_order.voided
    AND transfer.status IN ('made', 'in-flight', 'unconfirmed', 'settled')
GROUP BY line_id HAVING count(*) > 1
"""
_ATTEMPT_WITHOUT_FAILURE: Final = """
SELECT later.line_id AS id, payment_order.amount_fen AS fen FROM transfer_order AS later
JOIN payment_order USING (line_id)
WHERE payment_order.pay_month = %(pay_month)s AND NOT later.voided AND later.attempt > 1
    AND NOT EXISTS (
        SELECT FROM transfer_order AS earlier JOIN transfer ON transfer.id = earlier.transfer_id
        WHERE earlier.line_id = later.line_id AND earlier.attempt = later.attempt - 1
            AND transfer.status IN ('refused', 'returned'))
"""
_TRANSFER_DIFFERS: Final = """
SELECT transfer.id, transfer.amount_fen AS fen FROM transfer
JOIN transfer_order ON transfer_order.transfer_id = transfer.id
JOIN payment_order USING (line_id)
WHERE payment_order.pay_month = %(pay_month)s
GROUP BY transfer.id HAVING sum(payment_order.amount_fen) <> transfer.amount_fen
    OR count(*) <> transfer.orders_count
"""
_HELD_WITHOUT_REASON: Final = """
SELECT line_id AS id, amount_fen AS fen FROM payment_order
WHERE pay_month = %(pay_month)s AND status = 'held' AND NOT EXISTS (
    SELECT FROM hold WHERE hold.line_id = payment_order.line_id AND released_at IS NULL)
"""
_ORDERED_TWICE: Final = """
SELECT min(line_id::text) AS id, sum(amount_fen) AS fen FROM payment_order
GROUP BY beneficiary_id, programme, month, difference
HAVING count(*) > 1 AND bool_or(pay_month = %(pay_month)s)
"""
_ENVELOPE_DIFFERS: Final = """
SELECT envelope.id, envelope.total_fen AS fen FROM envelope
LEFT JOIN transfer ON transfer.envelope_id = envelope.id
WHERE envelope.pay_month = %(pay_month)s AND envelope.status <> 'voided'
GROUP BY envelope.id HAVING count(transfer.id) <> envelope.count
    OR coalesce(sum(transfer.amount_fen), 0) <> envelope.total_fen
"""
_NOT_THREE: Final = """
SELECT id, total_fen AS fen FROM envelope
WHERE pay_month = %(pay_month)s AND status IN ('released', 'published', 'fetched', 'answered')
    AND (SELECT count(DISTINCT person) FROM unnest(
        ARRAY[made_person, checked_person, released_person]) AS person
        WHERE person IS NOT NULL) < 3
"""
_UNBALANCED: Final = """
SELECT number AS id, coalesce(sum(amount_fen), 0) AS fen FROM ledger_entry
LEFT JOIN ledger_posting ON entry_number = number
GROUP BY number HAVING coalesce(sum(amount_fen), 0) <> 0 OR count(amount_fen) <> postings_count
"""
_STANDS: Final = """
SELECT account, sum(amount_fen) AS fen FROM ledger_posting
WHERE pay_month = %(pay_month)s GROUP BY account
"""
_TRANSFERS_FEN: Final = """
SELECT coalesce(sum(transfer.amount_fen), 0) AS fen FROM transfer
JOIN envelope ON envelope.id = transfer.envelope_id WHERE envelope.pay_month = %(pay_month)s
"""
_SETTLED_FEN: Final = f"{_TRANSFERS_FEN} AND transfer.status = 'settled'"
_IN_FLIGHT_FEN: Final = f"{_TRANSFERS_FEN} AND transfer.status IN ('in-flight', 'unconfirmed')"
_ORDERED_FEN: Final = """
SELECT coalesce(sum(amount_fen), 0) AS fen FROM payment_order WHERE pay_month = %(pay_month)s
"""
_OVERDRAWN: Final = """
SELECT fund, sum(amount_fen) AS fen FROM ledger_posting
WHERE pay_month = %(pay_month)s AND account = 'fund' GROUP BY fund HAVING sum(amount_fen) < 0
"""
_NOT_NAMED: Final = """
SELECT fund, project, sum(total_fen) AS fen FROM envelope
WHERE pay_month = %(pay_month)s AND status IN ('released', 'published', 'fetched', 'answered')
    AND NOT EXISTS (SELECT FROM appropriation WHERE appropriation.fund = envelope.fund
        AND appropriation.pay_month = envelope.pay_month AND project = ANY(projects))
GROUP BY fund, project
"""
