"""What a person finds in the inbox: the newest first, in full sentences, with the text's fate."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.messages import said_by
from services.notifications.texts import Texts
from shared.database import run


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as its person reads it, about a line of money, a case, or an alert.

    `sms` is how far the text to the telephone got.
    """

    message_id: UUID
    told_at: datetime
    template: str
    text: str
    line_id: UUID | None
    case_id: UUID | None
    alert_id: UUID | None
    programme: str | None
    month: str | None
    pay_month: str | None
    amount_fen: int | None
    outcome: str
    sms: str


async def read(
    session: AsyncSession, texts: Texts, person_id: UUID, *, before: UUID | None, limit: int
) -> list[Entry]:
    """A page of a person's inbox, from the newest, or from the one before `before`."""
    rows = await run(session, _PAGE, {"person_id": person_id, "before": before, "limit": limit})
    return [
        Entry(
            message_id=row.id,
            told_at=row.created_at,
            template=row.template,
            text=texts.in_app(said_by(row)),
            line_id=row.line_id,
            case_id=row.case_id,
            alert_id=row.alert_id,
            programme=row.programme,
            month=row.month,
            pay_month=row.pay_month,
            amount_fen=row.amount_fen,
            outcome=row.outcome,
            sms=row.sms,
        )
        for row in rows
    ]


_PAGE: Final = text(
    """
    SELECT m.*, coalesce(s.state, 'no-phone') AS sms
    FROM message m
    JOIN delivery d ON d.message_id = m.id AND d.channel = 'in-app'
    LEFT JOIN delivery s ON s.message_id = m.id AND s.channel = 'sms'
    WHERE m.person_id = :person_id AND (CAST(:before AS uuid) IS NULL OR m.id < :before)
    ORDER BY m.id DESC LIMIT :limit
    """
)
