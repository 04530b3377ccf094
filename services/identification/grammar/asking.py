"""The words of an act as its table asks for them: each understood, or refused by its name."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from services.identification import id_numbers
from services.identification.grammar.acts import Act, Field
from services.identification.id_numbers import Flaw
from shared.months import Month
from shared.problems import Malformed

_FEN_MAX = 1_000_000_000
_COUNT_MAX = 100_000
_LINES_MAX = 60
_ACCOUNT: Final = re.compile(r"(staff:)?([a-z0-9][a-z0-9.-]{1,39})")
_AREA: Final = re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?")

Reader = Callable[[Field, Any], Any]
"""What a word of one type is read to; a ValueError says what is wrong with it."""


class ActNotUnderstood(Malformed):
    """The words of this act were not understood."""


def understand(act: Act, said: Mapping[str, Any], readers: Mapping[str, Reader]) -> dict[str, Any]:
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
        with read_as(name):
            found[name] = readers[asked.type](asked, word)
    return found


@contextmanager
def read_as(name: str) -> Iterator[None]:
    """Words are read here; what is wrong with them is said by the name they are asked for.

    Raises:
        ActNotUnderstood: naming the field; never what stood in it.
    """
    try:
        yield
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        where = ".".join([name, *map(str, first["loc"])])
        raise ActNotUnderstood(f"{where}: {first['msg']}", field=where) from problem
    except ValueError as problem:
        raise ActNotUnderstood(f"{name}: {problem}", field=name) from problem


def _lines(asked: Field, word: Any) -> list[str]:
    if not isinstance(word, str | list):
        raise ValueError("lines of text are wanted")
    lines = word.splitlines() if isinstance(word, str) else word
    said = [line for line in lines if not isinstance(line, str) or line.strip()]
    kept = [plain_text(line, asked.most) for line in said]
    if not 1 <= len(kept) <= _LINES_MAX:
        raise ValueError(f"one to {_LINES_MAX} lines are wanted")
    return kept


def _flag(asked: Field, word: Any) -> bool:
    if word not in (True, False, "yes", "no"):
        raise ValueError("yes or no is wanted")
    return word in (True, "yes")


def _choice(asked: Field, word: Any) -> str:
    if not isinstance(word, str) or word not in asked.choices:
        raise ValueError(f"one of {', '.join(asked.choices)} is wanted")
    return str(word)


def _account(asked: Field, word: Any) -> str:
    found = _ACCOUNT.fullmatch(plain_text(word, 46))
    if found is None:
        raise ValueError("an account is wanted, as staff sign in with it")
    return f"staff:{found[2]}"


def _area(asked: Field, word: Any) -> str:
    if not _AREA.fullmatch(plain_text(word, 12)):
        raise ValueError("the code of a county, township or village is wanted")
    return str(word).strip()


def _id_number(today: date, word: Any) -> str:
    number = id_numbers.normalise(plain_text(word, 24))
    # A wrong check digit bars nobody; a number that says no day of birth is none.
    if id_numbers.flaw(number, today) not in {None, Flaw.CHECK_DIGIT}:
        raise ValueError("an ID number is wanted")
    return number


def plain_text(word: Any, most: int) -> str:
    """A text as it was meant, without the blanks around it.

    Raises:
        ValueError: it is none, too long, or holds what no text holds.
    """
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


def plain_readers(today: date) -> dict[str, Reader]:
    """How the words of the types any table may use are read on a day."""
    return {
        "account": _account,
        "area": _area,
        "text": lambda asked, word: plain_text(word, asked.most),
        "phone": lambda asked, word: plain_text(word, asked.most),
        "lines": _lines,
        "date": lambda asked, word: date.fromisoformat(plain_text(word, 10)).isoformat(),
        "month": lambda asked, word: str(Month.parse(plain_text(word, 7))),
        "fen": lambda asked, word: _whole(word, max(_FEN_MAX, asked.most)),
        "count": lambda asked, word: _whole(word, _COUNT_MAX),
        "flag": _flag,
        "id-number": lambda asked, word: _id_number(today, word),
        "id": lambda asked, word: str(UUID(plain_text(word, 36))),
        "choice": _choice,
    }
