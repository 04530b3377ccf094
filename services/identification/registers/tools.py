"""What effects of registers work with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
