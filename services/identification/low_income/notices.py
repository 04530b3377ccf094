"""The notice of an entry, a move or a clearing, once another person agreed to it; as PDF."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.identification.casework.papers import letters, printing
from services.identification.casework.papers.letters import NothingToSay
from services.identification.desk import Desk
from services.identification.low_income import registered, requests
from services.identification.low_income.groups import all_groups
from services.identification.models import LowIncomePerson
from services.identification.places import Place
from services.identification.registers.standing import EntryStanding
from shared.months import written
from shared.tables import read_table

UNSIGNED: Final = "您家的承诺授权书还没有签字，工作人员会再上门请您签。"


def is_due(at: EntryStanding) -> bool:
    """Whether an entry is a request that was carried out and is told of by a notice."""
    return (
        at.table.kind == requests.KIND
        and bool(at.done("agree"))
        and at.content["request"] in requests.HAPPENED
    )


async def printed(desk: Desk, place: Place, at: EntryStanding) -> bytes:
    """The notice as PDF; that it was printed is written down.

    Raises:
        NothingToSay: nothing was carried out that a notice tells of.
    """
    if not is_due(at):
        raise NothingToSay("nothing was carried out that a notice tells of")
    person = await desk.session.get(LowIncomePerson, UUID(str(at.entry.about)))
    assert person is not None, "whoever is in the database stays in it"
    await desk.note(f"{at.table.kind}-notice-printed", str(at.entry.id))
    said, notice = at.content, _notices()[str(at.content["request"])]
    body, town = f"{place.name}民政局", letters.township(place, at.entry.area)
    group = all_groups().get(str(said.get("group")))
    is_dead = await registered.is_dead(desk.session, desk.keys, person.county, person.id_index)
    blanks = {
        "name": f"{person.name}的亲属" if is_dead else person.name,
        "number": at.entry.number,
        "since": _day(said["in_force_on"]),
        "until": f"，有效期到{_day(said['valid_until'])}" if "valid_until" in said else "",
        "group": group.zh if group else "",
        "was": said.get("was", ""),
        "reason": said["reason"],
        "unsigned": "" if said.get("signing") != "cannot-sign" or _signed(at) else UNSIGNED,
        "town": town,
        "county": place.name,
    }
    blanks["remedy"] = str(_notices()["remedy"]).format_map(blanks)
    words = {
        "title": notice["name"]["zh"],
        "number": None,
        "text": [text for each in notice["text"] if (text := each.format_map(blanks))],
        "body": body,
        "seal": f"{body}印章",
        "on": written(at.the_last("agree").done_on),
        "entrusted": None,
    }
    return printing.sheet("letter", words)


def _signed(at: EntryStanding) -> bool:
    return bool(at.done("file-commitment"))


def _day(said: Any) -> str:
    return written(date.fromisoformat(str(said)))


@lru_cache
def _notices() -> Mapping[str, Any]:
    return read_table(Path(__file__).with_name("notices.yaml"))
