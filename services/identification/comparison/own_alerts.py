"""An alert that speaks against a citizen, as they read it themselves, and their answer to it.

By an allow-list: which kind of list, which month, what it may lead to, and until when they answer.
What stood on the list, who looks into it and what was found out are not here.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import disputes
from services.identification.comparison import alerts, concerned
from services.identification.comparison.alerts import ANSWER, AlertStanding
from services.identification.comparison.kinds import read_kinds
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import Alert
from shared.months import civil_date
from shared.tables import read_table

SHOWN_MAX: Final = 50


async def mine(desk: Desk) -> list[AlertStanding]:
    """The alerts a citizen may read and answer, the newest first."""
    statement = (
        select(col(Alert.id))
        .where(await concerned.by(desk))
        .order_by(col(Alert.id).desc())
        .limit(SHOWN_MAX)
    )
    return [await alerts.stand(desk, each) for each in (await desk.session.exec(statement)).all()]


async def answer(desk: Desk, alert_id: UUID, words: str) -> AlertStanding:
    """What a citizen says to it, to the alert as it stands: an officer decides only after it.

    Raises:
        NoSuchAlert: it is not about them.
        NotHere: it was decided already.
    """
    at = await alerts.stand(desk, alert_id, lock=True)
    return await alerts.do(desk, alert_id, ANSWER, at.alert.version, {"answer": words})


async def shown(desk: Desk, at: AlertStanding) -> dict[str, Any]:
    """An alert as whoever it is about reads it."""
    alert, kind, words = at.alert, at.kind, _words()
    assert kind.listed is not None, "what speaks against somebody says of which list it is"
    until = alerts.answer_until(at)
    own = [each for each in at.done(ANSWER) if each.actor == at.caller.subject]
    return {
        "alert_id": str(alert.id),
        "list": _both(kind.listed),
        "month": alert.month,
        "about_you": str(alert.person_id) == at.caller.person,
        "state": alert.state,
        "state_words": words["states"][alert.state],
        "leads_to": [words["leads_to"][each] for each in kind.leads_to],
        "holds": await disputes.holds(desk, alert),
        "answer_until": _day(until),
        "may_answer": alert.state in read_kinds().path.acts[ANSWER].sources,
        "answers": [{"on": _day(each.done_on), "answer": each.words["answer"]} for each in own],
        "papers": [
            {"paper_id": str(each.id), "added_on": _day(civil_date(each.added_at))}
            for each in at.papers
            if each.added_by == at.caller.subject
        ],
        "outcome": _outcome(at),
    }


def _outcome(at: AlertStanding) -> dict[str, str] | None:
    outcome = at.alert.outcome
    if outcome is None:
        return None
    words = _words()
    known: Mapping[str, str] = words["leads_to"].get(outcome) or words["states"]["dismissed"]
    return dict(known)


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


@lru_cache
def _words() -> Mapping[str, Any]:
    """The words of every state and of what may follow."""
    path = Path(__file__).with_name("own_words.yaml")
    return read_table(path)
