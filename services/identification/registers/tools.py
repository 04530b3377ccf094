"""What effects of registers work with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.identification.desk import Desk
from services.identification.models import RegisterEntry
from services.identification.registers.standing import EntryStanding
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import RegisterTable

Does = Callable[[Desk, UUID, str, int, Mapping[str, Any]], Awaitable[EntryStanding]]
Opens = Callable[[Desk, RegisterTable, Subject, Mapping[str, Any]], Awaitable[RegisterEntry]]


@dataclass(frozen=True)
class Tools:
    """What effects work with: the desk, and the ways an entry of another register is opened, and
    an act is done to it."""

    desk: Desk
    open_entry: Opens
    do: Does


Effect = Callable[[Tools, EntryStanding], Awaitable[Mapping[str, Any]]]
