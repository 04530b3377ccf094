"""Money that was found wrongly paid or missing leads on: to a case that ends, changes or grants.

An entry moves nobody by itself. It opens the case, or names one that is about the same people, of
a kind that can answer it and not decided before the entry was there; and it is not mended before
that is decided, and says something of money where it is a change. The case it opened is let go for
no other while it is open. Each shows the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.identification import assistance, decisions
from services.identification.casework import applicants, classes, same_people
from services.identification.casework.applicants import CITIZENS
from services.identification.casework.foresight import READERS
from services.identification.casework.needs import raising
from services.identification.casework.opening import begin, open_case
from services.identification.casework.paths import UNDECIDED, all_paths
from services.identification.casework.reading import acts_of, stand
from services.identification.casework.tools import index_of
from services.identification.desk import Desk
from services.identification.grammar.history import Done, History
from services.identification.models import CaseAct, CaseDocument, CaseFile, Household, Person
from services.identification.registers import subjects
from services.identification.registers.standing import EntryStanding
from services.identification.registers.tools import Tools
from shared.problems import Conflict, Malformed

MONEY: Final = "money"
WRONGLY_PAID: Final = "wrongly-paid"
MISSING: Final = "missing"
CASE: Final = "case"
_CHANNEL: Final = "list"
_CHANGES: Final = "change"
_LEAVES: Final = "exit"
_CHANGED: Final = "changed"
_WITHDRAWN: Final = "withdrawn"
_NOT_YET: Final = UNDECIDED - {"applicant-died"}
"""Where a case ends that decided nothing, and another can; of whoever died nothing is decided."""
_OF_NO_MONEY: Final = frozenset({"head", "relation"})
_BRINGS_NONE: Final = _OF_NO_MONEY | {"death", "move-out", "away", "refused-work"}
_CANNOT: Final = {
    WRONGLY_PAID: (_OF_NO_MONEY, raising.MAY_RISE),
    MISSING: (_BRINGS_NONE, raising.FOUND),
}
"""What is asked for in a change that alone puts nothing right, and what handing in may not find."""
_FALLS: Final = (MISSING, raising.FALLS)
_LOWERS: Final = _BRINGS_NONE | {"income"}
"""What brings nothing that is missing where handing in found that money falls by it: an income
that is higher. What is on a paper, or a death that was none, may bring it though nothing rises."""
LINK: Final = "link-case"


class NobodysMoney(Malformed):
    """Money was wrongly paid to somebody, or is missing: the entry is about a household, a person
    of the register, or a case."""


class NotTheirCase(Conflict):
    """There is no case of that number here about whom the entry is about."""


class NotWhatMendsIt(Conflict):
    """That case was over before this was found, or is of a kind that cannot put it right."""


class ItsCaseIsOpen(Conflict):
    """The case that was opened for it is to be decided first."""


async def open_what_it_leads_to(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The case that goes on with it, where it says that money is wrong; the entry names it.

    Raises:
        NobodysMoney: it is about nobody who could be paid.
    """
    if MONEY not in at.words:
        return {}
    desk = tools.desk
    caller = replace(desk.caller, scopes=desk.caller.scopes | {"cases:apply"})
    desk = replace(desk, caller=caller)
    home = await _home(desk, at)
    if home is None:
        if at.entry.about_kind != "case" or at.words[MONEY] != MISSING:
            raise NobodysMoney()
        return _names(at, await _asked_again(desk, UUID(str(at.entry.about))))
    category = _LEAVES if at.words[MONEY] == WRONGLY_PAID else await _brings(desk, home)
    case = await _open_already(desk, home, category) or await open_case(
        desk, category, None, home, channel=_CHANNEL
    )
    return _names(at, case)


async def link_case(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The case somebody opened for it, where it is about the same people and can mend it.

    Raises:
        NotTheirCase: it is not about them, or there is none the caller may see.
        NotWhatMendsIt: it was over before, or cannot put right what is wrong with the money.
        ItsCaseIsOpen: the one that was opened for it is not over.
    """
    desk = tools.desk
    home = await _home(desk, at)
    indexes = await subjects.indexes_of(desk, at.entry, None)
    about = UUID(str(at.entry.about)) if at.entry.about_kind == "case" else None
    if about is not None:
        before = await stand(desk, about)
        indexes |= set(same_people.numbered(desk.keys, before.application))
    found = await desk.session.exec(
        select(CaseFile).where(
            col(CaseFile.county) == desk.caller.county,
            col(CaseFile.receipt) == str(at.words["receipt"]).strip().upper(),
            or_(
                col(CaseFile.household_id).in_([home] if home else []),
                col(CaseFile.id).in_([about] if about else []),
                same_people.name_one_of(indexes),
            ),
            ~applicants.unsent(),
        )
    )
    case = found.first()
    if case is None or not desk.caller.may_see(case.village):
        raise NotTheirCase()
    over_before = case.closed_at is not None and case.closed_at < at.entry.opened_at
    if over_before or not await _can_mend(desk, at.content.get(MONEY), case, at.acts):
        raise NotWhatMendsIt()
    if not await _is_of_whom(desk, at, case):
        raise NotTheirCase()
    its = at.led_to
    if its and its.id != case.id and its.closed_at is None and _opened(its, at.acts):
        raise ItsCaseIsOpen()
    return _names(at, case)


def _names(at: EntryStanding, case: CaseFile) -> Mapping[str, Any]:
    """The case is the one its entry leads to."""
    at.entry.led_to_id = case.id
    return {CASE: case.receipt}


async def _can_mend(desk: Desk, money: Any, case: CaseFile, acts: Iterable[Done]) -> bool:
    """Whether a case ends or lowers what was wrongly paid, or brings what is missing; where no
    money is wrong, any will do. `acts` are those of the entry."""
    path = all_paths()[case.category]
    if money is None or path.category == _CHANGES:
        return money is None or await _says_it(desk, money, case, acts)
    if money == WRONGLY_PAID:
        return path.category == _LEAVES
    return path.about_case or path.grant is not None


async def _says_it(desk: Desk, money: str, case: CaseFile, acts: Iterable[Done]) -> bool:
    """Whether a change asks for something by which that money moves, and the right way; it may be
    that nothing is asked for yet, or that what the entry opened was found to be nothing."""
    if case.state != _CHANGED and _opened(case, acts):
        return True
    done = (await acts_of(desk, [case.id])).get(case.id, [])
    told = History(desk.settings, done, desk.caller, desk.today, {})
    asked = {each.act for each in told.since("start-over")} & READERS.keys()
    found = [_way(each) for each in done if raising.MONEY in each.words]
    of_nothing, wrong_way = _CANNOT[money]
    if not asked:
        return case.closed_at is None
    if (money, *found[-1:]) == _FALLS:
        of_nothing = _LOWERS
    return not asked <= of_nothing and found[-1:] != [wrong_way]


def _way(handed_in: Done) -> Any:
    """Which way handing in found that money moves; what is looked into only because its class is
    another, and one of lesser need, falls."""
    falls = handed_in.words.get(classes.CLASS_FALLS)
    return raising.FALLS if falls else handed_in.words[raising.MONEY]


def _opened(case: CaseFile, acts: Iterable[Done]) -> bool:
    """Whether a case was opened for an entry, and not named by somebody."""
    return any(each.act != LINK and each.words.get(CASE) == case.receipt for each in acts)


async def _is_of_whom(desk: Desk, at: EntryStanding, case: CaseFile) -> bool:
    """Whether what is one person's is that of the person the entry is about."""
    if at.entry.about_kind != "person" or not all_paths()[case.category].is_of_one:
        return True
    person = await desk.session.get_one(Person, UUID(str(at.entry.about)))
    subject = (await stand(desk, case.id)).subject
    return subject is not None and index_of(desk.keys, subject) == person.id_index


async def is_mended(desk: Desk, money: Any, case: CaseFile | None, acts: Iterable[Done]) -> bool:
    """Whether the case an entry names is over and puts right what is wrong with the money."""
    return (
        case is not None and await _is_over(desk, case) and await _can_mend(desk, money, case, acts)
    )


async def _is_over(desk: Desk, case: CaseFile) -> bool:
    """Whether a case was decided; what was withdrawn is over where they did so themselves, by
    telephone or over their signature. What lapsed, or could not go on, is asked for again."""
    if case.closed_at is None or case.state != _WITHDRAWN:
        return case.closed_at is not None and case.state not in _NOT_YET
    by_themselves = select(col(CaseAct.id)).where(
        col(CaseAct.case_id) == case.id,
        col(CaseAct.to_state) == _WITHDRAWN,
        col(CaseAct.actor).startswith(CITIZENS),
    )
    signed = select(col(CaseDocument.id)).where(
        col(CaseDocument.case_id) == case.id, col(CaseDocument.kind) == "withdrawal"
    )
    return any([(await desk.session.exec(each)).first() for each in (by_themselves, signed)])


async def led_to(desk: Desk, receipt: str | None) -> CaseFile | None:
    """The case an entry names."""
    if receipt is None:
        return None
    found = await desk.session.exec(
        select(CaseFile).where(
            col(CaseFile.county) == desk.caller.county, col(CaseFile.receipt) == receipt
        )
    )
    return found.first()


async def _home(desk: Desk, at: EntryStanding) -> UUID | None:
    """The household an entry is about, by itself, by a person, or by a case that brought it in."""
    if at.entry.about_kind == "case":
        return (await stand(desk, UUID(str(at.entry.about)))).case.household_id
    return await subjects.home_of(desk, at.entry, None)


async def _brings(desk: Desk, household_id: UUID) -> str:
    """What brings a household the money it misses: a change, or dibao where nothing is granted."""
    last = await decisions.last(desk.session, desk.keys, household_id)
    return _CHANGES if last is not None and assistance.granted(last) else "dibao"


async def _open_already(desk: Desk, household_id: UUID, category: str) -> CaseFile | None:
    """One that says nothing else yet; of what is applied for also one that an entry opened. A
    leaving or a change that was described is about what it says: another programme's, perhaps."""
    path = all_paths()[category]
    says_nothing = col(CaseFile.state) == path.begins
    from_an_entry = col(CaseFile.channel) == _CHANNEL
    household = await desk.session.get_one(Household, household_id)
    statement = select(CaseFile).where(
        col(CaseFile.county) == household.county,
        col(CaseFile.household_id) == household_id,
        col(CaseFile.category) == category,
        col(CaseFile.closed_at).is_(None),
        says_nothing if path.grant is None else or_(says_nothing, from_an_entry),
        ~applicants.unsent(),
    )
    return (await desk.session.exec(statement.order_by(col(CaseFile.id)))).first()


async def _asked_again(desk: Desk, case_id: UUID) -> CaseFile:
    """An application of whoever was refused, as they asked before; or the one that is open."""
    before = await stand(desk, case_id)
    path = before.path if before.path.grant is not None else all_paths()["dibao"]
    indexes = same_people.numbered(desk.keys, before.application)
    open_now = select(CaseFile).where(
        same_people.name_one_of(indexes),
        col(CaseFile.category) == path.category,
        col(CaseFile.closed_at).is_(None),
        ~applicants.unsent(),
    )
    case = (await desk.session.exec(open_now.order_by(col(CaseFile.id)))).first()
    if case is None or not desk.caller.may_see(case.village):
        application = before.application.model_copy(update={"proxy": None})
        case = await begin(desk, path, before.case.village, _CHANNEL, application)
    return case
