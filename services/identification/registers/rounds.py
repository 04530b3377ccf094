"""The same entry for every township or village: what is asked of all of them at once."""

from collections.abc import Mapping
from typing import Any, Final

from services.identification.desk import Desk
from services.identification.places import Place
from services.identification.registers import entries, subjects
from services.identification.registers.subjects import AboutWrong
from services.identification.registers.tables import RegisterTable

OPENED_MAX: Final = 500


async def open_each(
    desk: Desk,
    place: Place,
    table: RegisterTable,
    each: str,
    area: str | None,
    said: Mapping[str, Any],
) -> dict[str, Any]:
    """An entry for each township (a unit by its name) or village of the caller's area.

    Whoever has theirs already, where there is to be one only, is left out: asked again, it opens
    what is missing.

    Raises:
        AboutWrong: entries of this register are about neither.
        NotYours, ActNotUnderstood, NotYet: as when one is opened.
    """
    kind = {"township": "unit", "village": "village"}.get(each, "")
    if kind not in table.about:
        raise AboutWrong(f"it is about {', '.join(table.about)}")
    divisions = place.towns if kind == "unit" else place.villages
    asked = [
        (code, name)
        for code, name in sorted(divisions.items())
        if code.startswith(area or "") and desk.caller.may_see(code)
    ]
    opened, had = [], 0
    for code, name in asked[:OPENED_MAX]:
        about = name if kind == "unit" else code
        subject = await subjects.find(desk, place, table, kind, about, code)
        if await entries.is_on(desk, table, subject, said):
            had += 1
            continue
        opened.append((await entries.open_entry(desk, table, subject, said)).number)
    return {"opened": opened, "had": had}
