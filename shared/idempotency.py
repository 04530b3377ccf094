"""The same key and the same words get the same answer, however often they are sent."""

import hmac
from typing import Final

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from shared import kit_tables
from shared.callers import Caller
from shared.database import run
from shared.problems import Malformed
from shared.secrets import KeyRing

KEY_HEADER: Final = "idempotency-key"
_LENGTHS: Final = range(8, 129)


class KeyMissing(Malformed):
    """A POST carries an Idempotency-Key of 8 to 128 characters."""


class KeyReused(Malformed):
    """This Idempotency-Key came before with other words."""


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


def _place(caller: Caller, key: str) -> str:
    return f"answer|{_owner(caller)}|{key}"


def _owner(caller: Caller) -> str:
    return f"{caller.kind}:{caller.subject}"
