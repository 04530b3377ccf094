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
from services.identification.grammar.wrong import Wrong, refuse_unmeant
from services.identification.id_numbers import Flaw
from shared.kept import is_day, is_kept
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
            zh = f"“{asked.words.zh}”没有填"
            raise ActNotUnderstood(f"{act.name} asks for {name}", field=name, zh=zh)
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
        wrong = first.get("ctx", {}).get("error")
        raise ActNotUnderstood(f"{where}: {first['msg']}", field=where, **_zh(wrong)) from problem
    except ValueError as problem:
        raise ActNotUnderstood(f"{name}: {problem}", field=name, **_zh(problem)) from problem


def _zh(problem: Exception | None) -> dict[str, str]:
    """What is wrong, in Chinese, where it is ours to say; else the title alone is."""
    return {"zh": problem.zh} if isinstance(problem, Wrong) else {}


def _lines(asked: Field, word: Any) -> list[str]:
    if not isinstance(word, str | list):
        raise Wrong("lines of text are wanted", "这里写文字，一条一行")
    lines = word.splitlines() if isinstance(word, str) else word
    said = [line for line in lines if not isinstance(line, str) or line.strip()]
    kept = [plain_text(line, asked.most) for line in said]
    if not 1 <= len(kept) <= _LINES_MAX:
        raise Wrong(f"one to {_LINES_MAX} lines are wanted", f"写一到 {_LINES_MAX} 条，一条一行")
    return kept


def _flag(asked: Field, word: Any) -> bool:
    if word not in (True, False, "yes", "no"):
        raise Wrong("yes or no is wanted", "这里选是或否")
    return word in (True, "yes")


def _choice(asked: Field, word: Any) -> str:
    if not isinstance(word, str) or word not in asked.choices:
        raise Wrong(f"one of {', '.join(asked.choices)} is wanted", "从列出的里面选一个")
    return str(word)


def _account(asked: Field, word: Any) -> str:
    found = _ACCOUNT.fullmatch(plain_text(word, 46))
    if found is None:
        raise Wrong("an account is wanted, as staff sign in with it", "这里写工作人员登录用的账号")
    return f"staff:{found[2]}"


def _area(asked: Field, word: Any) -> str:
    if not _AREA.fullmatch(plain_text(word, 12)):
        raise Wrong(
            "the code of a county, township or village is wanted", "这里写县、乡镇或村的区划代码"
        )
    return str(word).strip()


def _id_number(today: date, word: Any) -> str:
    number = id_numbers.normalise(plain_text(word, 24))
    # A wrong check digit bars nobody; a number that says no day of birth is none.
    if id_numbers.flaw(number, today) not in {None, Flaw.CHECK_DIGIT}:
        raise Wrong("an ID number is wanted", "身份证号不对")
    return number


def plain_text(word: Any, most: int) -> str:
    """A text as it was meant, without the blanks around it.

    Raises:
        ValueError: it is none, too long, or holds what no text holds.
    """
    if not isinstance(word, str) or not word.strip():
        raise Wrong("a text is wanted", "这里要写文字")
    if len(word) > most:
        raise Wrong(f"at most {most} characters", f"最多 {most} 个字")
    if not is_kept(word):
        raise Wrong("a text holds no NUL and no half of a sign", "文字里有打不开的字符")
    return word.strip()


def _day(word: Any) -> str:
    day = date.fromisoformat(plain_text(word, 10))
    refuse_unmeant(day)
    return day.isoformat()


def _month(word: Any) -> str:
    month = Month.parse(plain_text(word, 7))
    if not is_day(month.first_day()):
        raise Wrong("nobody means that month", "月份不对：年份写错了")
    return str(month)


def _whole(word: Any, most: int) -> int:
    if isinstance(word, str) and word.isascii() and word.isdigit() and len(word) <= 12:
        word = int(word)
    if type(word) is not int or not 0 <= word <= most:
        raise Wrong(f"a whole number from 0 to {most} is wanted", f"这里写 0 到 {most} 的整数")
    return word


def plain_readers(today: date) -> dict[str, Reader]:
    """How the words of the types any table may use are read on a day."""
    return {
        "account": _account,
        "area": _area,
        "text": lambda asked, word: plain_text(word, asked.most),
        "phone": lambda asked, word: plain_text(word, asked.most),
        "lines": _lines,
        "date": lambda asked, word: _day(word),
        "month": lambda asked, word: _month(word),
        "fen": lambda asked, word: _whole(word, max(_FEN_MAX, asked.most)),
        "count": lambda asked, word: _whole(word, _COUNT_MAX),
        "flag": _flag,
        "id-number": lambda asked, word: _id_number(today, word),
        "id": lambda asked, word: str(UUID(plain_text(word, 36))),
        "choice": _choice,
    }
