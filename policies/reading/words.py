"""What is said, in both languages; and the codes a quantity can have, each with its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

TONGUES: Final = ("zh", "en")


@dataclass(frozen=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str

    def said(self, tongue: str | None = None) -> dict[str, str] | str:
        """Both languages by name, or the one asked for."""
        return {"zh": self.zh, "en": self.en} if tongue is None else str(getattr(self, tongue))


class Told(Words):
    """Words that are put together in a language when they are first read in it."""

    def __init__(self, tell: Callable[[str], str]) -> None:
        self.__dict__["_tell"] = tell

    def __getattr__(self, name: str) -> str:
        if name not in TONGUES:
            raise AttributeError(name)
        text: str = self.__dict__["_tell"](name)
        self.__dict__[name] = text
        return text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and (self.zh, self.en) == (other.zh, other.en)

    __hash__ = Words.__hash__


@dataclass(frozen=True)
class Code:
    """One value of a coded quantity: the name packs use for it, and its words."""

    name: str
    words: Words
