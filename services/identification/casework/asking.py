"""The words of an act as its table asks for them: each understood, or refused by its name."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from services.identification import id_numbers
from services.identification.casework.applications import Application
from services.identification.casework.paths import Act, Field
from services.identification.casework.standing import Standing
from services.identification.id_numbers import Flaw
from shared.months import Month
from shared.problems import Malformed

_FEN_MAX = 1_000_000_000
_COUNT_MAX = 100_000
_LINES_MAX = 60


class ActNotUnderstood(Malformed):
    """The words of this act were not understood."""


def understand(act: Act, said: Mapping[str, Any], at: Standing) -> dict[str, Any]:
    """The words of an act, when it asks for each, and each is of its type.

    Raises:
        ActNotUnderstood: naming the field; never what stood in it.
    """
    for name in sorted(said.keys() - act.fields.keys()):
        raise ActNotUnderstood(f"{act.name} does not ask for {name}", field=name)
    found: dict[str, Any] = {}
    for name, asked in act.fields.items():
        word = said.get(name)
        if word is None or word == "" or word == []:
            if asked.optional:
                continue
            raise ActNotUnderstood(f"{act.name} asks for {name}", field=name)
        try:
            found[name] = READERS[asked.type](asked, word, at)
        except ValidationError as problem:
            first = problem.errors(include_input=False, include_url=False)[0]
            where = ".".join([name, *map(str, first["loc"])])
            raise ActNotUnderstood(f"{where}: {first['msg']}", field=where) from problem
        except ValueError as problem:
            raise ActNotUnderstood(f"{name}: {problem}", field=name) from problem
    return found


def _application(asked: Field, word: Any, at: Standing) -> Any:
    return Application.model_validate(word).model_dump(mode="json")


def _lines(asked: Field, word: Any, at: Standing) -> list[str]:
    if not isinstance(word, str | list):
        raise ValueError("lines of text are wanted")
    lines = word.splitlines() if isinstance(word, str) else word
    said = [line for line in lines if not isinstance(line, str) or line.strip()]
    kept = [_text(line, asked.most) for line in said]
    if not 1 <= len(kept) <= _LINES_MAX:
        raise ValueError(f"one to {_LINES_MAX} lines are wanted")
    return kept


def _flag(asked: Field, word: Any, at: Standing) -> bool:
    if word not in (True, False, "yes", "no"):
        raise ValueError("yes or no is wanted")
    return word in (True, "yes")


def _choice(asked: Field, word: Any, at: Standing) -> str:
    if not isinstance(word, str) or word not in asked.choices:
        raise ValueError(f"one of {', '.join(asked.choices)} is wanted")
    return str(word)


def _person(asked: Field, word: Any, at: Standing) -> str:
    people = [*at.application.members, *at.application.supporters]
    if not isinstance(word, str) or word not in {each.key for each in people}:
        raise ValueError("nobody of this application has that key")
    return str(word)


def _document(asked: Field, word: Any, at: Standing) -> str:
    document = at.document(str(UUID(_text(word, 36))))
    if document is None or document.kind != asked.kind:
        raise ValueError(f"no paper of this case is such a {asked.kind}")
    return str(document.id)


def _id_number(asked: Field, word: Any, at: Standing) -> str:
    number = id_numbers.normalise(_text(word, 24))
    # A wrong check digit bars nobody; a number that says no day of birth is none.
    if id_numbers.flaw(number, at.today) not in {None, Flaw.CHECK_DIGIT}:
        raise ValueError("an ID number is wanted")
    return number


def _text(word: Any, most: int) -> str:
    if not isinstance(word, str) or not word.strip():
        raise ValueError("a text is wanted")
    if len(word) > most:
        raise ValueError(f"at most {most} characters")
    if any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in word):
        raise ValueError("a text holds no NUL and no half of a sign")
    return word.strip()


def _whole(word: Any, most: int) -> int:
    if isinstance(word, str) and word.isascii() and word.isdigit() and len(word) <= 12:
        word = int(word)
    if type(word) is not int or not 0 <= word <= most:
        raise ValueError(f"a whole number from 0 to {most} is wanted")
    return word


READERS: Final[Mapping[str, Callable[[Field, Any, Standing], Any]]] = {
    "application": _application,
    "text": lambda asked, word, at: _text(word, asked.most),
    "lines": _lines,
    "date": lambda asked, word, at: date.fromisoformat(_text(word, 10)).isoformat(),
    "month": lambda asked, word, at: str(Month.parse(_text(word, 7))),
    "fen": lambda asked, word, at: _whole(word, _FEN_MAX),
    "count": lambda asked, word, at: _whole(word, _COUNT_MAX),
    "flag": _flag,
    "id-number": _id_number,
    "id": lambda asked, word, at: str(UUID(_text(word, 36))),
    "choice": _choice,
    "person": _person,
    "document": _document,
}
"""How the word of each type of field is read; a ValueError says what is wrong with it."""
