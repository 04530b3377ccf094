"""The certificate of a household: made with the decision that puts it on assistance, withdrawn with
the one by which it leaves; one a household, and never kept back from it."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import areas, assistance, decisions
from services.identification.casework import households, queues
from services.identification.casework.moving import move_other
from services.identification.casework.opening import open_case, put_application
from services.identification.casework.papers import letters, printing
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseFile, Household
from services.identification.places import Place
from shared.problems import Conflict

CATEGORY: Final = "certificate"
GRANTED: Final = "dibao"
"""The category whose authority makes certificates: what a household holds one for."""
MADE: Final = "made"
WITHDRAWN: Final = "withdrawn"
LISTED_MAX: Final = 5_000


class HasOneAlready(Conflict):
    """This household has its certificate: it is made again, not a second time."""


class NotEntitled(Conflict):
    """By its last decision this household is not on assistance."""


class Entitled(Conflict):
    """This household is on assistance by its last decision: nobody keeps its certificate back."""


class NotMade(Conflict):
    """This certificate was not made, or was withdrawn."""


async def issue_certificate(desk: Desk, at: Standing) -> None:
    """Make the certificate of a household of the register.

    Raises:
        NotEntitled: it is not on assistance.
    """
    assert at.case.household_id is not None, "a certificate is a household's"
    if not await _entitled(desk, at.case.household_id):
        raise NotEntitled()


async def withdraw_certificate(desk: Desk, at: Standing) -> None:
    """Take back the certificate of a household that has left.

    Raises:
        Entitled: it is on assistance.
    """
    if at.case.household_id is not None and await _entitled(desk, at.case.household_id):
        raise Entitled()


async def read_anew(desk: Desk, at: Standing) -> None:
    """The certificate names whoever lives there now."""
    await _read_anew(desk, at.case)


async def refuse_second(desk: Desk, household_id: UUID | None) -> None:
    """A household that has its certificate gets no other.

    Raises:
        HasOneAlready: it has.
    """
    if household_id is not None and await _open_of(desk, household_id):
        raise HasOneAlready()


async def follow(desk: Desk, decision_number: str, household_ids: Collection[UUID]) -> None:
    """After a decision: whoever is on assistance by it has a certificate, which names whoever lives
    there now while it was not handed over; whoever left has none."""
    for household_id in household_ids:
        found = await _open_of(desk, household_id)
        entitled = await _entitled(desk, household_id)
        if entitled and not found:
            case = await open_case(desk, CATEGORY, None, household_id, channel="list")
            await _move(desk, case, "issue", MADE, {})
        for case in found if not entitled else []:
            await _move(desk, case, "withdraw", WITHDRAWN, {"reason": decision_number})
        for case in found if entitled else []:
            if case.state == MADE:
                await _read_anew(desk, case)


async def undelivered(desk: Desk, area: str | None) -> dict[str, Any]:
    """Certificates of the caller's areas that wait to be handed over, and those to be taken back.

    To be taken back are those of households that a roster, and no case, brought off assistance.
    """
    found = await desk.session.exec(
        select(CaseFile)
        .where(
            col(CaseFile.category) == CATEGORY,
            col(CaseFile.closed_at).is_(None),
            queues.visible(desk.caller),
            areas.within([area or desk.caller.county], col(CaseFile.village)),
        )
        .order_by(col(CaseFile.village), col(CaseFile.state_since))
        .limit(LISTED_MAX)
    )
    cases = found.all()
    left = [e for e in cases if e.household_id and not await _entitled(desk, e.household_id)]
    return {
        "undelivered": [queues.row(each, desk.today) for each in cases if each.state == MADE],
        "to_withdraw": [queues.row(each, desk.today) for each in left],
    }


async def printed(desk: Desk, place: Place, at: Standing) -> bytes:
    """The certificate as PDF; that it was printed is written down.

    Raises:
        NotMade: the case is none, or its certificate was withdrawn.
    """
    if at.case.category != CATEGORY or at.case.state in {"open", WITHDRAWN}:
        raise NotMade()
    await desk.note("certificate-printed", str(at.case.id), {"number": number_of(at)})
    made = [each.done_on for each in at.acts if each.to_state == MADE]
    decided_by = at.settings.decided_by(GRANTED, at.case.village, made[-1])
    members = [e for e in at.application.members if e.lives_together]
    return printing.sheet(
        "certificate",
        {
            "number": number_of(at),
            "head": at.case.head_name,
            "place": place.called(at.case.village),
            "members": [[each.name, each.relation] for each in members],
            "body": letters.body_of(decided_by, place, at.case.village),
            "on": made[-1].isoformat(),
        },
    )


def number_of(at: Standing) -> str:
    """The number of a certificate; one that was made again says so."""
    again = len(at.done("make-again"))
    return f"{at.case.receipt}-{again + 1}" if again else at.case.receipt


async def _read_anew(desk: Desk, case: CaseFile) -> None:
    assert case.household_id is not None, "a certificate is a household's"
    household = await desk.session.get_one(Household, case.household_id)
    now = await households.as_decided(desk.session, desk.keys, household, without_away=True)
    await put_application(desk, case, now)


async def _move(desk: Desk, case: CaseFile, act: str, state: str, words: dict[str, Any]) -> None:
    (at,) = await standings(desk, [case])
    await move_other(desk, replace(at, words=words), act, state, None)


async def _open_of(desk: Desk, household_id: UUID) -> list[CaseFile]:
    found = await desk.session.exec(
        select(CaseFile).where(
            col(CaseFile.category) == CATEGORY,
            col(CaseFile.household_id) == household_id,
            col(CaseFile.closed_at).is_(None),
        )
    )
    return list(found.all())


async def _entitled(desk: Desk, household_id: UUID) -> bool:
    """Whether by its last decision a household is on the list."""
    decided = await decisions.last(desk.session, desk.keys, household_id)
    return decided is not None and assistance.is_on_the_list(decided)
