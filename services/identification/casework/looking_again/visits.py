"""Which household was seen at home on which day, by every visit that was signed, whatever for.

The day is that of the visit, never the one on which it was typed in. A visit is an application's, a
change's or a review's, a check of the township or the county, or what a round found.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.identification.areas import within
from services.identification.casework.paths import ONCE, UNDECIDED, all_paths
from services.identification.casework.visits import CHECKS
from services.identification.desk import Desk
from services.identification.grammar.rows import words_of
from services.identification.models import CaseAct, CaseFile, Household, RoundHousehold

HEARD: Final = ("upheld", "won")
"""How an appeal ends that was heard, and left nothing to be decided again."""
_DAY: Final = "visited_on"
_VISIT: Final = "survey_id"


@dataclass(frozen=True)
class Visit:
    """A household was seen on a day; settled, where what it lives on was looked at to the end."""

    household_id: UUID
    on: date
    is_settled: bool


async def since(desk: Desk, day: date, areas: Sequence[str]) -> list[Visit]:
    """Every visit to a household that lives in these areas now, made on a day or later, and signed,
    wherever it lived then."""
    of_cases = [each async for each in _of_cases(desk, day, areas)]
    return [*of_cases, *await _of_rounds(desk, day, areas)]


async def last_settled(desk: Desk, day: date, areas: Sequence[str]) -> dict[UUID, date]:
    """The last day since then on which what each household lives on was looked at, to the end: at
    home, or by whoever heard its appeal."""
    found: dict[UUID, date] = {}
    for each in [*await since(desk, day, areas), *await _of_appeals(desk, day, areas)]:
        if each.is_settled:
            found[each.household_id] = max(each.on, found.get(each.household_id, each.on))
    return found


@lru_cache
def _acts() -> frozenset[str]:
    """The acts that say on which day somebody was visited, and those that sign them."""
    named = {
        act.name
        for path in all_paths().values()
        for act in path.acts.values()
        if _DAY in act.fields
    }
    return frozenset({*named, "sign-survey"})


async def _of_cases(desk: Desk, day: date, areas: Sequence[str]) -> AsyncIterator[Visit]:
    # A visit is typed in on its day or later, so what was typed earlier is of an earlier day.
    rows = await desk.session.exec(
        select(CaseAct, CaseFile.household_id, CaseFile.state, CaseFile.category)
        .join(CaseFile, col(CaseFile.id) == col(CaseAct.case_id))
        .join(Household, col(Household.id) == col(CaseFile.household_id))
        .where(
            col(CaseAct.act).in_(_acts()),
            col(CaseAct.done_on) >= day,
            within(areas, col(Household.village)),
        )
    )
    visits: dict[str, Visit] = {}
    hands: dict[str, set[str]] = defaultdict(set)
    for act, household_id, state, category in rows:
        assert household_id is not None, "the join asks for one"
        words = words_of(desk.keys, act)
        on = date.fromisoformat(str(words.get(_DAY, date.min)))
        visit = Visit(household_id, on, _settles(category, state))
        if act.act in CHECKS:
            if on >= day:
                yield visit
            continue
        name = str(words[_VISIT])
        hands[name].add(act.person)
        if _DAY in words:
            visits[name] = visit
    for name, visit in visits.items():
        if visit.on >= day and len(hands[name]) >= desk.settings.number("investigators_min"):
            yield visit


def _settles(category: str, state: str) -> bool:
    """Whether a case looked at what a household lives on, and came to its end."""
    ends = all_paths()[category].states[state].ends and state not in UNDECIDED
    return ends and _asks_for_means(category)


def _asks_for_means(category: str) -> bool:
    survey = all_paths()[category].acts.get("survey")
    return survey is not None and "means" in survey.fields


def _is_once(category: str) -> bool:
    grant = all_paths()[category].grant
    return grant is not None and grant.whose == ONCE


async def _of_rounds(desk: Desk, day: date, areas: Sequence[str]) -> list[Visit]:
    rows = await desk.session.exec(
        select(col(RoundHousehold.household_id), col(RoundHousehold.visited_on))
        .join(Household, col(Household.id) == col(RoundHousehold.household_id))
        .where(
            col(RoundHousehold.visited_on) >= day,
            col(RoundHousehold.signed_on).is_not(None),
            within(areas, col(Household.village)),
        )
    )
    return [Visit(home, on, is_settled=True) for home, on in rows if home and on]


async def _of_appeals(desk: Desk, day: date, areas: Sequence[str]) -> list[Visit]:
    about = aliased(CaseFile)
    rows = await desk.session.exec(
        select(about.household_id, col(CaseFile.state_since), about.category)
        .join(about, col(about.id) == col(CaseFile.about_case_id))
        .join(Household, col(Household.id) == col(about.household_id))
        .where(
            col(CaseFile.state).in_(HEARD),
            col(CaseFile.state_since) >= day,
            within(areas, col(Household.village)),
        )
    )
    return [Visit(home, on, is_settled=not _is_once(of)) for home, on, of in rows if home]
