"""What does not stay for good: each kind with its days, and the query and act by which it goes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.place_settings import PlaceSettings
from services.identification.retention import (
    answered,
    applied,
    delivered,
    exchanged,
    rosters,
    visited,
)
from shared import idempotency
from shared.tables import read_table

TABLE: Final = Path(__file__).with_name("kinds.yaml")

TakeAway = Callable[[AsyncSession, Path, Sequence[UUID], datetime], Awaitable[None]]

_ACTS: Final[Mapping[str, tuple[str, TakeAway | None]]] = {
    "roster-files": (rosters.FILES, rosters.forget_files),
    "roster-returns": (rosters.RETURNS, rosters.forget_returns),
    "open-deliveries": (delivered.OPEN, delivered.end_open),
    "delivered-lists": (delivered.UPLOADS, delivered.forget_uploads),
    "keyed-lists": (delivered.KEYED, delivered.forget_keyed),
    "compared-people": (delivered.PEOPLE, delivered.forget_people),
    "people-lists": (applied.LISTS, applied.forget_lists),
    "survey-lists": (visited.LISTS, visited.forget_lists),
    "survey-packages": (visited.PACKAGES, visited.forget_packages),
    "exchange-files": (exchanged.FILES, exchanged.forget_files),
    "drafts": (applied.DRAFTS, applied.forget_drafts),
    "applicants": (applied.APPLICANTS, applied.forget_applicants),
    "answers": (answered.HELD, None),
}


class KindsUnreadable(Exception):
    """The table of what goes when cannot be used."""


@dataclass(frozen=True)
class Kind:
    """One kind: `held` selects `id` and `since` of whatever nothing stands on any more.

    What every process takes away by itself has no act here, and no days of the place.
    """

    name: str
    days: str | None
    words: Mapping[str, Mapping[str, str]]
    held: str
    take_away: TakeAway | None

    def kept_days(self, settings: PlaceSettings) -> int:
        """How many days it is kept."""
        return idempotency.KEPT_DAYS if self.days is None else settings.number(self.days)


@lru_cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in the order of its table.

    Raises:
        KindsUnreadable: a kind has no act, or an act no kind.
    """
    table: dict[str, Any] = read_table(TABLE, KindsUnreadable)
    acts = {(name, act is not None) for name, (_, act) in _ACTS.items()}
    if said := acts ^ {(name, "days" in words) for name, words in table.items()}:
        raise KindsUnreadable(f"{TABLE}: {sorted({name for name, _ in said})}")
    return tuple(
        Kind(
            name=name,
            days=said.get("days"),
            words={word: said[word] for word in ("name", "from", "stays", "goes", "source")},
            held=_ACTS[name][0],
            take_away=_ACTS[name][1],
        )
        for name, said in table.items()
    )
