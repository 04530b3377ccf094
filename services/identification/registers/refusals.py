"""Work refused without reason, again and again: the household's assistance is looked at anew.

The register only counts and describes it in a case of its own; whether anything changes is decided
there, and by the law of the place. From what was decided on it counts anew, and from a placing that
lasted; of a change that was withdrawn or lapsed nothing was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import cases
from services.identification.casework.opening import open_case
from services.identification.casework.paths import UNDECIDED
from services.identification.grammar.history import Done
from services.identification.models import CaseFile, Membership
from services.identification.registers.standing import EntryStanding
from services.identification.registers.tools import Tools

_CHANGE: Final = "change_case"
_AT_WORK: Final = {"casual", "employed"}
_OVER: Final = {"lose", "end"}
"""By which a placing is over: what is said later says nothing of it."""


async def count_refusals(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """How many suitable posts in a row were refused; from the place's number on, a case is opened,
    unless one that was opened for it still is."""
    changes = await _changes(tools, at)
    decided = [each.closed_at for each in changes if each.state not in UNDECIDED and each.closed_at]
    refused = in_a_row(at, max(decided, default=None))
    said: dict[str, Any] = {"refused_in_a_row": refused}
    is_open = any(each.closed_at is None for each in changes)
    if refused >= at.settings.number("refused_offers_max") and not is_open:
        said |= await _described(tools, at, refused)
    return said


def in_a_row(at: EntryStanding, since: datetime | None = None) -> int:
    """Refusals of suitable posts without good reason, with this one, since the last placing that
    lasted, and since something was decided of them."""
    count, suitable = 0, False
    placed: Done | None = None
    for each in at.acts:
        if each.act == "offer":
            suitable = bool(each.words["suitable"])
        elif each.act == "refuse" and suitable and not each.words["good_reason"]:
            count += since is None or each.done_at > since
        elif each.act == "place":
            placed = each
        elif placed is not None:
            count = 0 if _shows_it_lasted(each, placed) else count
            placed = None if each.act in _OVER else placed
    return count + (suitable and not at.words["good_reason"])


def _shows_it_lasted(done: Done, placed: Done) -> bool:
    """Whether somebody was seen at work on a later day, or another than who recorded the placing
    says that it is over: it ends nothing by one person's word of a day."""
    if done.act == "follow":
        return done.done_on > placed.done_on and done.words["status"] in _AT_WORK
    return done.act in _OVER and done.person != placed.person


async def _changes(tools: Tools, at: EntryStanding) -> Sequence[CaseFile]:
    """The cases that were opened for what the entry says was refused."""
    receipts = [each.words[_CHANGE] for each in at.done("refuse") if _CHANGE in each.words]
    statement = select(CaseFile).where(
        col(CaseFile.county) == at.entry.county, col(CaseFile.receipt).in_(receipts)
    )
    return (await tools.desk.session.exec(statement)).all()


async def _described(tools: Tools, at: EntryStanding, refused: int) -> dict[str, str]:
    """A change of the household that says how often work was refused; its receipt number.

    Who died or moved away lives in no household, and nothing of it changes. Whoever keeps the
    register may describe it, though they take in no other cases.
    """
    assert at.entry.about is not None, "a line of the ledger is about a person"
    lives = select(col(Membership.household_id)).where(
        col(Membership.person_id) == UUID(at.entry.about), col(Membership.until).is_(None)
    )
    household_id = (await tools.desk.session.exec(lives)).first()
    if household_id is None:
        return {}
    caller = replace(tools.desk.caller, scopes=tools.desk.caller.scopes | {"cases:apply"})
    desk = replace(tools.desk, caller=caller)
    case = await open_case(desk, "change", None, household_id, channel="lead")
    words = {
        "person_key": at.entry.about,
        "refused": refused,
        "reason": f"{at.entry.number}：{at.words['reason']}",
    }
    await cases.do(desk, case.id, "refused-work", case.version, words)
    return {_CHANGE: case.receipt}
