"""The ledger line by line: what is owed, what each transfer did, what each fund has left."""

from collections.abc import Iterator
from typing import Final

from services.payments.checks.findings import Finding, Rows, Tally


def postings(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """Each order is owed once; each transfer stands in the one account its state says."""
    tally = Tally()
    asked = {"pay_month": pay_month}
    for row in payments.execute(_OWED, asked):
        tally.add("owed-is-not-posted", row["line_id"], row["amount_fen"] - int(row["fen"]))
    for row in payments.execute(_TRANSFERS, asked):
        name = f"{row['reference'].hex}-{row['attempt']:02d} {row['status']}"
        tally.add("transfer-is-not-posted", name, row["amount_fen"])
    yield from tally.findings()


def funds(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """What left each fund, counted from its transfers, is covered and is what the ledger says."""
    tally = Tally()
    for row in payments.execute(_FUNDS, {"pay_month": pay_month}):
        given, sent, back = (int(row[name] or 0) for name in ("given", "sent", "back"))
        if sent > given:
            tally.add("appropriation-exceeded", row["fund"], sent - given)
        if int(row["fund_fen"] or 0) != given - sent:
            tally.add("fund-differs", row["fund"], int(row["fund_fen"] or 0) - (given - sent))
        if int(row["returned_fen"] or 0) != back:
            tally.add("returned-differs", row["fund"], int(row["returned_fen"] or 0) - back)
    yield from tally.findings()


def reserves(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """No reserve was ever below zero up to a month, and each holds what its vouchers come to."""
    tally = Tally()
    for row in payments.execute(_RESERVES, {"pay_month": pay_month}):
        moved, posted = int(row["moved"] or 0), int(row["posted"] or 0)
        if moved != posted:
            tally.add("reserve-differs", row["fund"], posted - moved)
    for row in payments.execute(_OVERSPENT, {"pay_month": pay_month}):
        tally.add("reserve-overspent", row["town"], int(row["fen"]))
    yield from tally.findings()


_OWED: Final = """
SELECT line_id, payment_order.amount_fen, coalesce(-sum(posting.amount_fen), 0) AS fen
FROM payment_order LEFT JOIN ledger_posting AS posting USING (line_id)
WHERE payment_order.pay_month = %(pay_month)s AND posting.account IS NOT DISTINCT FROM 'payable'
    OR payment_order.pay_month = %(pay_month)s AND posting.account IS NULL
GROUP BY line_id HAVING coalesce(-sum(posting.amount_fen), 0) <> payment_order.amount_fen
"""
_TRANSFERS: Final = """
WITH stands AS (
    SELECT transfer.reference, transfer.attempt, transfer.status, transfer.amount_fen,
        coalesce(sum(posting.amount_fen) FILTER (WHERE account = 'in-flight'), 0) AS in_flight,
        coalesce(sum(posting.amount_fen) FILTER (WHERE account = 'paid'), 0) AS paid
    FROM transfer JOIN envelope ON envelope.id = transfer.envelope_id
    LEFT JOIN ledger_posting AS posting
        ON posting.transfer_id = transfer.id AND posting.pay_month = %(pay_month)s
    WHERE envelope.pay_month = %(pay_month)s GROUP BY transfer.id
)
SELECT * FROM stands
WHERE in_flight <> CASE WHEN status IN ('in-flight', 'unconfirmed') THEN amount_fen ELSE 0 END
    OR paid <> CASE WHEN status = 'settled' THEN amount_fen ELSE 0 END
"""
# What left for each line by the last transfer that left; a refusal gave it back to the fund, a
# return put it aside for the next attempt.
_FUNDS: Final = """
WITH last AS (
    SELECT DISTINCT ON (line_id) line_id, envelope.fund, transfer.status, payment_order.amount_fen
    FROM transfer_order JOIN transfer ON transfer.id = transfer_order.transfer_id
    JOIN envelope ON envelope.id = transfer.envelope_id JOIN payment_order USING (line_id)
    WHERE envelope.pay_month = %(pay_month)s AND transfer.status NOT IN ('made', 'voided')
    ORDER BY line_id, transfer_order.attempt DESC
), left_it AS (
    SELECT fund, sum(amount_fen) FILTER (WHERE status <> 'refused') AS sent,
        sum(amount_fen) FILTER (WHERE status = 'returned') AS back
    FROM last GROUP BY fund
), vouchers AS (
    SELECT fund, sum(amount_fen) AS given FROM appropriation
    WHERE pay_month = %(pay_month)s GROUP BY fund
), posted AS (
    SELECT fund, sum(amount_fen) FILTER (WHERE account = 'fund') AS fund_fen,
        sum(amount_fen) FILTER (WHERE account = 'returned') AS returned_fen
    FROM ledger_posting WHERE pay_month = %(pay_month)s AND fund <> '' GROUP BY fund
)
SELECT fund, given, sent, back, fund_fen, returned_fen
FROM vouchers FULL JOIN left_it USING (fund) FULL JOIN posted USING (fund)
"""
_RESERVES: Final = """
WITH moves AS (
    SELECT 'reserve-' || town AS fund, sum(amount_fen) AS moved FROM reserve_move
    WHERE pay_month <= %(pay_month)s GROUP BY town
), posts AS (
    SELECT fund, sum(amount_fen) AS posted FROM ledger_posting
    WHERE account = 'reserve' AND pay_month <= %(pay_month)s GROUP BY fund
)
SELECT fund, moved, posted FROM moves FULL JOIN posts USING (fund)
"""
_OVERSPENT: Final = """
SELECT town, min(stood) AS fen FROM (
    SELECT town, pay_month,
        sum(amount_fen) OVER (PARTITION BY town ORDER BY recorded_at, id) AS stood
    FROM reserve_move WHERE pay_month <= %(pay_month)s
) AS run GROUP BY town HAVING min(stood) < 0
"""
