"""Whoever applies for themselves: known by the register, or by an ID number with a telephone.

Nothing here asks whether a number is in the register before a telephone was proven: whoever tries
numbers learns nothing. One ID number with two telephones is two applicants, and neither sees what
the other wrote.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, text, true, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework import households
from services.identification.casework.paths import all_paths
from services.identification.desk import Desk
from services.identification.models import (
    Applicant,
    CaseAct,
    CaseFile,
    CasePerson,
    Household,
    Membership,
    Person,
)
from services.identification.people import index_of
from shared import audit
from shared.callers import Caller, Kind
from shared.database import Database, new_id, one_of, run
from shared.problems import Conflict, NotFound, TooMany
from shared.secrets import KeyRing

PHONE_COLUMN: Final = "applicant.phone"
ROLE: Final = "applicant"
ON_RECORD: Final = "my:read"
"""The scope of whoever signed in by the telephone that the register has of them."""
CITIZENS: Final = "citizen:"
ENDING_DIGITS: Final = 4
"""How much of their telephone number whoever is seen says by heart."""
"""What the accounts of citizens begin with."""


class TelephoneDiffers(Conflict):
    """The telephone that applied is another: whoever stands here did not apply with it."""


class EndingsSpent(TooMany):
    """Too many wrong endings were said of this telephone today; nobody is asked before tomorrow."""

    retry_after_seconds = 24 * 60 * 60


class NoSuchApplicant(NotFound):
    """Nobody is known here under this id."""


@dataclass(frozen=True)
class Identity:
    """Who applies for themselves, as far as we know them."""

    id_number: str
    name: str
    phone: str = ""
    village: str | None = None
    applicant_id: UUID | None = None


async def admit(
    session: AsyncSession,
    keys: KeyRing,
    county: str,
    *,
    id_number: str,
    phone: str,
    name: str,
    now: datetime,
    proven: bool,
) -> UUID:
    """The applicant of an ID number and a telephone; the same two are always the same one."""
    applicant_id = new_id()
    said = json.dumps({"id_number": id_number, "phone": phone, "name": name}, ensure_ascii=False)
    statement = insert(Applicant).values(
        county=county,
        id=applicant_id,
        id_index=index_of(keys, id_number),
        phone_index=keys.blind_index(phone, column=PHONE_COLUMN),
        said_sealed=_seal(keys, applicant_id, said),
        known_at=now,
        proven_at=now if proven else None,
    )
    found = await run(
        session,
        statement.on_conflict_do_update(
            index_elements=["county", "id_index", "phone_index"],
            # The name stays as it was first said; a proof once given is kept.
            set_={
                "known_at": now,
                "proven_at": func.coalesce(col(Applicant.proven_at), now if proven else None),
            },
        ).returning(col(Applicant.id)),
    )
    known: UUID = found.scalar_one()
    await audit.record(
        session,
        county,
        actor="identification",
        act="applicant-known",
        subject=str(known),
        details={"proven": proven},
    )
    return known


async def identity(session: AsyncSession, keys: KeyRing, caller: Caller) -> Identity:
    """Who a citizen is who calls: of the register, or an applicant.

    Raises:
        NoSuchApplicant: neither knows them.
    """
    own_id = UUID(caller.person)
    person = await session.get(Person, own_id) if caller.has(ON_RECORD) else None
    applicant = await session.get(Applicant, own_id)
    if person is not None:
        number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
        home = await households.home_of(session, person.id)
        village = home.village if home is not None else None
        phone = said_by(keys, applicant)["phone"] if applicant else ""
        return Identity(number, person.name, phone, village, applicant.id if applicant else None)
    if applicant is None:
        raise NoSuchApplicant()
    said = said_by(keys, applicant)
    return Identity(said["id_number"], said["name"], said["phone"], None, applicant.id)


def said_by(keys: KeyRing, applicant: Applicant) -> dict[str, str]:
    """The number, telephone and name of an applicant."""
    found: dict[str, str] = json.loads(
        keys.decrypt(
            applicant.said_sealed, table="applicant", column="said_sealed", row=applicant.id
        )
    )
    return found


async def may_know(session: AsyncSession, caller: Caller, case: CaseFile) -> bool:
    """Whether a caller may know of a case: staff by its village, or by that its household lives in
    now; a citizen if it is their own.

    What a citizen has not handed in yet is nobody's but theirs.
    """
    if caller.kind is not Kind.CITIZEN and not await _is_of_area(session, caller, case):
        return False
    known = theirs(caller) if caller.kind is Kind.CITIZEN else ~unsent()
    found = select(col(CaseFile.id)).where(col(CaseFile.id) == case.id, known)
    return (await session.exec(found)).first() is not None


async def _is_of_area(session: AsyncSession, caller: Caller, case: CaseFile) -> bool:
    """What was decided stays with the village it was decided in, and follows who moved besides."""
    if caller.may_see(case.village):
        return True
    about = await session.get(CaseFile, case.about_case_id) if case.about_case_id else case
    household_id = (about or case).household_id
    household = await session.get(Household, household_id) if household_id else None
    return household is not None and caller.may_see(household.village)


def theirs(caller: Caller) -> ColumnElement[bool]:
    """The cases of a citizen, as the database filters by them.

    What they opened; what was opened for their number and telephone; and, of whoever signed in by
    the telephone on record, what somebody else handed in with their ID number as the applicant's.
    """
    own_id = UUID(caller.person)
    opened = select(col(CaseFile.id)).where(col(CaseFile.opened_by) == caller.subject)
    reached = select(col(CaseFile.id)).where(col(CaseFile.applicant_id) == own_id)
    named = (
        select(col(CasePerson.case_id))
        .join(Person, col(Person.id_index) == col(CasePerson.id_index))
        .join(CaseFile, col(CaseFile.id) == col(CasePerson.case_id))
        .where(
            col(Person.id) == own_id if caller.has(ON_RECORD) else false(),
            col(CasePerson.role) == ROLE,
            ~_begun(),
        )
    )
    own = [each.category for each in all_paths().values() if each.is_own]
    return and_(
        col(CaseFile.category).in_(own), col(CaseFile.id).in_(union_all(opened, reached, named))
    )


def is_by_a_stranger(caller: Caller, case: CaseFile) -> bool:
    """Whether another telephone wrote a case in a citizen's name: read, and taken back, no more.

    Whatever they added to it would be shown to whoever holds that telephone.
    """
    mine = caller.subject == case.opened_by or caller.person == str(case.applicant_id)
    return case.opened_by.startswith(CITIZENS) and not mine


def unsent() -> ColumnElement[bool]:
    """What citizens have not handed in yet, as the database filters by it."""
    return and_(_begun(), col(CaseFile.opened_by).startswith(CITIZENS))


def _begun() -> ColumnElement[bool]:
    """Cases in the first state of their path that never left it: what was sent back was handed in
    before."""
    moved = select(col(CaseAct.case_id)).where(
        col(CaseAct.case_id) == col(CaseFile.id), col(CaseAct.from_state) != col(CaseAct.to_state)
    )
    moved = moved.correlate(CaseFile)  # A list of acts asks it too, and has acts of its own.
    begins = {path.begins for path in all_paths().values()}
    return and_(one_of(col(CaseFile.state), begins), ~moved.exists())


async def seen(session: AsyncSession, found: Sequence[UUID | None]) -> set[UUID]:
    """Which of some applicants an officer has seen with their ID card."""
    ids = {each for each in found if each is not None}
    if not ids:
        return set()
    statement = select(col(Applicant.id)).where(
        col(Applicant.id).in_(ids), col(Applicant.seen_at).is_not(None)
    )
    return set((await session.exec(statement)).all())


async def see(desk: Desk, applicant_id: UUID, phone_ending: str, *, counts: bool) -> None:
    """Whoever holds the applicant's telephone was seen, and showed that the ID card is theirs; the
    telephone is open to them from now on where that `counts`.

    The ending they say themselves: who applied with somebody else's number has another telephone.
    Four digits are soon guessed, so a day has so many wrong ones.

    Raises:
        EndingsSpent: too many wrong ones were said today; this one is not looked at.
        TelephoneDiffers: the applicant's telephone ends otherwise; see `count_wrong_ending`.
    """
    session, now = desk.session, desk.now
    applicant = await session.get(Applicant, applicant_id)
    assert applicant is not None, "a case names an applicant who is there"
    said_today = applicant.wrong_endings if applicant.wrong_ending_on == desk.today else 0
    if said_today >= desk.settings.words["wrong_endings_daily_max"]:
        raise EndingsSpent()
    if said_by(desk.keys, applicant)["phone"][-ENDING_DIGITS:] != phone_ending:
        raise TelephoneDiffers()
    if not counts:
        return
    applicant.seen_at = applicant.seen_at or now
    applicant.handed_on_at = None
    session.add(applicant)


async def count_wrong_ending(database: Database, desk: Desk, case_id: UUID) -> None:
    """A wrong ending counts and is audited though the act is refused: in a transaction of its own,
    before that of the act is undone."""
    statement = text("""
        UPDATE applicant SET wrong_ending_on = :today,
            wrong_endings = CASE WHEN wrong_ending_on = :today THEN wrong_endings ELSE 0 END + 1
        FROM case_file WHERE case_file.id = :case_id AND applicant.id = case_file.applicant_id
        RETURNING applicant.id, wrong_endings
    """)
    async with database.transaction() as session:
        words = {"today": desk.today, "case_id": case_id}
        counted = (await run(session, statement, words)).one()
        await audit.record(
            session,
            desk.caller.county,
            actor=desk.caller.subject,
            act="wrong-ending-said",
            subject=str(case_id),
            details={"applicant": str(counted.id), "today": counted.wrong_endings},
        )


async def unsee(session: AsyncSession, applicant_id: UUID) -> None:
    """Nobody has seen who holds this telephone; and what is on record by it is handed on anew."""
    statement = update(Applicant).where(col(Applicant.id) == applicant_id)
    await session.exec(statement.values(seen_at=None, handed_on_at=None))


async def follow(
    session: AsyncSession, keys: KeyRing, county: str, on_record: Mapping[UUID, str]
) -> None:
    """Another telephone is on record now for some people, by their ids: those who applied
    themselves hold it as applicants too. The old one with the same number is from here on whoever
    comes with it, whom nobody has seen.

    Where somebody came by the number and the new telephone before, they stay who they were, with
    what they wrote: the pair is theirs.
    """
    statement = select(Applicant).where(col(Applicant.id).in_(on_record))
    for each in await session.exec(statement.order_by(col(Applicant.id)).with_for_update()):
        said, phone = said_by(keys, each), on_record[each.id]
        if said["phone"] == phone:
            continue
        index = keys.blind_index(phone, column=PHONE_COLUMN)
        if await _has_come(session, each, index):
            index = keys.blind_index(f"{phone}|{each.id}", column=PHONE_COLUMN)
        each.phone_index = index
        words = json.dumps({**said, "phone": phone}, ensure_ascii=False)
        each.said_sealed = _seal(keys, each.id, words)
        session.add(each)
        await audit.record(
            session,
            county,
            actor="identification",
            act="applicant-telephone-followed",
            subject=str(each.id),
            details={},
        )


async def _has_come(session: AsyncSession, applicant: Applicant, phone_index: bytes) -> bool:
    statement = select(col(Applicant.id)).where(
        col(Applicant.county) == applicant.county,
        col(Applicant.id_index) == applicant.id_index,
        col(Applicant.phone_index) == phone_index,
    )
    return (await session.exec(statement)).first() is not None


async def phone_to_reach(session: AsyncSession, keys: KeyRing, applicant: Applicant) -> str | None:
    """The telephone an applicant is reached by; none once they are somebody of the register whom,
    as was found, nobody has seen with it."""
    if applicant.seen_at is None and await session.get(Person, applicant.id) is not None:
        return None
    return said_by(keys, applicant)["phone"]


async def id_to_come(session: AsyncSession, applicant_id: UUID | None, index: bytes) -> UUID:
    """The id of a person who comes into the register: their own as an applicant, or a new one.

    So messages and contact of whoever applied are theirs ever after, and the telephone is on
    record: that of somebody nobody saw is not.
    """
    applicant = await session.get(Applicant, applicant_id) if applicant_id else None
    if applicant is None or applicant.seen_at is None or applicant.id_index != index:
        return new_id()
    return applicant.id


async def reach_again(session: AsyncSession, applicant_id: UUID | None) -> None:
    """Have a contact handed on anew: there is a household now that is told of by it.

    The row is written though it may say so already: whoever is about to mark it as handed on waits
    until this is committed, and then finds that there is more to tell.
    """
    await session.exec(
        update(Applicant).where(col(Applicant.id) == applicant_id).values(handed_on_at=None)
    )


async def matters_of(session: AsyncSession, applicant_id: UUID) -> list[UUID]:
    """What an applicant is told of: themselves; and, once their own case brought it into the
    register, their household and everybody in it, if an officer saw them or wrote the case."""
    applicant = await session.get(Applicant, applicant_id)
    assert applicant is not None, "nobody takes applicants away"
    statement = (
        select(col(Household.id), col(Membership.person_id), col(Person.id_index))
        .join(CaseFile, col(CaseFile.household_id) == col(Household.id))
        .join(Membership, col(Membership.household_id) == col(Household.id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(CaseFile.applicant_id) == applicant_id,
            true() if applicant.seen_at else col(CaseFile.opened_by).not_like(f"{CITIZENS}%"),
            col(CaseFile.receipt) == col(Household.number),
            col(Membership.until).is_(None),
        )
        .order_by(col(Membership.id))
    )
    found = (await session.exec(statement)).all()
    if applicant.id_index not in {index for _, _, index in found}:
        return [applicant_id]
    of_home = (each for household_id, person_id, _ in found for each in (household_id, person_id))
    return list(dict.fromkeys([applicant_id, *of_home]))


def _seal(keys: KeyRing, applicant_id: UUID, said: str) -> str:
    return keys.encrypt(said, table="applicant", column="said_sealed", row=applicant_id)
