"""What follows from an alert that was acted on: a lead, an exit, a review or a pairing begins or is
named; a low-income group is held on or cleared. What only a decision changes is left to its case.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import assistance, decisions, disputes
from services.identification.casework import households, opening, reading
from services.identification.casework.paths import all_paths
from services.identification.comparison import concerned, traces
from services.identification.comparison.kinds import read_kinds
from services.identification.comparison.traces import About, LeadsNowhere, Led
from services.identification.desk import Desk
from services.identification.discovery import reporting
from services.identification.low_income import keeping
from services.identification.low_income.entries import Hand, content_of
from services.identification.models import (
    Alert,
    CaseFile,
    CasePerson,
    Household,
    LowIncomePerson,
    Person,
)
from services.identification.registers import entries, pairings
from services.identification.roster.columns import HEAD

CHANNEL: Final = "list"
REVIEW: Final = "review"
"""Of what fades out there is nothing to look at again."""


async def follow(desk: Desk, alert: Alert, words: dict[str, Any]) -> Led | None:
    """Do what the outcome calls for; what it led to, where it led to anything by a number.

    Raises:
        LeadsNowhere: nothing is open for it or begins of itself, and no number is said.
        NotForThisAlert: what has the number is nothing this outcome leads to.
    """
    if words.get("outcome") is None:
        return None
    outcome, reasons = read_kinds().outcomes[words["outcome"]], str(words.get("reasons", ""))
    people = await _people(desk, alert)
    home = await _home(desk, alert)
    about = About(
        {each.id for each in people},
        home,
        await _indexes(desk, alert, people),
        set() if home is None else await households.now_in(desk.session, home),
    )
    # An application is decided by its own path; nobody of it is in or out by this.
    of_register = sorted(about.indexes) if alert.case_id is None else []
    changed = await _groups(desk, outcome.groups, of_register, reasons)
    led = None
    if words.get("number"):
        led = await traces.named(desk, outcome, about, words["number"], alert.raised_on)
    elif outcome.begins == "pairing":
        led = await _pair(desk, about)
    elif alert.case_id is not None:
        led = await _application(desk, alert.case_id)
    elif outcome.begins == "lead":
        led = await _begin_lead(desk, alert, about, people, reasons)
    elif outcome.begins in {"exit", REVIEW}:
        led = await _begin_case(desk, alert, about, outcome.begins)
    if led is None and not changed and not outcome.alone:
        raise LeadsNowhere()
    if outcome.parts is not None and await disputes.is_granted(desk, alert):
        led = await _begin_case(desk, alert, about, outcome.parts) or led
    return led or next((Led(traces.GROUP, each, None) for each in changed), None)


async def _people(desk: Desk, alert: Alert) -> list[Person]:
    """Whom an alert is about: one person, or everybody of a household."""
    if alert.person_id is not None:
        statement = select(Person).where(col(Person.id) == alert.person_id)
        return list(await desk.session.exec(statement))
    return await concerned.people_of(desk, alert)


async def _indexes(desk: Desk, alert: Alert, people: Sequence[Person]) -> set[bytes]:
    """The indexes of their ID numbers; of an application, without who only supports them."""
    asked: list[Any] = [
        select(col(LowIncomePerson.id_index)).where(col(LowIncomePerson.id) == alert.low_income_id),
        select(col(CasePerson.id_index)).where(
            col(CasePerson.case_id) == alert.case_id, col(CasePerson.role).in_(traces.THEMSELVES)
        ),
    ]
    found = [each for one in asked for each in await desk.session.exec(one)]
    return {each for each in (*found, *(each.id_index for each in people)) if each is not None}


async def _home(desk: Desk, alert: Alert) -> UUID | None:
    """Where whoever an alert is about lives now."""
    home = None
    if alert.person_id is not None:
        home = await households.home_of(desk.session, alert.person_id)
    return home.id if home is not None else await concerned.home_of(desk, alert)


async def _groups(
    desk: Desk, what: str | None, indexes: Sequence[bytes], reasons: str
) -> Sequence[UUID]:
    """Who of them left a group by this, or stays in it for longer."""
    if what == "cleared":
        return await keeping.clear_found(Hand.of(desk), indexes, reasons)
    if what == "extended":
        return await keeping.extend_found(Hand.of(desk), desk.settings, indexes, reasons)
    return ()


async def _application(desk: Desk, case_id: UUID) -> Led:
    """The application the lists were compared for: it is decided there."""
    case = await desk.session.get(CaseFile, case_id)
    assert case is not None, "an alert is about a case that is there"
    return Led(traces.CASE, case.id, case.receipt)


async def _begin_case(desk: Desk, alert: Alert, about: About, category: str) -> Led | None:
    """The case of a category that is open for the household and may settle what is in dispute, or
    one that begins; none, where nothing is granted, or fades out that might end."""
    open_still = await traces.open_cases(desk, about, category)
    for at in await reading.standings(desk, open_still):
        if await disputes.may_settle(desk, alert, at):
            return Led(traces.CASE, at.case.id, at.case.receipt)
    if about.household_id is None:
        return None
    last = await decisions.last(desk.session, desk.keys, about.household_id)
    holds = assistance.granted if category == REVIEW else assistance.drawn
    if last is None or not holds(last):
        return None
    household = await desk.session.get(Household, about.household_id)
    assert household is not None, "somebody was decided to be on assistance there"
    path, village = all_paths()[category], household.village
    application = await households.as_decided(
        desk.session, desk.keys, household, without_away=path.about_household
    )
    case = await opening.begin(
        desk, path, village, CHANNEL, application, household_id=about.household_id
    )
    return Led(traces.CASE, case.id, case.receipt)


async def _pair(desk: Desk, about: About) -> Led | None:
    """The pairing of the household, or one that begins."""
    if about.household_id is None:
        return None
    household = await desk.session.get(Household, about.household_id)
    assert household is not None, "an alert is about a household that is there"
    entry = await pairings.take_in(desk, entries.open_entry, household)
    return Led(entry.kind, entry.id, entry.number)


async def _begin_lead(
    desk: Desk, alert: Alert, about: About, people: Sequence[Person], reasons: str
) -> Led | None:
    """The lead that is open about them, or one that begins, where it is known what for."""
    found = await traces.open_entry(desk, about, reporting.LEAD)
    programme = desk.settings.words["lead_programmes"].get(alert.kind)
    if found is not None or programme is None:
        return found
    person_id = people[0].id if people else None
    if people:
        # Whoever has no number yet is found by name.
        named = households.member_of(desk.keys, people[0], HEAD)
        name, number = named.name, named.id_number
    else:
        known = await desk.session.get(LowIncomePerson, alert.low_income_id)
        if known is None:
            return None  # Of a household whose people all died or left the county.
        name, number = known.name, content_of(desk.keys, known)["id_number"]
    said = {
        "source": "alert",
        "source_list": alert.kind,
        "source_number": str(alert.id),
        "found_on": min(alert.raised_on, desk.today).isoformat(),
        "visitor": desk.caller.subject,
        "name": name,
        "id_number": number,
        "programme": programme,
        "situation": reasons,
    }
    entry = await reporting.report(desk, person_id, alert.village, said)
    return Led(entry.kind, entry.id, entry.number)
