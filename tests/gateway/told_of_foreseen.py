"""What identification answers of what a case comes to a month, before it is decided."""

from typing import Any

from tests.gateway.told_of_applications import CHANGE
from tests.gateway.told_of_cases import CASE, NASTY

_HELD = {"fen": None, "held": {"zh": "收入不明" + NASTY, "en": "income is not known"}}
SUMS: dict[str, Any] = {
    "stage": "foreseen",
    "month": "2026-11",
    "missing": None,
    "homes": [
        {
            "household": "h-1" + NASTY,
            "before_fen": 26000,
            "after_fen": None,
            "lines": [
                {
                    "name": {"zh": "最低生活保障", "en": "dibao"},
                    "whose": None,
                    "before": {"fen": 26000, "held": None},
                    "after": _HELD,
                },
                {
                    "name": {"zh": "高龄津贴", "en": "old age"},
                    "whose": "李丁" + NASTY,
                    "before": {"fen": 0, "held": None},
                    "after": {"fen": 5000, "held": None},
                },
            ],
        },
        {"household": None, "before_fen": 0, "after_fen": 0, "lines": []},
    ],
}
"""What a case would change of what is paid, where not all of it is known."""


def of_foreseen() -> dict[str, Any]:
    """Answers for the page of a case, at the desk and on a telephone."""
    return {
        f"identification GET /cases/{CASE}/sums": SUMS,
        f"identification GET /my/cases/{CHANGE}/sums": SUMS,
    }
