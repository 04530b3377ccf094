"""What is shown of a village: the lists that are up, and who is granted; never more.

Two places show it. The web, read by anybody from anywhere, has a masked name; the paper on the
board, read by those who know each other, the whole one: who is meant is what they object to. What
else each shows is named here, and nothing else leaves. A household is named by somebody of age who
lives there, whoever applied. Minors alone, who is kept secret, and categories that would tell of a
disability are on no list.
"""

from datetime import date
from typing import Any, Final

from sqlmodel import col, select

from services.identification import names
from services.identification.areas import within
from services.identification.casework.lists import board, postings
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseFile, Posting
from services.identification.places import Place
from shared.problems import NotFound

POSTED: Final = "posted"
TO_POST: Final = "to-post"
ON_THE_WEB: Final = ("name", "members", "category", "sum")
"""Of who is posted, beside the list and its days; the name masked."""
ON_PAPER: Final = (*ON_THE_WEB, "number", "found", "days", "list", "village")
"""Of who is posted, on the board itself; the name whole."""


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
                **{each: line[each] for each in ON_THE_WEB},
                "name": names.called(line["name"]),
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


async def board_on_paper(desk: Desk, place: Place, area: str) -> list[dict[str, Any]]:
    """The same with whole names, to be printed and hung up; audited.

    Raises:
        NoSuchVillage: it is not of this county, or not of the caller's area.
    """
    if area not in {**place.villages, **place.towns} or not desk.caller.may_see(area):
        raise NoSuchVillage()
    lines = await board.of_area(desk, area, whole=True)
    await desk.note("board-printed", area, {"lines": len(lines)})
    return lines


async def posting_list(desk: Desk, place: Place, area: str) -> list[dict[str, Any]]:
    """What hangs on one board, to be put up and up: a village's, or a township's of all its
    villages. Names are whole, but where the paper that hangs has them masked; audited.

    Raises:
        NoSuchVillage: it is not of this county, or not of the caller's area.
    """
    if area not in {**place.villages, **place.towns} or not desk.caller.may_see(area):
        raise NoSuchVillage()
    lines = []
    for at, line in await _shown(desk, area, TO_POST, POSTED):
        up = next(iter(_up(at)), None)
        on_board, days = _on_board(at, up, desk.today)
        if on_board is None or postings.hangs_at(on_board, at.case.village) != area:
            continue
        whole = up is None or postings.hangs_whole(desk, up)
        told = {
            **line,
            "name": line["name"] if whole else names.called(line["name"]),
            "number": at.case.form_number,
            "found": postings.found_so_far(at, postings.before(at)),
            "days": days,
            "list": postings.BOARDS[on_board].zh,
            "village": at.case.village,
        }
        lines.append({each: told[each] for each in ON_PAPER})
    await desk.note("posting-list-printed", area, {"lines": len(lines)})
    return lines


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


def _on_board(at: Standing, up: Posting | None, today: date) -> tuple[str | None, str]:
    """On whose board it is; from when until when, or for how long from the day it is put up. A list
    past its last day is to be taken down, and not hung again."""
    if up is not None:
        return (up.stage if today <= up.last_day else None), f"{up.first_day}至{up.last_day}"
    due = postings.next_list(at)
    if due is None:
        return None, ""  # The place has taken the list away meanwhile.
    return due.board, f"自张贴之日起{postings.days_shown(at, due)}天"
