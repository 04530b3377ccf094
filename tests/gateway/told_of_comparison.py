"""What identification answers of lists, comparisons and alerts, behind the pages of the desk."""

from typing import Any

from shared.ids import new_id
from tests.gateway.told_of_cases import NASTY

DELIVERY, COMPARISON, ALERT, SOMEBODY, OWN = (str(new_id()) for _ in range(5))
_WORDS = {"zh": "死亡人员" + NASTY, "en": "deaths"}
A_DELIVERY: dict[str, Any] = {
    "delivery_id": DELIVERY,
    "feed": "deaths",
    "month": "2026-10",
    "as_of": "2026-09-24",
    "channel": "file",
    "status": "kept",
    "received_at": "2026-09-25T01:00:00+00:00",
    "received_by": "staff:wang.fang",
    "finished_at": "2026-09-25T01:00:01+00:00",
    "refused_because": None,
    "rows": 3,
    "rows_kept": 2,
    "rows_rejected": 1,
    "entries": 2,
}
A_FEED: dict[str, Any] = {
    "feed": "deaths",
    "name": _WORDS,
    "owner": {"zh": "公安" + NASTY, "en": "police"},
    "fresh_days": 35,
    "when_stale": "stop",
    "may_be_empty": True,
    "columns": [
        {"column": "id_number", "headings": ["身份证号"], "is": "id-number", "optional": False}
    ],
    "last": {**A_DELIVERY, "delivery_id": OWN, "month": "2026-09"},
    "fresh": True,
    "reach": {"months": 12, "since": "2026-03", "short": True},
    "waits": A_DELIVERY,
}
A_COMPARISON: dict[str, Any] = {
    "comparison_id": COMPARISON,
    "month": "2026-10",
    "attempt": 2,
    "status": "compared",
    "opened_by": "staff:wang.fang",
    "opened_at": "2026-09-25T01:00:00+00:00",
    "finished_at": "2026-09-25T01:00:01+00:00",
    "refused_because": None,
    "people": 6,
    "alerts_found": 1,
    "alerts_new": 1,
    "people_deleted_at": None,
    "unjudged": {"alert_payroll": {"unknown-listed_public_pay_fen_monthly": 2}},
    "batches": {
        "1": 3,
        "assisted-only": 2,
        "registered-only": 0,
        "monitored-only-here": 41,
        "monitored-only-there": 0,
    },
    "lists": {
        "deaths": {"as_of": "2026-09-24"},
        "vehicles": {"as_of": None},
        "registered-poor": {"as_of": "2026-09-24", "delivery_id": DELIVERY},
    },
}
_COUNTS = {"entries": 2, "entries_matched": 1, "entries_only_there": 1, "people_matched": 1}
AN_ALERT: dict[str, Any] = {
    "alert_id": ALERT,
    "kind": "alert_death",
    "kind_words": _WORDS,
    "state": "assigned",
    "state_words": {"zh": "待核查", "en": "assigned"},
    "village": "511425001200",
    "month": "2026-10",
    "person_id": SOMEBODY,
    "household_id": None,
    "case_id": None,
    "low_income_id": None,
    "holds": "death",
    "raised_on": "2026-09-25",
    "state_due_on": "2026-10-10",
    "due_on": "2026-10-20",
    "overdue": True,
    "assigned_to": "staff:liu.qiang",
    "outcome": None,
    "led_to": {"kind": "case", "id": ALERT, "number": "TC-1"},
    "days_taken": None,
    "version": 1,
}


def of_comparison() -> dict[str, Any]:
    """Every answer, by the path it is asked at."""
    behind = f"GET /comparisons/{COMPARISON}"
    person = {"person_id": SOMEBODY, "household_id": SOMEBODY, "applicant": False,
              "low_income": False, "village": "511425001200"}  # fmt: skip
    field = {"type": "text", "zh": "怎样告知的", "en": "how", "optional": False, "most": 400,
             "kind": None, "choices": {}}  # fmt: skip
    said = {
        "GET /feeds": {"items": [A_FEED]},
        f"GET /feeds/deaths/deliveries/{DELIVERY}": {
            **A_DELIVERY,
            "behind": {**A_DELIVERY, "delivery_id": OWN, "month": "2026-09"},
            "reject_reasons": {"id-check-digit": 1},
            "rejects": [{"row": 4, "column": "id_number", "reason": "id-check-digit"}],
            "next": None,
        },
        "POST /feeds/deaths/deliveries": A_DELIVERY,
        "POST /feeds/deaths/empty-deliveries": A_DELIVERY,
        f"POST /feeds/deaths/deliveries/{DELIVERY}/acceptance": A_DELIVERY,
        "GET /comparisons": {
            "items": [A_COMPARISON],
            "without": [
                {"month": "2026-11", "since": "2026-10-20", "waits_until": "2026-10-27",
                 "missing": ["deaths", "vehicles"], "stopping": stopping,
                 "by_itself": True}
                for stopping in (["deaths"], [])
            ],
        },
        "POST /comparisons": A_COMPARISON,
        behind: {
            **A_COMPARISON,
            "feeds": [
                {"feed": "deaths", "standing": "fresh", "delivery_id": DELIVERY,
                 "people_only_here": 5, **_COUNTS},
                {"feed": "vehicles", "standing": "missing", "delivery_id": None,
                 "people_only_here": 0, **_COUNTS},
            ],
            "alerts": [{"kind": "alert_death", "state": "assigned", "count": 1, "overdue": 1,
                        "days_taken_mean": None}],
            "batch_words": {"1": {"zh": "无法脱贫", "en": "cannot escape"}},
            "kind_words": {"alert_death": _WORDS, "alert_payroll": _WORDS},
            "state_words": {"assigned": {"zh": "待核查", "en": "assigned"}},
            "reason_words": {"unknown-listed_public_pay_fen_monthly": _WORDS},
        },
        f"{behind}/feeds/deaths/only-there": {"rows": [3], "next": None},
        f"{behind}/feeds/deaths/matched": {"items": [person], "next": 7},
        f"{behind}/batches/1": {"items": [person], "next": None},
        f"{behind}/batches/monitored-only-here": {"items": [person], "next": 7},
        "GET /alerts": {
            "items": [AN_ALERT],
            "next": ALERT,
            "counts": [{"kind": "alert_death", "state": "assigned", "count": 1, "overdue": 1,
                        "days_taken_mean": 4}],
            "kinds": {"alert_death": _WORDS},
            "states": {"assigned": {"zh": "待核查", "en": "assigned"}},
        },
        f"GET /alerts/{ALERT}": {
            **AN_ALERT,
            "called": "李伟" + NASTY,
            "supporter": {"name": "李大" + NASTY, "relation": "子女", "lists": [_WORDS]},
            "answer_until": "2026-10-09",
            "papers": [{"paper_id": SOMEBODY, "added_by": "citizen:1", "added_on": "2026-10-02",
                        "media_type": "image/png", "size_bytes": 9}],
            "against": True,
            "leads_to": ["clear"],
            "workings": [
                {"depth": 0, "label": _WORDS, "shown": {"zh": "是", "en": "yes"},
                 "sentence": {"zh": "在名单上" + NASTY, "en": "listed"}}
            ],
            "history": [{"act": "assign", "name": {"zh": "分派" + NASTY, "en": "assign"},
                         "from": "raised", "to": "assigned", "by": "staff:wang.fang",
                         "on": "2026-09-25", "words": {"officer": "staff:liu.qiang" + NASTY},
                         "says": [{**_WORDS, "field": "officer", "type": "account", "choices": {},
                                   "said": "staff:liu.qiang" + NASTY}]}],
            "acts": [{"act": "ask", "name": {"zh": "请本人说明", "en": "ask"},
                      "fields": {"asked_how": field}, "missing": []}],
        },
        f"POST /alerts/{ALERT}/acts/ask": AN_ALERT,
        "GET /retention": {
            "items": [{"kind": "drafts", "name": _WORDS, "from": _WORDS, "stays": _WORDS,
                       "goes": _WORDS, "source": _WORDS, "kept_days": 30, "held": 2,
                       "next_goes_on": "2026-10-25", "gone": 1, "last_went_on": None}],
        },
        "GET /workdays": {
            "free": ["2026-10-01"], "worked": ["2026-10-10"], "may_name": True,
            "namings": [{"number": 2, "document": "文" + NASTY, "named_by": "staff:he-jun" + NASTY,
                         "named_at": "2026-09-25T08:00:00+00:00", "free": ["2026-10-01"],
                         "worked": [], "usual": [], "moved": {"case": 3, "question": 1}}],
        },
        "POST /workdays": {"number": 3},
        "POST /people/names": {"names": {SOMEBODY: "李伟" + NASTY}},
    }  # fmt: skip
    return {f"identification {path}": {"words": words} for path, words in said.items()}
