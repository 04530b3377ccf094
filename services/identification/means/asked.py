"""The questions of a place as pages and devices draw them: in plain words, each with its norms."""

from typing import Any, Final

from services.identification.laws import Law
from services.identification.means.questions import Question, Step
from services.identification.means.reckoning import asked_here, norms

MONTHS: Final = "means_period_months"
A_YEAR: Final = 12


def in_words(law: Law, month: str, registration: int) -> dict[str, Any]:
    """Every step with its questions, for a household of a kind of registration, in a month."""
    looked_at = law.number(MONTHS, month, registration)
    months = looked_at.amount if looked_at else A_YEAR
    return {
        "month": month,
        "months": months,
        "steps": [_step(each, law, month, months) for each in asked_here(law, month)],
    }


def _step(step: Step, law: Law, month: str, months: int) -> dict[str, Any]:
    return {
        "step": step.name,
        "of": step.of,
        **step.words.both(),
        "asks": [_question(each, law, month, months) for each in step.questions],
    }


def _question(question: Question, law: Law, month: str, months: int) -> dict[str, Any]:
    fact, words = question.fact, question.words
    return {
        "fact": fact.name,
        "unit": fact.unit,
        "zh": words.zh.replace("{months}", str(months)),
        "en": words.en.replace("{months}", str(months)),
        "most": fact.highest,
        "may_not_apply": fact.may_not_apply,
        "choices": [
            {"value": value, "zh": each.words.zh, "en": each.words.en}
            for value, each in fact.codes.items()
        ],
        "norms": [
            {
                **each.words.both(),
                "amount_fen": each.amount_fen,
                "since": each.since,
                "source": each.source.both(),
                "standing": each.standing,
            }
            for each in (norms(law, question.norm, month) if question.norm else ())
        ],
    }
