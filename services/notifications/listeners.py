"""What notifications does when others speak: payments of a result, whose lines it fetches by
reference; identification of a case, an alert or a group."""

from datetime import timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import cases, contacts
from services.notifications.messages import Telling, tell_result, template_of
from services.notifications.settings import Settings
from services.notifications.texts import CASE, newest
from shared.bus import Listener
from shared.contracts.identification import (
    AnswerWanted,
    ApplicantsForgotten,
    CaseMoved,
    GroupChanged,
)
from shared.contracts.payments import LinesReturned, LinesSettled, Outcome
from shared.outbox import once
from shared.serving import Context

CASES: Final = "notifications-cases"
ANSWERS: Final = "notifications-answers"
GROUPS: Final = "notifications-groups"
FORGOTTEN: Final = "notifications-forgotten"
SETTLED: Final = frozenset({Outcome.SETTLED})
CAME_BACK: Final = frozenset({Outcome.RETURNED, Outcome.REFUSED})


async def on_lines_settled(context: Context, event: LinesSettled) -> None:
    """Money arrived: say so."""
    await _tell(context, event, "notifications-paid", SETTLED)


async def on_lines_returned(context: Context, event: LinesReturned) -> None:
    """Money did not arrive, or came back: say why, and what mends it."""
    await _tell(context, event, "notifications-failed", CAME_BACK)


async def on_case_moved(context: Context, event: CaseMoved) -> None:
    """Something happened to somebody's application: say what, and what comes next."""
    await _tell_of_case(context, event, CASES)


async def on_answer_wanted(context: Context, event: AnswerWanted) -> None:
    """Something speaks against somebody: say that they may answer first, and until when."""
    await _tell_of_case(context, event, ANSWERS)


async def on_group_changed(context: Context, event: GroupChanged) -> None:
    """Somebody came into a low-income group, or left it: say that a notice says so."""
    await _tell_of_case(context, event, GROUPS)


@once(FORGOTTEN)
async def on_applicants_forgotten(
    session: AsyncSession, context: Context, event: ApplicantsForgotten
) -> None:
    """Some are not to be reached any more."""
    await contacts.forget(session, event.county, event.applicant_ids)


async def _tell_of_case(context: Context, event: cases.Told, consumer: str) -> None:
    settings: Settings = context.settings
    now = context.clock.now()
    await cases.tell(
        context.database,
        event,
        consumer=consumer,
        version=newest(CASE),
        now=now,
        expires_at=now + timedelta(hours=settings.notice_hours),
    )


LISTENERS: Final = (
    Listener(CaseMoved, CASES, on_case_moved),
    Listener(AnswerWanted, ANSWERS, on_answer_wanted),
    Listener(GroupChanged, GROUPS, on_group_changed),
    Listener(ApplicantsForgotten, FORGOTTEN, on_applicants_forgotten),
    Listener(LinesSettled, "notifications-paid", on_lines_settled),
    Listener(LinesReturned, "notifications-failed", on_lines_returned),
)


async def _tell(
    context: Context,
    event: LinesSettled | LinesReturned,
    consumer: str,
    outcomes: frozenset[Outcome],
) -> None:
    settings: Settings = context.settings
    template = template_of(outcomes)
    now = context.clock.now()
    telling = Telling(
        event=event,
        consumer=consumer,
        template=template,
        version=newest(template),
        outcomes=outcomes,
        now=now,
        expires_at=now + timedelta(hours=settings.notice_hours),
    )
    lines = context.peers["payments"].pages(f"/results/{event.result_id}/lines")
    await tell_result(context.database, telling, lines)
