"""Whoever comes to live in a household, and what was decided of them where they lived last.

Where that stay ended with the month before they come, all of it comes along: by moving from one
household of the county to another nobody loses what nobody ended. Whoever was elsewhere in between
is granted nothing of their own any more, and applies anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import decisions
from services.identification.casework.paths import PERSON, all_paths, endable
from services.identification.grammar.acts import Words
from services.identification.models import Membership
from shared.months import Month
from shared.secrets import KeyRing


@dataclass(frozen=True)
class Before:
    """What was decided of somebody where they lived last, and whether that goes on."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    goes_on: bool = False

    @property
    def along(self) -> Mapping[str, Any]:
        """What of it comes along."""
        return self.facts if self.goes_on else {}

    @property
    def granted(self) -> Sequence[Words]:
        """What they were granted of their own there, by name."""
        return [
            all_paths()[category].words
            for category, grant in endable().items()
            if grant.whose == PERSON and grant.is_paid(self.facts)
        ]


async def of(session: AsyncSession, keys: KeyRing, person_id: UUID, since: Month) -> Before:
    """What was decided of somebody who has no household and comes into one with a month."""
    statement = (
        select(Membership)
        .where(col(Membership.person_id) == person_id, col(Membership.until).is_not(None))
        .order_by(col(Membership.since).desc())
    )
    stay = (await session.exec(statement)).first()
    if stay is None or stay.until is None:
        return Before()
    last = await decisions.last(session, keys, stay.household_id)
    members = {one["person_id"]: one["facts"] for one in last["members"]} if last else {}
    facts = decisions.decided_of(members.get(str(person_id), {}))
    return Before(facts, decisions.goes_on(stay.until, since))
