"""What a comparison hit: the person may answer first, within the days the place gives."""

from services.identification.casework import telling
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from shared.contracts.identification import Happened


async def await_answer(tools: Tools, at: Standing) -> None:
    """A report that hit something gives the person their days to answer, and tells them so."""
    if at.words.get("hits"):
        days = at.settings.days("hold_answer_days")
        at.case.state_due_on = at.settings.add_workdays(at.today, days)
        tools.session.add(at.case)
        await telling.tell(tools, at, Happened.ANSWER_WANTED)


async def answer_hits(tools: Tools, at: Standing) -> None:
    """What was hit is answered: nobody waits any longer."""
    at.case.state_due_on = None
    tools.session.add(at.case)
