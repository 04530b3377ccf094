"""What a village's month says: who was not paid and why, and what each household's card shows.

Sums are benefits', what became of them is payments', names are identification's; they meet here
and are kept nowhere.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, Self

from fastapi import Request

from gateway import reckoning, words
from gateway.pages import month_words, yuan_words
from shared.callers import Caller
from shared.calls import Peer
from shared.ids import new_id
from shared.problems import NotFound

LENT: Final[Mapping[str, str]] = {
    "identification": "people:read",
    "benefits": "lines:read",
    "payments": "payouts:read",
}
"""What the gateway asks each service for in the name of whoever reads: of this village, no more."""
_NAMES_AT_ONCE: Final = 1000
_PAGE: Final = 500
_WORKINGS_AT_ONCE: Final = 8

Line = Mapping[str, Any]


class NoSuchVillage(NotFound):
    """There is no such village here."""


@dataclass(frozen=True)
class VillageMonth:
    """One village in one pay month, and the services that are asked of it."""

    village: str
    month: str
    peers: Mapping[str, Peer]

    @classmethod
    def of(cls, request: Request, caller: Caller, village: str, month: str) -> Self:
        """The month of a village of the caller's areas.

        Raises:
            NoSuchVillage: it is not of them.
        """
        if not caller.may_see(village):
            raise NoSuchVillage()
        return cls(
            village,
            month,
            {
                name: request.app.state.peers[name].on_behalf_of(
                    replace(caller, scopes=frozenset({scope}), areas=(village,))
                )
                for name, scope in LENT.items()
            },
        )

    async def granted(self) -> dict[str, Any]:
        """What closed runs say of its households."""
        path = f"/villages/{self.village}/months/{self.month}"
        found: dict[str, Any] = await self.peers["benefits"].get(path)
        return found

    async def unpaid(self, granted: Mapping[str, Any]) -> dict[str, Any]:
        """Everybody whose money did not arrive, is held, is not known yet, or has ended."""
        failed, held = await asyncio.gather(self._all("/failures"), self._all("/holds"))
        everybody = [*failed, *held, *granted["held"], *granted["gone"]]
        names = await self.names(everybody)
        return {
            "failed": [
                {**_who(each, names), **_failure(each["reason"]), "fen": each["amount_fen"]}
                for each in failed
            ],
            "held": [
                {
                    **_who(each, names),
                    "why": words.HOLD_REASONS.get(each["reason"], each["reason"]),
                    "until": each["limit_on"],
                    "fen": each["amount_fen"],
                }
                for each in held
            ],
            "unknown": [
                {**_who(each, names), "why": each["words"]["zh"], "until": each["limit_on"]}
                for each in granted["held"]
                if each["released_at"] is None
            ],
            "gone": [
                {**_who(each, names), "why": _because(each), "fen": each["last_fen"]}
                for each in granted["gone"]
            ],
        }

    async def paid(self, granted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Each household that is granted something, and how much together."""
        lines = granted["lines"]
        names = await self.names(lines)
        return [
            {
                "household_id": key,
                "head": names.get(key, ""),
                "fen": sum(line["amount_fen"] for line in of_one),
            }
            for key, of_one in _by_household(lines)
        ]

    async def cards(self, household: str | None = None) -> list[dict[str, Any]]:
        """A card for each household that is or was granted something, or for one of them."""
        granted = await self.granted()
        lines = [each for each in granted["lines"] if household in (None, each["household_id"])]
        gone = [each for each in granted["gone"] if household in (None, each["household_id"])]
        names = await self.names([*lines, *gone])
        workings = await self._workings(lines)
        paid = {key: list(each) for key, each in _by_household(lines)}
        ended = {key: list(each) for key, each in _by_household(gone)}
        return [
            {
                "household_id": key,
                "head": names.get(key, ""),
                "total": yuan_words(sum(line["amount_fen"] for line in paid.get(key, ()))),
                "lines": [
                    _line(line, workings[line["line_id"]], names) for line in paid.get(key, ())
                ],
                "gone": [
                    f"{words.programme(each['programme'])}：上月{yuan_words(each['last_fen'])}，"
                    f"这个月没有。{_because(each)}。"
                    for each in ended.get(key, ())
                ],
            }
            for key in sorted({*paid, *ended})
        ]

    async def names(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Whom these rows are about, and the heads of their households, by id."""
        ids = sorted({row[key] for row in rows for key in ("beneficiary_id", "household_id")})
        found: dict[str, str] = {}
        for first in range(0, len(ids), _NAMES_AT_ONCE):
            part = {"ids": ids[first : first + _NAMES_AT_ONCE]}
            said = await self.peers["identification"].post("/people/names", part, key=str(new_id()))
            found |= said["names"]
        return found

    async def _all(self, path: str) -> list[dict[str, Any]]:
        pages = self.peers["payments"].pages(path, {"pay_month": self.month}, limit=_PAGE)
        return [each async for page in pages for each in page]

    async def _workings(self, lines: Sequence[Line]) -> dict[str, dict[str, Any]]:
        """How each line was reckoned, a few asked for at once."""
        turns = asyncio.Semaphore(_WORKINGS_AT_ONCE)

        async def ask(line_id: str) -> tuple[str, dict[str, Any]]:
            async with turns:
                return line_id, await self.peers["benefits"].get(f"/lines/{line_id}/workings")

        return dict(await asyncio.gather(*(ask(line["line_id"]) for line in lines)))


def _by_household(rows: Sequence[Line]) -> Any:
    return groupby(
        sorted(rows, key=lambda each: str(each["household_id"])), key=lambda e: e["household_id"]
    )


def _who(row: Line, names: Mapping[str, str]) -> dict[str, str]:
    """Whose money it is, and which."""
    month = month_words(row["month"]) if row.get("month") else ""
    return {
        "name": names.get(row["beneficiary_id"], names.get(row["household_id"], "")),
        "what": f"{month}{words.programme(row['programme'])}",
    }


def _failure(reason: str | None) -> dict[str, str]:
    failure = words.failure(reason)
    return {"why": failure.why, "bring": failure.bring}


def _because(change: Line) -> str:
    reason = str(change["reason"])
    return words.CHANGE_REASONS.get(reason, reason)


def _line(line: Line, told: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A sum on a card: how much, how it was reckoned, and how it stands to last month."""
    main = [step for step in reckoning.steps(told["workings"], names) if step["is_main"]]
    person = names.get(line["beneficiary_id"], "") if line["beneficiary_kind"] == "person" else ""
    arrears = f"（{words.cause(line['cause'])}）" if line["kind"] == "arrears" else ""
    return {
        "what": f"{month_words(line['month'])}{words.programme(line['programme'])}{arrears}",
        "whose": person,
        "sum": yuan_words(line["amount_fen"]),
        "steps": [
            f"{step['label']}：{step['shown']}"
            + (f"（{step['arithmetic']}）" if step["arithmetic"] else "")
            for step in main
        ],
        "last": _last(line),
    }


def _last(line: Line) -> str:
    """Last month's sum, and why this one differs."""
    change = line["change"]
    if change is None:
        return ""
    if change == "same":
        return f"上月也是{yuan_words(line['last_fen'])}。"
    why = _because(line)
    if line["last_fen"] is None:
        return f"上月没有，这个月开始有：{why}。"
    difference = yuan_words(abs(line["amount_fen"] - line["last_fen"]))
    return f"上月{yuan_words(line['last_fen'])}，{words.CHANGES[change]}{difference}：{why}。"
