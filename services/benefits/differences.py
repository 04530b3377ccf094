"""Owed less granted: the one sum by which a month of a beneficiary is put right.

What was proposed for recovery and stands is counted, so it is not proposed twice; if the money
turns out to be owed after all, the proposal is taken back first and only the rest is paid. A
recovery is never netted against anything else.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

SHA256_BITS: Final = 256
_RUN_BITS: Final = 34
_PLACE_BITS: Final = 40


class Key(NamedTuple):
    """What a difference is unique by, but for its number."""

    beneficiary_id: str
    programme: str
    month: str


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier runs have granted and proposed for one beneficiary, programme and month."""

    beneficiary_kind: str
    household_id: str
    village: str
    budget_item: str
    granted_fen: int
    proposed_fen: int
    differences: int


@dataclass(frozen=True, slots=True)
class Found:
    """The difference: a sum to pay, or a sum proposed (negative) or taken back (positive)."""

    number: int
    line_fen: int
    recovery_fen: int


def find(owed_fen: int, before: Before | None) -> Found | None:
    """The difference between what is owed and what was granted; None when there is none."""
    assert owed_fen >= 0, "the law owes nothing below zero"
    if before is None:
        return Found(1, owed_fen, 0) if owed_fen else None
    missing = owed_fen - before.granted_fen - before.proposed_fen
    if missing == 0:
        return None
    taken_back = min(missing, -before.proposed_fen) if missing > 0 else missing
    return Found(before.differences + 1, max(missing - taken_back, 0), taken_back)


class Numbering:
    """Ids of a run's lines: the same for the same snapshot, in the list's order, never reused.

    UUIDv8 (RFC 9562): the run's own milliseconds, 34 bits of the hash of run and attempt, and 40
    bits of place. So a replay gives the same ids, and indexes grow at one end.
    """

    def __init__(self, run_id: UUID, attempt: int) -> None:
        digest = hashlib.sha256(f"{run_id}:{attempt}".encode()).digest()
        mark = int.from_bytes(digest) >> (SHA256_BITS - _RUN_BITS)
        milliseconds = run_id.int >> 80
        high = mark >> (_RUN_BITS - 12)
        low = mark & ((1 << (_RUN_BITS - 12)) - 1)
        self._head = milliseconds << 80 | 8 << 76 | high << 64 | 2 << 62 | low << _PLACE_BITS

    def at(self, place: int) -> UUID:
        """The id at a place of the list."""
        assert 0 <= place < 1 << _PLACE_BITS
        return UUID(int=self._head | place)
