"""A programme that goes on from another: what was paid of a month as either counts for both.

A fade-out pays by what was granted of dibao, and is dibao going on. It is decided weeks after it
was found, and may be undone, so a month may be paid as the one and owed as the other. Nobody is
paid such a month twice, nor asked to give back what they may keep: only the difference moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import policies
from services.benefits.differences import Before


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two programmes in a month: what is owed (None: held), and what was granted."""

    owed_fen: int | None
    before: Before | None

    @property
    def stands_fen(self) -> int:
        """What stands granted, less what was proposed for recovery."""
        return self.before.granted_fen + self.before.proposed_fen if self.before else 0

    @property
    def surplus_fen(self) -> int:
        """What stands beyond what is owed; below zero where something is missing."""
        return 0 if self.owed_fen is None else self.stands_fen - self.owed_fen


class Pair(NamedTuple):
    """A programme that pays by what was granted of another, that other, and the fact of it."""

    later: str
    earlier: str
    rests_on: str

    def waits(self, reason: str | None) -> bool:
        """Whether the later is held for no more than what was granted of the earlier."""
        return reason == f"unknown-{self.rests_on}"


def pairs(law: policies.Law, programmes: Sequence[str]) -> list[Pair]:
    """Of these programmes, each that goes on from another of them."""
    found = [
        Pair(pack.name, fact.granted.programme, fact.name)
        for pack in law.packs.values()
        for fact in pack.facts.values()
        if fact.granted
    ]
    return sorted(
        each
        for each in found
        if each.later != each.earlier and {each.later, each.earlier} <= set(programmes)
    )


def counted(missing: Side, other: Side) -> int:
    """How much of what is missing of one was paid as the other, in fen."""
    return max(min(-missing.surplus_fen, other.surplus_fen), 0)


def kept(side: Side, other: Side) -> int:
    """What counts as owed of one in fen, its own or as the other: while the other is held, all that
    stands."""
    assert side.owed_fen is not None, "what is held is not reckoned"
    if other.owed_fen is None:
        return max(side.owed_fen, side.stands_fen)
    return side.owed_fen + counted(other, side) - counted(side, other)
