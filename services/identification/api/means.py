"""What a household is asked of its means, what it said, what visits found, and what it comes to."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.identification import registrations
from services.identification.api.cases import Reader, desk_of
from services.identification.api.own_cases import Own
from services.identification.casework import cases, classes, means, support
from services.identification.casework.own import doors
from services.identification.casework.own.doors import IdentityNotSeen
from services.identification.casework.standing import Standing
from services.identification.means import asked
from services.identification.means.reckoning import SUMS, Reckoned
from shared.problems import NotFound
from shared.routes import CommittedRoute, Now, Reading


class NothingToWrite(NotFound):
    """A change says nothing of means: whoever visits asks for them."""


router = APIRouter(route_class=CommittedRoute)

Words = dict[str, Any]


@router.get("/cases/{case_id}/means")
async def show(
    case_id: UUID, request: Request, session: Reading, caller: Reader, now: Now
) -> Words:
    """The means of a case: every question, who said what, the norms, and each sum with its way."""
    at = await cases.stand(desk_of(request, session, caller, now), case_id)
    proposal = at.last("propose")
    return {
        **_asked(at),
        "visits": [
            {
                "survey_id": each.survey_id,
                "visited_on": each.visited_on,
                "counts": each.counts,
                **each.living.in_words(),
            }
            for each in means.visits(at)
        ],
        "found": means.found(at).in_words(),
        "supporters": [
            {
                "name": each.supporter.name,
                **(each.supporter.support.model_dump() if each.supporter.support else {}),
                "owed_fen_yearly": each.sum.value,
                "missing": each.sum.missing and each.sum.missing.both(),
            }
            for each in support.owed(at.application, at.settings.law, means.month(at))
        ],
        "reckoned": {
            "declared": _reckoned(means.reckoned(at, means.declared(at), _sums(at))),
            "found": _reckoned(means.reckoned(at, means.found(at), _sums(at))),
        },
        "band": asdict(classes.band_of(at)) if classes.is_second(at) else None,
        "decided_fen_monthly": proposal and proposal.words.get("income_fen_monthly"),
    }


@router.get("/my/cases/{case_id}/means")
async def show_own(
    case_id: UUID, request: Request, session: Reading, caller: Own, now: Now
) -> Words:
    """What an applicant is asked, and what they said."""
    at = await cases.stand(desk_of(request, session, caller, now), case_id)
    if not doors.may_read_words(at):
        raise IdentityNotSeen()
    if at.path.about_household:
        raise NothingToWrite()
    return _asked(at)


def _sums(at: Standing) -> list[str]:
    by_class = ["dibao_class"] if classes.pays_by_class(at) else []
    return [*SUMS, *by_class]


def _asked(at: Standing) -> Words:
    registration = registrations.code_of(at.application.registration)
    return {
        **asked.in_words(at.settings.law(), means.month(at), registration),
        "members": [
            {"key": each.key, "name": each.name}
            for each in at.application.members
            if each.lives_together
        ],
        "declared": means.declared(at).in_words(),
    }


def _reckoned(found: Reckoned) -> Words:
    return {
        "law_sha256": found.law_sha256,
        "sums": [
            {
                "name": each.name,
                **each.words.both(),
                "value": each.value,
                "shown": each.shown and each.shown.both(),
                "missing": each.missing and each.missing.both(),
            }
            for each in found.sums
        ],
        "workings": [each.said() for each in found.workings if each.kind != "fact"],
    }
