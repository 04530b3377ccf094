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
    },
}
TABLES: dict[str, Any] = {
    "items": [
        {
            "kind": "rectification",
            "name": _WORDS,
            "about": ["household", "village", "nothing"],
            "states": {"open": {"zh": "待制定措施", "en": "open"}},
            "lists": {"overdue": {"zh": "超期", "en": "overdue"}},
            "columns": [{"field": "source", **_SOURCE}, {"field": "sum_fen", **_SUM}],
            "opens": _OPENS,
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
            "words": {},
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
    "owners": [{"owner": None, "count": 1, "query": {"owner": "nobody"}}],
    "months": [{"month": "2026-09", "count": 1, "query": {"month": "2026-09"}}],
}


def of_registers() -> dict[str, Any]:
    """Answers for every page about registers."""
    said = {
        "GET /registers": TABLES,
        "GET /registers/rectification": {"items": [A_LINE], "next": ENTRY},
        "GET /registers/rectification/counts": COUNTS,
        "POST /registers/rectification": A_LINE,
        f"GET /entries/{ENTRY}": AN_ENTRY,
        f"POST /entries/{ENTRY}/acts/plan": AN_ENTRY,
    }
    return {f"identification {asked}": {"words": words} for asked, words in said.items()}
