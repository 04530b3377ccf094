"""Hands the telephones of applicants to notifications, which alone keeps how people are reached."""

import asyncio
from typing import Any, Final

from sqlmodel import col, select

from services.identification import names
from services.identification.casework.applicants import matters_of, phone_to_reach, said_by
from services.identification.models import Applicant
from shared import telemetry
from shared.calls import Peer
from shared.database import new_id

LOOK_SECONDS: Final = 1.0
_AT_ONCE: Final = 100
_MATTERS_MAX: Final = 20


async def keep_reachable(context: Any) -> None:
    """Hand on every applicant's telephone, once, for as long as this process stands."""
    while True:
        try:
            handed = await hand_on(context)
        except Exception as problem:
            telemetry.log.warning("contacts-wait", because=type(problem).__name__)
            handed = 0
        await asyncio.sleep(0 if handed == _AT_ONCE else LOOK_SECONDS)


async def hand_on(context: Any) -> int:
    """Hand on those that wait; how many. Told twice, the other end says the same."""
    notifications: Peer = context.peers["notifications"]
    async with context.database.transaction() as session:
        found = await session.exec(
            select(Applicant).where(col(Applicant.handed_on_at).is_(None)).limit(_AT_ONCE)
        )
        waiting = {each.id: await matters_of(session, each.id) for each in found.all()}
    for applicant_id, matters in waiting.items():
        async with context.database.transaction() as session:
            applicant = await session.get(Applicant, applicant_id)
            assert applicant is not None, "who waits to be handed on is not taken away"
            said = said_by(context.keys, applicant)
            phone = await phone_to_reach(session, context.keys, applicant)
        contact = {
            "person_id": str(applicant_id),
            "beneficiary_ids": [str(each) for each in matters[:_MATTERS_MAX]],
            "phone": phone,
            "called": names.called(said["name"]),
            "language": "zh",
        }
        # Seen, found otherwise and seen again is three times to be told, twice in the same words.
        key = f"applicant:{applicant_id}:{new_id()}"
        await notifications.post("/contacts", {"items": [contact]}, key=key)
        async with context.database.transaction() as session:
            kept = await session.get(Applicant, applicant_id, with_for_update=True)
            assert kept is not None, "who waits to be handed on is not taken away"
            is_same = said_by(context.keys, kept)["phone"] == said["phone"]
            if is_same and await matters_of(session, applicant_id) == matters:
                kept.handed_on_at = context.clock.now()
                session.add(kept)
    return len(waiting)
