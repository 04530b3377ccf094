"""What becomes of the sum a township paid first, where its case ends undecided or is refused.

Granted, it is verified (`aid.py`). Refused or lapsed, nobody verified it, and it is to be
recovered, into the reserve. Whoever ends a case by a death finds whether its help was right: then
it stays given, and the reserve may be filled up.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.identification.casework.needs.temporary import advanced_fen
from services.identification.casework.paths import LAPSED
from services.identification.casework.standing import REPLACED, Standing
from services.identification.casework.tools import Tools
from services.identification.grammar.acts import Field, Words
from shared.contracts.identification import AdvanceUnverified, AdvanceVerified
from shared.outbox import announce

REFUSED: Final = "refused"
RIGHTLY: Final = "rightly_helped"
"""The word of an end by a death that says whether what was paid first was rightly given."""
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
}


def asked_at_death(at: Standing) -> Mapping[str, Field]:
    """Whoever ends a case by a death says of what was paid first whether it was rightly given."""
    return _ASKED if at.done("advance") else {}


async def follow(tools: Tools, at: Standing) -> None:
    """Say of a case that has ended what becomes of what it was paid first, by how it ended."""
    state = at.case.state
    if state not in {REFUSED, *LAPSED} or not at.done("advance"):
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
    return {"amount_fen": advanced_fen(at), "outcome": outcome, "words": words}


def _outcome(at: Standing) -> str:
    if not at.done("advance"):
        return "open"
    if at.done("confirm", REPLACED) or any(each.words.get(RIGHTLY) for each in at.acts):
        return "verified"
    return "to-recover" if at.case.state in {REFUSED, *LAPSED} else "open"
