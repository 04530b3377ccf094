"""The cases of the same people, each with what they were told in it: decided, refused, appealed."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.identification import areas, id_numbers
from services.identification.casework import applicants, same_people
from services.identification.casework.reading import standings
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.desk import Desk
from services.identification.dossier.whom import Whom
from services.identification.models import CaseFile
from shared.months import civil_date

CASES_MAX: Final = 50
_REASONS: Final = ("reasons", "reason")
_MONTHS: Final = ("from_month", "until_month", "wrong_since")
"""The words of an act that say why, and from or until when."""


async def of(desk: Desk, whom: Whom, but: UUID | None = None) -> list[dict[str, Any]]:
    """Every case the caller may know of that was handed in about their households, about a case of
    these, or by and for the people themselves, the newest first; without one of them."""
    about = aliased(CaseFile)
    statement = (
        select(CaseFile)
        .outerjoin(about, col(about.id) == col(CaseFile.about_case_id))
        .where(
            col(CaseFile.county) == desk.caller.county,
            or_(
                col(CaseFile.household_id).in_(whom.home_ids),
                col(about.household_id).in_(whom.home_ids),
                same_people.name_one_of(whom.indexes),
            ),
            ~applicants.unsent(),
            # Of who moved here, what was decided where they lived before is read here too.
            or_(
                areas.of_areas(desk.caller, col(CaseFile.village)),
                col(CaseFile.household_id).in_(whom.home_ids),
                col(about.household_id).in_(whom.home_ids),
            ),
        )
        .order_by(col(CaseFile.id).desc())
        .limit(CASES_MAX)
    )
    found = [each for each in await desk.session.exec(statement) if each.id != but]
    return [_line(at) for at in await standings(desk, found)]


def _line(at: Standing) -> dict[str, Any]:
    return {
        "case_id": str(at.case.id),
        "receipt": at.case.receipt,
        "category": at.path.words.both(),
        "state": at.path.states[at.case.state].words.both(),
        "opened_on": civil_date(at.case.opened_at).isoformat(),
        "told": list(_told(at)),
    }


def _told(at: Standing) -> Iterator[dict[str, Any]]:
    """What was decided and told, with its number, its month and its reasons."""
    for each in at.acts:
        act = at.path.acts.get(each.act)
        reasons = next((str(each.words[name]) for name in _REASONS if name in each.words), "")
        number = each.words.get(DECISION_NUMBER)
        if act is None or act.tells is None or not (reasons or number or "missing" in each.words):
            continue
        yield {
            "act": each.act,
            "name": act.words.both(),
            "on": each.done_on.isoformat(),
            "number": number,
            "months": [str(each.words[name]) for name in _MONTHS if name in each.words],
            "missing": list(each.words.get("missing", ())),
            "reasons": id_numbers.masked_within(reasons),
        }
