"""What identification answers of means, behind the pages of the desk and of the phone."""

from typing import Any

from tests.gateway.told_of_cases import CASE, NASTY


def _asks(fact: str, unit: str, **said: Any) -> dict[str, Any]:
    words = {"fact": fact, "unit": unit, "zh": fact + NASTY, "en": fact, "most": 1_000_000_000}
    return {**words, "may_not_apply": False, "choices": [], "norms": [], **said}


ASKED: dict[str, Any] = {
    "month": "2026-10",
    "months": 12,
    "steps": [
        {
            "step": "work", "of": "person", "zh": "干活", "en": "work",
            "asks": [
                _asks("wage_basis", "code", choices=[
                    {"value": 1, "zh": "没有", "en": "none"},
                    {"value": 2, "zh": "据实", "en": "proven"},
                ]),
                _asks("wage_fen", "fen"),
            ],
        },
        {
            "step": "farm", "of": "household", "zh": "地" + NASTY, "en": "land",
            "asks": [_asks("paddy_hundredths", "hundredths", norms=[{
                "zh": "水田" + NASTY, "en": "paddy", "amount_fen": 60000, "since": "2025-01",
                "source": {"zh": "县级" + NASTY, "en": "county"}, "standing": "demonstration",
            }])],
        },
        {
            "step": "support", "of": "household", "zh": "子女" + NASTY, "en": "kin",
            "asks": [_asks("support_basis", "code", choices=[
                {"value": 1, "zh": "没有", "en": "nobody"},
                {"value": 2, "zh": "按协议", "en": "agreed"},
            ])],
        },
    ],
    "members": [{"key": "me", "name": "李伟" + NASTY}, {"key": "m1", "name": "李娜"}],
    "declared": {
        "household": {"paddy_hundredths": 250},
        "members": {"me": {"wage_basis": 2, "wage_fen": 360000}},
    },
}  # fmt: skip


def _sums(income_fen: int | None) -> dict[str, Any]:
    words = {"zh": "家庭年收入" + NASTY, "en": "income a year"}
    missing = None if income_fen else {"zh": "「赡养费」还没问清", "en": "support"}
    shown = {"zh": "2400.00 元", "en": "2400.00 yuan"} if income_fen else None
    said = {"name": "means_income_fen_yearly", **words, "value": income_fen}
    workings = [
        {
            "label": words, "shown": {"zh": "2400.00 元", "en": "2400.00 yuan"},
            "arithmetic": {"zh": "2.5 × 960.00 元", "en": "2.5 × 960.00 yuan"},
            "source": {"zh": "县级" + NASTY, "en": "county"},
        }
    ]  # fmt: skip
    return {
        "law_sha256": "ab" * 32,
        "sums": [{**said, "shown": shown, "missing": missing}],
        "workings": workings,
    }


MEANS: dict[str, Any] = {
    **ASKED,
    "members": [{"key": "head", "name": "李伟" + NASTY}],
    "visits": [
        {
            "survey_id": CASE, "visited_on": "2026-10-01", "counts": True,
            "household": {"paddy_hundredths": 300}, "members": {},
        }
    ],
    "found": {"household": {"paddy_hundredths": 300}, "members": {"head": {"wage_basis": 1}}},
    "supporters": [
        {"name": "李大" + NASTY, "basis": "reckoned", "household_members": 3,
         "income_fen_yearly": 4_368_000, "owed_fen_yearly": 600_000, "missing": None},
        {"name": "李二", "basis": "unable", "unable": "very-old", "owed_fen_yearly": None,
         "missing": {"zh": "本地没有定" + NASTY, "en": "the place has not set it"}},
    ],
    "reckoned": {"declared": _sums(None), "found": _sums(240_000)},
    "band": {"above_fen": 12_000, "below_fen": 19_000},
    "decided_fen_monthly": 20_000,
}  # fmt: skip


def of_means() -> dict[str, Any]:
    """Answers for the page of a case's means."""
    return {f"identification GET /cases/{CASE}/means": MEANS}
