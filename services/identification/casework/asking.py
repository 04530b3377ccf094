"""The words only a case is asked for: the application, its people and its papers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from services.identification.casework import classes, masks, means, objections, said_relatives
from services.identification.casework.applications import Application
from services.identification.casework.decisions import advances, appeals
from services.identification.casework.standing import CORRECT, Standing
from services.identification.casework.visits import LATE
from services.identification.grammar import asking
from services.identification.grammar.acts import Act, Field
from services.identification.grammar.wrong import Wrong
from services.identification.means import questions
from services.identification.means.reckoning import read_living

ASKS: Final[Mapping[str, Callable[[Standing], Mapping[str, Field]]]] = {
    "objection-it-answers": objections.asked_of_one,
    "what-was-decided": appeals.asked_to_win,
    "class-2-sum": classes.asked_of_second,
    "what-was-paid-first": advances.asked_at_death,
    "whom-it-answers": said_relatives.asked_of_one,
    "whom-it-answers-if-any": said_relatives.asked_if_named,
}
"""What an act asks for besides, by where its case stands: each by the word the tables use."""


def whole(act: Act, at: Standing) -> Act:
    """An act with everything it asks for of this case."""
    return replace(act, fields={**act.fields, **ASKS[act.asks](at)}) if act.asks else act


def understand(act: Act, said: Mapping[str, Any], at: Standing) -> dict[str, Any]:
    """The words of an act of a case, when it asks for each, and each is of its type.

    Raises:
        ActNotUnderstood: naming the field; never what stood in it.
    """
    of_cases: dict[str, asking.Reader] = {
        "application": lambda asked, word: _application(word, at),
        "means": lambda asked, word: _means(word, at, once=act.name == LATE),
        "person": lambda asked, word: _person(word, at),
        "people": lambda asked, word: _people(word, at),
        "document": lambda asked, word: _document(asked, word, at),
    }
    return asking.understand(act, said, asking.plain_readers(at.today) | of_cases)


def as_corrected(act: Act, at: Standing) -> Standing:
    """Where a case would stand with its application corrected; as it does, for any other act."""
    if act.name != CORRECT:
        return at
    return replace(at, application=Application.model_validate(at.words["application"]))


def _application(word: Any, at: Standing) -> dict[str, Any]:
    said = Application.model_validate(masks.unmasked(word, at))
    for each in (*said.members, *said.supporters):
        if (born := each.born()) is not None and born > at.today:
            raise Wrong("nobody is named before they are born", "出生日期晚于今天")
    questions.insist_counted("household", said.means)
    for each in said.members:
        questions.insist_counted("person", each.means)
    return said.model_dump(mode="json")


def _person(word: Any, at: Standing) -> str:
    people = [*at.application.members, *at.application.supporters]
    if not isinstance(word, str) or word not in {each.key for each in people}:
        raise ValueError("nobody of this application has that key")
    return word


def _people(word: Any, at: Standing) -> list[str]:
    if not isinstance(word, list):
        raise ValueError("several people of this application are wanted")
    return sorted({_person(each, at) for each in word})


def _means(word: Any, at: Standing, *, once: bool) -> dict[str, Any]:
    """What a late visit found may be of somebody who was named once."""
    written = at.written() if once else ()
    named = {each.key for said in (at.application, *written) for each in said.members}
    found, before = read_living(word, named), means.declared(at)
    questions.insist_counted("household", found.household, before.household)
    for key, facts in found.members.items():
        questions.insist_counted("person", facts, before.members.get(key, {}))
    return found.in_words()


def _document(asked: Field, word: Any, at: Standing) -> str:
    document = at.document(str(UUID(asking.plain_text(word, 36))))
    if document is None or document.kind != asked.kind:
        raise ValueError(f"no paper of this case is such a {asked.kind}")
    return str(document.id)
