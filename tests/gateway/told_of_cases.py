"""What identification answers of cases, behind the pages of the desk."""

from typing import Any

from shared.ids import new_id
from tests.gateway.told_on_paper import forms, objections, postings

CASE = str(new_id())
HASH = "ab" * 32
VILLAGE = "511425001200"
NASTY = "<script>alert(1)</script>{{7*7}}\"'&𠮷"

A_CASE: dict[str, Any] = {
    "case_id": CASE,
    "receipt": "DABCD-2345",
    "category": "dibao",
    "category_words": {"zh": "最低生活保障", "en": "dibao"},
    "state": "reviewing",
    "state_words": {"zh": "乡镇审核", "en": "before the township"},
    "village": "511425001200",
    "head_name": "李伟" + NASTY,
    "state_since": "2026-10-02",
    "state_due_on": None,
    "due_on": "2026-11-13",
    "choice_waits": True,
    "overdue": True,
    "version": 7,
}
NOT_TAKEN: dict[str, Any] = {
    "whose": "李丙" + NASTY,
    "words": {"zh": "开户银行不认这个账户", "en": "the bank refuses the account"},
    "paid_meanwhile": True,
    "answered_on": "2026-10-20",
}
_INCOME = {"zh": "核定家庭月收入（元）", "en": "income", "type": "fen"}
_FIELD: dict[str, Any] = {"optional": False, "most": 400, "kind": None, "choices": {}}
A_WHOLE_CASE: dict[str, Any] = {
    **A_CASE,
    "channel": "village",
    "accepted_on": "2026-09-28",
    "household_id": None,
    "application": {
        "registration": "rural",
        "address": NASTY,
        "phone": "",
        "reason": "",
        "members": [
            {
                "key": "head",
                "name": "李伟",
                "relation": "户主",
                "id_number": "110105***********X",
                "means": {},
            }
        ],
        "means": {},
    },
    "queries": ["head: id-check-digit"],
    "objections": objections(NASTY),
    "paid_first": {
        "amount_fen": 60000,
        "outcome": "to-recover",
        "words": {"zh": "没有核实" + NASTY, "en": "to be recovered"},
    },
    "payees_not_taken": [NOT_TAKEN, {**NOT_TAKEN, "whose": None, "paid_meanwhile": False}],
    "effect": {
        "may_rise": True,
        "rests_on": ["report", "visit"],
        "merged": {"into": "h-1" + NASTY, "until": "2026-09"},
        "households": [
            {
                "household": "h-1" + NASTY,
                "comes": [{"name": "李新" + NASTY, "relation": "子女", "since": "2026-09"}],
                "goes": [{"name": "李丙", "until": "2026-08", "died_on": "2026-08-30"}],
                "facts": {
                    "income_fen_monthly": {"before": None, "after": 5000},
                    "paddy_hundredths": {"before": None, "after": 250},
                },
            }
        ],
        "payees": [
            {
                "whose": None,
                "guardian": "王秀英" + NASTY,
                "before": "青神县邮政银行 •••• 0007",
                "after": "青神县商业银行 •••• 5678",
            }
        ],
    },
    "history": [
        {
            "act": "survey",
            "name": {"zh": "登记入户调查", "en": "record a visit"},
            "from": "surveying",
            "to": "surveying",
            "by": "staff:wang.fang",
            "on": "2026-10-01",
            "words": {"survey_id": CASE},
        },
        {
            "act": "keep-secret",
            "name": {"zh": "列为保密（不公示）", "en": "keep it off every public list"},
            "from": "reviewing",
            "to": "reviewing",
            "by": "staff:wang.fang",
            "on": "2026-10-02",
            "words": {"reason": "传染病防治法"},
        },
    ],
    "papers": [
        {
            "document_id": CASE,
            "kind": "authorisation",
            "of_person": None,
            "media_type": "image/jpeg",
            "size_bytes": 9,
            "sha256": HASH,
            "replaced": True,
        }
    ],
    "forms": forms(CASE),
    "letters": [{"letter": "receipt", "name": {"zh": "收件回执", "en": "receipt"}}],
    "archive": [
        {
            "kind": "id-card",
            "name": {"zh": "身份证", "en": "identity cards"},
            "state": "missing",
            "state_words": {"zh": "缺", "en": "missing"},
            "papers": 0,
            "earlier": 1,
        }
    ],
    "visits_awaiting": ["staff:wu.yu"],
    "choice_waits": True,
    "visit_first": ["township"],
    "postings": postings(NASTY),
    "acts": [
        {
            "act": "propose",
            "name": {"zh": "乡镇审核意见", "en": "give the township's opinion"},
            "missing": [],
            "fields": {
                "opinion": {
                    **_FIELD,
                    "type": "choice",
                    "zh": "意见",
                    "en": "the opinion",
                    "choices": {"grant": {"zh": "拟同意", "en": "grant"}},
                },
                "income_fen_monthly": {**_FIELD, **_INCOME},
                "letter": {
                    **_FIELD,
                    "type": "document",
                    "kind": "authorisation",
                    "zh": "授权书",
                    "en": "the letter",
                },
                "notes": {**_FIELD, "type": "lines", "zh": "备注", "en": "notes", "optional": True},
            },
        },
        {
            "act": "finish-survey",
            "name": {"zh": "结束入户调查", "en": "end the visits"},
            "fields": {},
            "missing": [{"need": "signed", "zh": "至少两名调查人签字", "en": "two sign"}],
        },
        {
            "act": "write",
            "name": {"zh": "填写申请", "en": "write"},
            "fields": {"application": {**_FIELD, "type": "application", "zh": "申请", "en": "a"}},
            "missing": [],
        },
    ],
}


A_REQUEST: dict[str, Any] = {
    "request_id": CASE,
    "receipt": "RABCD-2345",
    "village": VILLAGE,
    "channel": "phone",
    "head_name": "李伟" + NASTY,
    "received_by": "staff:sun.yan",
    "received_at": "2026-10-02T01:00:00+00:00",
    "call": {"number": "1390000", "began_at": "2026-10-02T01:00:00+00:00"},
    "open": True,
    "parts": [
        {
            "number": number,
            "kind": kind,
            "case_id": CASE,
            "entry_id": CASE,
            "reference": "TABCD-2345",
            "name": {"zh": "临时救助" + NASTY, "en": "aid"},
            "state_words": {"zh": "已报告", "en": "reported"},
            "due_on": "2026-11-13",
            "overdue": True,
            "was_open": True,
        }
        for number, kind in enumerate(("case", "matter"), 1)
    ],
}


A_LIST: dict[str, Any] = {
    "list_id": CASE,
    "name": "青神中学" + NASTY,
    "category": "dibao",
    "category_words": {"zh": "低保", "en": "dibao"},
    "to_another": False,
    "opens": "draft",
    "rows": 2,
    "brought_at": "2026-10-02T01:00:00+00:00",
    "rows_deleted_at": None,
    "counts": {"faulty": 1, "waiting": 1, "opened": 0, "known": 0},
    "items": [
        {
            "row": number,
            "name": "王一" + NASTY,
            "village": VILLAGE,
            "outcome": outcome,
            "faults": [{"column": "身份证号", "reason": "没有填" + NASTY}],
            "case_id": None,
            "entry_id": None,
        }
        for number, outcome in enumerate(("faulty", "waiting"), 2)
    ],
}


A_RELATIVE = {"filing_id": CASE, "relation": {"zh": "子女"}, "name": "王小" + NASTY}
A_CADRE: dict[str, Any] = {
    "official_id": CASE,
    "area": VILLAGE,
    "name": "王五" + NASTY,
    "post": "村文书",
    "relatives": [{**A_RELATIVE, "filed_on": "2026-10-02", "ending_asked_on": None}],
}


_WHY = {"zh": "原决定被撤销的，须由他人重新作出" + NASTY, "en": "decided again by another" + NASTY}
NOBODY_LEFT: dict[str, Any] = {
    "ends_in_reach": [],
    "barred": [{"account": "staff:he-jun", "needs": ["another-decides"], "because": [_WHY]}],
    "leaving_nobody": [],
}
"""Nobody of the county's accounts may bring it to an end."""


def of_cases() -> dict[str, Any]:
    """Answers for every page about cases."""
    return {
        f"identification GET /villages/{VILLAGE}/proxies": {
            "items": [{"name": "王五" + NASTY, "cases": [A_CASE]}]
        },
        "identification GET /survey-packages": {
            "items": [
                {
                    "package_id": CASE,
                    "device": "tablet-7" + NASTY,
                    "uploaded_at": "2026-10-02T01:00:00+00:00",
                    "results": [
                        {"case_id": CASE, "outcome": "taken-in"},
                        {
                            "case_id": CASE,
                            "outcome": "refused",
                            "reason": "not-yet",
                            "why": "There",
                            "needs": ["date-not-to-come"],
                        },
                    ],
                }
            ]
        },
        "identification POST /survey-work": {"issue_id": CASE, "cases": []},
        "identification POST /survey-packages": {"package_id": CASE},
        "identification GET /people-lists": {"items": [A_LIST]},
        f"identification GET /people-lists/{CASE}": A_LIST,
        "identification POST /people-lists": A_LIST,
        f"identification POST /people-lists/{CASE}/acceptance": {"waiting": 0},
        "identification GET /call-times": {
            "limit_minutes": 10,
            "calls": 1,
            "routed": 1,
            "late": 1,
            "items": [
                {
                    "entry_id": CASE,
                    "number": "RX-2026-0001",
                    "area": VILLAGE[:9],
                    "opened_at": "2026-10-02T01:00:00+00:00",
                    "minutes": 11,
                    "late": True,
                }
            ],
        },
        "identification GET /requests": {"items": [A_REQUEST]},
        f"identification GET /requests/{CASE}": A_REQUEST,
        "identification POST /requests": A_REQUEST,
        f"identification POST /requests/{CASE}/papers": {"document_ids": [CASE]},
        "identification GET /request-options": {
            "programmes": [
                {
                    "category": "temporary",
                    "name": {"zh": "临时救助", "en": "temporary assistance"},
                    "asks_whose": True,
                    "fields": {
                        "happened_on": {**_FIELD, "type": "date", "zh": "发生日期", "en": "on"},
                        "elsewhere": {**_FIELD, "type": "flag", "zh": "户籍不在本县", "en": "else"},
                    },
                }
            ],
            "matters": {"medical": {"zh": "医疗救助", "en": "medical aid"}},
            "departments": {"medical-security": {"zh": "医疗保障局", "en": "medical security"}},
        },
        "identification GET /aid-times": {
            "reported": 1,
            "helped": 0,
            "papers_overdue": 1,
            "items": [
                {
                    **A_CASE,
                    "reported_at": "2026-10-02T01:00:00+00:00",
                    "minutes_to_help": None,
                    "papers_due_on": "2026-10-20",
                    "papers_overdue": True,
                }
            ],
        },
        "identification GET /relatives": {
            "items": [
                {
                    "filing_id": CASE,
                    "relation": {"zh": "表亲"},
                    "name": "李伟" + NASTY,
                    "filed_on": "2026-10-02",
                    "ending_asked_on": None,
                }
            ],
            "relations": {"cousin": {"zh": "堂（表）兄弟姐妹", "en": "cousin"}},
        },
        "identification GET /officials": {"items": [A_CADRE]},
        "identification GET /relatives/endings": {
            "items": [
                {
                    "filing_id": CASE,
                    "relation": {"zh": "表亲"},
                    "name": "李伟" + NASTY,
                    "filed_on": "2026-10-02",
                    "ending_asked_on": "2026-10-09",
                    "officer": "staff:wang.fang" + NASTY,
                }
            ]
        },
        "identification GET /county-visits": {"items": [{**A_CASE, "visited": False}]},
        "identification GET /payees-not-taken": {
            "mended_by": {"zh": "换银行卡（存折）", "en": "another bank account"},
            "items": [
                {
                    **NOT_TAKEN,
                    "case": A_CASE,
                    "household_id": CASE,
                    "mended_in": mended_in,
                }
                for mended_in in (None, {"case_id": CASE, "receipt": "DABCD-2346"})
            ],
        },
        "identification GET /registers/low-income-request/counts": {
            "lists": [{"list": "waiting", "count": 3}, {"list": "overdue", "count": 1}]
        },
        "identification GET /certificates": {"undelivered": [A_CASE], "to_withdraw": []},
        "identification GET /cases": {"items": [A_CASE], "next": None},
        "identification GET /case-queues": {"items": [{**A_CASE, "count": 7, "overdue": 2}]},
        "identification GET /case-paths": {
            "items": [
                {"category": "dibao", "name": {"zh": "最低生活保障", "en": "dibao"}, "states": {}}
            ]
        },
        f"identification GET /cases/{CASE}": A_WHOLE_CASE,
        f"identification POST /cases/{CASE}/hands": NOBODY_LEFT,
        f"identification GET /cases/{CASE}/numbers": {
            "receipt": "DABCD-2345",
            "phone": "13900001234" + NASTY,
            "people": [
                {
                    "role": {"zh": "共同生活的人", "en": "lives in the household"},
                    "name": "李伟" + NASTY,
                    "relation": "户主",
                    "id_number": "11010519491231002X",
                }
            ],
            "acts": [
                {
                    "act": "name-proxy",
                    "name": {"zh": "登记代理人"},
                    "id_number": "110105194912310038",
                }
            ],
        },
        "identification POST /cases": A_CASE,
        f"identification POST /cases/{CASE}/acts/propose": A_WHOLE_CASE,
        f"identification POST /cases/{CASE}/acts/write": A_WHOLE_CASE,
        f"identification POST /cases/{CASE}/papers": {"document_id": CASE},
    }
