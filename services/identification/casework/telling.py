"""What an applicant is told: one event for whoever carries messages, by ids, codes and days alone.

A case handed in by somebody else is told as such, and also to whom the register knows by the
applicant's ID number, and to whose it is, so that nobody is applied for behind their back. Every
other household a decision touches is told of it.
"""

from datetime import date
from uuid import UUID

from services.identification import people, phones
from services.identification.casework import addressees, applicants
from services.identification.casework.applicants import CITIZENS
from services.identification.casework.applications import Application, Member
from services.identification.casework.channels import OWN, THEMSELVES
from services.identification.casework.decisions import grants
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.models import CaseFile
from shared.contracts.identification import CaseMoved, Happened
from shared.months import Month
from shared.outbox import announce


async def tell(tools: Tools, at: Standing, happened: Happened) -> None:
    """Say what happened to a case as it stands now, to everybody who is to be told of it."""
    addressed = await addressees.own(tools, at, at.acts[-1])
    to, known = addressed.to, await addressees.known_as(tools, at.case.county, addressed.to)
    told = None if addressed.applicant_died else at.case.applicant_id
    if happened is Happened.RECEIVED and by_another(at):
        happened = Happened.APPLIED_FOR
    # Whoever came into the register with the decision goes on being told as before it.
    if at.case.channel != OWN and at.decided is None and (known is None or known != told):
        at.case.applicant_id = told = None if known else await reached_by(tools, at, to)
    if told is not None:
        await _announce(tools, at, told, happened, handed_on=True)
    if known is not None and told is None:
        await _announce(tools, at, known, happened, handed_on=False)
    elif known is not None and known != told and happened is Happened.RECEIVED:
        await _announce(tools, at, known, Happened.APPLIED_FOR, handed_on=False)
    for each, what_for_them in (await _others(tools, at, happened)).items():
        if each not in (told, known):
            await _announce(tools, at, each, what_for_them, handed_on=False)
    if happened is Happened.CHANGED:
        await _tell_who_is_alive(tools, at)


async def _others(tools: Tools, at: Standing, happened: Happened) -> dict[UUID, Happened]:
    """Who else is told what: whose own money it is, where they are another and of age; somebody of
    every other household that was decided on; and whoever asked for it beside the applicant."""
    adults = at.application.adults(at.today) if at.path.is_of_one else []
    whose = [each for each in at.asked_for if each in adults]
    whose += [each.to for each in await addressees.touched(tools, at, at.acts[-1]) if each.to]
    found: dict[UUID, Happened] = {}
    for each in whose:
        if (known := await addressees.known_as(tools, at.case.county, each)) is not None:
            found[known] = Happened.APPLIED_FOR if happened is Happened.RECEIVED else happened
    return {**found, **dict.fromkeys(_asking(at, happened), happened)}


def _asking(at: Standing, happened: Happened) -> list[UUID]:
    """Another of the household than its head: whoever asked for it by their own telephone, and
    whose own money it is that is to go elsewhere."""
    found = []
    asked = at.case.opened_by.removeprefix(CITIZENS)
    if at.path.about_household and asked != at.case.opened_by:
        found.append(UUID(asked))
    if happened in {Happened.PAYEE_ASKED, Happened.PAYEE_NOT_TAKEN}:
        found.append(UUID(str(at.acts[-1].words["person_key"])))
    return found


async def _tell_who_is_alive(tools: Tools, at: Standing) -> None:
    """Whoever was said to be dead hears that it was put right, also who lives alone and so heads no
    application."""
    for each in at.since("start-over"):
        if each.act == "alive":
            number = str(each.words["id_number"])
            found = await people.resolve(tools.session, tools.keys, at.case.county, number)
            assert found is not None, "only who is in the register is found alive"
            await _announce(tools, at, found, Happened.FOUND_ALIVE, handed_on=False)


def by_another(at: Standing) -> bool:
    """Whether somebody else applied for the applicant."""
    return at.application.proxy is not None or at.case.channel not in THEMSELVES


async def reached_by(
    tools: Tools, at: Standing, to: Member | None, said: Application | None = None
) -> UUID | None:
    """The applicant of a case that somebody else wrote, or goes on with, by the telephone that was
    given."""
    said = said or at.application
    phone = phones.mobile(said.phone)
    if to is None or to != said.applicant or to.id_number is None or phone is None:
        return None
    return await applicants.admit(
        tools.session,
        tools.keys,
        at.case.county,
        id_number=to.id_number,
        phone=phone,
        name=to.name,
        now=tools.now,
        proven=False,
    )


async def _announce(
    tools: Tools, at: Standing, person_id: UUID, happened: Happened, *, handed_on: bool
) -> None:
    await announce(
        tools.session,
        CaseMoved(
            county=at.case.county,
            occurred_at=tools.now,
            case_id=at.case.id,
            person_id=person_id,
            handed_on=handed_on,
            category=what(at),
            receipt=at.case.receipt,
            happened=happened,
            by_day=_by_day(at, happened),
            from_month=_from_month(at, happened),
        ),
    )


def what(at: Standing) -> str:
    """The category a message is about: what ends, where something does."""
    return at.ends or at.case.category


def day_of(case: CaseFile, at: Standing) -> date | None:
    """By which day something is due: a list's last day, the state's, or the whole case's."""
    up = [each.last_day for each in at.postings if each.taken_down_on is None]
    if up and case.state == "posted":
        return max(up)
    return case.state_due_on or (None if case.stopped_on is not None else case.due_on)


def _by_day(at: Standing, happened: Happened) -> date | None:
    """By which day something is due; of a status that was found, the last on which it holds."""
    if happened is Happened.RECOGNISED:
        said = at.acts[-1].words.get(grants.HOLDS_UNTIL)
        return date.fromisoformat(str(said)) if said else None
    return at.case.due_on if happened is Happened.EXTENDED else day_of(at.case, at)


def _from_month(at: Standing, happened: Happened) -> Month | None:
    """The month money begins with, or the one the decision named."""
    if happened in {Happened.ENDED, Happened.CHANGED, Happened.FOUND_ALIVE}:
        named = at.acts[-1].words.get("from_month")
        return Month.parse(str(named)) if named else None
    granted = happened in {Happened.GRANTED, Happened.RECOGNISED}
    if at.acts[-1].words.get("left_fen") == 0:
        return None  # All of it was paid first: no money is to come.
    known = at.case.category in at.settings.words["money_starts"]
    return grants.starts(at) if granted and known else None
