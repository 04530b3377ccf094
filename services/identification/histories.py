"""Everything that was decided of one household as a whole, and which months each decision speaks
for: of what is decided for a month, what was recorded last.

A decision that reaches back before the last one is recorded once for each stretch of months in
which something else spoke: what it names is laid over how the household stood in them. The last of
these is how it stands; the others say over which one each was laid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import determinations
from services.identification.models import Determination
from shared.months import Month
from shared.secrets import KeyRing

LAID_OVER: Final = "laid_over"
"""The word of a decision for earlier months than the last one's, under which stands what spoke for
them before: its id, or none where nothing did."""
UNDOES: Final = "undoes"
"""The word of a decision by which what was decided under some numbers is as it was before."""
GAVE_WAY: Final = "gave_way"
"""The word of a decision under which stands what it says of facts that others decided otherwise by
then: it counts once those decisions are undone."""
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Recorded:
    """One decision as it is recorded, with what it was laid over; nothing, where it is the first.

    `is_earlier`: it speaks for months before those of another that was recorded with it.
    """

    id: UUID
    recorded_at: datetime
    from_month: Month
    content: Content
    before: "Recorded | None"
    is_earlier: bool

    @property
    def number(self) -> str:
        """The number it was decided under."""
        return str(self.content["decision_number"])

    @property
    def is_undoing(self) -> bool:
        """Whether by it something is as it was before, and nothing else is decided."""
        return UNDOES in self.content

    def line(self) -> list[Content]:
        """How the household stood in these months by each decision on them, this the last."""
        earlier = self.before.line() if self.before else []
        return [*earlier, self.content]


@dataclass(frozen=True)
class Stretch:
    """Months for which one decision speaks, from the first on; none, where nothing was decided."""

    first: Month
    by: Recorded | None

    @property
    def content(self) -> Content | None:
        """How the household stands in them, where anything was decided."""
        return self.by.content if self.by else None


@dataclass(frozen=True)
class History:
    """All that was decided of a household, the first first."""

    recorded: Sequence[Recorded]

    @classmethod
    async def read(cls, session: AsyncSession, keys: KeyRing, household_id: UUID) -> Self:
        """As it lies in the database; without what is given once."""
        rows = await session.exec(
            select(Determination)
            .where(
                col(Determination.household_id) == household_id,
                col(Determination.programme).is_(None),
            )
            .order_by(col(Determination.id))
        )
        found: dict[str, Recorded] = {}
        stands: Recorded | None = None
        for row in rows:
            content = determinations.unseal(row.id, row.content_sealed, keys)
            is_earlier = LAID_OVER in content
            before = found.get(str(content[LAID_OVER])) if is_earlier else stands
            month = Month.parse(row.from_month)
            one = Recorded(row.id, row.recorded_at, month, content, before, is_earlier)
            found[str(row.id)] = one
            stands = stands if is_earlier else one
        return cls(list(found.values()))

    def in_turn(self) -> Iterator[Recorded]:
        """Each decision once, by how the household stood with it: what it was laid over is the one
        before it."""
        yield from (each for each in self.recorded if not each.is_earlier)

    def stretches(self, from_month: Month) -> list[Stretch]:
        """What speaks for each month from one on, the first months first."""
        found: list[Stretch] = []
        spoken: Month | None = None
        for each in reversed(self.recorded):
            if spoken is None or each.from_month < spoken:
                found.append(Stretch(max(each.from_month, from_month), each))
                spoken = each.from_month
            if spoken <= from_month:
                break
        if spoken is None or from_month < spoken:
            found.append(Stretch(from_month, None))
        return found[::-1]
