"""What benefits answers of a village's month, behind the pages of those who work there."""

from typing import Any

from shared.ids import new_id

VILLAGE = "511425100201"


def of_villages(a_line: dict[str, Any]) -> dict[str, Any]:
    """A line that fell, one that is gone, and one that is not known yet."""
    household, month = a_line["household_id"], a_line["month"]
    gone = {
        "beneficiary_id": household,
        "household_id": household,
        "programme": "old_age",
        "this_fen": None,
        "last_fen": 5000,
        "difference_fen": -5000,
        "change": "gone",
        "reason": "death",
    }
    held = {
        "id": str(new_id()),
        "beneficiary_id": household,
        "household_id": household,
        "programme": "dibao",
        "month": month,
        "words": {"zh": "收入不明", "en": "income is unknown"},
        "limit_on": "2026-10-09",
        "released_at": None,
    }
    fallen = {**a_line, "last_fen": 60000, "change": "down", "reason": "decision"}
    return {
        f"benefits GET /villages/{VILLAGE}/months/{month}": {
            "village": VILLAGE,
            "pay_month": month,
            "runs": [a_line["run_id"]],
            "lines": [fallen],
            "gone": [gone],
            "held": [held],
        }
    }
