"""What became of the cases of a period: those it began with, those that came, those that ended."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from services.identification.casework.paths import UNDECIDED, CasePath, all_paths
from services.identification.casework.standing import DECLARED
from services.identification.desk import Desk
from services.identification.grammar.acts import STOPPED
from services.identification.place_settings import PlaceSettings
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period
from shared.database import run
from shared.months import COUNTY_ZONE, civil_date

COLUMNS: Final = (
    "category", "channel", "arrived", "stage", "outcome", "in_time", "relative",
)  # fmt: skip
_OUTCOMES: Final = {
    "granted": "granted", "aided": "granted", "refused": "refused",
    **{each: each for each in UNDECIDED},
    "upheld": "upheld", "set-aside": "set-aside", "won": "won", "turned-away": "turned-away",
}  # fmt: skip
"""What a case that ended in a state came to."""
CERTIFICATE: Final = "certificate"
"""Nobody asks for a certificate: it comes with a decision, and is no case to be counted."""
_CASES: Final = text("""
    SELECT c.id, c.category, c.channel, c.village, c.household_id, c.state, c.opened_at,
        c.due_on, c.stopped_on, acts.acts,
        EXISTS (
            SELECT FROM case_person p JOIN relative_filing f ON f.id_index = p.id_index
            WHERE p.case_id = c.id AND f.ended_on IS NULL
                AND (f.relation <> 'self' OR p.role <> 'proxy')
        ) OR EXISTS (
            SELECT FROM case_person p
                JOIN official o ON o.county = p.county AND o.id_index = p.id_index
            WHERE p.case_id = c.id AND p.role <> 'proxy'
        ) AS filed
    FROM case_file c
    LEFT JOIN LATERAL (
        SELECT array_agg(ARRAY[a.act, a.from_state, a.to_state, a.done_on::text] ORDER BY a.number)
            AS acts
        FROM case_act a WHERE a.case_id = c.id
    ) acts ON true
    WHERE c.category <> :unasked AND c.village LIKE ANY(CAST(:areas AS text[]))
        AND c.opened_at < :until AND (c.closed_at IS NULL OR c.closed_at >= :since)
""")


class _Act(NamedTuple):
    """An act that was done, as far as a report asks of it."""

    act: str
    before: str
    after: str
    on: str


async def book(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Every case that was open on some day of the period, as it stood on its last day, or today."""
    words = {"areas": [f"{area}%" for area in areas], "unasked": CERTIFICATE, **bounds(period)}
    on = min(desk.today, period.last.last_day())
    rows = []
    for case in await run(desk.session, _CASES, words):
        acts = [_Act(*each) for each in case.acts or () if each[3] <= on.isoformat()]
        rows.append(_row(case, acts, desk.settings, period, on))
    return Book.of(COLUMNS, rows)


def _row(
    case: Any, acts: Sequence[_Act], settings: PlaceSettings, period: Period, on: date
) -> Sequence[str]:
    path = all_paths()[case.category]
    ending = next((each for each in acts if _ends(path, each)), None)
    done = {each.act for each in acts}
    relative = "filed" if case.filed or done & {*DECLARED} else NONE
    if relative == "filed" and "home-check" in done:
        relative = "visited"
    return (
        str(case.id),
        str(case.household_id or NONE),
        case.village,
        case.category,
        case.channel,
        "yes" if civil_date(case.opened_at) >= period.first.first_day() else "no",
        "ended" if ending else "open",
        NONE if ending is None else _OUTCOMES.get(ending.after, "other"),
        _in_time(path, acts, settings, date.fromisoformat(ending.on) if ending else on, ending),
        relative,
    )


def _ends(path: CasePath, act: _Act) -> bool:
    return act.before != act.after and path.states[act.after].ends


def _starts(path: CasePath, act: _Act) -> bool:
    """Whether an act began the whole clock; what another case did to this one began none."""
    return act.act in path.acts and path.acts[act.act].starts is not None


def _stops(path: CasePath, act: _Act) -> bool:
    """Whether an act ended the whole clock: what is decided and paid in stages is decided."""
    return act.act in path.acts and path.acts[act.act].stops


def _in_time(
    path: CasePath, acts: Sequence[_Act], settings: PlaceSettings, on: date, ending: _Act | None
) -> str:
    """Whether the whole clock had run out by a day; the days it stood still do not count.

    Of what was withdrawn or lapsed nobody decided anything, in time or late.
    """
    started = next((each for each in acts if _starts(path, each)), None)
    if ending is not None and ending.after in UNDECIDED:
        return NONE
    if started is None or (ending and acts.index(started) >= acts.index(ending)):
        return NONE
    longer = [path.acts[each.act].extends for each in acts if each.act in path.acts]
    clock = next((each for each in longer if each), path.acts[started.act].starts)
    allowed = settings.days(str(clock))
    taken, since = 0, started
    for each in [*acts[acts.index(started) + 1 :], None]:
        until = min(date.fromisoformat(each.on), on) if each else on
        if path.states[since.after].clock != STOPPED:
            taken += settings.workdays_between(date.fromisoformat(since.on), until)
        if each is None or each is ending or _stops(path, each):
            break
        since = each
    if taken > allowed:
        return "late"
    return "in-time" if ending else "running"


def bounds(period: Period) -> dict[str, datetime]:
    """The instants between which a period lies on the county's clock."""
    return {
        "since": datetime.combine(period.first.first_day(), time(), COUNTY_ZONE),
        "until": datetime.combine(period.last.next().first_day(), time(), COUNTY_ZONE),
    }
