"""What became of claims: how many came in, moved and left, and what was not taken."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Conflict(StrEnum):
    """Why a list does not put somebody where it says, or what of it is not taken."""

    DEAD = "recorded-dead"
    DECIDED_OTHERWISE = "decided-otherwise"
    REGISTERED_OTHERWISE = "registered-otherwise"


@dataclass
class Settled:
    """What became of claims; the people, and what was not taken, by the place of each claim."""

    entered: int = 0
    moved: int = 0
    same: int = 0
    left: int = 0
    weaker: int = 0
    people: list[UUID | None] = field(default_factory=list)
    conflicts: dict[int, Conflict] = field(default_factory=dict)

    def add(self, more: "Settled") -> None:
        """What became of the claims that follow."""
        place = len(self.people)
        self.entered += more.entered
        self.moved += more.moved
        self.same += more.same
        self.left += more.left
        self.weaker += more.weaker
        self.people += more.people
        self.conflicts |= {place + at: why for at, why in more.conflicts.items()}

    def counts(self) -> dict[str, int]:
        """How many of each, for the record."""
        return {
            "entered": self.entered,
            "moved": self.moved,
            "same": self.same,
            "left": self.left,
            "weaker": self.weaker,
            "conflicts": len(self.conflicts),
        }
