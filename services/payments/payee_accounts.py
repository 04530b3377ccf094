"""The account a payee has now, told beside an order that did not arrive or is held.

It is the one a new attempt would go to once it is verified, and is told as unverified while the
relation to it is; its number is never told, only the last four digits.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.payments.banks.profiles import Profile

COLUMNS: Final = """
    account.id::text AS account_id, account.bank, account.number_last4 AS last4,
    CASE WHEN account.status = 'verified' AND in_force.verified_at IS NULL
        THEN 'unverified' ELSE account.status END AS account_status
"""
JOIN: Final = """
    LEFT JOIN LATERAL (
        SELECT account_id, verified_at FROM payee_relation
        WHERE payee_relation.beneficiary_id = payment_order.beneficiary_id
            AND payee_relation.county = payment_order.county AND superseded_at IS NULL
            AND since <= payment_order.pay_month
            AND (until IS NULL OR until >= payment_order.pay_month)
        ORDER BY since DESC LIMIT 1
    ) AS in_force ON true
    LEFT JOIN account ON account.id = in_force.account_id
"""


def told(row: Mapping[str, Any], banks: Mapping[str, Profile]) -> dict[str, Any]:
    """A row that has these columns, with the account in one word of its own; None without one."""
    own = ("account_id", "bank", "last4", "account_status")
    profile = banks.get(row["bank"] or "")
    account = {
        "account_id": row["account_id"],
        "bank": row["bank"],
        "bank_name": profile.names.zh if profile else row["bank"],
        "last4": row["last4"],
        "status": row["account_status"],
    }
    rest = {name: value for name, value in row.items() if name not in own}
    return {**rest, "account": account if row["account_id"] else None}
