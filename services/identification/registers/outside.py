"""What somebody who is not signed in may do with a register: file, ask after it, and read."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.models import RegisterEntry
from services.identification.places import Place
from services.identification.registers import entries, subjects
from services.identification.registers.entries import NoSuchRegister
from services.identification.registers.standing import content_of
from services.identification.registers.tables import Outside, RegisterTable, all_registers
from shared.callers import Caller
from shared.problems import Malformed, NotFound

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_SIGNS: Final = 8
SHOWN_MAX: Final = 200
NOBODY_SIGNED_IN: Final = "outside"
"""Who opened an entry that came without signing in."""


class NotAskedFor(Malformed):
    """This is not asked for."""


class NoSuchReport(NotFound):
    """There is nothing under that number and code."""


def filed_at(kind: str) -> tuple[RegisterTable, Outside]:
    """A register anybody may file with.

    Raises:
        NoSuchRegister: there is none of that kind.
    """
    table = all_registers().get(kind)
    if table is None or table.outside is None:
        raise NoSuchRegister()
    return table, table.outside


async def file(
    desk: Desk, place: Place, kind: str, area: str | None, said: Mapping[str, Any]
) -> tuple[RegisterEntry, str]:
    """A new entry of nobody's yet, and the code by which whoever filed it asks after it.

    Raises:
        NoSuchRegister, NotAskedFor, ActNotUnderstood: in this order.
    """
    table, outside = filed_at(kind)
    for name in sorted(said.keys() - set(outside.asks)):
        raise NotAskedFor(f"{name} is not asked for", field=name)
    anybody = Caller(
        NOBODY_SIGNED_IN,
        desk.caller.kind,
        desk.caller.county,
        NOBODY_SIGNED_IN,
        table.opens.scopes,
        (desk.caller.county,),
    )
    at_the_door = replace(desk, caller=anybody)
    subject = await subjects.find(at_the_door, place, table, "nothing", None, area)
    entry = await entries.open_entry(at_the_door, table, subject, {**said, **outside.says})
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))
    entry.owner = None
    entry.code_index = _index(desk, entry, code)
    desk.session.add(entry)
    return entry, code


async def told(
    desk: Desk, kind: str, number: str, code: str
) -> tuple[RegisterEntry, dict[str, Any]]:
    """How a filed entry stands, and what its table tells again.

    Raises:
        NoSuchRegister: nobody files with it.
        NoSuchReport: there is none of that number, or the code is another's.
    """
    _, outside = filed_at(kind)
    statement = select(RegisterEntry).where(
        col(RegisterEntry.kind) == kind, col(RegisterEntry.number) == number.strip().upper()
    )
    entry = (await desk.session.exec(statement)).first()
    if entry is None or entry.code_index is None:
        raise NoSuchReport()
    if not hmac.compare_digest(entry.code_index, _index(desk, entry, code.strip().upper())):
        raise NoSuchReport()
    content = content_of(desk, entry)
    return entry, {name: content[name] for name in outside.tells if name in content}


async def published(
    desk: Desk, kind: str, area: str | None
) -> list[tuple[RegisterEntry, dict[str, Any]]]:
    """What anybody may read of a register: the fields its table lets out, and nothing else.

    Raises:
        NoSuchRegister: the public reads nothing of it.
    """
    table = all_registers().get(kind)
    if table is None or not table.public:
        raise NoSuchRegister()
    statement = (
        select(RegisterEntry)
        .where(col(RegisterEntry.kind) == kind, col(RegisterEntry.public_since).is_not(None))
        .order_by(col(RegisterEntry.public_since).desc(), col(RegisterEntry.id).desc())
        .limit(SHOWN_MAX)
    )
    if area is not None:
        statement = statement.where(col(RegisterEntry.area).startswith(area))
    found = (await desk.session.exec(statement)).all()
    return [
        (each, {name: said[name] for name in table.public if name in said})
        for each in found
        for said in [content_of(desk, each)]
    ]


def _index(desk: Desk, entry: RegisterEntry, code: str) -> bytes:
    return desk.keys.blind_index(f"{entry.id}:{code}", column="register_entry.code_index")
