"""Of two cases about one person one goes first: the other waits, and then sees what was done.

What asks whether somebody asked, was helped or is given something already asks behind this; else
two officers at once are each told of nobody. Everybody is waited for in one order, so that no two
cases wait for each other.
"""

from sqlalchemy import text

from services.identification.casework.applications import Application
from services.identification.casework.tools import Tools, index_of
from shared.database import run


async def hold(tools: Tools, application: Application) -> None:
    """Keep everybody an application names to this transaction, until it ends."""
    named = {index_of(tools.keys, each) for each in application.members}
    for index in sorted(each for each in named if each is not None):
        await run(
            tools.session,
            text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))"),
            {"person": f"case-person:{index.hex()}"},
        )
