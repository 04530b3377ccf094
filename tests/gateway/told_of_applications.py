"""What identification answers of a citizen's own cases, behind the pages of the phone."""

from typing import Any

from gateway.palmtop.plain import PAPERS
from shared.ids import new_id
from tests.gateway.told_of_cases import NASTY, VILLAGE
from tests.gateway.told_of_means import ASKED

OWN_CASE, WRITTEN, CHANGE, PAPER, OWN_ALERT = (str(new_id()) for _ in range(5))
_NAME = {"zh": "最低生活保障", "en": "dibao"}
PROGRAMME: dict[str, Any] = {
    "category": "dibao",
    "name": _NAME,
    "plain": {"zh": "家里收入低" + NASTY, "en": "poor"},
}
_MEMBER: dict[str, Any] = {
    "key": "me",
    "name": "李伟" + NASTY,
    "relation": "户主",
    "id_number": "1101************2X",
    "temporary_code": None,
    "no_id_reason": None,
    "born_on": "1949-12-31",
    "lives_together": True,
    "disability_grade": 2,
    "disability_kind": 4,
    "lacks_capacity": False,
    "guardian_key": None,
    "guardian_authority": None,
    "means": {"wage_basis": 2, "wage_fen": 360000},
    "adult": True,
    "ward": False,
    "outside_guardian": {"name": "李强" + NASTY, "relation": "叔父" + NASTY, "id_number": "5114"},
}
_SON: dict[str, Any] = {
    "key": "m2",
    "name": "李大" + NASTY,
    "relation": "子女" + NASTY,
    "id_number": "5114***********X",
    "born_on": "1990-01-01",
    "lives_at": "成都市" + NASTY,
    "support": {
        "basis": "reckoned",
        "agreed_fen_yearly": None,
        "household_members": 3,
        "income_fen_yearly": 4_368_000,
        "unable": None,
    },
    "owed_fen_yearly": 600_000,
    "missing": None,
    "wants_proof": False,
    "has_signed": False,
}
_FATHER: dict[str, Any] = {
    **_SON,
    "key": "m3",
    "name": "李老",
    "id_number": None,
    "born_on": None,
    "support": dict.fromkeys(_SON["support"]) | {"basis": "unable", "unable": "very-old"},
    "owed_fen_yearly": None,
    "missing": {"zh": "本地没有定" + NASTY, "en": "the place has not set it"},
    "wants_proof": True,
}
ROW: dict[str, Any] = {
    "case_id": OWN_CASE,
    "receipt": "DABCD-2345",
    "category": "dibao",
    "name": _NAME,
    "state": "papers-wanted",
    "state_words": {"zh": "还缺材料", "en": "papers are missing"},
    "next": {"zh": "把下面缺的补上", "en": "add them"},
    "ended": False,
    "opened_on": "2026-10-02",
    "waits_for_you": True,
}
OWN: dict[str, Any] = {
    **ROW,
    "village": VILLAGE,
    "identity_seen": True,
    "by_day": None,
    "written_by": "王五" + NASTY,
    "steps": [{"zh": "收到了", "en": "received", "stands": "now"}],
    "application": {
        "registration": "rural",
        "address": NASTY,
        "phone": "138****5678",
        "reason": NASTY,
        "members": [_MEMBER, {**_MEMBER, "key": "m1", "relation": "配偶", "means": {}}],
        "supporters": [_SON, _FATHER],
        "means": {"paddy_hundredths": 250},
        "whose": "m1",
    },
    "means": [
        {"step": "work", "of": "person", "zh": "干活", "en": "work", "said": True},
        {"step": "farm", "of": "household", "zh": "地" + NASTY, "en": "land", "said": True},
        {"step": "support", "of": "household", "zh": "子女" + NASTY, "en": "kin", "said": True},
    ],
    "asks_whose": True,
    "authorising": ["me", "m1"],
    "authorised": ["me"],
    "excused": [],
    "asks_letters": True,
    "signs_on_phone": False,
    "may_appeal": True,
    "may_appeal_until": "2026-12-02",
    "hands_in": None,
    "today": "2026-10-05",
    "relatives": [{"name": "李强" + NASTY, "works_as": "镇民政办" + NASTY, "relation": "堂兄"}],
    "corrections": [
        {
            "on": "2026-10-02",
            "reason": "抄错了" + NASTY,
            "lines": [
                {
                    "whose": None,
                    "zh": "住址",
                    "en": "home",
                    "before": "3组" + NASTY,
                    "after": "4组",
                },
                {"whose": "李娜" + NASTY, "zh": "加上了", "en": "x", "before": None, "after": None},
            ],
        }
    ],
    "missing": ["户口簿" + NASTY],
    "sent_back": None,
    "hits": ["名下有车" + NASTY],
    "answer": {"zh": "您的说明没有采信", "en": "not accepted", "reason": "没有过户证明" + NASTY},
    "papers": [
        {
            "document_id": PAPER,
            "kind": "id-card",
            "of_person": None,
            "media_type": "image/jpeg",
            "size_bytes": 9,
            "added_on": "2026-10-02",
            "replaced": False,
        }
    ],
    "brings": list(PAPERS),
    "effect": None,
    "reports": [],
    "told": [{"zh": "申请交上去了", "en": "handed in", "on": "2026-10-02"}],
    "postings": [],
    "decision": {"number": "青民9号", "on": "2026-10-03", "reasons": NASTY},
    "outcome": {
        "from_month": "2026-11",
        "told": NASTY,
        "lines": [{"zh": "家庭月收入由120.00元核定为150.00元", "en": "income: 120.00 to 150.00"}],
    },
    "letters": [{"letter": "receipt", "name": {"zh": "收件回执", "en": "receipt"}}],
    "acts": [
        {"act": act, "name": {"zh": act, "en": act}, "missing": []}
        for act in ("bring-papers", "explain-hits", "withdraw", "authorise", "say-relative")
    ],
}
DRAFT: dict[str, Any] = {
    **OWN,
    "case_id": WRITTEN,
    "state": "draft",
    "missing": [],
    "hits": [],
    "answer": None,
    "signs_on_phone": True,
    "authorised": [],
    "decision": None,
    "outcome": None,
    "hands_in": {
        "act": "submit",
        "fields": {
            "elsewhere": {
                "type": "flag",
                "zh": "户籍不在本县",
                "en": "elsewhere",
                "optional": True,
                "most": 400,
                "choices": {},
            }
        },
    },
    "acts": [
        {"act": act, "name": {"zh": "交", "en": act}, "missing": ["须有监护人" + NASTY]}
        for act in ("submit", "say-relative")
    ],
}


def _field(of_type: str, **said: Any) -> dict[str, Any]:
    words = {"zh": of_type + NASTY, "en": of_type, "optional": False, "most": 400}
    return {"type": of_type, "kind": None, "choices": {}, **words, **said}


CHANGING: dict[str, Any] = {
    **DRAFT,
    "case_id": CHANGE,
    "category": "change",
    "state": "open",
    "sent_back": "姓名写错了" + NASTY,
    "hands_in": {"act": "submit", "fields": {}},
    "effect": {
        "comes": [{"name": "李新" + NASTY, "relation": "子女", "since": "2026-09"}],
        "goes": [{"name": "李丙" + NASTY, "until": "2026-08", "died_on": "2026-08-30"}],
        "counts": [{"name": "李丁" + NASTY, "counts": True}],
        "income": {"before": 12000, "after": 5000},
        "payees": [{"whose": None, "guardian": "王" + NASTY, "after": "商行 •••• 5678"}],
    },
    "reports": [
        {
            "act": "death",
            "name": {"zh": "死亡" + NASTY, "en": "a death"},
            "fields": {"person_key": _field("person"), "died_on": _field("date")},
        },
        {
            "act": "income",
            "name": {"zh": "收入变化", "en": "another income"},
            "fields": {
                "income_fen_monthly": _field("fen"),
                "reason": _field("text", most=2000),
                "pays": _field("choice", choices={"own": {"zh": "本人" + NASTY, "en": "own"}}),
                "proof_id": _field("document", kind="id-card", optional=True),
                "authority_id": _field("document", kind="guardianship", optional=True),
            },
        },
    ],
}


AGAINST: dict[str, Any] = {
    "alert_id": OWN_ALERT,
    "list": {"zh": "机动车登记名单", "en": "the register of vehicles"},
    "month": "2026-10",
    "about_you": True,
    "state": "asked",
    "state_words": {"zh": "等您说明", "en": "waiting for your answer"},
    "leads_to": [{"zh": "照旧发", "en": "nothing changes"}],
    "holds": True,
    "answer_until": "2026-10-12",
    "may_answer": True,
    "answers": [],
    "papers": [{"paper_id": PAPER, "added_on": "2026-10-05"}],
    "outcome": None,
}


def of_applications() -> dict[str, Any]:
    """Answers for every page of applying."""
    draft = f"identification POST /my/cases/{WRITTEN}"
    return {
        "identification GET /programmes": {"items": [PROGRAMME]},
        "identification POST /applicants": {"applicant_id": str(new_id())},
        "identification GET /my/cases": {"items": [ROW], "called": "李伟", "village": None},
        "identification POST /my/cases": DRAFT,
        f"identification GET /my/cases/{OWN_CASE}": OWN,
        f"identification GET /my/cases/{WRITTEN}": DRAFT,
        f"identification GET /my/cases/{CHANGE}": CHANGING,
        **{
            f"identification POST /my/cases/{CHANGE}/acts/{act}": CHANGING
            for act in ("income", "start-over", "submit")
        },
        **{
            f"{draft}/parts/{part}": DRAFT
            for part in (
                "home",
                "person",
                "whose",
                "member-means",
                "means",
                "hardship",
                "supporter",
                "supporter-gone",
                "no-supporter",
            )
        },
        f"identification GET /my/cases/{WRITTEN}/means": ASKED,
        f"{draft}/papers": {"document_id": PAPER},
        f"{draft}/signature": DRAFT,
        "identification GET /my/alerts": {"items": [AGAINST]},
        f"identification GET /my/alerts/{OWN_ALERT}": AGAINST,
        f"identification POST /my/alerts/{OWN_ALERT}/answers": {
            **AGAINST,
            "answers": [{"on": "2026-10-05", "answer": "卖了" + NASTY}],
        },
        f"{draft}/acts/submit": OWN,
        f"{draft}/acts/say-relative": DRAFT,
        f"{draft}/acts/authorise": DRAFT,
        f"{draft}/acts/authorise-jointly": DRAFT,
    }
