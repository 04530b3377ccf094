"""Objections to a case while it is shown: the day each came in, whose it is, and what was answered.

Who objected is read by few, as who complains is; and nobody is decided on while one is unanswered.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlmodel import col, select

from services.identification import id_numbers
from services.identification.casework.known_names import known_as
from services.identification.casework.lists import postings
from services.identification.casework.standing import Standing
from services.identification.casework.tools import index_of
from services.identification.desk import Desk
from services.identification.grammar.acts import Field, Words
from services.identification.grammar.history import Done
from services.identification.models import Person, RegisterEntry
from shared.problems import Malformed

OBJECT: Final = "object"
ANSWER: Final = "answer-objection"
WHICH: Final = "objection"
WHO: Final = ("objector", "objector_contact", "complaint")
_ASKED: Final = Words("答复的是哪一件异议", "which objection this answers")
_BEGINNING: Final = 40
"""As much of an objection as says which one it is."""


class NoSuchComplaint(Malformed):
    """No complaint about this case, or about anybody of it, has that number."""


async def take_objection(desk: Desk, at: Standing) -> None:
    """Take down what is up; what came as a complaint is one about this case.

    Raises:
        NoSuchComplaint: it is not, or the caller may not know of it.
    """
    number = at.words.get("complaint")
    if number and not await _is_about(desk, at, str(number)):
        raise NoSuchComplaint(field="complaint")
    await postings.take_down_list(desk, at)


def unanswered(at: Standing) -> dict[str, Done]:
    """Each objection that nobody has answered, by which of them it is: 1, 2, …"""
    answered = {str(each.words[WHICH]) for each in at.done(ANSWER)}
    return {
        str(n): each for n, each in enumerate(at.done(OBJECT), start=1) if str(n) not in answered
    }


def is_unanswered(at: Standing) -> bool:
    """Whether somebody who objected waits for an answer."""
    return bool(unanswered(at))


def asked_of_one(at: Standing) -> Mapping[str, Field]:
    """Which one an answer is to."""
    choices = {n: _called(n, each) for n, each in unanswered(at).items()}
    return {WHICH: Field(WHICH, "choice", _ASKED, choices=choices)} if choices else {}


def shown(at: Standing) -> list[dict[str, Any]]:
    """Each objection with its answer; whose it is only where the reader may know."""
    answers = {str(each.words[WHICH]): each for each in at.done(ANSWER)}
    return [
        {
            "number": n,
            "received_on": _received_on(each),
            "recorded_by": each.actor,
            "reason": each.words["reason"],
            **{name: each.words.get(name) for name in WHO},
            "hidden": sorted(each.hidden),
            "answer": _answer(at, answers[str(n)]) if str(n) in answers else None,
        }
        for n, each in enumerate(at.done(OBJECT), start=1)
    ]


def lines(at: Standing) -> list[list[str]]:
    """The same for a sheet, which never says whose an objection is."""
    found = []
    for each in shown(at):
        answer = each["answer"]
        said = [answer["on"], answer["how"]["zh"], answer["text"]] if answer else ["", "", "未答复"]
        line = [str(each["number"]), each["received_on"], each["reason"], *said]
        found.append([id_numbers.masked_within(word) for word in line])
    return found


def _called(number: str, done: Done) -> Words:
    said = f"{number}：{_received_on(done)} {str(done.words['reason'])[:_BEGINNING]}"
    return Words(said, said)


def _received_on(done: Done) -> str:
    return str(done.words.get("received_on", done.done_on.isoformat()))


def _answer(at: Standing, done: Done) -> dict[str, Any]:
    how = at.path.acts[ANSWER].fields["answered_by"].choices[str(done.words["answered_by"])]
    return {
        "on": done.words["answered_on"],
        "how": how.both(),
        "text": done.words["answer"],
        "by": done.actor,
    }


async def _is_about(desk: Desk, at: Standing, number: str) -> bool:
    """Whether there is such a complaint about this case, its household or anybody of it, and not
    against the caller."""
    found = await desk.session.exec(
        select(RegisterEntry).where(
            col(RegisterEntry.kind) == "complaint",
            col(RegisterEntry.number) == number.strip().upper(),
        )
    )
    entry = found.first()
    if entry is None or set(entry.against) & {*known_as(desk.caller), *desk.caller.areas}:
        return False
    indexes = {index_of(desk.keys, each) for each in at.application.members} - {None}
    people = select(col(Person.id)).where(col(Person.id_index).in_(indexes))
    ids = {at.case.id, at.case.household_id, *(await desk.session.exec(people))}
    return entry.about in {str(each) for each in ids if each is not None}


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "objection-unanswered": is_unanswered,
    "objections-answered": lambda at: not is_unanswered(at),
}
"""Objections, by the words the tables use."""
