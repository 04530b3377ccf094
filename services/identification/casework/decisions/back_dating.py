"""How far back a decision may reach: to when it was asked for, or to what it is about.

What is owed from an earlier month is paid in arrears. So no decision and no appeal names a month
before the application was handed in, before what a change is about, or before anything was decided
of the household.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.casework.tools import Tools
from services.identification.models import Determination
from shared.months import Month, civil_date
from shared.problems import Conflict

_HANDED_IN: Final = ("submit", "report")
_SAID: Final = ("since", "until", "died_on", "away_from", "back_on", "moved_on", "found_on")
"""By what words of a request it is about something that was so earlier."""
_NAMED: Final = "from_month"


class TooFarBack(Conflict):
    """This month lies before what the decision is about."""


async def refuse_too_far_back(tools: Tools, at: Standing, month: Month) -> None:
    """No decision of a case reaches back further than there is ground for.

    Raises:
        TooFarBack: it would.
    """
    first = earliest(at)
    if at.path.grant is None and at.case.household_id is not None:
        decided = await _first_decided(tools.session, at)
        opened = Month.of(civil_date(at.case.opened_at))
        first = max(first, min(decided, opened)) if decided else first
    if month < first:
        raise TooFarBack(f"{first} at the earliest", first_month=str(first))


def earliest(at: Standing) -> Month:
    """The month it was handed in; of what is about a household, the first that anybody named."""
    if at.path.grant is None:
        return min((Month.of(civil_date(at.case.opened_at)), *_named(at)))
    handed_in = at.done(*_HANDED_IN)
    begun = at.case.accepted_on or civil_date(at.case.opened_at)
    return Month.of(handed_in[0].done_on if handed_in else begun)


def _named(at: Standing) -> Iterator[Month]:
    """The months of what was said to be so, and of what was decided already."""
    for each in at.acts:
        words = (*_SAID, *((_NAMED,) if DECISION_NUMBER in each.words else ()))
        yield from (_month(each.words, name) for name in words if name in each.words)


def _month(words: Mapping[str, Any], name: str) -> Month:
    return Month.parse(str(words[name])[:7])


async def _first_decided(session: AsyncSession, at: Standing) -> Month | None:
    """From when anything was decided of the household, by anything but this case."""
    numbers = [each.words[DECISION_NUMBER] for each in at.acts if DECISION_NUMBER in each.words]
    statement = select(func.min(col(Determination.from_month))).where(
        col(Determination.household_id) == at.case.household_id,
        col(Determination.programme).is_(None),
        col(Determination.decision_number).not_in(numbers),
    )
    found = (await session.exec(statement)).one()
    return Month.parse(found) if found else None
