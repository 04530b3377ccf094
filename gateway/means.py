"""Questions about means on our pages: what was said to each, and what a form says now.

A field of a form is called by whom it is about and by the law's fact: `household.pigs_count`,
`m1.wage_fen`. What is left empty is nothing; the page says so.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.forms import NotANumber, Posted
from gateway.pages import yuan_words
from shared.money import parse_yuan, yuan_text
from shared.problems import Problem

HOUSEHOLD: Final = "household"
NOT_APPLICABLE: Final = "not-applicable"
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_HUNDREDTHS: Final = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,2}))?")
_MONEY: Final = "fen"

Question = Mapping[str, Any]


def questions_of(steps: Iterable[Mapping[str, Any]], of: str) -> list[Question]:
    """Every question that is asked of the household, or of each person."""
    return [ask for step in steps if step["of"] == of for ask in step["asks"]]


def facts_of(form: Posted, questions: Iterable[Question], whose: str) -> dict[str, Any]:
    """What a form says to questions about somebody, as the law's own facts.

    Raises:
        NotANumber: naming the question as it is asked.
    """
    return {each["fact"]: _fact(form, each, whose) for each in questions}


def asked_in(form: Posted) -> bool:
    """Whether a form asked for means."""
    return any(name.startswith(f"{HOUSEHOLD}.") for name in form.words)


def living_of(form: Posted, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says of the whole household.

    Raises:
        NotANumber: naming the question as it is asked.
    """
    of_members = questions_of(asked["steps"], "person")
    return {
        "household": facts_of(form, questions_of(asked["steps"], HOUSEHOLD), HOUSEHOLD),
        "members": {
            each["key"]: facts_of(form, of_members, each["key"]) for each in asked["members"]
        },
    }


def typed_in(asked: Mapping[str, Any]) -> dict[str, str]:
    """What counts so far, by the fields of a form for the whole household."""
    found: dict[str, str] = {}
    for step in asked["steps"]:
        for whose, said in whom(step, asked, asked["found"]):
            for each in step["asks"]:
                found[f"{whose}.{each['fact']}"] = typed(each, said.get(each["fact"]))
    return found


def whom(
    step: Mapping[str, Any], asked: Mapping[str, Any], living: Mapping[str, Any]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Whom a step is about, by key, each with what is said of them."""
    if step["of"] == HOUSEHOLD:
        return [(HOUSEHOLD, living["household"])]
    return [(each["key"], living["members"].get(each["key"], {})) for each in asked["members"]]


def typed(question: Question, fact: Any) -> str:
    """What was said, as it is typed into a field; empty where nothing was."""
    if fact in (None, NOT_APPLICABLE):
        return ""
    if question["choices"]:
        return str(fact)
    if fact == 0:
        return ""
    if question["unit"] == _MONEY:
        return yuan_text(fact).removesuffix(".00")
    if question["unit"] == "hundredths":
        return f"{fact // 100}.{fact % 100:02d}".rstrip("0").rstrip(".")
    return str(fact)


def told(question: Question, fact: Any) -> str:
    """What was said, as people read it; empty where nobody was asked."""
    if fact is None:
        return ""
    if fact == NOT_APPLICABLE:
        return "—"
    for choice in question["choices"]:
        if choice["value"] == fact:
            return str(choice["zh"])
    if question["unit"] == _MONEY:
        return yuan_words(fact)
    return typed(question, fact) or "0"


def nothing(question: Question) -> Any:
    """What a field that was left empty means: nothing; of a choice the first, which is shown."""
    if question["may_not_apply"]:
        return NOT_APPLICABLE
    return min((each["value"] for each in question["choices"]), default=0)


def _fact(form: Posted, question: Question, whose: str) -> Any:
    name = f"{whose}.{question['fact']}"
    said = form.word(name, most=20)
    if not said:
        return nothing(question)
    if question["unit"] == _MONEY:
        try:
            fact = int(parse_yuan(said.removesuffix("元").strip()))
        except Problem as problem:
            raise NotANumber(question["zh"], field=name) from problem
    elif question["unit"] == "hundredths" and (found := _HUNDREDTHS.fullmatch(said)):
        fact = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    elif question["unit"] != "hundredths" and _WHOLE.fullmatch(said):
        fact = int(said)
    else:
        raise NotANumber(question["zh"], field=name)
    if not 0 <= fact <= question["most"]:
        raise NotANumber(question["zh"], field=name)
    return fact
