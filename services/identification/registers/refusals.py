"""Work refused without reason, again and again: the household's assistance is looked at anew.

The register only counts and describes it in a case of its own; whether anything changes is decided
there, and by the law of the place.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import cases
from services.identification.casework.opening import open_case
from services.identification.models import Membership
from services.identification.registers.standing import EntryStanding
from services.identification.registers.tools import Tools


async def count_refusals(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """How many suitable posts in a row were refused; at the place's number, a case is opened."""
    refused = in_a_row(at)
    said: dict[str, Any] = {"refused_in_a_row": refused}
    if refused == at.settings.days("refused_offers_max"):
        said |= await _described(tools, at, refused)
    return said


def in_a_row(at: EntryStanding) -> int:
    """Refusals of suitable posts without good reason, with this one, since the last placing."""
    count, suitable = 0, False
    for act, words in [*((each.act, each.words) for each in at.acts), ("refuse", at.words)]:
        if act == "offer":
            suitable = bool(words["suitable"])
        elif act == "refuse" and suitable and not words["good_reason"]:
            count += 1
        elif act == "place":
            count = 0
    return count


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
    return {"change_case": case.receipt}
