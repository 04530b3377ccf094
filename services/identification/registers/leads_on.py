"""Money that was found wrongly paid or missing leads on: to a case that ends, changes or grants.

An entry moves nobody by itself. It opens the case, or names the one that is open already, and is
not mended before that is over; each shows the other.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.identification import assistance, decisions
from services.identification.casework import applicants, same_people
from services.identification.casework.opening import begin, open_case
from services.identification.casework.paths import all_paths
from services.identification.casework.reading import stand
from services.identification.desk import Desk
from services.identification.models import CaseFile, Household
from services.identification.registers import subjects
from services.identification.registers.standing import EntryStanding
from services.identification.registers.tools import Tools
from shared.problems import Conflict, Malformed

MONEY: Final = "money"
WRONGLY_PAID: Final = "wrongly-paid"
MISSING: Final = "missing"
CASE: Final = "case"
_CHANNEL: Final = "list"


class NobodysMoney(Malformed):
    """Money was wrongly paid to somebody, or is missing: the entry is about a household, a person
    of the register, or a case."""


class NotTheirCase(Conflict):
    """There is no case of that number here about whom the entry is about."""


async def open_what_it_leads_to(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The case that goes on with it, where it says that money is wrong; the entry names it.

    Raises:
        NobodysMoney: it is about nobody who could be paid.
    """
    if MONEY not in at.words:
        return {}
    desk = tools.desk
    caller = replace(desk.caller, scopes=desk.caller.scopes | {"cases:apply"})
    desk = replace(desk, caller=caller)
    home = await _home(desk, at)
    if home is None:
        if at.entry.about_kind != "case" or at.words[MONEY] != MISSING:
            raise NobodysMoney()
        return {CASE: await _asked_again(desk, UUID(str(at.entry.about)))}
    category = "exit" if at.words[MONEY] == WRONGLY_PAID else await _brings(desk, home)
    case = await _open_already(desk, home, category) or await open_case(
        desk, category, None, home, channel=_CHANNEL
    )
    return {CASE: case.receipt}


async def link_case(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The case somebody opened for it, where it is about the same people.

    Raises:
        NotTheirCase: it is not, or there is none the caller may see.
    """
    desk = tools.desk
    home = await _home(desk, at)
    indexes = await subjects.indexes_of(desk, at.entry, None)
    about = UUID(str(at.entry.about)) if at.entry.about_kind == "case" else None
    if about is not None:
        before = await stand(desk, about)
        indexes |= set(same_people.numbered(desk.keys, before.application))
    found = await desk.session.exec(
        select(CaseFile).where(
            col(CaseFile.county) == desk.caller.county,
            col(CaseFile.receipt) == str(at.words["receipt"]).strip().upper(),
            or_(
                col(CaseFile.household_id).in_([home] if home else []),
                col(CaseFile.id).in_([about] if about else []),
                same_people.name_one_of(indexes),
            ),
            ~applicants.unsent(),
        )
    )
    case = found.first()
    if case is None or not desk.caller.may_see(case.village):
        raise NotTheirCase()
    return {CASE: case.receipt}


async def led_to(desk: Desk, receipt: str | None) -> CaseFile | None:
    """The case an entry names."""
    if receipt is None:
        return None
    found = await desk.session.exec(
        select(CaseFile).where(
            col(CaseFile.county) == desk.caller.county, col(CaseFile.receipt) == receipt
        )
    )
    return found.first()


async def _home(desk: Desk, at: EntryStanding) -> UUID | None:
    """The household an entry is about, by itself, by a person, or by a case that brought it in."""
    if at.entry.about_kind == "case":
        return (await stand(desk, UUID(str(at.entry.about)))).case.household_id
    return await subjects.home_of(desk, at.entry, None)


async def _brings(desk: Desk, household_id: UUID) -> str:
    """What brings a household the money it misses: a change, or dibao where nothing is granted."""
    last = await decisions.last(desk.session, desk.keys, household_id)
    return "change" if last is not None and assistance.granted(last) else "dibao"


async def _open_already(desk: Desk, household_id: UUID, category: str) -> CaseFile | None:
    household = await desk.session.get_one(Household, household_id)
    statement = select(CaseFile).where(
        col(CaseFile.county) == household.county,
        col(CaseFile.household_id) == household_id,
        col(CaseFile.category) == category,
        col(CaseFile.closed_at).is_(None),
        ~applicants.unsent(),
    )
    return (await desk.session.exec(statement.order_by(col(CaseFile.id)))).first()


async def _asked_again(desk: Desk, case_id: UUID) -> str:
    """An application of whoever was refused, as they asked before; or the one that is open."""
    before = await stand(desk, case_id)
    path = before.path if before.path.grant is not None else all_paths()["dibao"]
    indexes = same_people.numbered(desk.keys, before.application)
    open_now = select(CaseFile).where(
        same_people.name_one_of(indexes),
        col(CaseFile.category) == path.category,
        col(CaseFile.closed_at).is_(None),
        ~applicants.unsent(),
    )
    case = (await desk.session.exec(open_now.order_by(col(CaseFile.id)))).first()
    if case is None or not desk.caller.may_see(case.village):
        application = before.application.model_copy(update={"proxy": None})
        case = await begin(desk, path, before.case.village, _CHANNEL, application)
    return case.receipt
