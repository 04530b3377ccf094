"""The same key and the same words get the same answer, however often they are sent."""

import asyncio
import hmac
from typing import Final

from fastapi import Request, Response
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import kit_tables, telemetry
from shared.callers import Caller
from shared.database import Database, run
from shared.months import civil_date
from shared.problems import Conflict, Malformed
from shared.secrets import KeyRing

KEY_HEADER: Final = "idempotency-key"
KEPT_DAYS: Final = 7
"""An answer is kept for whoever lost it on the way, and they ask again soon."""
_LENGTHS: Final = range(8, 129)
_LOOK_SECONDS: Final = 3600.0
_AT_ONCE: Final = 5_000
# By the database's own clock, which wrote when each was given.
_FORGET: Final = text("""
    UPDATE idempotency SET body = NULL WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM idempotency
        WHERE body IS NOT NULL AND created_at < now() - make_interval(days => :days)
        LIMIT :most
    ))
    RETURNING 1
""")


class KeyMissing(Malformed):
    """A POST carries an Idempotency-Key of 8 to 128 characters."""


class KeyReused(Malformed):
    """This Idempotency-Key came before with other words."""


class AnswerForgotten(Conflict):
    """This was done already; what was answered then is kept no longer. Look at how it stands."""


def key_of(request: Request) -> str:
    """The request's key.

    Raises:
        KeyMissing: there is none, or it is not of the right length.
    """
    key = request.headers.get(KEY_HEADER, "")
    if len(key) not in _LENGTHS or not key.isprintable():
        raise KeyMissing("send the same key again only with the same words")
    return key


def fingerprint(request: Request, body: bytes) -> bytes:
    """What makes two requests the same: method, path, query and body.

    An uploaded stream counts by its length and the digest its sender declares. The hash is keyed,
    because words may be guessed: an ID number has few enough forms to try them all.
    """
    parts = (
        request.method.encode(),
        request.url.path.encode(),
        request.url.query.encode(),
        request.headers.get("content-digest", "").encode(),
        body or request.headers.get("content-length", "").encode(),
    )
    keys: KeyRing = request.app.state.keys
    return hmac.digest(keys.index_key_of("idempotency"), b"\x00".join(parts), "sha256")


async def earlier_answer(
    session: AsyncSession, keys: KeyRing, county: str, caller: Caller, key: str, words: bytes
) -> Response | None:
    """Claim a key in this transaction; the stored answer if it was claimed before.

    Two at once: the second waits here until the first is committed, then reads its answer.

    Raises:
        KeyReused: the key was claimed with other words.
        AnswerForgotten: it was done, so long ago that the answer is gone.
    """
    table = kit_tables.idempotency
    claimed = await run(
        session,
        insert(table)
        .values(caller=_owner(caller), key=key, county=county, fingerprint=words)
        .on_conflict_do_nothing()
        .returning(table.c.key),
    )
    if claimed.first() is not None:
        return None
    row = (
        await run(
            session, select(table).where(table.c.caller == _owner(caller), table.c.key == key)
        )
    ).one()
    if bytes(row.fingerprint) != words:
        raise KeyReused("choose a new key for new words")
    if row.body is None:
        raise AnswerForgotten(answered=row.status, on=civil_date(row.created_at).isoformat())
    return Response(
        content=keys.decrypt_bytes(row.body, purpose=_place(caller, key)),
        status_code=row.status,
        media_type=row.media_type,
        headers={"Idempotent-Replay": "true"},
    )


async def keep_answer(
    session: AsyncSession, keys: KeyRing, caller: Caller, key: str, answer: Response
) -> None:
    """Store the answer beside its effect, in the same transaction; sealed: it may name people."""
    table = kit_tables.idempotency
    await run(
        session,
        table.update()
        .where(table.c.caller == _owner(caller), table.c.key == key)
        .values(
            status=answer.status_code,
            media_type=answer.headers.get("content-type"),
            body=keys.encrypt_bytes(bytes(answer.body), purpose=_place(caller, key)),
        ),
    )


async def forget_old(database: Database) -> int:
    """Empty the answers that are older than `KEPT_DAYS`: they may name people. What was done, and
    by which words, stays, so that none of it is done twice. How many went."""
    gone = 0
    while True:
        async with database.transaction() as session:
            words = {"days": KEPT_DAYS, "most": _AT_ONCE}
            went = len((await run(session, _FORGET, words)).all())
        gone += went
        if went < _AT_ONCE:
            return gone


async def keep_forgetting(database: Database) -> None:
    """Forget old answers for as long as the process stands; what falls is told, and tried again."""
    while True:
        try:
            await forget_old(database)
        except Exception as problem:
            telemetry.log.warning("forgetting-waits", because=type(problem).__name__)
        await asyncio.sleep(_LOOK_SECONDS)


def _place(caller: Caller, key: str) -> str:
    return f"answer|{_owner(caller)}|{key}"


def _owner(caller: Caller) -> str:
    return f"{caller.kind}:{caller.subject}"
