"""What an act does beside moving its entry: each effect by the name the tables use.

An effect may add words to the act; what it adds stands in the history as the system's own.
"""

from collections.abc import Mapping, Set
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import col, select

from services.identification.discovery import leads
from services.identification.grammar.moving import NotYet
from services.identification.intake import calls
from services.identification.low_income import requests
from services.identification.models import RegisterEntry
from services.identification.registers import leads_on, pairings, scores, subjects
from services.identification.registers.facts import Period
from services.identification.registers.needs import is_named
from services.identification.registers.pairings import PAIRING
from services.identification.registers.refusals import count_refusals
from services.identification.registers.standing import EntryStanding, content_of, there_for
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import all_registers
from services.identification.registers.tools import Effect, Tools
from shared.database import run
from shared.months import Month
from shared.problems import Conflict

MENDING: Final = "rectification"
VISIT_MOST: Final = 2_000
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext(:helper))")


class HelperFull(Conflict):
    """This helper has as many households as they may have."""


async def take_over(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Whoever does it is from now on whose entry it is."""
    at.entry.owner = tools.desk.caller.subject
    return {}


async def contact(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Whoever contacts them takes it over. Who was at their home has come by for the pairing too,
    where they record for its helper and did not record that day already."""
    at.entry.owner = tools.desk.caller.subject
    if not at.words.get("at_home"):
        return {}
    home = await subjects.home_of(tools.desk, at.entry, at.content.get("id_number"))
    paired = await tools.desk.session.exec(
        select(RegisterEntry).where(
            col(RegisterEntry.kind) == PAIRING,
            col(RegisterEntry.about) == str(home),
            col(RegisterEntry.state).in_(all_registers()[PAIRING].acts["visit"].sources),
            there_for(tools.desk.caller),
        )
    )
    pairing = paired.first()
    if pairing is None:
        return {}
    said = f"{at.entry.number}：{at.words['findings']}"
    visit = {"visited_on": at.words["contacted_on"], "content": said[:VISIT_MOST]}
    try:
        await tools.do(tools.desk, pairing.id, "visit", pairing.version, visit)
    except NotYet:
        return {}
    return {"pairing_visit": pairing.number}


async def make_public(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """From today anybody may read what the table lets the public read."""
    at.entry.public_since = tools.desk.today
    return {}


async def take_from_public(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Nobody outside reads it any more."""
    at.entry.public_since = None
    return {}


async def open_rectification(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """What was found wrong goes on the list of what is mended, with owner and day; it is not there
    for those the complaint is against. Against a town or village it is nobody's, unless whoever
    puts it there mends it: nobody here knows whose officers the others are."""
    entry = at.entry
    opened = await tools.open_entry(
        tools.desk,
        all_registers()[MENDING],
        Subject(entry.about_kind, entry.about, entry.area, tuple(entry.against)),
        {
            "source": "complaint" if entry.kind == "complaint" else "inspection",
            "source_number": entry.number,
            "problem": at.words["problem"],
            "owner": at.words["rectifier"],
            "due_on": at.words["mended_by"],
            **({leads_on.MONEY: at.words[leads_on.MONEY]} if leads_on.MONEY in at.words else {}),
        },
    )
    if not _is_outside(tools, opened, frozenset(opened.against)):
        opened.owner = None
        tools.desk.session.add(opened)
    return {MENDING: opened.number}


async def hide_what_is_mended(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """What it had put on the list of what is mended is not there, either, for those it is against
    now; what was theirs to mend, or may be, is nobody's."""
    opened = [each.words[MENDING] for each in at.done("open-rectification")]
    statement = select(RegisterEntry).where(
        col(RegisterEntry.county) == at.entry.county,
        col(RegisterEntry.kind) == MENDING,
        col(RegisterEntry.number).in_(opened),
    )
    for each in await tools.desk.session.exec(statement.with_for_update()):
        named = set(at.against) - set(each.against)
        each.against = at.against
        if each.owner in each.against or not _is_outside(tools, each, named):
            each.owner = None
        tools.desk.session.add(each)
    return {}


def _is_outside(tools: Tools, entry: RegisterEntry, named: Set[str]) -> bool:
    """Whether an entry's owner is no officer of a town or village that is named: none is, or it is
    the caller, for whom it is there."""
    return is_named(tools.desk.caller, entry.owner) or not any(each.isdigit() for each in named)


async def measure_facts(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The scores of the unit's area and period, as they are counted today."""
    months = [Month.parse(str(at.said[name])) for name in ("first_month", "last_month")]
    found = await scores.scored(tools.desk, Period(at.entry.area, *months))
    return {
        "scores": found,
        "points": sum(each["points"] for each in found),
        "points_most": sum(each["most"] for each in found),
        "measured_on": at.today.isoformat(),
    }


async def open_case_of_lead(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The application a lead calls for is opened; the lead names its receipt."""
    return await leads.open_case(tools.desk, at)


async def answer_not_eligible(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Where the province warned of them, it hears that they are not eligible."""
    await leads.answer_warning(tools.desk, at, "not-eligible")
    return {}


async def answer_declined(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """Where the province warned of them, it hears that they declined."""
    await leads.answer_warning(tools.desk, at, "declined")
    return {}


async def give_helper(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """A helper has no more households than those of their rank may have, whoever gives them.

    Said to be of one rank here and of another there, they have as many as the lesser may.

    Raises:
        HelperFull: they have as many.
    """
    desk, helper = tools.desk, str(at.words["owner"])
    await run(desk.session, _ONE_AT_A_TIME, {"helper": f"helper {helper}"})
    statement = select(RegisterEntry).where(
        col(RegisterEntry.kind) == at.table.kind,
        col(RegisterEntry.owner) == helper,
        col(RegisterEntry.closed_on).is_(None),
        col(RegisterEntry.id) != at.entry.id,
    )
    theirs = (await desk.session.exec(statement)).all()
    ranks = {content_of(desk, each).get("helper_kind") for each in theirs}
    quotas = at.settings.words["pairing_quota"]
    theirs_may = {quotas[each] for each in ranks | {at.words["helper_kind"]} if each in quotas}
    most = min(theirs_may, default=None)
    if most is not None and len(theirs) >= most:
        raise HelperFull(f"they may have {most}", most=most)
    return {}


EFFECTS: Final[Mapping[str, Effect]] = {
    "take_over": take_over,
    "contact": contact,
    "make_public": make_public,
    "take_from_public": take_from_public,
    "open_rectification": open_rectification,
    "hide_what_is_mended": hide_what_is_mended,
    "open_what_it_leads_to": leads_on.open_what_it_leads_to,
    "link_case": leads_on.link_case,
    "measure_facts": measure_facts,
    "open_case_of_lead": open_case_of_lead,
    "answer_not_eligible": answer_not_eligible,
    "answer_declined": answer_declined,
    "take_in_of_lead": pairings.take_in_of_lead,
    "give_helper": give_helper,
    "count_refusals": count_refusals,
    "ask_of_groups": requests.ask,
    "change_groups": requests.carry_out,
    "open_case_of_call": calls.open_case,
    "open_lead_of_call": calls.open_lead,
    "open_order_of_call": calls.open_order,
    "open_referral_of_call": calls.open_referral,
}
