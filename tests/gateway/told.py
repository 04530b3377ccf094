"""What the services behind the pages answer, in the shapes their own tests hold them to."""

from typing import Any

from shared.ids import new_id
from tests.gateway import told_of_sums
from tests.gateway.told_of_accounts import IN_BRIEF, of_accounts
from tests.gateway.told_of_boards import of_boards
from tests.gateway.told_of_cases import of_cases
from tests.gateway.told_of_foreseen import of_foreseen
from tests.gateway.told_of_households import of_households
from tests.gateway.told_of_means import of_means
from tests.gateway.told_of_people import of_people
from tests.gateway.told_of_reports import of_reports
from tests.gateway.told_of_sums import of_sums
from tests.gateway.told_of_villages import of_villages

RUN, ENVELOPE, ROSTER, LINE = (str(new_id()) for _ in range(4))
PERSON, HOUSEHOLD = (str(new_id()) for _ in range(2))
MONTH = "2026-10"
HASH = "ab" * 32
NASTY = "<script>alert(1)</script>{{7*7}}\"'&𠮷"

A_RUN: dict[str, Any] = {
    "id": RUN,
    "family": "livelihood",
    "pay_month": MONTH,
    "kind": "regular",
    "sequence": 1,
    "status": "calculated",
    "attempt": 1,
    "failure": None,
    "opened_by": "staff:zhang.min",
    "opened_at": "2026-10-02T01:00:00+00:00",
    "closed_at": None,
    "lines_count": 2,
    "total_fen": 101200,
    "list_sha256": HASH,
    "households_count": 3,
    "zero_count": 1,
    "facts_sha256": HASH,
    "policy_sha256": HASH,
    "engine_version": "1",
}
CHECK_PAGE: dict[str, Any] = {
    **A_RUN,
    "demonstration": True,
    "notice": {"zh": "标准为历史数值", "en": "rates are historic"},
    "loaded": 3,
    "holds": {"count": 1, "reasons": {"income-unknown": 1}},
    "recoveries": {"count": 0, "total_fen": 0},
    "signatures": [],
    "by_programme": [{"programme": "dibao", "count": 2, "total_fen": 101200}],
    "by_township": [{"township": "511425100", "count": 2, "total_fen": 101200}],
    "by_budget_item": [{"budget_item": "2081902", "count": 2, "total_fen": 101200}],
    "by_cause": [{"cause": "regular", "count": 2, "total_fen": 101200}],
    "changes": {
        "compared_with": "2026-09",
        "counted": [
            {
                "change": "down",
                "reason": "decision",
                "count": 1,
                "difference_fen": -5000,
                "over_a_fifth": 0,
            }
        ],
    },
}
RUN_HOLDS: dict[str, Any] = {
    "items": [
        {
            "id": str(new_id()),
            "household_id": HOUSEHOLD,
            "village": "511425001001",
            "programme": "dibao",
            "month": MONTH,
            "reason": "income-unknown",
            "words": {"zh": "收入不明", "en": "income is unknown"},
            "owner": "township",
            "limit_on": "2026-10-09",
        }
    ],
    "next": None,
}
APPLICATION: dict[str, Any] = {
    "run_id": RUN,
    "family": "livelihood",
    "pay_month": MONTH,
    "kind": "regular",
    "sequence": 1,
    "list_sha256": HASH,
    "rows": [
        {
            "fund": "hardship",
            "budget_item": "2081902",
            "programme": "dibao",
            "township": "511425100",
            "count": 2,
            "amount_fen": 101200,
        }
    ],
    "by_budget_item": [{"budget_item": "2081902", "count": 2, "amount_fen": 101200}],
    "by_fund": [{"fund": "hardship", "count": 2, "amount_fen": 101200}],
    "count": 2,
    "total_fen": 101200,
    "total_yuan": "1012.00",
    "total_capital": "壹仟零壹拾贰元整",
}
RESERVE: dict[str, Any] = {
    "town": "511425102", "began_with_fen": 0, "received_fen": 3000000, "advanced_fen": 200000,
    "came_back_fen": 0, "replenished_fen": 0, "left_fen": 2800000,
    "to_replenish_fen": 200000, "to_replenish": [PERSON],
    "to_recover_fen": 50000,
    "to_recover": [{"case_id": PERSON, "amount_fen": 50000, "why": "lapsed"}],
    "moves": [{"act": "advanced", "amount_fen": -200000, "voucher": "备-7<b>", "case_id": PERSON,
               "recorded_by": "identification", "recorded_at": "2026-10-03T01:00:00+00:00"}],
}  # fmt: skip
FUNDS: dict[str, Any] = {
    "pay_month": MONTH,
    "named": {"hardship": ["dibao", "tekun"], "old-age": ["old_age"]},
    "items": [
        {
            "fund": "hardship",
            "projects": ["dibao", "tekun"],
            "appropriated_fen": 200000,
            "vouchers": [
                {
                    "voucher": "青财社〔2026〕10号",
                    "amount_fen": 200000,
                    "recorded_by": "staff:li.na",
                    "recorded_at": "2026-10-03T01:00:00+00:00",
                }
            ],
            "left_fen": 98800,
        }
    ],
    "next": None,
}
AN_ENVELOPE: dict[str, Any] = {
    "id": ENVELOPE,
    "run_id": RUN,
    "pay_month": MONTH,
    "bank": "qsrcc",
    "bank_name": "青神农商行",
    "project": "dibao",
    "budget_item": "2081902",
    "kind": "regular",
    "fund": "hardship",
    "attempt": 1,
    "sequence": 1,
    "count": 2,
    "orders_count": 2,
    "total_fen": 101200,
    "list_sha256": HASH,
    "status": "made",
    "made_by": "staff:zhang.min",
    "checked_by": None,
    "released_by": None,
    "void_reason": None,
    "format": "delimited",
    "layout": None,
    "file": None,
    "file_number": None,
    "bytes": None,
    "sha256": None,
    "made_at": "2026-10-03T01:00:00+00:00",
    "checked_at": None,
    "released_at": None,
    "published_at": None,
    "first_fetched_at": None,
    "answered_at": None,
}
NOTHING = {"count": 0, "total_fen": 0}
PAID: dict[str, Any] = {
    "county": "511425",
    "pay_month": MONTH,
    "ordered": {"count": 2, "total_fen": 101200},
    "held_lines": {**NOTHING, "reasons": {}},
    "settled": {"count": 1, "total_fen": 58600},
    "returned": {"count": 1, "total_fen": 42600},
    "refused": NOTHING,
    "unconfirmed": NOTHING,
    "waiting": NOTHING,
    "success": {"answered": 2, "at_once": 1, "came_back": 1, "paid_since": 0},
    "unpaid_long": {"count": 1, "total_fen": 42600},
    "owed_back": {"received": NOTHING, "left": NOTHING},
    "envelopes": [AN_ENVELOPE],
    "discrepancies": {},
    "proof": {
        "ok": True,
        "findings": [],
        "totals": {},
        "checked_at": "2026-10-12T01:00:00+00:00",
        "recorded_at": "2026-10-12T01:00:01+00:00",
        "recorded_by": "staff:auditor",
    },
}
GRANTED: dict[str, Any] = {
    "county": "511425",
    "pay_month": MONTH,
    "granted": {"count": 2, "total_fen": 101200},
    "by_programme": {"dibao": {"count": 2, "total_fen": 101200}, "tekun": NOTHING},
    "recoveries": {
        "count": 0,
        "total_fen": 0,
        "taken_back_fen": 0,
        "decided": {"count": 0, "total_fen": 0},
    },
    "held_households": {"count": 1, "reasons": {"income-unknown": 1}},
    "standards": {
        "urban": {"fen": 37000, "each": "month"},
        "rural": {"fen": 19000, "each": "month"},
    },
    "policy_sha256": HASH,
    "facts_sha256": HASH,
    "runs": [A_RUN],
}
TOLD: dict[str, Any] = {
    "pay_month": MONTH,
    "messages": 2,
    "sent": 2,
    "delivered": 1,
    "failed": 0,
    "waiting": 0,
    "no_phone": 0,
}
A_FAILURE: dict[str, Any] = {
    "line_id": LINE,
    "beneficiary_kind": "household",
    "beneficiary_id": HOUSEHOLD,
    "household_id": HOUSEHOLD,
    "village": "511425100201",
    "programme": "dibao",
    "month": MONTH,
    "pay_month": MONTH,
    "amount_fen": 42600,
    "outcome": "returned",
    "reason": "account-closed",
    "account": IN_BRIEF,
}
A_HOLD: dict[str, Any] = {
    "hold_id": 7,
    "line_id": str(new_id()),
    "reason": "no-payee",
    "owner": "town:511425001",
    "limit_on": "2026-10-12",
    "beneficiary_id": PERSON,
    "beneficiary_kind": "person",
    "household_id": HOUSEHOLD,
    "village": "511425100201",
    "programme": "old_age",
    "month": MONTH,
    "pay_month": MONTH,
    "amount_fen": 5000,
    "account": {
        "account_id": "01a20000-0000-7000-8000-00000000acc7",
        "bank": "qsrcc",
        "bank_name": "青神农商行",
        "last4": "7788",
        "status": "unverified",
    },
}
A_ROSTER: dict[str, Any] = {
    "import_id": ROSTER,
    "status": "imported",
    "file_sha256": HASH,
    "received_at": "2026-10-01T01:00:00+00:00",
    "finished_at": "2026-10-01T01:05:00+00:00",
    "refused_because": None,
    "waits_for": None,
    "rows": 3,
    "people": 2,
    "households": 1,
    "rows_good": 2,
    "rows_bad": 1,
    "chunks": 1,
    "chunks_loaded": 1,
    "determinations": 1,
    "determinations_sha256": HASH,
    "deaths": 0,
    "received_by": "staff:zhang.min",
    "accepted_by": None,
    "effect": None,
    "problems_count": 1,
    "problems": [
        {"sheet": "名册", "row": 4, "column": "身份证号", "reason": NASTY, "code": "check-digit"}
    ],
}
A_LINE: dict[str, Any] = {
    "line_id": LINE,
    "run_id": RUN,
    "beneficiary_kind": "household",
    "beneficiary_id": HOUSEHOLD,
    "household_id": HOUSEHOLD,
    "village": "511425100201",
    "programme": "dibao",
    "budget_item": "2081902",
    "month": MONTH,
    "difference": 1,
    "kind": "regular",
    "cause": "regular",
    "amount_fen": 58600,
}
A_PAYMENT: dict[str, Any] = {
    "line_id": LINE,
    "status": "settled",
    "reason": None,
    "pay_month": MONTH,
    "beneficiary_kind": "household",
    "held_for": None,
    "held_until": None,
    "settled_on": "2026-10-12",
    "failed_on": None,
    "account_last4": "5341",
    "bank_name": "青神农商行",
}


def _step(label: str, depth: int, unit: str, shown: str, arithmetic: str) -> dict[str, Any]:
    return {
        "quantity": "gap",
        "kind": "rule",
        "subject": None,
        "depth": depth,
        "label": {"zh": label, "en": label},
        "value": 1,
        "unit": unit,
        "shown": {"zh": shown, "en": shown},
        "arithmetic": {"zh": arithmetic, "en": arithmetic},
        "sentence": {"zh": "每人补到标准。" + NASTY, "en": "up to the standard"},
        "source": {"zh": "青民〔2012〕1号", "en": "notice"},
        "standing": None,
        "evidence": None,
    }


WORKINGS: dict[str, Any] = {
    "line": A_LINE,
    "owed_fen": 58600,
    "paid_as_fen": {},
    "granted_before_fen": 0,
    "recovery_taken_back_fen": 0,
    "amount_fen": 58600,
    "workings": [
        _step("计入人数", 1, "count", "3", "1 + 1 + 1"),
        _step("最低补差", 2, "fen", "57.00元", "19 × 3 = 57"),
        _step("补差", 0, "fen", "586.00元", "390 × 3 − 584 = 586"),
    ],
    "evidence": {
        "determination_id": str(new_id()),
        "from_month": "2026-01",
        "until_month": None,
        "decided_on": "2025-12-20",
        "recorded_at": "2026-10-01T01:00:00+00:00",
        "learned_at": "2026-10-01T01:00:00+00:00",
    },
    "policy_sha256": HASH,
    "facts_sha256": HASH,
    "engine_version": "1",
    "notice": {"zh": "标准为历史数值", "en": "historic"},
}


def page(*items: dict[str, Any]) -> dict[str, Any]:
    """One page of a list."""
    return {"items": list(items), "next": None}


def everything() -> dict[str, Any]:
    """Answers for every page."""
    said: dict[str, Any] = {
        "benefits GET /runs": {
            **page(A_RUN, {**A_RUN, "id": str(new_id()), "status": "closed"}),
            "families": [{"code": "livelihood", "zh": "基本生活救助", "en": "basic living"}],
        },
        f"benefits GET /runs/{RUN}": CHECK_PAGE,
        f"benefits GET /runs/{RUN}/holds": RUN_HOLDS,
        f"benefits GET /runs/{RUN}/application": APPLICATION,
        "benefits POST /runs": A_RUN,
        f"benefits POST /runs/{RUN}/signatures": A_RUN,
        f"benefits GET /months/{MONTH}": GRANTED,
        f"benefits GET /beneficiaries/{PERSON}/lines": page(A_LINE),
        f"benefits GET /lines/{LINE}/workings": WORKINGS,
        "payments GET /funds": FUNDS,
        "payments GET /reserves": {"month": MONTH, "items": [RESERVE]},
        "payments POST /appropriations": {},
        "payments GET /freeze": {"frozen": False, "reason": None, "since": None},
        "payments GET /envelopes": page(AN_ENVELOPE),
        f"payments GET /envelopes/{ENVELOPE}": AN_ENVELOPE,
        f"payments POST /envelopes/{ENVELOPE}/check": AN_ENVELOPE,
        f"payments GET /months/{MONTH}": PAID,
        "payments GET /failures": page(A_FAILURE),
        **of_sums(A_LINE),
        "payments GET /holds": page(A_HOLD),
        "payments GET /lines/payments": page(A_PAYMENT),
        f"payments GET /beneficiaries/{HOUSEHOLD}/payments": page(A_PAYMENT),
        f"notifications GET /months/{MONTH}": TOLD,
        f"notifications GET /people/{PERSON}/inbox": page(
            {"told_at": "2026-10-12T01:00:00+00:00", "text": NASTY}
        ),
        **of_accounts(),
        **of_boards(),
        **of_cases(),
        **of_foreseen(),
        **of_means(),
        **of_reports(),
        **of_villages(A_LINE),
        "identification GET /my/alerts": page(),
        "identification GET /rosters": page(A_ROSTER),
        f"identification GET /rosters/{ROSTER}": A_ROSTER,
        "identification POST /rosters": {"import_id": ROSTER, "status": "received"},
        "identification POST /people/names": {"names": {HOUSEHOLD: NASTY, PERSON: NASTY}},
        "identification POST /people/resolve": {"person_id": PERSON},
        **of_households(),
        **of_people(PERSON, HOUSEHOLD),
    }
    # Closed runs of the list share one application, and what they propose.
    for run in said["benefits GET /runs"]["items"]:
        said[f"benefits GET /runs/{run['id']}/recoveries"] = page(told_of_sums.A_RECOVERY)
        said[f"benefits GET /runs/{run['id']}/application"] = APPLICATION
    return {name: {"words": words} for name, words in said.items()}
