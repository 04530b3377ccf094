"""Households taken into pairing, by an alert or by a lead: one that is paired already stays so."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import households
from services.identification.desk import Desk
from services.identification.models import Household, RegisterEntry
from services.identification.registers import subjects
from services.identification.registers.standing import EntryStanding, there_for
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import LEVELS, all_registers
from services.identification.registers.tools import Opens, Tools
from shared.problems import Conflict, Malformed

PAIRING: Final = "pairing"


class HouseholdNotSaid(Malformed):
    """A household is taken into pairing; the lead says none of the register, so say which."""


class NotTheirPairing(Conflict):
    """What is said is another household than the lead is about, no pairing of theirs, or one that
    was over before."""


async def take_in(desk: Desk, opens: Opens, household: Household) -> RegisterEntry:
    """The pairing that is open of a household or of one that merged into it, or one that begins."""
    statement = select(RegisterEntry).where(
        col(RegisterEntry.kind) == PAIRING,
        col(RegisterEntry.about).in_(await _now_in(desk, household.id)),
        col(RegisterEntry.closed_at).is_(None),
    )
    found = (await desk.session.exec(statement)).first()
    if found is not None:
        return found
    table = all_registers()[PAIRING]
    area = household.village[: LEVELS[table.level]]
    return await opens(desk, table, Subject("household", str(household.id), area), {})


async def take_in_of_lead(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The household a lead is about is paired: by the pairing whose number is said, or the one that
    is open or begins. The lead names both.

    Raises:
        HouseholdNotSaid: neither the lead nor the act says which household.
        NoSuchHousehold: it is not there, or not of the caller's area.
        NotTheirPairing: it is another than the lead is about; or the number is of no pairing of
            theirs that was not over before the lead.
    """
    desk = tools.desk
    home = await subjects.home_of(desk, at.entry, at.content.get("id_number"))
    said = await _said(desk, at) or home
    if home not in {None, said}:
        raise NotTheirPairing()
    if PAIRING in at.words:
        pairing = await _named(desk, at, said)
        household = await desk.session.get_one(Household, UUID(str(pairing.about)))
    elif said is None:
        raise HouseholdNotSaid()
    else:
        household = await households.seen(desk.session, desk.caller, said)
        pairing = await take_in(desk, tools.open_entry, household)
    return {"household": household.number, PAIRING: pairing.number}


async def _said(desk: Desk, at: EntryStanding) -> UUID | None:
    """The household whose number the act says."""
    if "household" not in at.words:
        return None
    said = await households.id_of(desk.session, desk.caller, str(at.words["household"]).strip())
    return await households.now_of(desk.session, said)


async def _named(desk: Desk, at: EntryStanding, home: UUID | None) -> RegisterEntry:
    """The pairing whose number the act says, of this household where it is known."""
    statement = select(RegisterEntry).where(
        col(RegisterEntry.county) == desk.caller.county,
        col(RegisterEntry.kind) == PAIRING,
        col(RegisterEntry.number) == str(at.words[PAIRING]).strip().upper(),
        there_for(desk.caller),
    )
    found = (await desk.session.exec(statement)).first()
    if found is None or (home is not None and found.about not in await _now_in(desk, home)):
        raise NotTheirPairing()
    if found.closed_on is not None and found.closed_on < at.entry.opened_on:
        raise NotTheirPairing()
    return found


async def _now_in(desk: Desk, home: UUID) -> set[str]:
    """A household and those that merged into it, as entries are about them."""
    return {str(each) for each in await households.now_in(desk.session, home)}
