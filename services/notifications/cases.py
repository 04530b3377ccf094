"""What people are told of their applications: one message for each thing that happened, once."""

from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.channels import Channel
from services.notifications.deliveries import Lane, State
from services.notifications.messages import CALLED_NOBODY
from services.notifications.models import Contact, Delivery, Message
from services.notifications.texts import CASE
from shared import audit
from shared.contracts.identification import CaseMoved
from shared.database import Database, run
from shared.ids import new_id
from shared.outbox import first_time
from shared.problems import Unavailable

_ACTOR: Final = "identification"


class ContactNotHere(Unavailable):
    """The contact that was handed on has not come yet; the event will come again."""


async def tell(
    database: Database,
    event: CaseMoved,
    *,
    consumer: str,
    version: int,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Tell whoever an event names: by telephone where there is one, and in the inbox.

    Raises:
        ContactNotHere: a contact was handed on and is still on its way.
    """
    async with database.transaction() as session:
        if not await first_time(session, event, consumer):
            return
        contact = await session.get(Contact, event.person_id)
        if contact is None and event.handed_on:
            raise ContactNotHere()
        message = Message(
            county=event.county,
            id=new_id(),
            template=CASE,
            version=version,
            person_id=event.person_id,
            called=contact.called if contact else CALLED_NOBODY,
            created_at=now,
            outcome=event.happened.value,
            programme=event.category,
            month=str(event.from_month) if event.from_month else None,
            case_id=event.case_id,
            receipt=event.receipt,
            by_day=event.by_day,
        )
        session.add(message)
        await session.flush()
        reachable = contact is not None and contact.phone is not None
        telephone = State.WAITING if reachable else State.NO_PHONE
        await _deliver(session, message, Channel.SMS, telephone, expires_at)
        await _deliver(session, message, Channel.IN_APP, State.DELIVERED, expires_at, now)
        await audit.record(
            session,
            event.county,
            actor=_ACTOR,
            act=f"case-told-{event.happened.value}",
            subject=str(event.case_id),
            details={"message_id": str(message.id), "state": telephone.value},
        )


async def _deliver(
    session: AsyncSession,
    message: Message,
    channel: Channel,
    state: State,
    expires_at: datetime,
    settled_at: datetime | None = None,
) -> None:
    await run(
        session,
        insert(Delivery).values(
            county=message.county,
            message_id=message.id,
            channel=channel.value,
            lane=Lane.NOTICE.value,
            state=state.value,
            expires_at=expires_at,
            sent_at=settled_at,
            settled_at=settled_at,
        ),
    )
