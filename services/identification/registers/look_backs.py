"""What a round found otherwise than it stands goes on the list of what is put right, with a day.

What is found moves nobody: the entry opens the leaving, the change or the application, or names the
one that is open, and another cancels it on the evidence. Whoever began the round answers for it
until it is handed on. Where they moved from the area of the round since, it is theirs who are there
now, and so is the case it opens.
"""

from dataclasses import replace
from typing import Final

from services.identification.casework import households
from services.identification.casework.looking_again.rounds import FOUND
from services.identification.desk import Desk
from services.identification.models import Household, Round, RoundHousehold
from services.identification.registers import entries, leads_on
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import LEVELS, all_registers

OTHERWISE: Final = {"left": leads_on.WRONGLY_PAID, "added": leads_on.MISSING}
"""Findings by which somebody is on the list who should not be, or off it who should; and what that
says of their money."""
_RIGHT: Final = "registers:decide"


async def put_right(desk: Desk, round_: Round, one: RoundHousehold) -> str | None:
    """The number of the entry that is opened where what counts now is otherwise; of a household
    that merged since nothing stands otherwise."""
    if one.finding not in OTHERWISE:
        return None
    table = all_registers()["rectification"]
    kind, about, village = "case", one.case_id, one.village
    if one.household_id is not None:
        if await households.now_of(desk.session, one.household_id) != one.household_id:
            return None
        kind, about = "household", one.household_id
        village = (await desk.session.get_one(Household, one.household_id)).village
    caller = replace(
        desk.caller,
        scopes=desk.caller.scopes | {_RIGHT},
        areas=(*desk.caller.areas, village),
    )
    due_on = desk.settings.add_workdays(desk.today, desk.settings.number("round_put_right_days"))
    entry = await entries.open_entry(
        replace(desk, caller=caller),
        table,
        Subject(kind, str(about), village[: LEVELS[table.level]]),
        {
            "source": "look-back",
            "source_number": f"{round_.name} {one.serial}",
            "problem": f"{round_.name}：{one.number} {FOUND[one.finding]}",
            "owner": round_.opened_by,
            "due_on": due_on.isoformat(),
            leads_on.MONEY: OTHERWISE[one.finding],
        },
    )
    return entry.number
