"""Whose turn it is to be looked at again: a calendar by the kind of household, and its cases.

Nothing is kept of what is due: it follows from the last day on which what a household lives on was
looked at, whatever for – a visit of a review, a change, an application or a round that came to its
end, an appeal that was heard – or from its first decision where nobody ever looked. Only a review
that was opened has a row, one for a household and a month.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.identification import assistance, determinations, people
from services.identification.casework import cases, last_decisions
from services.identification.casework.foresight import DIBAO
from services.identification.casework.looking_again import no_longer_due, visits
from services.identification.casework.papers import printing
from services.identification.desk import Desk
from services.identification.models import Review
from services.identification.place_settings import PlaceSettings
from services.identification.places import Place
from shared.callers import Caller
from shared.database import run
from shared.months import Month, years_of_age
from shared.problems import Malformed

CATEGORY: Final = "review"
OPENED_MAX: Final = 200
"""As many are opened in one request; the rest by the same request again."""
ABLE_BODIED: Final = "able-bodied"
UNSTABLE: Final = "unstable"
STABLE: Final = "stable"
KINDS: Final = {ABLE_BODIED: "有劳动力", UNSTABLE: "收入不稳", STABLE: "稳定"}
SEVERE_GRADES: Final = {1, 2}
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext('reviews'))")


class TooFarAhead(Malformed):
    """Reviews are opened for this month and the next, and for what was left of earlier ones."""


@dataclass(frozen=True)
class Due:
    """A household to be looked at again."""

    household_id: UUID
    number: str
    village: str
    kind: str
    last_seen_on: date
    due_month: Month
    is_opened: bool


def kind_of(
    content: Mapping[str, Any], stability: str | None, today: date, place: PlaceSettings
) -> str:
    """How a household counts: somebody can work, or income was found unstable, or neither."""
    youngest, oldest = place.words["able_bodied_ages"]
    for member in determinations.living(content):
        facts = member["facts"]
        born = date.fromisoformat(str(facts["born_on"]))
        years = years_of_age(born, today)
        works = youngest <= years <= oldest and facts["on_tekun"] != 1
        if works and facts["disability_grade"] not in SEVERE_GRADES:
            return ABLE_BODIED
    return UNSTABLE if stability == UNSTABLE else STABLE


def rhythm(place: PlaceSettings, granted: Collection[str], kind: str) -> int:
    """How many months from one look to the next: the shortest of whatever is granted.

    A category a place says nothing of is looked at as often as a stable household.
    """
    by_kind, of = place.words["review_months"], place.words["review_months_of"]
    return min(
        int(by_kind[kind] if each == DIBAO else of.get(each, by_kind[STABLE])) for each in granted
    )


async def due(desk: Desk, month: Month, area: str | None) -> list[Due]:
    """Who is due in a month or was before and has no case opened yet, of the caller's areas."""
    return [each for each in await to_visit(desk, month, area) if not each.is_opened]


async def to_visit(desk: Desk, month: Month, area: str | None) -> list[Due]:
    """Who is due in a month or was before, of the caller's areas, village by village, until the
    review is done.
    """
    areas = _areas(desk.caller, area)
    reviewed = await _last_reviews(desk)
    looked = await visits.last_settled(desk, _long_ago(desk.settings, desk.today), areas)
    waiting = await desk.session.exec(
        select(col(Review.household_id)).where(col(Review.outcome).is_(None))
    )
    waits = set(waiting.all())
    found = []
    async for each in last_decisions.of_areas(desk, areas):
        granted = assistance.granted(each.content)
        if not granted:
            continue
        last = reviewed.get(each.household_id)
        kind = kind_of(each.content, last.stability if last else None, desk.today, desk.settings)
        reviewed_on = last.visited_on if last and last.visited_on else each.first_on
        last_on = looked.get(each.household_id, reviewed_on)
        due_month = Month.of(last_on).plus(rhythm(desk.settings, granted, kind))
        if str(due_month) <= str(month):
            is_opened = each.household_id in waits
            found.append(
                Due(
                    each.household_id,
                    each.number,
                    each.village,
                    kind,
                    last_on,
                    due_month,
                    is_opened,
                )
            )
    return found


async def shown(desk: Desk, found: list[Due]) -> list[dict[str, Any]]:
    """What is due, by village, with what a list to be taken along begins with."""
    heads = await people.names_of(desk.session, desk.caller, [each.household_id for each in found])
    villages: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        villages.setdefault(each.village, []).append(
            {
                "household_id": str(each.household_id),
                "number": each.number,
                "head_name": heads.get(str(each.household_id), ""),
                "kind": each.kind,
                "last_seen_on": each.last_seen_on.isoformat(),
                "due_month": str(each.due_month),
                "is_opened": each.is_opened,
            }
        )
    return [{"village": village, "households": rows} for village, rows in villages.items()]


async def printed(desk: Desk, place: Place, month: Month, village: str) -> bytes:
    """The list of a village to be taken along: who is due by then, by kind, with room to write."""
    (found,) = await shown(desk, await to_visit(desk, month, village)) or [{"households": []}]
    rows = sorted(found["households"], key=lambda each: (each["kind"], each["number"]))
    return printing.sheet(
        "visit-list",
        {
            "title": f"{month.year}年度复核核查表",
            "village": place.called(village),
            "columns": [
                "序号",
                "户号",
                "户主",
                "户别",
                "上次入户",
                "应核月份",
                "结果、日期、两人签字",
            ],
            "rows": [
                [
                    str(serial),
                    each["number"],
                    each["head_name"],
                    KINDS[each["kind"]],
                    each["last_seen_on"],
                    each["due_month"],
                    "",
                ]
                for serial, each in enumerate(rows, 1)
            ],
            "on": desk.today.isoformat(),
        },
    )


async def open_due(desk: Desk, month: Month, area: str | None) -> dict[str, int]:
    """Open a case for each household that is due and has none; done again, it opens none twice.

    Raises:
        TooFarAhead: the month is later than the next.
    """
    if str(month) > str(Month.of(desk.today).next()):
        raise TooFarAhead()
    await run(desk.session, _ONE_AT_A_TIME, {})
    found = await due(desk, month, area)
    ended = await no_longer_due.ended(desk.session)
    for each in found[:OPENED_MAX]:
        due_month = each.due_month
        while (each.household_id, str(due_month)) in ended:
            due_month = due_month.next()
        case = await cases.open_case(desk, CATEGORY, None, each.household_id, channel="list")
        desk.session.add(
            Review(
                county=case.county,
                household_id=each.household_id,
                case_id=case.id,
                due_month=str(due_month),
                opened_at=desk.now,
            )
        )
    await desk.session.flush()
    return {"opened": len(found[:OPENED_MAX]), "left": len(found[OPENED_MAX:])}


def _long_ago(place: PlaceSettings, today: date) -> date:
    """A day so long ago that whoever was seen last before it is overdue for years."""
    longest = max(
        int(months)
        for each in ("review_months", "review_months_of")
        for months in place.words[each].values()
    )
    return Month.of(today).plus(-3 * longest).first_day()


async def _last_reviews(desk: Desk) -> dict[UUID, Review]:
    rows = await desk.session.exec(
        select(Review).where(col(Review.visited_on).is_not(None)).order_by(col(Review.visited_on))
    )
    return {row.household_id: row for row in rows}


def _areas(caller: Caller, area: str | None) -> list[str]:
    """The beginnings of the villages that are asked for and that the caller may see."""
    if area is None:
        return list(caller.divisions)
    return [area] if caller.may_see(area) else []
