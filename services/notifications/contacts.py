"""How to reach people: handed on by identification in chunks, numbers sealed as they come in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import phonenumbers
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.models import Beneficiary, Contact
from shared import audit
from shared.contracts.notifications import ContactHandedOn
from shared.database import run
from shared.secrets import KeyRing

_CHINESE_MOBILE: Final = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_MOBILE: Final = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a chunk."""

    taken: int
    without_phone: int
    not_mobile: int  # A number was given, but no text can reach it: a landline, or not a number.


async def take(
    session: AsyncSession,
    keys: KeyRing,
    county: str,
    contacts: Sequence[ContactHandedOn],
    *,
    actor: str,
    now: datetime,
) -> Taken:
    """Keep a chunk; what is known of a person before gives way to it."""
    people: dict[Any, dict[str, Any]] = {}
    told: dict[Any, dict[str, Any]] = {}
    counts = {"without": 0, "not_mobile": 0}
    for contact in sorted(contacts, key=lambda each: each.person_id):
        number = mobile(contact.phone)
        counts["without"] += contact.phone is None
        counts["not_mobile"] += contact.phone is not None and number is None
        people[contact.person_id] = {
            "county": county,
            "person_id": contact.person_id,
            "phone": number and seal_number(keys, contact.person_id, number),
            "called": contact.called,
            "language": contact.language,
            "updated_at": now,
        }
        for beneficiary_id in contact.beneficiary_ids:
            told[beneficiary_id] = {
                "county": county,
                "beneficiary_id": beneficiary_id,
                "person_id": contact.person_id,
            }
    await _upsert(session, Contact, "person_id", list(people.values()))
    await _upsert(session, Beneficiary, "beneficiary_id", [told[key] for key in sorted(told)])
    taken = Taken(len(people), counts["without"], counts["not_mobile"])
    await audit.record(
        session, county, actor=actor, act="contacts-taken", subject=f"{len(people)} people",
        details={"without_phone": taken.without_phone, "not_mobile": taken.not_mobile},
    )  # fmt: skip
    return taken


async def forget(session: AsyncSession, county: str, person_ids: Sequence[UUID]) -> None:
    """Take away how some are reached, and what they were told of by it; messages stay."""
    await run(session, delete(Beneficiary).where(col(Beneficiary.person_id).in_(person_ids)))
    gone = await run(session, delete(Contact).where(col(Contact.person_id).in_(person_ids)))
    await audit.record(
        session,
        county,
        actor="identification",
        act="contacts-forgotten",
        subject=f"{len(person_ids)} people",
        details={"contacts": gone.rowcount},
    )


def mobile(phone: str | None) -> str | None:
    """A number that can receive a text, as E.164 without the plus; None for any other."""
    if phone is None:
        return None
    plain = re.sub(r"[\s().-]", "", phone)
    match = _CHINESE_MOBILE.fullmatch(plain)
    if match:
        return f"86{match[1]}"
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).lstrip("+")


def seal_number(keys: KeyRing, person_id: object, number: str) -> str:
    """A number, sealed for its person."""
    return keys.encrypt(number, table="contact", column="phone", row=person_id)


def open_number(keys: KeyRing, person_id: object, sealed: str) -> str:
    """The number that was sealed for this person."""
    return keys.decrypt(sealed, table="contact", column="phone", row=person_id)


async def _upsert(
    session: AsyncSession, table: type[Any], key: str, rows: list[dict[str, Any]]
) -> None:
    if not rows:
        return
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in ("county", key)}
    await run(session, statement.on_conflict_do_update(index_elements=[key], set_=changed), rows)
