"""What payments would say of an account that waits for a second person."""

from typing import Any, Final

from shared.ids import new_id
from tests.gateway.told_of_cases import NASTY

ACCOUNT: Final = str(new_id())
IN_BRIEF: dict[str, Any] = {
    "account_id": ACCOUNT,
    "bank": "qsrcc",
    "bank_name": "青神农商行",
    "last4": "5341",
    "status": "unverified",
}
AN_ACCOUNT: dict[str, Any] = {
    "account_id": ACCOUNT,
    "bank": "qsrcc",
    "last4": "5341",
    "account_kind": "card",
    "status": "unverified",
    "status_reason": None,
    "holder_kind": "person",
    "holder_name": NASTY,
    "bank_spelling": None,
    "payees": [
        {
            "relation_id": f"01a20000-0000-7000-8000-00000000e10{number}",
            "beneficiary_kind": "household",
            "beneficiary_id": str(new_id()),
            "relation": "household",
            "paper": NASTY,
            "since": "2026-10",
            "verified": number == 3,
        }
        for number in (1, 2, 3)
    ],
}


def of_accounts() -> dict[str, Any]:
    """Answers by service, method and path."""
    path = f"/accounts/{ACCOUNT}"
    return {f"payments GET {path}": AN_ACCOUNT, f"payments POST {path}/verification": AN_ACCOUNT}
