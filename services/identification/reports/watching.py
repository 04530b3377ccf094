"""Whom the low-income database held, what the province asked, and what our own lists raised: the
books of watching."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy import ARRAY, Text, any_, bindparam, or_, text
from sqlmodel import col, select

from services.identification import registrations
from services.identification.comparison.alerts import WATCHED
from services.identification.comparison.as_it_stood import AlertStood
from services.identification.desk import Desk
from services.identification.models import Alert, AlertAct
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period
from shared.database import among, run
from shared.months import COUNTY_ZONE

LOW_INCOME: Final = ("group", "registration", "arrived")
ASKED: Final = ("list", "arrived", "stage", "late")
ALERTS: Final = ("kind", "arrived", "answered", "stage", "outcome", "late", "days")
DAYS: Final = {"week": 7, "month": 30}
"""Until how many days an alert took it is told under which word; beyond, as longer."""
LISTS: Final = {"warnings", "doubles", "verification-request"}
_HELD: Final = text("""
    SELECT who.id, who.village, who.registration, stay.group_name, stay.since, lives.household_id
    FROM low_income_person who
    JOIN low_income_entry stay ON stay.holder_id = who.id
        AND stay.since <= :on AND (stay.until IS NULL OR stay.until >= :on)
        AND (stay.valid_until IS NULL OR stay.valid_until >= :on)
    LEFT JOIN person ON person.county = who.county AND person.id_index = who.id_index
    LEFT JOIN membership lives ON lives.person_id = person.id AND lives.until IS NULL
    WHERE who.village LIKE ANY(CAST(:areas AS text[]))
""")
_ASKED: Final = text("""
    SELECT id, template, village, asked_on, answered_on, due_on
    FROM exchange_item
    WHERE village LIKE ANY(CAST(:areas AS text[]))
        AND asked_on <= :on AND (answered_on IS NULL OR answered_on >= :since)
""")


async def held(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Everybody who is in a group of the low-income database at the end of the period."""
    first, on = _first_and_last(period, desk.today)
    rows = [
        (
            str(row.id),
            str(row.household_id) if row.household_id else NONE,
            row.village,
            row.group_name,
            registrations.word_of(row.registration),
            "yes" if row.since >= first else "no",
        )
        for row in await run(desk.session, _HELD, {"on": on, "areas": _like(areas)})
    ]
    return Book.of(LOW_INCOME, rows)


async def asked(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Everything the province asked us, or we asked it, that was open on a day of the period."""
    first, on = _first_and_last(period, desk.today)
    rows = []
    for row in await run(desk.session, _ASKED, {"since": first, "on": on, "areas": _like(areas)}):
        answered = row.answered_on is not None and row.answered_on <= on
        end = row.answered_on if answered else on
        rows.append(
            (
                str(row.id),
                NONE,
                row.village,
                row.template if row.template in LISTS else "other",
                "yes" if row.asked_on >= first else "no",
                "answered" if answered else "open",
                "yes" if row.due_on < end else "no",
            )
        )
    return Book.of(ASKED, rows)


async def raised(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Every alert of our own comparisons that was open on a day of the period, as it stood when
    that ended. Whose it is stands in no row: which list somebody is on is for others to read."""
    first, on = _first_and_last(period, desk.today)
    begins = datetime.combine(first, time(), COUNTY_ZONE)
    alerts = await desk.session.exec(
        select(Alert).where(
            col(Alert.village).like(any_(bindparam("areas", _like(areas), ARRAY(Text)))),
            col(Alert.raised_on) <= on,
            or_(col(Alert.closed_at).is_(None), col(Alert.closed_at) >= begins),
        )
    )
    known = {each.id: each for each in alerts}
    acts = await desk.session.exec(
        select(AlertAct)
        .where(among(col(AlertAct.alert_id), known))
        .order_by(col(AlertAct.alert_id), col(AlertAct.number))
    )
    done = {of: list(theirs) for of, theirs in groupby(acts, key=attrgetter("alert_id"))}
    rows = []
    for alert in known.values():
        at = AlertStood.after(desk, alert, done.get(alert.id, ()), on)
        if at.closed_on is not None and at.closed_on < first:
            continue
        settled_on = at.settled_on
        stage = "open" if settled_on is None else "answered"
        rows.append(
            (
                str(alert.id),
                NONE,
                alert.village,
                alert.kind,
                "yes" if alert.raised_on >= first else "no",
                "yes" if settled_on is not None and settled_on >= first else "no",
                WATCHED if at.state == WATCHED else stage,
                at.outcome(desk) or NONE,
                "yes" if at.is_late(first, on) else "no",
                NONE if settled_on is None else _days((settled_on - alert.raised_on).days),
            )
        )
    return Book.of(ALERTS, rows)


def _days(taken: int) -> str:
    return next((word for word, most in DAYS.items() if taken <= most), "longer")


def _first_and_last(period: Period, today: date) -> tuple[date, date]:
    """The first day of a period, and the one it is told of: its last, or the newest there is."""
    first = period.first.first_day()
    return first, min(max(today, first), period.last.last_day())


def _like(areas: Sequence[str]) -> list[str]:
    return [f"{area}%" for area in areas]
