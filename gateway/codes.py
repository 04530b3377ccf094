"""One-time codes: six digits for one browser's question, for ten minutes and five tries."""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway import limits, sessions
from gateway.models import OneTimeCode, Tried
from gateway.settings import Settings
from shared.ids import new_id
from shared.secrets import KeyRing


@dataclass(frozen=True, slots=True)
class Said:
    """What an applicant says of themselves, to be believed once the code is said back."""

    id_number: str
    phone: str
    name: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Whom a right code opens for: somebody of the register, or whoever proved a telephone."""

    person_id: UUID | None = None
    proven: Said | None = None


def subject_hash(keys: KeyRing, number: str) -> bytes:
    """By which tries for one ID number, or one telephone, are counted without it being kept."""
    return keys.blind_index(number, column="sign_in_attempt.subject")


async def asked_before(session: AsyncSession, browser: str, form_key: str) -> bool:
    """Whether this very form was sent before: a second press of the button sends nothing."""
    found = await session.exec(
        select(OneTimeCode.id).where(
            OneTimeCode.browser_hash == sessions.hash_of(browser), OneTimeCode.form_key == form_key
        )
    )
    return found.first() is not None


async def make(
    session: AsyncSession,
    settings: Settings,
    keys: KeyRing,
    *,
    browser: str,
    form_key: str,
    subject: bytes,
    person_id: UUID | None,
    proves: Said | None = None,
    now: datetime,
) -> str:
    """A new code for a browser; earlier ones of that browser open nothing any more."""
    code = f"{secrets.randbelow(10**6):06d}"
    code_id = new_id()
    await session.exec(
        update(OneTimeCode)
        .where(
            col(OneTimeCode.browser_hash) == sessions.hash_of(browser),
            col(OneTimeCode.used_at).is_(None),
        )
        .values(used_at=now, proves_sealed=None)
    )
    session.add(
        OneTimeCode(
            county=settings.county,
            id=code_id,
            browser_hash=sessions.hash_of(browser),
            subject_hash=subject,
            form_key=form_key,
            person_id=person_id,
            proves_sealed=_seal(keys, code_id, proves) if proves else None,
            code_hash=_hash(keys, code_id, code),
            made_at=now,
            expires_at=now + timedelta(minutes=settings.code_minutes),
        )
    )
    return code


async def use(
    session: AsyncSession,
    settings: Settings,
    keys: KeyRing,
    *,
    browser: str,
    said: str,
    peer: str,
    now: datetime,
) -> Opened | None:
    """Whom a code opens for, once; or nobody, and the try is counted.

    The count goes up before the comparison, in one statement, so that a thousand tries at once
    are still five.
    """
    tried = await session.exec(
        update(OneTimeCode)
        .where(
            col(OneTimeCode.browser_hash) == sessions.hash_of(browser),
            col(OneTimeCode.used_at).is_(None),
            col(OneTimeCode.expires_at) > now,
            col(OneTimeCode.tries) < settings.code_tries_max,
        )
        .values(tries=OneTimeCode.tries + 1)
        .returning(col(OneTimeCode.id))
    )
    code_id = tried.scalars().first()
    if code_id is None:
        return None
    found = await session.get(OneTimeCode, code_id, populate_existing=True)
    assert found is not None
    right = hmac.compare_digest(found.code_hash, _hash(keys, found.id, said))
    if right and (found.person_id is not None or found.proves_sealed is not None):
        sealed, found.proves_sealed, found.used_at = found.proves_sealed, None, now
        session.add(found)
        return Opened(found.person_id, _unseal(keys, found.id, sealed) if sealed else None)
    limits.note(
        session, settings, Tried.CODE_WRONG, subject_hash=found.subject_hash, peer=peer, now=now
    )
    return None


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Take away codes that are a day over, and at once what those that are over would prove."""
    await session.exec(
        update(OneTimeCode)
        .where(col(OneTimeCode.expires_at) < now, col(OneTimeCode.proves_sealed).is_not(None))
        .values(proves_sealed=None)
    )
    await session.exec(delete(OneTimeCode).where(col(OneTimeCode.expires_at) < now - limits.DAY))


def _seal(keys: KeyRing, code_id: UUID, said: Said) -> str:
    return keys.encrypt(
        json.dumps(asdict(said)), table="one_time_code", column="proves_sealed", row=code_id
    )


def _unseal(keys: KeyRing, code_id: UUID, sealed: str) -> Said:
    words = keys.decrypt(sealed, table="one_time_code", column="proves_sealed", row=code_id)
    return Said(**json.loads(words))


def _hash(keys: KeyRing, code_id: UUID, code: str) -> bytes:
    # Keyed, for a million codes are tried in a second against a plain hash.
    return keys.blind_index(f"{code_id}:{code}", column="one_time_code.code")
