"""The list an investigator takes along: whom to visit, what to ask, and a key to sign by."""

import secrets
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import areas, registrations
from services.identification.casework import means, queues, reading
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.id_numbers import masked
from services.identification.means import asked
from services.identification.models import CaseFile, SurveyIssue
from shared.database import new_id
from shared.months import Month
from shared.problems import Forbidden

SURVEY: Final = "survey"
CASES_MAX: Final = 200
KEY_BYTES: Final = 32


class AreaNotYours(Forbidden):
    """The area is not yours."""


async def issue(desk: Desk, area: str | None) -> dict[str, Any]:
    """The visits of the caller's areas that are to be made, and the key they sign them by.

    The key is the investigator's own, and holds for the days the place sets. ID numbers are masked:
    what lies on a device can be lost with it.

    Raises:
        AreaNotYours: the area is not of the caller's.
    """
    if area is not None and not desk.caller.may_see(area):
        raise AreaNotYours()
    issue_id, key = new_id(), secrets.token_hex(KEY_BYTES)
    last_day = desk.settings.add_workdays(desk.today, desk.settings.number("survey_work_days"))
    found = await reading.standings(desk, await _to_visit(desk, area))
    desk.session.add(
        SurveyIssue(
            id=issue_id,
            county=desk.caller.county,
            subject=desk.caller.subject,
            person=desk.caller.person,
            areas=list(desk.caller.areas),
            issued_at=desk.now,
            last_day=last_day,
            key_sealed=desk.keys.encrypt(
                key, table="survey_issue", column="key_sealed", row=issue_id
            ),
        )
    )
    await desk.session.flush()
    await desk.note("survey-list-issued", str(issue_id), {"cases": len(found), "area": area or ""})
    return {
        "issue_id": str(issue_id),
        "investigator": desk.caller.subject,
        "key": key,
        "last_day": last_day.isoformat(),
        "means": {
            registrations.word_of(code): asked.in_words(
                desk.settings.law(), str(Month.of(desk.today)), code
            )
            for code in (registrations.URBAN, registrations.RURAL)
        },
        "cases": [_shown(each) for each in found],
    }


async def key_of(desk: Desk, issue_id: UUID) -> tuple[SurveyIssue, bytes] | None:
    """Whose list it was, and the key they sign by; None where there is none that holds today."""
    found = await desk.session.get(SurveyIssue, issue_id)
    if found is None or found.county != desk.caller.county or found.last_day < desk.today:
        return None
    key = desk.keys.decrypt(
        found.key_sealed, table="survey_issue", column="key_sealed", row=found.id
    )
    return found, bytes.fromhex(key)


async def _to_visit(desk: Desk, area: str | None) -> list[CaseFile]:
    """Cases that stand where a visit is recorded, the most urgent first."""
    states = {
        (path.category, state)
        for path in all_paths().values()
        if SURVEY in path.acts
        for state in path.acts[SURVEY].sources
    }
    statement = (
        select(CaseFile)
        .where(
            queues.visible(desk.caller),
            areas.within([area or desk.caller.county], col(CaseFile.village)),
            col(CaseFile.closed_at).is_(None),
            col(CaseFile.state).in_(sorted({state for _, state in states})),
        )
        .order_by(col(CaseFile.due_on).asc().nulls_last(), col(CaseFile.id))
        .limit(CASES_MAX)
    )
    rows = (await desk.session.exec(statement)).all()
    return [case for case in rows if (case.category, case.state) in states]


def _shown(at: Standing) -> dict[str, Any]:
    """What a visit needs to know of a case; no ID number whole."""
    act = at.path.acts[SURVEY]
    return {
        "case_id": str(at.case.id),
        "receipt": at.case.receipt,
        "category": at.case.category,
        "version": at.case.version,
        "village": at.case.village,
        "address": at.application.address,
        "phone": at.application.phone,
        "reason": at.application.reason,
        "registration": at.application.registration,
        "whose": at.application.whose,
        "declared": means.declared(at).in_words(),
        "members": [
            {
                "key": each.key,
                "name": each.name,
                "relation": each.relation,
                "id_number_masked": masked(each.id_number) if each.id_number else None,
                "born_on": born.isoformat() if (born := each.born()) else None,
            }
            for each in at.application.members
        ],
        "asks": {
            name: {"type": each.type, "zh": each.words.zh, "optional": each.optional}
            for name, each in act.fields.items()
            if each.type != "document"
        },
    }
