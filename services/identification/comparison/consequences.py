"""What an alert that was acted on does elsewhere: a lead begins, a group is held on or cleared."""

from typing import Any, Final

from sqlmodel import col, select

from services.identification.casework import households
from services.identification.desk import Desk
from services.identification.discovery import reporting
from services.identification.low_income import keeping
from services.identification.low_income.entries import Hand
from services.identification.models import Alert, Person
from services.identification.roster.columns import HEAD

START: Final = "start"
CLEAR: Final = "clear"
EXTEND: Final = "extend"


async def follow(desk: Desk, alert: Alert, words: dict[str, Any]) -> None:
    """Do what the outcome calls for; what only a decision changes is left to its case.

    An alert that starts assistance and names no case yet begins a lead.
    """
    outcome, reasons = words.get("outcome"), str(words.get("reasons", ""))
    people = await _people(desk, alert) if outcome in {START, CLEAR, EXTEND} else []
    if outcome == START and not words.get("receipt") and people:
        await _begin_lead(desk, alert, people[0], reasons)
    if outcome in {CLEAR, EXTEND}:
        hand, indexes = Hand.of(desk), [each.id_index for each in people]
        if outcome == CLEAR:
            await keeping.clear_found(hand, indexes, reasons)
        else:
            await keeping.extend_found(hand, desk.settings, indexes, reasons)


async def _people(desk: Desk, alert: Alert) -> list[Person]:
    """Whom an alert is about: one person, or everybody of a household, its head first."""
    if alert.person_id is not None:
        statement = select(Person).where(col(Person.id) == alert.person_id)
        return list(await desk.session.exec(statement))
    if alert.household_id is None:
        return []
    living = await households.living(desk.session, alert.household_id)
    living.sort(key=lambda each: (each[1].relation != HEAD, each[1].since))
    return [person for person, _ in living]


async def _begin_lead(desk: Desk, alert: Alert, person: Person, reasons: str) -> None:
    programmes = desk.settings.words["lead_programmes"]
    number = desk.keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    said = {
        "source": "alert",
        "source_list": alert.kind,
        "source_number": str(alert.id),
        "found_on": min(alert.raised_on, desk.today).isoformat(),
        "visitor": desk.caller.subject,
        "name": person.name,
        "id_number": number,
        "programme": programmes.get(alert.kind, programmes["any"]),
        "situation": reasons,
    }
    await reporting.report(desk, person.id, alert.village, said)
