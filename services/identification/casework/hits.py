"""What a comparison hit: the person may answer first, and another says whether it is accepted."""

from typing import Final

from services.identification.casework import telling
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.grammar.history import Done
from shared.contracts.identification import Happened

ANSWER: Final = "explain-hits"
ACCEPT: Final = "accept-answer"
REJECT: Final = "reject-answer"


def last_word(at: Standing) -> Done | None:
    """The last that was said of hits: a report that has one, an answer, or what became of it."""
    return next(reversed([each for each in at.acts if _is_of_hits(each)]), None)


def are_open(at: Standing) -> bool:
    """Whether there are hits whose answer was not accepted."""
    said = last_word(at)
    return said is not None and said.act != ACCEPT


def wait_for_answer(at: Standing) -> bool:
    """Whether the person is to answer, for the first time or again."""
    return are_open(at) and not wait_for_judgement(at)


def wait_for_judgement(at: Standing) -> bool:
    """Whether an answer was given that nobody has accepted or rejected."""
    said = last_word(at)
    return said is not None and said.act == ANSWER


def are_settled(at: Standing) -> bool:
    """Whether every hit was answered and accepted, or nobody answered within the days to do so.

    An answer that was given is judged, however late it is.
    """
    said = last_word(at)
    if said is None or not are_open(at):
        return True
    days = at.settings.days("hold_answer_days")
    over = at.settings.add_workdays(said.done_on, days) < at.today
    return over and not wait_for_judgement(at)


def to_answer(at: Standing) -> list[str]:
    """What was hit since an answer was last accepted."""
    accepted = max((n for n, each in enumerate(at.acts) if each.act == ACCEPT), default=-1)
    return [
        str(line)
        for each in at.acts[accepted + 1 :]
        if each.act == "compare"
        for line in each.words.get("hits", ())
    ]


async def await_answer(tools: Tools, at: Standing) -> None:
    """A report that hit something gives the person their days to answer, and tells them so."""
    if at.words.get("hits"):
        await ask_again(tools, at)
        await telling.tell(tools, at, Happened.ANSWER_WANTED)


async def ask_again(tools: Tools, at: Standing) -> None:
    """The days to answer begin."""
    days = at.settings.days("hold_answer_days")
    at.case.state_due_on = at.settings.add_workdays(at.today, days)
    tools.session.add(at.case)


async def answer_hits(tools: Tools, at: Standing) -> None:
    """What was hit is answered: nobody waits for the person any longer."""
    at.case.state_due_on = None
    tools.session.add(at.case)


def _is_of_hits(each: Done) -> bool:
    return each.act in {ANSWER, ACCEPT, REJECT} or bool(
        each.act == "compare" and each.words.get("hits")
    )
