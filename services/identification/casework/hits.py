"""What speaks against somebody, hit by a comparison or found by an official: they may answer first,
and another says whether it is accepted.

Or they agree to it, by their own telephone; or over a signature that one official files and another
has looked at, of which they are told, so that they can say no to it before anything is decided.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.identification.casework import steps, telling
from services.identification.casework.applicants import CITIZENS
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.grammar.history import Done
from shared.callers import Kind
from shared.contracts.identification import Happened

TELL: Final = "tell-finding"
"""The act that tells a household what was found."""
ANSWER: Final = "explain-hits"
ACCEPT: Final = "accept-answer"
REJECT: Final = "reject-answer"
AGREE: Final = "agree"
ACCEPT_AGREEMENT: Final = "accept-agreement"
REJECT_AGREEMENT: Final = "reject-agreement"
_OF_HITS: Final = frozenset({ANSWER, ACCEPT, REJECT, AGREE, ACCEPT_AGREEMENT, REJECT_AGREEMENT})
SAID: Final = _OF_HITS | {TELL}
"""Acts after which an answer or an agreement waits to be judged, or no longer does."""
JUDGING: Final = frozenset({ACCEPT, REJECT, ACCEPT_AGREEMENT, REJECT_AGREEMENT})
"""Acts of another, who judges what was answered or agreed."""
_ANSWERS: Final = 2
"""How often somebody answers what they are asked: once, and once more where they were not believed;
so nobody puts off for ever what is decided of them."""


def last_word(at: Standing) -> Done | None:
    """The last that was said of hits: what speaks against them, an answer, or what became of it."""
    return next(reversed([each for each in at.acts if _is_of_hits(each)]), None)


def are_open(at: Standing) -> bool:
    """Whether there are hits whose answer was not accepted, nor rejected for good."""
    word = last_word(at)
    return word is not None and word.act != ACCEPT and _rejected(at) < _ANSWERS


def wait_for_answer(at: Standing) -> bool:
    """Whether the person is to answer, for the first time or again."""
    return may_be_answered(at) and not (agreement_waits(at) or are_agreed(at))


def may_be_answered(at: Standing) -> bool:
    """Whether the person may still say something to it; also who is said to have agreed."""
    return are_open(at) and not wait_for_judgement(at)


def agreement_waits(at: Standing) -> bool:
    """Whether an official filed that the person agrees, and no other has looked at it."""
    word = last_word(at)
    return word is not None and word.act == AGREE and not word.actor.startswith(CITIZENS)


def are_agreed(at: Standing) -> bool:
    """Whether the person agrees: by their own word, or by a signature that another looked at."""
    word = last_word(at)
    own = word is not None and word.act == AGREE and word.actor.startswith(CITIZENS)
    return own or (word is not None and word.act == ACCEPT_AGREEMENT)


def another_is_to_judge(at: Standing) -> bool:
    """Whether an answer, or an agreement that was filed, waits for another to look at it."""
    return wait_for_judgement(at) or agreement_waits(at)


def wait_for_judgement(at: Standing) -> bool:
    """Whether an answer was given that nobody has accepted or rejected."""
    word = last_word(at)
    return word is not None and word.act == ANSWER


def are_settled(at: Standing) -> bool:
    """Whether every hit was agreed to, answered and accepted, or rejected for good, or nobody
    answered within the days to do so.

    An answer that was given is judged, however late it is.
    """
    word = last_word(at)
    if word is None or not are_open(at) or are_agreed(at):
        return True
    days = at.settings.number("hold_answer_days")
    over = at.settings.add_workdays(word.done_on, days) < at.today
    return over and not wait_for_judgement(at)


def to_answer(at: Standing) -> list[str]:
    """What was hit or found since an answer was last accepted."""
    accepted = max((n for n, each in enumerate(at.acts) if each.act == ACCEPT), default=-1)
    asked = [each for each in at.acts[accepted + 1 :] if asks(each)]
    return [str(line) for each in asked for line in said(each.words)]


def asks(each: Done) -> bool:
    """Whether an act waits for an answer: a report that hit something, a finding they are told."""
    return each.act in {"compare", TELL} and bool(said(each.words))


def wants_answer(at: Standing, done: Done) -> bool:
    """Whether somebody had to answer after an act: they were asked, or not believed once."""
    if done.act != REJECT:
        return asks(done) or done.act == REJECT_AGREEMENT
    before = next(number for number, each in enumerate(at.acts) if each is done)
    return _rejected(replace(at, acts=at.acts[: before + 1])) < _ANSWERS


def said(words: Mapping[str, Any]) -> Sequence[str]:
    """What the words of an act ask somebody to answer."""
    return (str(words["finding"]),) if "finding" in words else tuple(words.get("hits", ()))


async def await_answer(tools: Tools, at: Standing) -> None:
    """What was hit or found gives the person their days to answer, and tells them so."""
    if said(at.words):
        await _ask(tools, at)


async def ask_again(tools: Tools, at: Standing) -> None:
    """Whoever is not believed for the first time has their days once more, and is told so."""
    if _rejected(at) + 1 < _ANSWERS:
        await _ask(tools, at)
    else:
        await judge_answer(tools, at)


async def reject_agreement(tools: Tools, at: Standing) -> None:
    """Who did not agree has their days once more, and is told so."""
    await _ask(tools, at)


async def answer_hits(tools: Tools, at: Standing) -> None:
    """What was hit is answered: nobody waits for the person, and whoever judges it has their days,
    or those the clock of the state leaves, where they are fewer."""
    judged_by = at.settings.add_workdays(at.today, at.settings.number("answer_judged_days"))
    at.case.state_due_on = min(judged_by, steps.due_on(at) or judged_by)
    tools.session.add(at.case)


async def agree(tools: Tools, at: Standing) -> None:
    """They agree themselves, or as an official files it, and another has their days to look."""
    if at.caller.kind is Kind.CITIZEN:
        await judge_answer(tools, at)
    else:
        await answer_hits(tools, at)


async def judge_answer(tools: Tools, at: Standing) -> None:
    """It was accepted or agreed to, or rejected for good: the clock of the state counts again."""
    at.case.state_due_on = steps.due_on(at)
    tools.session.add(at.case)


async def _ask(tools: Tools, at: Standing) -> None:
    await steps.begin_again(tools, at, "hold_answer_days")
    await telling.tell(tools, at, Happened.ANSWER_WANTED)


def _yours_to_judge(at: Standing) -> bool:
    """The township judges; of what its only head found the county's checker does, who decides
    nothing then."""
    return at.caller.has("cases:review") or not at.caller.has("cases:decide")


def _rejected(at: Standing) -> int:
    """How often an answer was rejected since something was last asked."""
    asked = max((number for number, each in enumerate(at.acts) if asks(each)), default=0)
    return sum(each.act == REJECT for each in at.acts[asked:])


def _is_of_hits(each: Done) -> bool:
    return each.act in _OF_HITS or asks(each)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "hits-open": are_open,
    "answer-given": wait_for_judgement,
    "not-agreed": wait_for_answer,
    "agreement-filed": agreement_waits,
    "hits-settled": are_settled,
    "yours-to-judge": _yours_to_judge,
}
"""Hits, by the words the tables use."""
