"""A lead that no officer typed: reported by a list or a feed, nobody's until somebody takes it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from services.identification.desk import Desk
from services.identification.models import RegisterEntry
from services.identification.registers import entries
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import all_registers

LEAD: Final = "lead"
VILLAGE_DIGITS: Final = 12


async def report(
    desk: Desk, person_id: UUID | None, village: str, said: Mapping[str, Any]
) -> RegisterEntry:
    """Open a lead about somebody of the register, or about whoever a village is said to have."""
    if len(village) < VILLAGE_DIGITS:
        subject = Subject("nothing", None, village)
    elif person_id is not None:
        subject = Subject("person", str(person_id), village)
    else:
        subject = Subject("village", village, village)
    entry = await entries.open_entry(desk, all_registers()[LEAD], subject, said)
    entry.owner = None
    desk.session.add(entry)
    return entry
