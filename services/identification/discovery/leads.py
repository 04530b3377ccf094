"""What a lead leads to: an application, pre-filled and linked, or an answer to who warned."""

from typing import Any, Final
from uuid import UUID

from services.identification.casework import drafts, households
from services.identification.casework.applications import Application, Member
from services.identification.casework.paths import all_paths
from services.identification.desk import Desk
from services.identification.exchange import items
from services.identification.grammar.moving import NotYours
from services.identification.models import Household
from services.identification.registers.standing import EntryStanding
from services.identification.roster.columns import HEAD
from shared.problems import Malformed

CHANNEL: Final = "lead"
VILLAGE_DIGITS: Final = 12
OUTCOMES: Final = {"opened": "help-opened", "not-eligible": "not-eligible", "declined": "declined"}
"""How a warning is answered by the state its lead ends in."""


class VillageNotSaid(Malformed):
    """An application is made in a village; the lead names none, so say which."""


async def open_case(desk: Desk, at: EntryStanding) -> dict[str, Any]:
    """Open the application a lead calls for, with what is known; its receipt is on the lead. Where
    one is open already, or being written, it is that one.

    Raises:
        VillageNotSaid: neither the lead nor the act says where they live.
        NotYours: the village is not of the caller's area.
    """
    household = await _home(desk, at)
    if household is not None:
        application = await households.as_application(desk.session, desk.keys, household)
        village = household.village
    else:
        application, village = Application(members=_members(at)), _village(at)
    if not desk.caller.may_see(village):
        raise NotYours("the village is not of your area")
    known = {
        "reason": str(at.said["situation"]),
        "phone": str(at.said.get("phone", "")),
        "whose": _whose(at, application),
    }
    case = await drafts.begin(
        desk,
        all_paths()[str(at.said["programme"])],
        village,
        CHANNEL,
        application.model_copy(update=known),
        household_id=household.id if household else None,
    )
    at.entry.led_to_id = case.id
    await answer_warning(desk, at, "opened", case.id)
    return {"receipt": case.receipt, "case_id": str(case.id)}


async def answer_warning(
    desk: Desk, at: EntryStanding, state: str, case_id: UUID | None = None
) -> None:
    """Where the province warned, its warning is answered by what became of the lead, with the case
    that was opened."""
    number, template = at.said.get("source_number"), at.said.get("source_list")
    if at.said["source"] != "warning" or number is None or template is None:
        return
    item = (await items.by_key(desk, str(template), [str(number)])).get(str(number))
    if item is not None and item.answered_on is None:
        item.case_id = case_id
        items.settle(desk, item, OUTCOMES[state], {"remark": at.entry.number})


def _whose(at: EntryStanding, application: Application) -> str | None:
    """By key, whose need it is: the person the lead is about, or whose ID number it says."""
    number = at.said.get("id_number")
    meant = (
        each.key
        for each in application.members
        if each.key == at.entry.about or (number is not None and each.id_number == number)
    )
    return next(meant, None)


async def _home(desk: Desk, at: EntryStanding) -> Household | None:
    """The household of the register in which whom a lead is about lives now."""
    entry = at.entry
    if entry.about is None or entry.about_kind not in {"household", "person"}:
        return None
    if entry.about_kind == "household":
        now = await households.now_of(desk.session, UUID(entry.about))
        return await households.seen(desk.session, desk.caller, now)
    return await households.home_of(desk.session, UUID(entry.about))


def _village(at: EntryStanding) -> str:
    said = str(at.words.get("village", at.entry.area))
    if len(said) != VILLAGE_DIGITS:
        raise VillageNotSaid()
    return said


def _members(at: EntryStanding) -> tuple[Member, ...]:
    """Whom the lead names, when the number is known; else the application asks for them."""
    number = at.said.get("id_number")
    if number is None:
        return ()
    return (Member(key="head", name=str(at.said["name"]), relation=HEAD, id_number=str(number)),)
