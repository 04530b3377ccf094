"""What benefits and payments say of the records behind sums, and of money to be paid back."""

from typing import Any

from shared.ids import new_id

MONTH = "2026-10"
RECOVERY, SOMEBODY = str(new_id()), str(new_id())

A_RECOVERY: dict[str, Any] = {
    "recovery_id": RECOVERY,
    "run_id": str(new_id()),
    "beneficiary_id": SOMEBODY,
    "village": "511425001200",
    "programme": "dibao",
    "month": MONTH,
    "cause": "late-death",
    "amount_fen": -19000,
    "decided_fen": 19000,
    "most_fen": 19000,
    "decisions": [
        {
            "number": 1,
            "amount_fen": 19000,
            "paper": "青民追〔2026〕1号",
            "reason": "",
            "told_on": "2026-10-09",
            "decided_by": "staff:head",
            "decided_at": "2026-10-09T01:00:00+00:00",
        }
    ],
}
OWED_BACK: dict[str, Any] = {
    "recovery_id": RECOVERY,
    "beneficiary_id": SOMEBODY,
    "programme": "dibao",
    "month": MONTH,
    "amount_fen": 19000,
    "received_fen": 9000,
    "left_fen": 10000,
    "receipts": [
        {
            "amount_fen": 9000,
            "voucher": "缴001",
            "received_on": "2026-10-10",
            "recorded_by": "staff:finance",
        }
    ],
}


BEHIND: dict[str, Any] = {"count": 1, "total_fen": 58600, "next": None}


def of_sums(line: dict[str, Any]) -> dict[str, Any]:
    """Answers for the pages of lines, payments and recoveries."""
    behind = {**BEHIND, "items": [{**line, "pay_month": MONTH}]}
    return {
        "benefits GET /lines": behind,
        f"payments GET /months/{MONTH}/orders": behind,
        "payments GET /owed-back": {"items": [OWED_BACK], "next": None},
        f"payments GET /beneficiaries/{SOMEBODY}/payments": {"items": [], "next": None},
        f"benefits GET /recoveries/{RECOVERY}": A_RECOVERY,
        "benefits GET /deaths/2026": {
            "items": [
                {
                    "person_id": SOMEBODY,
                    "died_on": "2026-08-02",
                    "told_on": "2026-10-02",
                    "months": 1,
                    "granted_fen": 0,
                    "proposed_fen": 19000,
                    "decided_fen": 19000,
                    "recoveries": [A_RECOVERY],
                },
                {"person_id": str(new_id()), "months": 0},
            ]
        },
    }
