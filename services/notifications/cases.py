"""What people are told of their applications, of what they may answer, and of a low-income group
they come into or leave: each thing once."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.channels import Channel
from services.notifications.deliveries import Lane, State
from services.notifications.messages import CALLED_NOBODY
from services.notifications.models import Beneficiary, Contact, Delivery, Message
from services.notifications.texts import CASE
from shared import audit
from shared.contracts.identification import AnswerWanted, CaseMoved, GroupChanged, Happened
from shared.database import Database, run
from shared.ids import new_id
from shared.outbox import first_time
from shared.problems import Unavailable

_ACTOR: Final = "identification"
Told = CaseMoved | AnswerWanted | GroupChanged


class ContactNotHere(Unavailable):
    """The contact that was handed on has not come yet; the event will come again."""


async def tell(
    database: Database,
    event: Told,
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
    told_ids, happened, about = _about(event)
    async with database.transaction() as session:
        if not await first_time(session, event, consumer):
            return
        contact = await _contact(session, told_ids, event)
        if contact is None and isinstance(event, CaseMoved) and event.handed_on:
            raise ContactNotHere()
        message = Message(
            county=event.county,
            id=new_id(),
            template=CASE,
            version=version,
            person_id=contact.person_id if contact else told_ids[0],
            called=contact.called if contact else CALLED_NOBODY,
            created_at=now,
            outcome=happened.value,
            **about,
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
            act=f"case-told-{happened.value}",
            subject=str(message.case_id or message.alert_id or message.request_id),
            details={"message_id": str(message.id), "state": telephone.value},
        )


def _about(event: Told) -> tuple[list[UUID], Happened, dict[str, Any]]:
    """Whom an event is told to, what happened, and what of it the message keeps."""
    if isinstance(event, GroupChanged):
        return event.told_ids, event.happened, {"request_id": event.request_id}
    if isinstance(event, AnswerWanted):
        about = {"alert_id": event.alert_id, "by_day": event.by_day}
        return [event.told_id], Happened.ANSWER_WANTED, about
    month = str(event.from_month) if event.from_month else None
    about = {"case_id": event.case_id, "receipt": event.receipt, "programme": event.category}
    about |= {"month": month, "by_day": event.by_day}
    return [event.person_id], event.happened, about


async def _contact(session: AsyncSession, told_ids: list[UUID], event: Told) -> Contact | None:
    """How somebody is reached: the first of them with a telephone, or who has none; beside a case,
    also whoever is told of what is owed."""
    found = []
    for told_id in told_ids:
        contact = await session.get(Contact, told_id)
        if contact is None and not isinstance(event, CaseMoved):
            beneficiary = await session.get(Beneficiary, told_id)
            contact = await session.get(Contact, beneficiary.person_id) if beneficiary else None
        if contact is not None:
            found.append(contact)
    return next((each for each in found if each.phone is not None), next(iter(found), None))


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
