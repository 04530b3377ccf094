"""What identification answers of registers, behind the pages of the desk and the palm-top."""

from typing import Any

from shared.ids import new_id
from tests.gateway.told_of_cases import NASTY

ENTRY = str(new_id())
_WORDS = {"zh": "整改台账" + NASTY, "en": "rectification"}
_FIELD: dict[str, Any] = {"optional": False, "most": 400, "kind": None, "choices": {}}
_SOURCE: dict[str, Any] = {
    **_FIELD,
    "type": "choice",
    "zh": "问题来源",
    "en": "where it was found",
    "choices": {"audit": {"zh": "审计", "en": "an audit"}},
}
_SUM: dict[str, Any] = {**_FIELD, "type": "fen", "zh": "金额", "en": "the sum", "optional": True}
_OPENS: dict[str, Any] = {
    "act": "open",
    "name": {"zh": "登记问题", "en": "put a problem on the list"},
    "missing": [],
    "fields": {
        "source": _SOURCE,
        "problem": {**_FIELD, "type": "text", "most": 2000, "zh": "问题", "en": "what is wrong"},
        "due_on": {**_FIELD, "type": "date", "zh": "整改期限", "en": "mended by"},
        "sum_fen": _SUM,
        "rectifier": {**_FIELD, "type": "account", "optional": True, "zh": "整改人", "en": "who"},
        "evidence_id": {**_FIELD, "type": "paper", "optional": True, "zh": "佐证", "en": "e"},
    },
}
TABLES: dict[str, Any] = {
    "items": [
        {
            "kind": "rectification",
            "name": _WORDS,
            "about": ["household", "village", "unit", "nothing"],
            "states": {"open": {"zh": "待制定措施", "en": "open"}},
            "lists": {"overdue": {"zh": "超期", "en": "overdue"}},
            "columns": [{"field": "source", **_SOURCE}, {"field": "sum_fen", **_SUM}],
            "opens": _OPENS,
            "found_by": [
                {"field": "source", **_SOURCE},
                {**_FIELD, "field": "skill", "type": "lines", "zh": "技能", "en": "skills"},
            ],
            "enters": "households-on-assistance",
        }
    ]
}
A_LINE: dict[str, Any] = {
    "entry_id": ENTRY,
    "kind": "rectification",
    "number": "ZG-2026-0007",
    "state": "open",
    "state_words": {"zh": "待制定措施", "en": "open"},
    "version": 3,
    "area": "511425001",
    "about_kind": "household",
    "about": ENTRY,
    "about_words": "h-1" + NASTY,
    "owner": "staff:zhou-jie",
    "opened_by": "staff:xu-lan",
    "opened_on": "2026-09-25",
    "state_since": "2026-09-25",
    "state_due_on": None,
    "due_on": "2026-10-20",
    "closed_on": None,
    "public_since": None,
    "overdue": True,
    "shown": {"source": "audit", "sum_fen": 120050},
}
AN_ENTRY: dict[str, Any] = {
    **A_LINE,
    "name": _WORDS,
    "says": [
        {"field": "source", **_SOURCE, "said": "audit"},
        {"field": "sum_fen", **_SUM, "said": 120050},
        {
            "field": "scores",
            **_FIELD,
            "type": "scores",
            "zh": "各项得分",
            "en": "the scores",
            "said": [
                {
                    "measure": "decisions-in-time",
                    "zh": "按时作出决定" + NASTY,
                    "en": "decisions in time",
                    "points": 15,
                    "most": 30,
                    "met": [{"kind": "case", "number": "DABCD-2345"}],
                    "missed": [
                        {"kind": "complaint", "number": "TS-2026-0002"},
                        {"kind": "complaint", "number": ""},
                        {"kind": "household", "number": "h-1" + NASTY},
                    ],
                }
            ],
        },
    ],
    "papers": [
        {
            "paper_id": ENTRY,
            "sha256": "ab" * 32,
            "media_type": "image/jpeg",
            "size_bytes": 9,
            "added_by": "staff:zhou-jie",
            "added_on": "2026-10-02",
        }
    ],
    "hidden": ["reporter"],
    "history": [
        {
            "act": "open",
            "name": _OPENS["name"],
            "from": "open",
            "to": "open",
            "by": "staff:xu-lan",
            "on": "2026-09-25",
            "words": {"problem": "三户缺表" + NASTY, "sum_fen": 350050},
            "says": [
                {"field": "problem", **_OPENS["fields"]["problem"], "said": "三户缺表" + NASTY},
                {"field": "sum_fen", **_SUM, "said": 350050},
                {"field": "evidence_id", **_OPENS["fields"]["evidence_id"], "said": ENTRY},
            ],
        }
    ],
    "acts": [
        {**_OPENS, "act": "plan", "name": {"zh": "制定整改措施", "en": "plan"}},
        {
            "act": "cancel",
            "name": {"zh": "销号", "en": "cancel"},
            "fields": {},
            "missing": [{"need": "not-the-owner", "zh": "责任人本人不得办理", "en": "another"}],
        },
    ],
}
COUNTS: dict[str, Any] = {
    "all": 1,
    "lists": [
        {
            "list": "overdue",
            "words": {"zh": "超期", "en": "overdue"},
            "count": 1,
            "target": 625,
            "query": {"list": "overdue"},
        }
    ],
    "states": [
        {
            "state": "open",
            "words": {"zh": "待制定措施", "en": "open"},
            "count": 1,
            "query": {"state": "open"},
        }
    ],
    "owners": [
        {"owner": None, "count": 1, "open": 1, "query": {"owner": "nobody"}},
        {"owner": "staff:li.na", "count": 3, "open": 2, "query": {"owner": "staff:li.na"}},
        {"owner": "staff:wu.yu", "count": 4, "open": 0, "query": {"owner": "staff:wu.yu"}},
    ],
    "months": [{"month": "2026-09", "count": 1, "query": {"month": "2026-09"}}],
    "fields": [
        {
            "field": "source",
            "words": {"zh": "问题来源", "en": "where it was found"},
            "choices": [
                {
                    "word": "audit",
                    "words": {"zh": "审计", "en": "an audit"},
                    "count": 1,
                    "query": {"found": "source:audit"},
                }
            ],
        }
    ],
}
MISSING: dict[str, Any] = {
    "count": 1,
    "items": [{"household_id": ENTRY, "number": "h-9" + NASTY, "village": "511425001200"}],
    "left_count": 1,
    "left": [
        {
            "entry_id": ENTRY,
            "entry": "KP-2026-0003",
            "number": "h-7" + NASTY,
            "village": "511425001200",
        },
    ],
    "surplus_count": 1,
    "surplus": [
        {
            "entry_id": ENTRY,
            "entry": "KP-2026-0007",
            "number": "h-8" + NASTY,
            "village": "511425001200",
        },
    ],
}


FORM: dict[str, Any] = {
    "kind": "complaint",
    "name": _WORDS,
    "fields": {
        "topic": {**_SOURCE, "zh": "反映什么", "en": "what about"},
        "text": {**_FIELD, "type": "text", "most": 4000, "zh": "内容", "en": "what is said"},
        "accused_unit": {**_FIELD, "type": "area", "optional": True, "zh": "哪个镇", "en": "town"},
    },
}
FILED: dict[str, Any] = {"number": "TS-2026-0001", "code": "ABCD2345", "due_on": "2026-11-12"}
FILED_STATE: dict[str, Any] = {
    "number": "TS-2026-0001",
    "opened_on": "2026-09-25",
    "state_words": {"zh": "已答复", "en": "answered"},
    "state_since": "2026-10-09",
    "due_on": "2026-11-12",
    "told": [
        {**_FIELD, "type": "text", "zh": "答复内容", "en": "answer", "said": "已改正" + NASTY}
    ],
}
BOARD: dict[str, Any] = {
    "kind": "complaint",
    "name": _WORDS,
    "items": [
        {
            "area": "511425001",
            "public_since": "2026-10-09",
            "state_words": {"zh": "已办结", "en": "closed"},
            "says": [
                {"field": "public_title", **FORM["fields"]["text"], "said": "优亲厚友" + NASTY},
                {"field": "sum_fen", **_SUM, "said": 120050},
            ],
        }
    ],
}


def of_registers() -> dict[str, Any]:
    """Answers for every page about registers."""
    said = {
        "GET /registers": TABLES,
        "GET /registers/rectification": {"items": [A_LINE], "next": ENTRY},
        "GET /registers/rectification/counts": COUNTS,
        "POST /registers/rectification": A_LINE,
        "GET /registers/rectification/missing": MISSING,
        "POST /registers/rectification/missing": {"entered": 1, "left": 0},
        "POST /registers/rectification/each": {"opened": ["ZG-2026-0008"], "had": 3},
        f"GET /entries/{ENTRY}": AN_ENTRY,
        f"POST /entries/{ENTRY}/papers": {"paper_id": ENTRY},
        f"POST /entries/{ENTRY}/acts/plan": AN_ENTRY,
        "GET /registers/complaint/outside": FORM,
        "POST /registers/complaint/outside": FILED,
        "POST /registers/complaint/outside/state": FILED_STATE,
        "GET /registers/complaint/public": BOARD,
    }
    return {f"identification {asked}": {"words": words} for asked, words in said.items()}
