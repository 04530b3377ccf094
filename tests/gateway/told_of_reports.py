"""What identification answers of reports, behind the pages of the desk."""

from typing import Any

from shared.ids import new_id

MONTH = "2026-10"
NASTY = "<script>alert(1)</script>{{7*7}}\"'&𠮷"
PATH = f"/reports/month/{MONTH}"


def _both(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


ON_DIBAO: dict[str, Any] = {
    "line": "dibao-people",
    "name": _both("低保人员" + NASTY),
    "counts": "people",
    "number": 1,
    "by": [
        {
            "column": "town",
            "name": _both("乡镇"),
            "values": [{"value": "511425001", "name": _both("青竹"), "number": 1}],
        },
        {
            "column": "registration",
            "name": _both("城乡"),
            "values": [{"value": "rural", "name": _both("农村"), "number": 1}],
        },
    ],
}
A_REPORT: dict[str, Any] = {
    "report": "month",
    "name": _both("社会救助月报"),
    "period": MONTH,
    "of": "青神县" + NASTY,
    "is_part": False,
    "told_at": "2026-10-05T01:00:00+00:00",
    "frozen": None,
    "average_targets_fen": {"dibao": {"urban": 22_000, "rural": 12_000}},
    "sections": [
        {
            "name": _both("最低生活保障"),
            "lines": [
                ON_DIBAO,
                {**ON_DIBAO, "line": "dibao-paid-people"},
                {
                    "line": "aid-sum",
                    "name": _both("救助金额"),
                    "counts": "aid",
                    "fen": 150_000,
                    "by": [
                        {
                            "column": "aid",
                            "name": _both("类型"),
                            "values": [
                                {"value": "urgent", "name": _both("急难型"), "fen": 150_000}
                            ],
                        }
                    ],
                },
                {
                    "line": "aid-average",
                    "name": _both("每件平均"),
                    "share_of": ["aid-sum", "dibao-people"],
                    "mean_fen": 150_000,
                },
                {
                    "line": "in-time-rate",
                    "name": _both("按时办结率"),
                    "share_of": ["dibao-people", "dibao-people"],
                    "basis_points": 10_000,
                },
                {
                    "line": "no-rate",
                    "name": _both("没有可比的"),
                    "share_of": ["dibao-people", "dibao-people"],
                    "basis_points": None,
                },
            ],
        }
    ],
}
FROZEN: dict[str, Any] = {
    **A_REPORT,
    "frozen": {
        "frozen_at": "2026-10-05T01:00:00+00:00",
        "frozen_by": "staff:he.jun",
        "numbers_sha256": "ab" * 32,
        "audit_rows": 12,
        "audit_head": "cd" * 32,
        "runs": [
            {
                "run_id": str(new_id()),
                "family": "livelihood",
                "pay_month": MONTH,
                "kind": "regular",
                "sequence": 1,
                "lines_count": 1,
                "total_fen": 58600,
                "list_sha256": "ab" * 32,
            }
        ],
    },
}
RECORDS: dict[str, Any] = {
    "line": "dibao-people",
    "name": _both("低保人员"),
    "counts": "people",
    "number": 201,
    "columns": {"town": _both("乡镇"), "village": _both("村"), "age": _both("年龄段")},
    "items": [
        {
            "record": str(new_id()),
            "household": str(new_id()),
            "village": "511425001200",
            "town": "511425001",
            "age": "elderly",
            "name": "=1+1" + NASTY,
            "id_number_masked": "511425***********X",
            "household_number": "h-1",
            "receipt": "",
            "words": {"town": _both("青竹"), "village": _both("红旗村"), "age": _both("老年人")},
        }
    ],
    "next": 200,
}


def of_reports() -> dict[str, Any]:
    """Answers for the pages of reports."""
    kinds = [{"report": "month", "name": _both("社会救助月报")}]
    return {
        "identification GET /reports": {"items": kinds},
        f"identification GET {PATH}": A_REPORT,
        "identification GET /reports/month/2026-09": {**FROZEN, "period": "2026-09"},
        f"identification GET {PATH}/lines/dibao-people": RECORDS,
        f"identification POST {PATH}/freezing": FROZEN["frozen"],
    }
