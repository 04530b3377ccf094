"""A share of people that has to be reached, as a place writes it: more than 1/2, at least 2/3."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_WRITTEN: Final = re.compile(r"(more than|at least) ([1-9]\d?)/([1-9]\d?)")


@dataclass(frozen=True)
class Share:
    """So many of all, or more than so many."""

    of_all: Fraction
    strictly: bool

    def reached(self, count: int, among: int) -> bool:
        """Whether so many among so many are enough."""
        least = among * self.of_all
        return count > least if self.strictly else count >= least

    def is_laxer_than(self, other: "Share") -> bool:
        """Whether fewer are enough."""
        return (self.of_all, self.strictly) < (other.of_all, other.strictly)


def read_share(text: str) -> Share:
    """A share as it is written.

    Raises:
        ValueError: it is written otherwise, or nobody can reach it.
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError("is written like “more than 1/2” or “at least 2/3”")
    share = Share(Fraction(int(written[2]), int(written[3])), written[1] == "more than")
    if not share.reached(share.of_all.denominator, share.of_all.denominator):
        raise ValueError("is more than everybody")
    return share
