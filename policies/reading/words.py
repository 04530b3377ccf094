"""What is said, in both languages; and the codes a quantity can have, each with its words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Code:
    """One value of a coded quantity: the name packs use for it, and its words."""

    name: str
    words: Words
