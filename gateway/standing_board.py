"""The standing board: who is on the list, as identification says, and the sum, as benefits says.

Joined by opaque ids, shown by the door's allow-list, kept nowhere. A sum that is not certain is not
shown: with benefits away the board says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from fastapi import Request

from gateway.pages import month_words, yuan_words
from gateway.shown import GRANTED, only
from shared.calls import Peer
from shared.problems import Problem

NONE: Final = "—"
AWAY: Final = "金额现在查不到，请过一会儿再看。"
AWAY_EN: Final = "The sums cannot be read just now; look again later."
KNOWN: Final = "月补助是写明的那个月算定的数；没有算定的写“—”。"
KNOWN_EN: Final = "Each sum is what was settled for its month; a dash where none was."


@dataclass(frozen=True)
class Sums:
    """What a board may show of money: whose, for what, for which month; or that it is not known."""

    found: Mapping[tuple[str, str], tuple[str, int]]
    is_known: bool

    @classmethod
    async def of(cls, request: Request, area: str) -> Self:
        """The sums of a village or township, asked as the door itself."""
        benefits: Peer = request.app.state.peers["benefits"]
        try:
            said = await benefits.get(f"/areas/{area}/board-sums")
        except Problem:
            return cls({}, is_known=False)
        return cls(
            {
                (each["beneficiary_id"], each["programme"]): (each["month"], each["amount_fen"])
                for each in said["sums"]
            },
            is_known=True,
        )

    @property
    def words(self) -> str:
        """What stands under the board of its sums."""
        return KNOWN if self.is_known else AWAY

    @property
    def words_en(self) -> str:
        """The same in English."""
        return KNOWN_EN if self.is_known else AWAY_EN

    def lines(self, said: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The lines of a board, each with its sum; where there is none, a dash."""
        return [{**only(GRANTED, each), "sum": self._sum(each)} for each in said]

    def _sum(self, line: Mapping[str, Any]) -> str:
        of = (str(line.get("beneficiary_id")), str(line.get("programme")))
        if of not in self.found:
            return NONE
        month, fen = self.found[of]
        return f"{yuan_words(fen)}（{month_words(month)}）"
