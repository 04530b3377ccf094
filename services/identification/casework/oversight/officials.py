"""Officials who sign in nowhere, cadres of villages above all: on record so that their relatives
can be, by name, post and ID number, all of it sealed.

Whoever oversees an area records who works there; a case of theirs or of a relative is then flagged,
and visited by the county, like one of an officer's.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import id_numbers
from services.identification.areas import within
from services.identification.desk import Desk
from services.identification.models import Official
from services.identification.people import index_of
from shared.database import new_id
from shared.months import civil_date
from shared.problems import Conflict, Malformed, NotFound

_BEGINS: Final = "official:"
"""What the name of one begins with, where an account's would stand."""
_LISTED_MAX: Final = 1_000


class NoSuchOfficial(NotFound):
    """There is no such official of the caller's areas."""


class NotAnOfficial(Malformed):
    """An official is recorded with an ID number that holds, in an area of the caller's."""


class RecordedAlready(Conflict):
    """Somebody of this ID number is on record as an official."""

    constraint = "uq_official_person"


async def record(desk: Desk, name: str, post: str, area: str, id_number: str) -> UUID:
    """Put somebody on record who works in an area and has no account.

    Raises:
        NotAnOfficial: the number does not hold, or the area is not the caller's.
        RecordedAlready: they are on record.
    """
    number = id_numbers.normalise(id_number)
    if id_numbers.flaw(number, desk.today) is not None or not desk.caller.may_see(area):
        raise NotAnOfficial()
    official_id, index = new_id(), index_of(desk.keys, number)
    content = json.dumps({"name": name, "post": post, "id_number": number}, ensure_ascii=False)
    desk.session.add(
        Official(
            id=official_id,
            county=desk.caller.county,
            area=area,
            id_index=index,
            content_sealed=desk.keys.encrypt(
                content, table="official", column="content_sealed", row=official_id
            ),
            recorded_by=desk.caller.subject,
            recorded_at=desk.now,
        )
    )
    await desk.session.flush()
    await desk.note("official-recorded", str(official_id), {"area": area})
    return official_id


async def seen(desk: Desk, official_id: UUID) -> Official:
    """An official of the caller's areas.

    Raises:
        NoSuchOfficial: there is none, or it is not of the caller's areas.
    """
    found = await desk.session.get(Official, official_id)
    if found is None or not desk.caller.may_see(found.area):
        raise NoSuchOfficial()
    return found


async def oversees(desk: Desk, person: str) -> bool:
    """Whether a filing's person is an official of the caller's areas."""
    if not person.startswith(_BEGINS):
        return False
    found = await desk.session.get(Official, UUID(person.removeprefix(_BEGINS)))
    return found is not None and desk.caller.may_see(found.area)


async def listed(desk: Desk) -> Sequence[Official]:
    """The officials on record in the caller's areas."""
    statement = (
        select(Official)
        .where(within(desk.caller.divisions, col(Official.area)))
        .order_by(col(Official.area), col(Official.id))
        .limit(_LISTED_MAX)
    )
    return (await desk.session.exec(statement)).all()


async def names(desk: Desk, known: Iterable[str]) -> dict[str, str]:
    """What the officials among these are called: name and post."""
    ids = {UUID(e.removeprefix(_BEGINS)) for e in known if e.startswith(_BEGINS)}
    if not ids:
        return {}
    found = await desk.session.exec(select(Official).where(col(Official.id).in_(ids)))
    return {known_as(each): "{name}（{post}）".format_map(_content(desk, each)) for each in found}


def known_as(official: Official) -> str:
    """What stands for one where the name of an account would."""
    return f"{_BEGINS}{official.id}"


def shown(desk: Desk, official: Official) -> dict[str, Any]:
    """An official as those who oversee them read it."""
    content = _content(desk, official)
    return {
        "official_id": str(official.id),
        "area": official.area,
        "name": content["name"],
        "post": content["post"],
        "recorded_on": civil_date(official.recorded_at).isoformat(),
    }


def _content(desk: Desk, official: Official) -> dict[str, str]:
    content: dict[str, str] = json.loads(
        desk.keys.decrypt(
            official.content_sealed, table="official", column="content_sealed", row=official.id
        )
    )
    return content
