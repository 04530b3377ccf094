"""By which day the step is due that a case stands at."""

from datetime import date, timedelta
from typing import Final

from services.identification.casework.paths import CasePath
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.grammar import moving
from services.identification.models import CaseFile
from services.identification.place_settings import PlaceSettings
from shared.months import Month

FADING: Final = "fading"
POSTED: Final = "posted"
RISEN: Final = "over-standard"
NEVER_OWED: Final = "wrongly-in"
WANT_PAPERS: Final = "want-papers"
STILL_MISSING: Final = "papers-still-missing"


def due_on(at: Standing) -> date | None:
    """The day of its state's clock, of a fade-out its last, of a list that hangs the one after its
    last, on which it is taken down; none, where what the clock waits for was done.
    """
    if at.case.state == FADING:
        return last_fading_month(at).last_day()
    if at.case.state == POSTED:
        up = [each.last_day for each in at.postings if each.taken_down_on is None]
        return max(up) + timedelta(days=1) if up else None
    came = max(
        (n for n, each in enumerate(at.acts) if each.from_state != each.to_state), default=-1
    )
    since = (at.path.acts.get(each.act) for each in at.acts[came + 1 :])
    met = any(act is not None and act.meets for act in since)
    return None if met else moving.step_due_on(at.case, at.path, at.settings)


def papers_due_on(at: Standing) -> date:
    """The last day of what was named as missing, where a case comes back to wait for it."""
    named = [each for each in at.acts if each.to_state == at.case.state != each.from_state]
    first = next(each for each in reversed(named) if each.act != STILL_MISSING)
    return at.settings.add_workdays(first.done_on, at.settings.number("papers_days"))


def last_fading_month(at: Standing) -> Month:
    """The last month of the fade-out a case found."""
    return found_in(at).plus(at.settings.number("fade_out_months"))


def found_in(at: Standing) -> Month:
    """The month in which a case found an income above the standard."""
    return Month.of(found_on(at))


def found_on(at: Standing) -> date:
    """The day on which it did."""
    return date.fromisoformat(str(at.the_last(RISEN).words["found_on"]))


def begin_found(case: CaseFile, path: CasePath, settings: PlaceSettings, today: date) -> None:
    """What an office found waits for that office where it begins, by a clock of its own."""
    clock = path.states[case.state].found
    if clock is not None:
        case.state_due_on = settings.add_workdays(today, settings.number(clock))


async def begin_again(tools: Tools, at: Standing, clock: str) -> None:
    """The step is done once more where the case stands, by a clock from today."""
    at.case.state_due_on = at.settings.add_workdays(at.today, at.settings.number(clock))
    tools.session.add(at.case)
