"""A township's table goes to the county: by its day of the year, and what comes later is marked."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select

from services.identification.low_income.entries import Hand
from services.identification.low_income.records import row
from services.identification.models import LowIncomeEntry, LowIncomeFiling, LowIncomePerson
from services.identification.place_settings import PlaceSettings
from services.identification.places import Place
from shared import audit
from shared.callers import Caller
from shared.database import new_id, run
from shared.problems import Conflict, Malformed, NotFound


class NothingToFile(Conflict):
    """Everybody of this township's table is filed already."""


class NoSuchTown(Malformed):
    """There is no such township of your area."""


class NoSuchFiling(NotFound):
    """There is no such filing here."""


def due_on(settings: PlaceSettings, year: int) -> date:
    """The day of a year by which tables are filed."""
    return date.fromisoformat(f"{year}-{settings.words['low_income_filing_day']}")


async def file(
    hand: Hand, settings: PlaceSettings, caller: Caller, place: Place, town: str
) -> dict[str, Any]:
    """File whoever is in a group and not filed yet; after the day it is marked late.

    Raises:
        NoSuchTown: it is not of the caller's area.
        NothingToFile: everybody is filed.
    """
    if town not in place.towns or not caller.may_see(town):
        raise NoSuchTown()
    day = due_on(settings, hand.today.year)
    filing = LowIncomeFiling(
        county=hand.county,
        id=(filing_id := new_id()),
        town=town,
        year=hand.today.year,
        due_on=day,
        filed_on=hand.today,
        filed_at=hand.now,
        filed_by=hand.actor,
        late=hand.today > day,
    )
    people = select(col(LowIncomePerson.id)).where(col(LowIncomePerson.village).startswith(town))
    marked = await run(
        hand.session,
        update(LowIncomeEntry)
        .where(
            col(LowIncomeEntry.until).is_(None),
            col(LowIncomeEntry.filing_id).is_(None),
            col(LowIncomeEntry.holder_id).in_(people),
        )
        .values(filing_id=filing_id),
    )
    if not marked.rowcount:
        raise NothingToFile()
    filing.entries = marked.rowcount
    hand.session.add(filing)
    await hand.session.flush()
    await audit.record(
        hand.session,
        hand.county,
        actor=hand.actor,
        act="low-income-filed",
        subject=str(filing_id),
        details={"town": town, "entries": filing.entries, "late": filing.late},
    )
    return _shown(filing, place)


async def listed(
    hand: Hand, settings: PlaceSettings, caller: Caller, place: Place, year: int
) -> dict[str, Any]:
    """What was filed in a year, town by town, and who waits to be filed."""
    filings = await hand.session.exec(
        select(LowIncomeFiling)
        .where(col(LowIncomeFiling.year) == year)
        .order_by(col(LowIncomeFiling.town), col(LowIncomeFiling.filed_at))
    )
    town_of = func.left(col(LowIncomePerson.village), 9)
    waiting = await hand.session.exec(
        select(town_of, func.count())
        .join(LowIncomeEntry, col(LowIncomeEntry.holder_id) == col(LowIncomePerson.id))
        .where(col(LowIncomeEntry.until).is_(None), col(LowIncomeEntry.filing_id).is_(None))
        .group_by(town_of)
        .order_by(town_of)
    )
    day = due_on(settings, year)
    return {
        "year": year,
        "due_on": day.isoformat(),
        "overdue": hand.today > day,
        "filings": [_shown(each, place) for each in filings if caller.may_see(each.town)],
        "waiting": [
            {"town": town, "town_name": place.towns.get(town, ""), "entries": number}
            for town, number in waiting
            if caller.may_see(town)
        ],
    }


async def show(hand: Hand, caller: Caller, place: Place, filing_id: UUID) -> dict[str, Any]:
    """One filing with its table, village by village.

    Raises:
        NoSuchFiling: there is none, or it is not of the caller's area.
    """
    filing = await hand.session.get(LowIncomeFiling, filing_id)
    if filing is None or not caller.may_see(filing.town):
        raise NoSuchFiling()
    rows = await hand.session.exec(
        select(LowIncomePerson, LowIncomeEntry)
        .join(LowIncomeEntry, col(LowIncomeEntry.holder_id) == col(LowIncomePerson.id))
        .where(col(LowIncomeEntry.filing_id) == filing_id)
        .order_by(col(LowIncomePerson.village), col(LowIncomePerson.id))
    )
    return {
        **_shown(filing, place),
        "items": [row(person, entry, place, hand.today) for person, entry in rows],
    }


def _shown(filing: LowIncomeFiling, place: Place) -> dict[str, Any]:
    return {
        "filing_id": str(filing.id),
        "town": filing.town,
        "town_name": place.towns.get(filing.town, ""),
        "year": filing.year,
        "due_on": filing.due_on.isoformat(),
        "filed_on": filing.filed_on.isoformat(),
        "filed_by": filing.filed_by,
        "entries": filing.entries,
        "late": filing.late,
    }
