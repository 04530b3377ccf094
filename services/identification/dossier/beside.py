"""Entries of registers and alerts about the same people, for whoever may know of each."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import same_people
from services.identification.comparison import alerts, traces
from services.identification.comparison.kinds import read_kinds
from services.identification.desk import Desk
from services.identification.dossier.whom import Whom
from services.identification.grammar.acts import Words
from services.identification.models import Alert, CasePerson, RegisterEntry
from services.identification.registers import leads_on, lists
from services.identification.registers.standing import content_of, seen_by, there_for
from services.identification.registers.tables import all_registers


async def entries(desk: Desk, whom: Whom, case_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """What registers say of them: by household, by person, by case; the newest first."""
    ids = [str(each) for each in (*whom.home_ids, *whom.people, *case_ids)]
    readable = [
        kind
        for kind, table in all_registers().items()
        if any(desk.caller.has(scope) for scope in table.read)
    ]
    found = await desk.session.exec(
        select(RegisterEntry)
        .where(
            col(RegisterEntry.about).in_(ids),
            col(RegisterEntry.kind).in_(readable),
            there_for(desk.caller),
        )
        .order_by(col(RegisterEntry.id).desc())
        .limit(lists.PAGE_MAX)
    )
    return [
        {
            **lists.row(desk, table, each),
            "name": table.words.both(),
            "leads_to": seen_by(desk.caller, table, content_of(desk, each)).get(leads_on.CASE),
        }
        for each in found
        for table in [all_registers()[each.kind]]
    ]


async def raised(
    desk: Desk, whom: Whom, case_ids: Collection[UUID], names: Mapping[str, Words]
) -> list[dict[str, Any]]:
    """The alerts about them, the newest first, for those who look into alerts."""
    if not any(desk.caller.has(scope) for scope in traces.LOOKING):
        return []
    # Of an application a person is known by their row, and the household by the case.
    rows = await desk.session.exec(
        select(col(CasePerson.id)).where(
            same_people.members_of(case_ids), col(CasePerson.id_index).in_(whom.indexes)
        )
    )
    subjects = [*whom.home_ids, *whom.people, *case_ids, *rows]
    found = await desk.session.exec(
        select(Alert)
        .where(col(Alert.county) == desk.caller.county, col(Alert.subject_id).in_(subjects))
        .order_by(col(Alert.id).desc())
        .limit(lists.PAGE_MAX)
    )
    return [
        alerts.row(each, read_kinds(), names, desk.today)
        for each in found
        if desk.caller.may_see(each.village)
    ]
