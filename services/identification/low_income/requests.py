"""What an officer asks of the database by hand: it waits in its register, and is carried out once
another person agrees. Whatever would be refused then is refused when it is asked already."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.identification import registrations
from services.identification.low_income import entries, keeping, telling
from services.identification.low_income.entries import Claim, Hand
from services.identification.low_income.groups import all_groups
from services.identification.low_income.keeping import Asked, By
from services.identification.models import LowIncomePerson
from services.identification.registers.standing import EntryStanding
from services.identification.registers.subjects import LOW_INCOME
from services.identification.registers.tools import Tools
from shared.contracts.identification import Happened

KIND: Final = "low-income-request"
"""The register they wait in."""
ENTER: Final = "enter"
MOVE: Final = "move"
EXTEND: Final = "extend"
CLEAR: Final = "clear"
HAPPENED: Final = {
    ENTER: Happened.WATCHED,
    MOVE: Happened.WATCHED_OTHERWISE,
    CLEAR: Happened.WATCHED_NO_MORE,
}
"""What they are told once it is done; that a group holds on changes nothing for them."""


async def ask(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """See whether it may be done as things stand, and do nothing; in which group they are now."""
    desk, what = tools.desk, at.words["request"]
    hand = Hand.of(desk)
    if what == ENTER:
        await keeping.may_enter(hand, desk.settings, desk.caller, _claim(at))
        return {}
    asked = _asked(at)
    if what == MOVE:
        to = str(at.words["group"])
        before, _ = await keeping.may_move(hand, desk.settings, desk.caller, asked, to)
    elif what == EXTEND:
        before = await keeping.may_extend(hand, desk.settings, desk.caller, asked)
    else:
        before, _ = await keeping.may_clear(hand, desk.caller, asked)
    return {"was": all_groups()[before.group_name].zh}


async def carry_out(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Do what was asked, by whoever agrees; from which day it holds, and to which. Whoever came in
    is whom the entry is about from now on.

    Raises:
        AlreadyEntered, NotInAGroup, StayMovedOn: what it was about has moved on since it was asked.
    """
    desk, what = tools.desk, at.said["request"]
    hand, settings, caller = Hand.of(desk), desk.settings, desk.caller
    by = By(at.entry.id, at.entry.number, at.entry.opened_by)
    if what == ENTER:
        source = str(at.said["source"])
        person_id = await keeping.enter(hand, settings, caller, _claim(at), source, by)
        at.entry.about_kind, at.entry.about = LOW_INCOME, str(person_id)
    else:
        asked = _asked(at)
        person_id = asked.person_id
        if what == MOVE:
            await keeping.move(hand, settings, caller, asked, str(at.said["group"]), by)
        elif what == EXTEND:
            await keeping.extend(hand, settings, caller, asked, by)
        else:
            await keeping.clear(hand, caller, asked, by)
    if what in HAPPENED:
        person = await desk.session.get(LowIncomePerson, person_id)
        assert person is not None, "whoever is in the database stays in it"
        await telling.tell(desk, person, HAPPENED[what], at.entry.id)
    stay = await entries.current(desk.session, person_id)
    days = {
        "in_force_on": stay.since if stay else _day(at) or at.today,
        "valid_until": stay.valid_until if stay else None,
    }
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _claim(at: EntryStanding) -> Claim:
    said, grade = at.said, at.said.get("disability_grade")
    return Claim(
        name=str(said["name"]),
        id_number=str(said["id_number"]),
        village=at.entry.area,
        registration=registrations.code_of(str(said["registration"])),
        group=str(said["group"]),
        since=_day(at) or at.today,
        disability_grade=int(grade) if grade else None,
        reason=str(said["reason"]),
    )


def _asked(at: EntryStanding) -> Asked:
    return Asked(
        UUID(str(at.entry.about)), UUID(str(at.said["stay_id"])), str(at.said["reason"]), _day(at)
    )


def _day(at: EntryStanding) -> date | None:
    said = at.said.get("since")
    return date.fromisoformat(str(said)) if said else None
