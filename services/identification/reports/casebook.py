"""What became of the cases of a period: those it began with, those that came, those that ended."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import text

from services.identification.casework import whole_clock
from services.identification.casework.applicants import CITIZENS
from services.identification.casework.paths import UNDECIDED, CasePath, all_paths
from services.identification.casework.standing import DECLARED
from services.identification.casework.whole_clock import Step
from services.identification.desk import Desk
from services.identification.place_settings import PlaceSettings
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period
from shared.database import run
from shared.months import COUNTY_ZONE, civil_date

COLUMNS: Final = (
    "category", "channel", "from_lead", "arrived", "stage", "outcome", "in_time", "relative",
)  # fmt: skip
_OUTCOMES: Final = {
    "granted": "granted", "aided": "granted", "refused": "refused",
    **{each: each for each in UNDECIDED},
    "upheld": "upheld", "set-aside": "set-aside", "won": "won", "turned-away": "turned-away",
}  # fmt: skip
"""What a case that ended in a state came to."""
CERTIFICATE: Final = "certificate"
"""Nobody asks for a certificate: it comes with a decision, and is no case to be counted."""
DRAFT: Final = "draft"
"""Where a case begins that somebody writes before it is handed in."""
_CASES: Final = text("""
    SELECT c.id, c.category, c.channel, c.village, c.household_id, c.state, c.opened_at,
        c.opened_by, c.due_on, c.stopped_on, acts.acts,
        EXISTS (
            SELECT FROM case_person p JOIN relative_filing f ON f.id_index = p.id_index
            WHERE p.case_id = c.id AND f.ended_on IS NULL
                AND (f.relation <> 'self' OR p.role <> 'proxy')
        ) OR EXISTS (
            SELECT FROM case_person p
                JOIN official o ON o.county = p.county AND o.id_index = p.id_index
            WHERE p.case_id = c.id AND p.role <> 'proxy'
        ) AS filed,
        EXISTS (
            SELECT FROM register_entry e
            WHERE e.led_to_id = c.id AND e.kind = 'lead' AND e.closed_on <= :on
        ) AS is_from_lead
    FROM case_file c
    LEFT JOIN LATERAL (
        SELECT array_agg(ARRAY[a.act, a.from_state, a.to_state, a.done_on::text] ORDER BY a.number)
            AS acts
        FROM case_act a WHERE a.case_id = c.id
    ) acts ON true
    WHERE c.category <> :unasked AND c.village LIKE ANY(CAST(:areas AS text[]))
        AND c.opened_at < :until AND (c.closed_at IS NULL OR c.closed_at >= :since)
""")


async def book(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Every case that was open on some day of the period, as it stood on its last day, or today;
    not what nobody had handed in by then."""
    on = min(desk.today, period.last.last_day())
    words = {
        "areas": [f"{area}%" for area in areas],
        "unasked": CERTIFICATE,
        "on": on,
        **bounds(period),
    }
    rows = []
    for case in await run(desk.session, _CASES, words):
        steps = [
            Step(act, before, after, date.fromisoformat(day))
            for act, before, after, day in case.acts or ()
        ]
        so_far = [each for each in steps if each.on <= on]
        came_on = _came_on(case, so_far)
        if came_on is None:
            continue
        ending = whole_clock.ending(all_paths()[case.category], so_far)
        if ending is None or ending.on >= period.first.first_day():
            arrived = "yes" if came_on >= period.first.first_day() else "no"
            rows.append(_row(case, so_far, ending, desk.settings, arrived, on))
    return Book.of(COLUMNS, rows)


def _came_on(case: Any, steps: Sequence[Step]) -> date | None:
    """The day a case came: it was opened, or what is written first – an application, and whatever a
    citizen writes – was handed in. What never was is taken away in the end, and opens nothing."""
    is_written = all_paths()[case.category].begins == DRAFT
    if not is_written and not case.opened_by.startswith(CITIZENS):
        return civil_date(case.opened_at)
    return next((each.on for each in steps if each.before != each.after), None)


def _row(
    case: Any,
    steps: Sequence[Step],
    ending: Step | None,
    settings: PlaceSettings,
    arrived: str,
    on: date,
) -> Sequence[str]:
    path = all_paths()[case.category]
    done = {each.act for each in steps}
    relative = "filed" if case.filed or done & {*DECLARED} else NONE
    if relative == "filed" and "home-check" in done:
        relative = "visited"
    return (
        str(case.id),
        str(case.household_id or NONE),
        case.village,
        case.category,
        case.channel,
        "yes" if case.is_from_lead else "no",
        arrived,
        "ended" if ending else "open",
        NONE if ending is None else _OUTCOMES.get(ending.after, "other"),
        _in_time(path, steps, settings, on, ending),
        relative,
    )


def _in_time(
    path: CasePath, steps: Sequence[Step], settings: PlaceSettings, on: date, ending: Step | None
) -> str:
    """Whether the whole clock had run out by a day.

    Of what was withdrawn or lapsed nobody decided anything, in time or late.
    """
    if ending is not None and ending.after in UNDECIDED:
        return NONE
    ran = whole_clock.ran(path, steps, settings, ending.on if ending else on)
    if ran is None:
        return NONE
    if not ran.in_time:
        return "late"
    return "in-time" if ending else "running"


def bounds(period: Period) -> dict[str, datetime]:
    """The instants between which a period lies on the county's clock."""
    return {
        "since": datetime.combine(period.first.first_day(), time(), COUNTY_ZONE),
        "until": datetime.combine(period.last.next().first_day(), time(), COUNTY_ZONE),
    }
