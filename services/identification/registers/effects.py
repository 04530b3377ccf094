"""What an act does beside moving its entry: each effect by the name the tables use.

An effect may add words to the act; what it adds stands in the history as the system's own.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.identification.desk import Desk
from services.identification.models import RegisterEntry
from services.identification.registers.standing import EntryStanding
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import RegisterTable

Opens = Callable[[Desk, RegisterTable, Subject, Mapping[str, Any]], Awaitable[RegisterEntry]]


@dataclass(frozen=True)
class Tools:
    """What effects work with: the desk, and the way an entry of another register is opened."""

    desk: Desk
    open_entry: Opens


Effect = Callable[[Tools, EntryStanding], Awaitable[Mapping[str, Any]]]


async def take_over(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Whoever does it is from now on whose entry it is."""
    at.entry.owner = tools.desk.caller.subject
    return {}


async def make_public(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """From today anybody may read what the table lets the public read."""
    at.entry.public_since = tools.desk.today
    return {}


async def take_from_public(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Nobody outside reads it any more."""
    at.entry.public_since = None
    return {}


EFFECTS: Final[Mapping[str, Effect]] = {
    "take_over": take_over,
    "make_public": make_public,
    "take_from_public": take_from_public,
}
