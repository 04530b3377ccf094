"""What the sentences of a state have blanks for, as far as it is known of a case."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from services.identification.casework import hits
from services.identification.casework.decisions import given_once
from services.identification.casework.decisions.grants import HOLDS_UNTIL, starts
from services.identification.casework.needs.temporary import released
from services.identification.casework.own import doors
from services.identification.casework.standing import Standing
from services.identification.casework.telling import day_of
from services.identification.grammar.acts import Words
from shared.months import Month, written


def known(at: Standing) -> dict[str, Words]:
    """Each blank by its name; sums for whoever was seen alone."""
    return dict(_known(at))


def _known(at: Standing) -> Iterator[tuple[str, Words]]:
    days = {
        "by_day": day_of(at.case, at),
        "answer_day": at.case.state_due_on if hits.wait_for_answer(at) else None,
        "whole_day": at.case.due_on if at.case.stopped_on is None else None,
    }
    for name, day in days.items():
        if day is not None:
            yield name, Words(f"{day.month}月{day.day}日", day.isoformat())
    if (month := _from_month(at)) is not None:
        yield "from_month", Words(f"{month.year}年{month.number}月", str(month))
    if (until := _holds_until(at)) is not None:
        yield "holds_until", Words(written(until), until.isoformat())
    if doors.is_seen(at) and (given := given_once.approved(at)) is not None:
        yield "given_once", given
        yield "stages_paid", Words(*[str(len(released(at)))] * 2)


def _from_month(at: Standing) -> Month | None:
    """The month the decision that stands names, or money begins with by it."""
    if at.decided is not None and "from_month" in at.decided.words:
        return Month.parse(str(at.decided.words["from_month"]))
    granted = at.last("confirm")
    if granted is None or at.case.category not in at.settings.words["money_starts"]:
        return None
    return starts(replace(at, today=granted.done_on))


def _holds_until(at: Standing) -> date | None:
    """The last day on which a status holds, where the decision that stands found one."""
    said = at.decided and at.decided.words.get(HOLDS_UNTIL)
    return date.fromisoformat(str(said)) if said else None
