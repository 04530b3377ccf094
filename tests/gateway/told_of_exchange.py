"""What identification answers of the exchange and the low-income database, behind their pages."""

from typing import Any

from shared.ids import new_id
from tests.gateway.told_of_cases import CASE, HASH, NASTY, VILLAGE

FILE, ITEM, SOMEBODY, REQUEST = (str(new_id()) for _ in range(4))
TEMPLATES: dict[str, Any] = {
    "items": [
        {
            "template": name,
            "name": {"zh": zh + NASTY, "en": name},
            "direction": direction,
            "form": "xlsx",
            "asks": name == "warnings",
        }
        for name, zh, direction in (
            ("warnings", "预警信息名单", "in"),
            ("verification-request", "核对委托表", "out"),
        )
    ]
}
_OWN = {"asked": 3, "answered": 1, "open": 2, "overdue": 1}
COUNTS: dict[str, Any] = {"templates": {"warnings": {**_OWN, "owners": {"town:511425001": _OWN}}}}
A_FILE: dict[str, Any] = {
    "file_id": FILE,
    "template": "warnings",
    "direction": "in",
    "state": "refused",
    "form": "csv-gb18030",
    "sha256": HASH,
    "size_bytes": 900,
    "rows": 3,
    "rows_bad": 1,
    "counts": {},
    "faults": [{"row": 4, "column": "身份证号", "code": "id-form", "reason": "应是18位" + NASTY}],
    "by": "staff:sun.yu",
    "at": "2026-10-02T01:00:00+00:00",
    "content_deleted_at": None,
}
_ITEM: dict[str, Any] = {
    "item_id": ITEM,
    "template": "warnings",
    "key": "W1" + NASTY,
    "kind": "vehicle",
    "content": {"name": "李伟" + NASTY, "id_number": "1101************2X", "detail": NASTY},
    "case_id": None,
    "village": VILLAGE,
    "village_name": "柳溪村",
    "owner": "town:511425001",
    "asked_on": "2026-09-25",
    "due_on": "2026-10-12",
    "overdue": True,
    "sent": True,
    "answered_on": None,
    "answered_by": None,
    "outcome": None,
    "answer": None,
    "proposed_by": "staff:sun.yu",
    "proposal": {"outcome": "still-qualifies", "remark": "人在" + NASTY},
    "answers": ["still-qualifies", "left"],
}
A_REQUEST: dict[str, Any] = {
    **_ITEM,
    "template": "verification-request",
    "kind": "verification",
    "case_id": CASE,
    "content": {
        "people": [{"name": "李伟", "id_number": "1101************2X", "signed_on": "2026-09-20"}],
        "data_sets": ["public-payroll"],
    },
    "answered_on": "2026-10-01",
    "answered_by": "staff:sun.yu",
    "outcome": "hit",
    "answer": [
        {
            "name": "李伟",
            "data_set": "farm-machinery",
            "result": "hit",
            "detail": "拖拉机" + NASTY,
            "report_number": "省核2026-77",
            "reported_on": "2026-10-01",
        }
    ],
    "answers": [],
}
_CURRENT: dict[str, Any] = {
    "stay_id": SOMEBODY,
    "group": "edge",
    "group_words": {"zh": "低保边缘家庭成员", "en": "edge"},
    "source": "discovery",
    "since": "2026-09-25",
    "valid_until": "2027-09-24",
    "expired": True,
}
A_PERSON: dict[str, Any] = {
    "low_income_id": SOMEBODY,
    "name": "王小芳" + NASTY,
    "village": VILLAGE,
    "village_name": "柳溪村",
    "registration": "rural",
    "entered_on": "2026-09-25",
    "current": _CURRENT,
}
WHOLE_PERSON: dict[str, Any] = {
    **A_PERSON,
    "id_number_masked": "511425***********9",
    "disability_grade": None,
    "history": [
        {
            **_CURRENT,
            "reason": "走访发现" + NASTY,
            "learned_at": "2026-09-25T01:00:00+00:00",
            "learned_by": "staff:zhou.jie",
            "until": None,
            "ended_at": None,
            "ended_by": None,
            "ended_because": None,
            "end_reason": None,
            "filed": {"on": "2027-04-11", "late": True},
        }
    ],
}
_TALLY = {
    "people": 1, "urban": 0, "rural": 1, "elderly": 0, "minor": 0, "disabled": 0, "women": 1,
}  # fmt: skip
STATISTICS: dict[str, Any] = {
    "total": _TALLY,
    "groups": {"edge": _TALLY},
    "towns": {"511425001": {"name": "", "people": 1, "groups": {"edge": 1}, "villages": {}}},
    "expired": 2,
}
LISTS: dict[str, Any] = {
    "sources": [
        {
            "group": "edge",
            "file_id": FILE,
            "received_at": "2026-10-02T01:00:00+00:00",
            "rows": 2,
            "people": 2,
            "in_this_group": 1,
        }
    ],
    "union": 2,
    "conflicts": [
        {
            "low_income_id": SOMEBODY,
            "name": "王小芳",
            "village": VILLAGE,
            "on_lists": ["dibao", "edge"],
            "in": "dibao",
        }
    ],
    "conflicts_total": 1,
    "gone": [{"low_income_id": SOMEBODY, "name": "王", "village": VILLAGE, "group": "edge"}],
    "gone_total": 2,
}
FILINGS: dict[str, Any] = {
    "year": 2027,
    "due_on": "2027-04-10",
    "overdue": True,
    "filings": [
        {
            "filing_id": FILE,
            "town": "511425001",
            "town_name": "青竹街道",
            "year": 2027,
            "due_on": "2027-04-10",
            "filed_on": "2027-04-11",
            "filed_by": "staff:ma.lan",
            "entries": 1,
            "late": True,
        }
    ],
    "waiting": [{"town": "511425001", "town_name": "青竹街道", "entries": 2}],
}


LEAD_TIMES: dict[str, Any] = {
    "month": "2026-10",
    "leads": 1,
    "opened": 1,
    "helped": 1,
    "median_hours_to_help": 30,
    "items": [
        {
            "entry_id": ITEM,
            "number": "XS-2026-0001" + NASTY,
            "area": VILLAGE,
            "source": "visit",
            "programme": "dibao",
            "owner": None,
            "state": "opened",
            "state_words": {"zh": "已启动救助", "en": "open"},
            "found_on": "2026-10-01",
            "reported_at": "2026-10-02T01:00:00+00:00",
            "contacted_at": None,
            "case_id": CASE,
            "receipt": "DABCD-2345",
            "helped_at": "2026-10-03T07:00:00+00:00",
            "hours_to_help": 30,
        }
    ],
}


A_REQUEST_OF_IT: dict[str, Any] = {
    "entry_id": REQUEST,
    "number": "DR-2026-0001",
    "opened_on": "2026-09-25",
    "opened_by": "staff:zhou.jie",
    "state_words": {"zh": "等另一人同意" + NASTY, "en": "waits"},
}
"""What was asked of somebody by hand, and waits for another to agree."""


def of_exchange() -> dict[str, Any]:
    """Answers for every page of the exchange and the low-income database."""
    person = f"/low-income/{SOMEBODY}"
    told = {
        "identification GET /exchange/templates": TEMPLATES,
        "identification GET /exchange/counts": COUNTS,
        "identification GET /exchange/files": {"items": [A_FILE]},
        f"identification GET /exchange/files/{FILE}": A_FILE,
        "identification POST /exchange/files": A_FILE,
        "identification POST /exchange/outgoing": A_FILE,
        "identification GET /exchange/items": {"items": [_ITEM, A_REQUEST], "next": ITEM},
        f"identification POST /exchange/items/{ITEM}/answer": _ITEM,
        f"identification POST /exchange/items/{ITEM}/owner": _ITEM,
        f"identification GET /cases/{CASE}/verification": {
            "unauthorised": [],
            "excused": [{"key": "m2", "name": "李强" + NASTY}],
            "requests": [A_REQUEST],
        },
        f"identification POST /cases/{CASE}/verification": A_REQUEST,
        "identification GET /low-income": {"items": [A_PERSON], "total": 300},
        "identification GET /registers/low-income-request": {"items": [A_REQUEST_OF_IT]},
        "identification POST /registers/low-income-request": A_REQUEST_OF_IT,
        "identification GET /low-income/statistics": STATISTICS,
        "identification GET /low-income/lists": LISTS,
        "identification GET /low-income/filings": FILINGS,
        "identification POST /low-income/filings": FILINGS["filings"][0],
        f"identification GET {person}": WHOLE_PERSON,
        "identification GET /lead-times": LEAD_TIMES,
    }
    return {asked: {"words": words} for asked, words in told.items()}
