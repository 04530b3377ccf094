"""An alert: listed, shown with its workings, and moved along its table by one act at a time.

An act is done wholly or not at all. Of two officers at once the second reads that it moved on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import disputes, near_relatives
from services.identification.casework import reading
from services.identification.casework.applicants import CITIZENS
from services.identification.comparison import concerned, consequences
from services.identification.comparison.kinds import (
    BY_CASE,
    DISMISSED,
    WRONG,
    Kind,
    Kinds,
    read_kinds,
)
from services.identification.comparison.traces import CASE, Led, NotForThisAlert
from services.identification.desk import Desk
from services.identification.grammar import asking, moving, needs, rows
from services.identification.grammar.acts import Act, Words
from services.identification.grammar.history import History, dates_are_past
from services.identification.models import Alert, AlertAct, AlertPaper, CaseFile
from services.identification.place_settings import PlaceSettings
from shared.contracts.identification import AnswerWanted
from shared.outbox import announce
from shared.problems import NotFound

ANSWER: Final = "answer"
ASK: Final = "ask"
ASSIGN: Final = "assign"
CHECK: Final = "check"
LOOK_AGAIN: Final = "look-again"
WATCHED: Final = "watched"
_CAME_BACK: Final = Words(
    "个案办结时没有对本人作出决定，退回重新处理",
    "come back to be acted on: its case ended without deciding about them",
)


class NoSuchAlert(NotFound):
    """There is no such alert here."""


@dataclass(frozen=True)
class AlertStanding(History):
    """Where an alert stands: its row, its kind, and everything done to it so far."""

    alert: Alert
    kind: Kind
    papers: Sequence[AlertPaper]
    is_relatives: bool


async def do(
    desk: Desk, alert_id: UUID, act_name: str, version: int, said: Mapping[str, Any]
) -> AlertStanding:
    """Do one act; where the alert stands then.

    Raises:
        NoSuchAlert, NotHere, NotYours, MovedOn, ActNotUnderstood, NotYet: in this order.
    """
    at = await stand(desk, alert_id, lock=True)
    act = moving.allowed(read_kinds().path, at.alert, desk.caller, act_name, version)
    words = asking.understand(act, said, asking.plain_readers(desk.today))
    at = replace(at, words=words)
    needs.insist(NEEDS, needs_in_words(), read_kinds().path, act, at)
    await _move(desk, at, act)
    return await stand(desk, alert_id)


async def stand(desk: Desk, alert_id: UUID, *, lock: bool = False) -> AlertStanding:
    """Where an alert stands.

    Raises:
        NoSuchAlert: there is none, or it is not of the caller's area, nor about a citizen who asks.
    """
    alert = await desk.session.get(
        Alert, alert_id, with_for_update=lock or None, populate_existing=True
    )
    if alert is None or not await concerned.may_know(desk, alert):
        raise NoSuchAlert()
    papers = select(AlertPaper).where(col(AlertPaper.alert_id) == alert_id)
    acts = select(AlertAct).where(col(AlertAct.alert_id) == alert_id).order_by(col(AlertAct.number))
    return AlertStanding(
        settings=desk.settings,
        acts=[rows.done(desk.keys, each) for each in await desk.session.exec(acts)],
        caller=desk.caller,
        today=desk.today,
        words={},
        alert=alert,
        kind=read_kinds().of(alert.kind),
        papers=(await desk.session.exec(papers.order_by(col(AlertPaper.id)))).all(),
        is_relatives=await near_relatives.is_one(
            desk.session, desk.caller, await concerned.indexes_of(desk, alert)
        ),
    )


def lawful(at: AlertStanding) -> Iterator[tuple[Act, list[str]]]:
    """The acts of the caller's at this state, each with what is still missing for it."""
    return needs.lawful(NEEDS, read_kinds().path.acts_from(at.alert.state), at)


def called(act: str) -> Words:
    """What was done to an alert, in words; by its table, or by a case that ended."""
    known = read_kinds().path.acts.get(act)
    return known.words if known else _CAME_BACK


@lru_cache
def needs_in_words() -> Mapping[str, needs.Wanted]:
    """What an officer reads of each need."""
    return needs.in_words(Path(__file__).with_name("needs.yaml"))


async def _move(desk: Desk, at: AlertStanding, act: Act) -> None:
    """The new state with its clocks, and the row of what was done."""
    alert, before = at.alert, at.alert.state
    to_state = moving.led_to(act.way, before, at, lambda name: str(at.words.get(name)))
    move_on(alert, act, to_state, at, desk.now)
    alert.assigned_to = at.words.get("officer", alert.assigned_to)
    if act.does == "settle":
        alert.outcome = at.words.get("outcome", DISMISSED)
        alert.days_taken = (desk.today - alert.raised_on).days
    desk.session.add(alert)
    await desk.session.flush()
    _, witness = rows.write_down(
        desk, AlertAct, alert, act.name, before, at.words, alert_id=alert.id
    )
    await desk.session.flush()
    if act.tells is not None:
        await _tell(desk, alert)
    if act.does == "settle":
        led = await consequences.follow(desk, alert, dict(at.words))
        if led is not None:
            alert.led_to, alert.led_to_id, alert.led_to_number = led.kind, led.id, led.number
            await desk.session.flush()
        await _settle(desk, at, led)
    await desk.note(
        f"alert-{act.name}",
        str(alert.id),
        {
            "from": before,
            "to": to_state,
            "version": alert.version,
            "row": witness,
            **({"led_to": str(alert.led_to_id)} if act.does == "settle" and alert.led_to else {}),
        },
    )


def move_on(row: moving.Movable, act: Act, to_state: str, at: History, now: datetime) -> None:
    """The new state of an alert with its clocks; some acts begin one anew where it stands."""
    path, before = read_kinds().path, row.state
    moving.move(row, path, act, to_state, at, now)
    if act.name == LOOK_AGAIN:
        # What goes on being watched comes back once more.
        moving.set_clocks(row, path, at.settings, at.today)
    if act.name == ASK and before == to_state:
        # The days to decide begin when those to answer are over.
        until = _until(at.settings, at.today)
        days = at.settings.number("alert_decide_days")
        row.state_due_on = at.settings.add_workdays(until, days)


async def _tell(desk: Desk, alert: Alert) -> None:
    """Whoever it concerns is told that they may answer; which list it was is not said."""
    told_id = await concerned.told_of(desk, alert)
    if told_id is None:
        return
    await announce(
        desk.session,
        AnswerWanted(
            county=alert.county,
            occurred_at=desk.now,
            alert_id=alert.id,
            told_id=told_id,
            by_day=_until(desk.settings, desk.today),
        ),
    )


def answer_until(at: AlertStanding) -> date | None:
    """The last day to answer before it goes on without; none as long as nobody was asked."""
    asked = at.last(ASK)
    return _until(at.settings, asked.done_on) if asked else None


def _until(settings: PlaceSettings, asked_on: date) -> date:
    return settings.add_workdays(asked_on, settings.number("hold_answer_days"))


async def _settle(desk: Desk, at: AlertStanding, led: Led | None) -> None:
    """What was in dispute no longer is, or is settled by the case it led to.

    Upheld is whatever was found so and acted on, unless the conditions are met. Where a prisoner's
    family is helped, the prisoner is paid nothing, and no longer counts by the case it led to.

    Raises:
        NotForThisAlert: the case is over, and decided nothing about them.
    """
    if disputes.part_of(at.alert) is None:
        return
    outcome = read_kinds().outcomes.get(str(at.words.get("outcome")))
    if outcome is not None and outcome.dispute == BY_CASE and led is not None and led.kind == CASE:
        case = await desk.session.get(
            CaseFile, led.id, with_for_update=True, populate_existing=True
        )
        assert case is not None, "what an alert led to is there"
        (stands,) = await reading.standings(desk, [case])
        if not await disputes.may_settle(desk, at.alert, stands):
            raise NotForThisAlert()
        await disputes.settle_by(desk, at.alert, stands)
        return
    await disputes.settle(desk, at.alert, upheld=outcome is not None and outcome.dispute != WRONG)


def _found(at: AlertStanding) -> str | None:
    """What whoever it was last given to found; nothing, before they looked."""
    looks = [each for each in at.since(ASSIGN) if each.act == CHECK]
    return str(looks[-1].words["found"]) if looks else None


def _another_looks(at: AlertStanding) -> bool:
    """Who looked into it last does not look again: it is given to another for that."""
    last = at.last(CHECK)
    if last is None:
        return True
    officer = at.words.get("officer")
    return officer != last.actor if officer else at.caller.person != last.person


def _of_its_kind(at: AlertStanding) -> bool:
    return at.words.get("outcome") in at.kind.leads_to


def _heard(at: AlertStanding) -> bool:
    """Nothing is done against somebody who could not answer first."""
    if not at.kind.against or at.done(ANSWER) or at.words.get("outcome") == "extend":
        return True
    until = answer_until(at)
    return until is not None and at.today > until


def _themselves(at: AlertStanding) -> bool:
    return at.caller.subject.startswith(CITIZENS)


def _signed(at: AlertStanding) -> bool:
    """What an official says they said has their signature, which is of this answer alone."""
    before = at.done(ASK, ANSWER)
    return bool(before) and any(
        each.added_at >= before[-1].done_at and not each.added_by.startswith(CITIZENS)
        for each in at.papers
    )


NEEDS: Final[Mapping[str, Callable[[AlertStanding], bool]]] = {
    "dates-are-past": lambda at: dates_are_past(read_kinds().path.acts.values(), at),
    "found-so": lambda at: _found(at) == "so",
    "found-not-so": lambda at: at.kind.holds is None or _found(at) == "not-so",
    "outcome-of-its-kind": _of_its_kind,
    "heard": _heard,
    "by-another": lambda at: at.did_none(CHECK, ANSWER),
    "asked-first": lambda at: _themselves(at) or bool(at.done(ASK)),
    "signed-by-them": lambda at: _themselves(at) or _signed(at),
    "writer-did-not-check": lambda at: at.did_none(CHECK),
    "did-not-write-for-them": lambda at: at.did_none(ANSWER),
    "another-looks-again": _another_looks,
    "is-assignee": lambda at: at.alert.assigned_to == at.caller.subject,
    "not-a-relative": lambda at: not at.is_relatives,
}
"""Every need by the word the table uses; what an officer reads of it is in needs.yaml."""


def row(alert: Alert, kinds: Kinds, names: Mapping[str, Words], today: date) -> dict[str, Any]:
    """One line of a list."""
    state = kinds.path.states[alert.state]
    name = names[alert.kind]
    return {
        "alert_id": str(alert.id),
        "kind": alert.kind,
        "kind_words": name.both(),
        "state": alert.state,
        "state_words": state.words.both(),
        "village": alert.village,
        "month": alert.month,
        "person_id": str(alert.person_id) if alert.person_id else None,
        "household_id": str(alert.household_id) if alert.household_id else None,
        "case_id": str(alert.case_id) if alert.case_id else None,
        "low_income_id": str(alert.low_income_id) if alert.low_income_id else None,
        "holds": kinds.of(alert.kind).holds,
        "raised_on": alert.raised_on.isoformat(),
        "state_due_on": alert.state_due_on and alert.state_due_on.isoformat(),
        "due_on": alert.due_on and alert.due_on.isoformat(),
        "overdue": is_overdue(alert, today),
        "assigned_to": alert.assigned_to,
        "outcome": alert.outcome,
        "led_to": alert.led_to
        and {
            "kind": alert.led_to,
            "id": str(alert.led_to_id),
            "number": alert.led_to_number,
        },
        "days_taken": alert.days_taken,
        "version": alert.version,
    }


def is_overdue(alert: Alert, today: date) -> bool:
    """Whether one of its clocks has run out."""
    if alert.closed_at is not None:
        return False
    return any(due is not None and due < today for due in (alert.due_on, alert.state_due_on))
