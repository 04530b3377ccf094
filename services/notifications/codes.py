"""One-time codes: sent before anything else, sealed until sent, and never kept after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.channels import Channel
from services.notifications.contacts import mobile
from services.notifications.deliveries import Lane, State
from services.notifications.models import Contact, Delivery, Message
from services.notifications.texts import CODE, Texts, newest
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
    person_id: UUID | None,
    phone: str | None = None,
    code: str,
    minutes: int,
    actor: str,
    now: datetime,
) -> Asked:
    """Have a code sent to a person's telephone, or to one that is to be proven.

    It is worth nothing after its minutes. A telephone without a person is kept nowhere: it is
    sealed with the code, and goes with it.
    """
    number = mobile(phone)
    contact = await session.get(Contact, person_id) if person_id else None
    reachable = number is not None or (contact is not None and contact.phone is not None)
    asked = Asked(new_id(), State.WAITING if reachable else State.NO_PHONE)
    session.add(
        Message(
            county=county,
            id=asked.message_id,
            template=CODE,
            version=newest(CODE),
            person_id=person_id,
            called="",
            created_at=now,
        )
    )
    words = texts.code(code, minutes)
    sealed = seal(keys, asked.message_id, f"{number or ''}\n{words}") if reachable else None
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
        session, county, actor=actor, act="code-asked", subject=str(person_id or "a telephone"),
        details={"message_id": str(asked.message_id), "state": asked.state.value},
    )  # fmt: skip
    return asked


def seal(keys: KeyRing, message_id: object, words: str) -> str:
    """The whole text with its code, behind the number it goes to, sealed for its delivery."""
    return keys.encrypt(words, table="delivery", column="sealed", row=message_id)


def unseal(keys: KeyRing, message_id: object, sealed: str) -> tuple[str | None, str]:
    """The number, if it is no contact's, and the text that were sealed for this delivery."""
    said = keys.decrypt(sealed, table="delivery", column="sealed", row=message_id)
    number, _, words = said.rpartition("\n")
    return number or None, words
