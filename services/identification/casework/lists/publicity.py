"""What the public may read of a village: the lists that are up, and who is granted; never more.

Only what is named here leaves: a masked name, how many live together, the category, the days. A
household is named by somebody of age who lives there, whoever applied. Minors alone, who is kept
secret, and categories that would tell of a disability are on no list.
"""

from datetime import date
from typing import Any, Final

from sqlmodel import col, select

from services.identification.areas import within
from services.identification.casework.lists import board, postings
from services.identification.casework.lists.postings import TOWNSHIP_DIGITS
from services.identification.casework.papers import printing
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseFile, Posting
from services.identification.places import Place
from shared.problems import NotFound

POSTED: Final = "posted"
TO_POST: Final = "to-post"


class NoSuchVillage(NotFound):
    """There is no such village here."""


async def of_village(desk: Desk, place: Place, village: str) -> dict[str, Any]:
    """What anybody may read today of a village: what is posted, and who is granted.

    Raises:
        NoSuchVillage: it is not of this county.
    """
    if village not in place.villages:
        raise NoSuchVillage()
    shown = await _shown(desk, village, POSTED)
    return {
        "village": village,
        "posted": [
            {
                **line,
                "list": postings.BOARDS[up.stage].zh,
                "first_day": up.first_day,
                "last_day": up.last_day,
            }
            for at, line in shown
            for up in _up(at)
            if up.first_day <= desk.today <= up.last_day
        ],
        "granted": await board.of_area(desk, village),
    }


async def standing_board(desk: Desk, place: Place, area: str) -> list[dict[str, Any]]:
    """The standing board of a village or a township, as the register is today.

    Raises:
        NoSuchVillage: it is not of this county, or not of the caller's area.
    """
    if area not in {**place.villages, **place.towns} or not desk.caller.may_see(area):
        raise NoSuchVillage()
    return await board.of_area(desk, area)


async def posting_list(desk: Desk, place: Place, area: str) -> bytes:
    """What hangs on one board as PDF, to be put up and up: a village's, or a township's of all its
    villages.

    Raises:
        NoSuchVillage: it is not of this county, or not of the caller's area.
    """
    if area not in {**place.villages, **place.towns} or not desk.caller.may_see(area):
        raise NoSuchVillage()
    is_village = area in place.villages
    rows = []
    for at, line in await _shown(desk, area, TO_POST, POSTED):
        on_board, days = _on_board(at, desk.today)
        if on_board is None or postings.hangs_at(on_board, at.case.village) != area:
            continue
        number = str(at.case.form_number or "")
        found = postings.found_so_far(at, postings.before(at))
        where = postings.BOARDS[on_board].zh if is_village else place.called(at.case.village)
        rows.append(
            [number, line["name"], str(line["members"]), line["category"], found, days, where]
        )
    town = place.towns.get(area[:TOWNSHIP_DIGITS], "")
    return printing.sheet(
        "posting",
        {
            "area": place.called(area) if is_village else town,
            "where": "榜次" if is_village else "村（社区）",
            "rows": rows,
            "town": town,
            "on": desk.today.isoformat(),
        },
    )


async def _shown(desk: Desk, area: str, *states: str) -> list[tuple[Standing, dict[str, Any]]]:
    """The cases of a village or township in these states that may be shown, the earliest first,
    each with all that is ever shown of it."""
    found = await desk.session.exec(
        select(CaseFile)
        .where(
            within([area], col(CaseFile.village)),
            col(CaseFile.state).in_(states),
            col(CaseFile.category).in_(desk.settings.public_categories),
        )
        .order_by(col(CaseFile.id))
    )
    open_ones = [at for at in await standings(desk, found.all()) if not at.withheld]
    dead = await postings.dead_of(desk, [at.case.id for at in open_ones])
    lines = ((at, postings.line(at, dead.get(at.case.id, ()))) for at in open_ones)
    return [(at, {**line, "category": at.path.words.zh}) for at, line in lines if line is not None]


def _up(at: Standing) -> list[Posting]:
    return [each for each in at.postings if each.taken_down_on is None]


def _on_board(at: Standing, today: date) -> tuple[str | None, str]:
    """On whose board it is; from when until when, or for how long from the day it is put up. A list
    past its last day is to be taken down, and not hung again."""
    for up in _up(at):
        return (up.stage if today <= up.last_day else None), f"{up.first_day}至{up.last_day}"
    due = postings.next_list(at)
    if due is None:
        return None, ""  # The place has taken the list away meanwhile.
    return due.board, f"自张贴之日起{postings.days_shown(at, due)}天"
