"""Alerts by area, kind, state and day; how many there are; and the workings of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from services.identification import laws
from services.identification.areas import of_areas
from services.identification.comparison import alert_facts, alerts
from services.identification.comparison.alerts import AlertStanding
from services.identification.comparison.kinds import read_kinds
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import Alert
from services.identification.settings import Settings
from shared.database import run

PAGE_MAX: Final = 100


@dataclass(frozen=True)
class Filter:
    """Which alerts are asked for; each word narrows the list."""

    kind: str | None = None
    state: str | None = None
    area: str | None = None
    month: str | None = None
    assigned_to: str | None = None
    overdue: bool = False
    again: bool = False
    with_closed: bool = False


async def page(
    desk: Desk, asked: Filter, names: Mapping[str, Words], after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Alerts of the caller's areas, the newest first; those that are closed only when asked for."""
    statement = (
        select(Alert)
        .where(*_narrowed(desk, asked))
        .order_by(col(Alert.id).desc())
        .limit(min(limit, PAGE_MAX))
    )
    if after is not None:
        statement = statement.where(col(Alert.id) < after)
    kinds = read_kinds()
    return [
        alerts.row(alert, kinds, names, desk.today) for alert in await desk.session.exec(statement)
    ]


async def counts(desk: Desk, asked: Filter) -> list[dict[str, Any]]:
    """How many there are by kind and state, with the mean of days taken; each opens its list."""
    statement = (
        sa.select(
            col(Alert.kind),
            col(Alert.state),
            sa.func.count().label("count"),
            sa.func.count().filter(_late(desk.today)).label("overdue"),
            sa.func.sum(col(Alert.days_taken)).label("days"),
            sa.func.count(col(Alert.days_taken)).label("done"),
        )
        .where(*_narrowed(desk, asked))
        .group_by(col(Alert.kind), col(Alert.state))
        .order_by(col(Alert.kind), col(Alert.state))
    )
    return [
        {
            "kind": row.kind,
            "state": row.state,
            "count": row._mapping["count"],
            "overdue": row.overdue,
            "days_taken_mean": round(row.days / row.done) if row.done else None,
        }
        for row in await run(desk.session, statement)
    ]


def workings(desk: Desk, settings: Settings, at: AlertStanding) -> list[dict[str, Any]]:
    """Why an alert was raised: reckoned again from the facts kept, by the law of that day.

    Raises:
        LawMissing: the law it was judged by cannot be read as it was.
    """
    alert = at.alert
    law_sha256, facts = alert_facts.kept(
        settings.files_dir, desk.keys, alert.comparison_id, alert.attempt
    )
    law = laws.by_hash(settings, law_sha256)
    household = facts.household(alert.facts_row)
    answers = law.assess(household, alert.month, programmes=[alert.kind])
    about = str(alert.subject_id)
    answer = next(each for each in answers if each.beneficiary_id == about)
    return [each.said() for each in answer.workings]


def _narrowed(desk: Desk, asked: Filter) -> list[ColumnElement[bool]]:
    wanted = [of_areas(desk.caller, col(Alert.village))]
    if asked.kind is not None:
        wanted.append(col(Alert.kind) == asked.kind)
    if asked.state is not None:
        wanted.append(col(Alert.state) == asked.state)
    elif not asked.with_closed:
        wanted.append(col(Alert.closed_at).is_(None))
    if asked.area is not None:
        wanted.append(col(Alert.village).startswith(asked.area))
    if asked.month is not None:
        wanted.append(col(Alert.month) == asked.month)
    if asked.assigned_to is not None:
        wanted.append(col(Alert.assigned_to) == asked.assigned_to)
    if asked.overdue:
        wanted.append(_late(desk.today))
    if asked.again:
        comes_back = col(Alert.state_due_on) <= desk.today
        wanted.append((col(Alert.state) == alerts.WATCHED) & comes_back)
    return wanted


def _late(today: date) -> ColumnElement[bool]:
    return col(Alert.closed_at).is_(None) & (
        or_(col(Alert.due_on) < today, col(Alert.state_due_on) < today)
    )
