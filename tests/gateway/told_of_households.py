"""What identification tells of households: their file, rounds and year lists, and who signed."""

from typing import Any

from tests.gateway.told_of_cases import CASE, NASTY, VILLAGE

OTHER = "0198aaaa-0000-7000-8000-0000000000d1"
"""Another case, entry or alert of the same household."""
_SUMS: dict[str, Any] = {
    "all": 1,
    "because": {"current": 1},
    "found": {"kept": 0, "left": 0, "added": 0, "not-added": 0},
    "unsigned": 0,
    "open": 1,
}
A_ROUND: dict[str, Any] = {
    "round_id": CASE,
    "name": "2026年低保集中核查",
    "area": VILLAGE[:9],
    "look_back": True,
    "phases": [
        {"zh": "动员", "en": "mobilising", "first_day": "2026-06-30", "last_day": "2026-07-03"}
    ],
    "phase": ["动员"],
    "frozen": 1,
    "closed": False,
}
_LISTED: dict[str, Any] = {
    "household_id": CASE,
    "number": "h-1" + NASTY,
    "village": VILLAGE,
    "head_name": "李伟" + NASTY,
    "decision_number": "青民决〔2026〕1号",
    "decided_on": "2026-09-10",
    "from_month": "2026-10",
}
_MOVED: dict[str, int] = {"came_in": 1, "moved_in": 1, "left": 1, "moved_out": 1}


_DOSSIER: dict[str, Any] = {
    "households": [{"household_id": CASE, "number": "h-1" + NASTY, "village": VILLAGE}],
    "cases": [
        {
            "case_id": OTHER,
            "receipt": "D20260302001",
            "category": {"zh": "最低生活保障"},
            "state": {"zh": "不予确认"},
            "opened_on": "2026-03-02",
            "told": [
                {
                    "act": "refuse",
                    "name": {"zh": "不予确认", "en": "refuse"},
                    "on": "2026-04-02",
                    "number": "青民决〔2026〕12号",
                    "months": [],
                    "missing": [],
                    "reasons": "收入高于标准" + NASTY,
                }
            ],
        },
    ],
    "entries": [
        {
            "entry_id": OTHER,
            "number": "ZG-2026-0001",
            "name": {"zh": "整改台账", "en": "rectification"},
            "state_words": {"zh": "整改中", "en": "planned"},
            "opened_on": "2026-09-01",
            "overdue": True,
        }
    ],
    "alerts": [
        {
            "alert_id": OTHER,
            "kind_words": {"zh": "死亡", "en": "a death"},
            "state_words": {"zh": "待分派", "en": "raised"},
            "raised_on": "2026-09-02",
        }
    ],
}


_FORMS: dict[str, Any] = {
    "area": VILLAGE,
    "year": 2026,
    "sums": {"dibao": {"forms": 1, "people": 2, "proposed": 1}},
    "villages": {
        village: {"forms": 1, "people": 2, "proposed": 1}
        for village in (VILLAGE, f"{VILLAGE[:9]}999")
    },
    "number": 1,
    "items": [
        {
            "village": VILLAGE,
            "serial": 1,
            "case_id": CASE,
            "receipt": "D2026",
            "head_name": NASTY,
            "people": 2,
            "category": "dibao",
            "opinion": "grant",
            "state_words": "公示中",
        }
    ],
    "next": 200,
}


def of_households() -> dict[str, Any]:
    """Answers for the pages of households."""
    return {
        f"identification GET /households/{CASE}/dossier": _DOSSIER,
        f"identification GET /cases/{CASE}/dossier": _DOSSIER,
        f"identification GET /households/{CASE}/archive": {
            "household_id": CASE,
            "number": "h-1" + NASTY,
            "village": VILLAGE,
            "cases": [
                {
                    "case_id": CASE,
                    "receipt": "D20261002001",
                    "category": {"zh": "最低生活保障"},
                    "state": {"zh": "已确认"},
                    "opened_on": "2026-10-02",
                    "yours": False,
                }
            ],
            "looks": [
                {
                    "on": "2026-07-05",
                    "what": "2026年低保集中核查 第1号" + NASTY,
                    "found": "继续保障",
                    "by": ["staff:wang.fang"],
                    "note": NASTY,
                    "round_id": CASE,
                    "paper_id": OTHER,
                }
            ],
            "items": [
                {
                    "kind": "id-card",
                    "name": {"zh": "身份证"},
                    "state": "there",
                    "state_words": {"zh": "已有"},
                    "versions": [
                        {
                            "document_id": CASE,
                            "kind": "id-card",
                            "case_id": CASE,
                            "receipt": "D20261002001",
                            "number": number,
                            "current": number == 2,
                            "whose": "李伟" + NASTY,
                            "added_on": "2026-10-02",
                            "yours": number == 2,
                        }
                        for number in (2, 1)
                    ],
                }
            ],
        },
        f"identification POST /rounds/{CASE}/findings/1/signature": {"serial": 1},
        f"identification POST /rounds/{CASE}/paper-findings": {"serial": 1},
        "identification GET /signatures": {
            "people": [
                {
                    "person": "staff:wang.fang" + NASTY,
                    "signatures": 2,
                    "acts": {"登记入户调查": 2},
                    "rights": ["入户调查"],
                    "cases": 1,
                }
            ],
            "items": [
                {
                    "signed_at": "2026-10-02T01:00:00+00:00",
                    "rights": ["入户调查"],
                    "areas": [VILLAGE[:9]],
                    "act_words": "登记入户调查",
                    "said": "入户日期：2026-10-02" + NASTY,
                    "case_id": CASE,
                    "round_id": None,
                    "receipt": "D20261002001",
                    "category_words": "最低生活保障",
                    "village": VILLAGE,
                    "state_words": "入户调查",
                }
            ],
        },
        "identification GET /visits-to-sign": {
            "items": [
                {"case_id": CASE, "receipt": "D2026", "village": VILLAGE, "head_name": NASTY},
                {
                    "round_id": CASE,
                    "name": "低保集中核查",
                    "serial": 1,
                    "village": VILLAGE,
                    "head_name": NASTY,
                },
            ]
        },
        "identification GET /rounds": {
            "items": [A_ROUND],
            "campaigns": {"village-first": "低保集中核查"},
        },
        f"identification GET /rounds/{CASE}": {
            **A_ROUND,
            "sums": _SUMS,
            "villages": [{"village": VILLAGE, **_SUMS}],
            "sample": [],
            "seed": None,
            "households": [
                {
                    "serial": 1,
                    "village": VILLAGE,
                    "because": "current",
                    "number": "h-1",
                    "head_name": "李伟" + NASTY,
                    "kind": "stable",
                    "sampled": True,
                    "finding": "kept",
                    "visited_on": "2026-10-02",
                    "signed": False,
                    "awaited": ["staff:wu.yu"],
                    "signed_by": ["staff:wang.fang" + NASTY],
                    "paper_id": CASE,
                }
            ],
        },
        "identification GET /year-lists/2026/lines/left": {
            "name": {"zh": "退出", "en": "left"},
            "number": 1,
            "items": [_LISTED],
            "next": 200,
        },
        f"identification GET /rounds/{CASE}/lines/kept": {
            "name": {"zh": "继续保障", "en": "stay"},
            "number": 1,
            "items": [{**_LISTED, "finding": "kept", "visited_on": "2026-10-02", "signed": False}],
            "next": None,
        },
        **{
            f"identification GET /areas/{area}/forms/2026": _FORMS
            for area in (VILLAGE, VILLAGE[:6], VILLAGE[:9])
        },
        "identification GET /year-lists/2026": {
            "year": 2026,
            "last_year": 1,
            **_MOVED,
            "this_year": 1,
            "adds_up": True,
            "villages": [{"village": VILLAGE, "last_year": 1, **_MOVED, "this_year": 1}],
        },
    }
