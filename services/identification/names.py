"""Names: the key they are sorted by, and how they are called in a message."""

from functools import lru_cache
from typing import Final

from pypinyin import Style, pinyin
from sqlalchemy import ColumnElement, SQLColumnExpression

from services.identification.models.searched import SKIPPED, joined_in

# Characters that are read in another way when they are a surname.
_SURNAMES: Final = {
    "单": "shan", "解": "xie", "查": "zha", "仇": "qiu", "区": "ou", "曾": "zeng", "任": "ren",
    "华": "hua", "朴": "piao", "盖": "ge", "尹": "yin", "乐": "yue", "缪": "miao", "宁": "ning",
    "翟": "zhai", "覃": "qin", "尉": "wei", "员": "yun", "长": "zhang", "冼": "xian", "折": "she",
}  # fmt: skip


def sort_key(name: str) -> str:
    """The name's syllables in pinyin, so that lists stand in the order clerks look for.

    The database sorts by bytes; it knows no Chinese order of its own.
    """
    if not name:
        return ""
    first = _SURNAMES.get(name[0]) or _syllable(name[0])
    return " ".join([first, *map(_syllable, name[1:])])


def called(name: str) -> str:
    """The name in a message that others may see: 张*明, 张*, 吉**铁."""
    if len(name) <= 1:
        return "*"
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * min(len(name) - 2, 2)}{name[-1]}"


def is_called(name: str) -> bool:
    """Whether a name is one as others may see it, and not whole."""
    return "*" in name


@lru_cache(maxsize=32_768)
def _syllable(character: str) -> str:
    return "".join(pinyin(character, style=Style.NORMAL, errors="default")[0])


def sought(words: str) -> tuple[bool, str] | None:
    """Whether words are the beginning of a name's pinyin or of a name, and what `begins` is asked;
    none where they are neither. Blanks and dots are as good as none."""
    joined = words.translate(dict.fromkeys(map(ord, SKIPPED)))
    if not joined or (joined.isascii() and not joined.isalpha()):
        return None
    if joined.isascii():
        return True, joined.lower() + "%"
    for sign in "\\%_":
        joined = joined.replace(sign, "\\" + sign)
    return False, joined + "%"


def begins(column: SQLColumnExpression[str], what: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a name or its pinyin begins as `sought` says; an index serves it."""
    return joined_in(column).like(what)
