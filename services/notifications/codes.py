"""One-time codes: sent before anything else, sealed until sent, and never kept after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.channels import Channel
from services.notifications.deliveries import Lane, State
from services.notifications.models import Contact, Delivery, Message
from services.notifications.texts import CODE, Texts
from shared import audit
from shared.database import run
from shared.ids import new_id
from shared.secrets import KeyRing


@dataclass(frozen=True, slots=True)
class Asked:
    """What will become of a code."""

    message_id: UUID
    state: State


async def send(
    session: AsyncSession,
    keys: KeyRing,
    texts: Texts,
    county: str,
    *,
    person_id: UUID,
    code: str,
    minutes: int,
    actor: str,
    now: datetime,
) -> Asked:
    """Have a code sent to a person's telephone; it is worth nothing after its minutes."""
    contact = await session.get(Contact, person_id)
    reachable = contact is not None and contact.phone is not None
    asked = Asked(new_id(), State.WAITING if reachable else State.NO_PHONE)
    session.add(
        Message(
            county=county,
            id=asked.message_id,
            template=CODE,
            version=texts.newest(CODE),
            person_id=person_id,
            called="",
            created_at=now,
        )
    )
    sealed = seal(keys, asked.message_id, texts.code(code, minutes)) if reachable else None
    delivery = insert(Delivery).values(
        county=county,
        message_id=asked.message_id,
        channel=Channel.SMS.value,
        lane=Lane.CODE.value,
        state=asked.state.value,
        expires_at=now + timedelta(minutes=minutes),
        sealed=sealed,
    )
    await run(session, delivery)
    await audit.record(
        session, county, actor=actor, act="code-asked", subject=str(person_id),
        details={"message_id": str(asked.message_id), "state": asked.state.value},
    )  # fmt: skip
    return asked


def seal(keys: KeyRing, message_id: object, words: str) -> str:
    """The whole text with its code, sealed for its delivery."""
    return keys.encrypt(words, table="delivery", column="sealed", row=message_id)


def unseal(keys: KeyRing, message_id: object, sealed: str) -> str:
    """The text that was sealed for this delivery."""
    return keys.decrypt(sealed, table="delivery", column="sealed", row=message_id)
