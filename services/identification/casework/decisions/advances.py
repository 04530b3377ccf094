"""What becomes of the sum a township paid first: verified, to be recovered, or come back.

Granted, it is verified (`aid.py`). Refused or lapsed, nobody verified it, and it is to be
recovered, into the reserve. Whoever ends a case by a death finds whether its help was right: then
it stays given, and the reserve may be filled up. What came back before the case was verified, as
payments says, was not paid: the decision pays it, and of it nothing is said any more.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.moving import note
from services.identification.casework.needs.temporary import (
    CAME_BACK,
    RIGHTLY,
    advanced_fen,
    came_back,
    came_back_late,
    is_verified,
    paid_first_fen,
)
from services.identification.casework.paths import LAPSED
from services.identification.casework.reading import stand
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.desk import Desk
from services.identification.grammar.acts import Field, Words
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller, Kind
from shared.contracts.identification import AdvanceUnverified, AdvanceVerified
from shared.contracts.payments import AdvanceReturned
from shared.money import yuan_text
from shared.outbox import announce, once

CONSUMER: Final = "identification-advances-returned"
REFUSED: Final = "refused"
_ASKED: Final = {
    RIGHTLY: Field(
        RIGHTLY,
        "flag",
        Words(
            "先行救助属实（是：不追缴，备用金可以补足；否：拟追缴）",
            "what was paid first was rightly given: not recovered, and the reserve is filled up",
        ),
    )
}
_OUTCOMES: Final = {
    "open": Words("还没有结果", "not known yet"),
    "verified": Words("已核实，备用金可以补足", "verified: the reserve may be filled up"),
    "to-recover": Words("没有核实，拟追缴", "not verified: to be recovered"),
    "came-back": Words(
        "已退回备用金，不算先行支付；批准的，全数发放",
        "came back to the reserve: it counts as paid no more, and a decision pays the whole sum",
    ),
    "came-back-late": Words(
        "批准（认定属实）以后才退回备用金，是本人的钱，应再付给本人",
        "came back when it was verified already: it is theirs, and is to be paid to them again",
    ),
}
_SENTENCES: Final = {
    "verified": "已先行救助的{yuan}元属实，不予追缴。",
    "to-recover": "已先行救助的{yuan}元没有得到核实，拟予追缴；追缴前另行书面告知，可以陈述意见。",
}


@once(CONSUMER)
async def hear(session: AsyncSession, context: Any, event: AdvanceReturned) -> None:
    """Write down in its case that what was paid first came back; told again, it is so already."""
    settings = PlaceSettings.read(context.settings.casework_file)
    payments = Caller(
        "payments", Kind.SERVICE, event.county, person="payments", areas=(event.county,)
    )
    now, today = context.clock.now(), context.clock.today()
    desk = Desk(session, context.keys, settings, payments, now, today)
    at = await stand(desk, event.case_id, lock=True)
    if not at.done(CAME_BACK):
        words = {"amount_fen": event.amount_fen}
        await note(desk, replace(at, words=words), CAME_BACK)


def asked_at_death(at: Standing) -> Mapping[str, Field]:
    """Whoever ends a case by a death says of what was paid first whether it was rightly given."""
    return _ASKED if advanced_fen(at) else {}


async def follow(tools: Tools, at: Standing) -> None:
    """Say of a case that has ended what becomes of what it was paid first, by how it ended."""
    state = at.case.state
    if state not in {REFUSED, *LAPSED} or not advanced_fen(at):
        return
    said: dict[str, Any] = {
        "county": at.case.county, "occurred_at": tools.now, "case_id": at.case.id,
    }  # fmt: skip
    if at.words.get(RIGHTLY):
        await announce(tools.session, AdvanceVerified(**said))
    else:
        await announce(tools.session, AdvanceUnverified(**said, why=state))


async def reopen(tools: Tools, at: Standing) -> None:
    """Say of a case whose end is set aside that nothing is recovered while it is decided again."""
    if _outcome(at) == "to-recover":
        county, case_id = at.case.county, at.case.id
        said = AdvanceUnverified(county=county, occurred_at=tools.now, case_id=case_id, why=None)
        await announce(tools.session, said)


def shown(at: Standing) -> dict[str, Any] | None:
    """What was paid first, in fen, and what becomes of it; None where nothing was."""
    if not at.done("advance"):
        return None
    outcome = _outcome(at)
    words = _OUTCOMES[outcome].both()
    return {"amount_fen": paid_first_fen(at), "outcome": outcome, "words": words}


def sentence(at: Standing) -> str:
    """What the letter that ends a case says of it; nothing, where nothing was paid first."""
    said = _SENTENCES.get(_outcome(at), "")
    return said.format(yuan=yuan_text(paid_first_fen(at)))


def _outcome(at: Standing) -> str:
    if came_back(at):
        return "came-back"
    if came_back_late(at):
        return "came-back-late"
    if not at.done("advance"):
        return "open"
    if is_verified(at):
        return "verified"
    return "to-recover" if at.case.state in {REFUSED, *LAPSED} else "open"
