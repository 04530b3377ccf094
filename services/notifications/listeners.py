"""What notifications does when payments speaks: fetch the lines by reference, and tell people."""

from datetime import timedelta
from typing import Final

from services.notifications.messages import Telling, tell_result, template_of
from services.notifications.settings import Settings
from services.notifications.texts import Texts
from shared.bus import Listener
from shared.contracts.payments import LinesReturned, LinesSettled, Outcome
from shared.serving import Context

SETTLED: Final = frozenset({Outcome.SETTLED})
CAME_BACK: Final = frozenset({Outcome.RETURNED, Outcome.REFUSED})


async def on_lines_settled(context: Context, event: LinesSettled) -> None:
    """Money arrived: say so."""
    await _tell(context, event, "notifications-paid", SETTLED)


async def on_lines_returned(context: Context, event: LinesReturned) -> None:
    """Money did not arrive, or came back: say why, and what mends it."""
    await _tell(context, event, "notifications-failed", CAME_BACK)


LISTENERS: Final = (
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
        version=Texts(sign=settings.sign, telephone=settings.question_phone).newest(template),
        outcomes=outcomes,
        now=now,
        expires_at=now + timedelta(hours=settings.notice_hours),
    )
    lines = context.peers["payments"].pages(f"/results/{event.result_id}/lines")
    await tell_result(context.database, telling, lines)
