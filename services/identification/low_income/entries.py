"""Who comes into which group, moves to another, and leaves: one current group a person.

Lists, decisions and officers all say the same thing, a claim: this person is in this group from a
day on, or in none. What becomes of a claim is settled here, for one person or fifty thousand.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import names, registrations
from services.identification.desk import Desk
from services.identification.low_income import registered
from services.identification.low_income.groups import DECISION, all_groups, stronger
from services.identification.low_income.known import Known, Stay, Who, look_up
from services.identification.low_income.racing import looking_again
from services.identification.low_income.registered import Registered
from services.identification.low_income.settled import Conflict, Settled
from services.identification.models import LowIncomeEntry, LowIncomePerson
from services.identification.people import INDEX_COLUMN
from shared.database import copy_rows, new_id, run
from shared.secrets import KeyRing

APPLICATION: Final = "application"
DISCOVERY: Final = "discovery"
LIST: Final = "list"
ROSTER: Final = "roster"
OFFICER: Final = "officer"
SOURCES: Final = (APPLICATION, DISCOVERY, LIST, ROSTER, OFFICER, DECISION)
DECIDED: Final = frozenset({DECISION, ROSTER})
"""Where a stay is from that a decision began."""
_AT_ONCE: Final = 5_000
# Row security keeps names from all but us, and forbids COPY; arrays are as fast.
_PEOPLE: Final = text("""
    INSERT INTO low_income_person
        (county, id, name, name_sort, id_index, content_sealed, village, registration, entered_on)
    SELECT * FROM unnest(
        CAST(:county AS text[]), CAST(:id AS uuid[]), CAST(:name AS text[]),
        CAST(:name_sort AS text[]), CAST(:id_index AS bytea[]), CAST(:content_sealed AS text[]),
        CAST(:village AS text[]), CAST(:registration AS smallint[]), CAST(:entered_on AS date[])
    )
""")
_PERSON: Final = (
    "county", "id", "name", "name_sort", "id_index", "content_sealed", "village", "registration",
    "entered_on",
)  # fmt: skip
_ENTRY: Final = (
    "county", "id", "holder_id", "group_name", "source", "source_id", "since", "learned_at",
    "learned_by", "reason_sealed", "valid_until",
)  # fmt: skip
_END: Final = text("""
    UPDATE low_income_entry SET until = :until, ended_at = :ended_at, ended_by = :ended_by,
        ended_because = :ended_because, end_reason_sealed = :end_reason_sealed
    WHERE id = :id AND until IS NULL
""")
_CHANGE: Final = text("""
    UPDATE low_income_person SET name = :name, name_sort = :name_sort, village = :village,
        registration = :registration, content_sealed = :content_sealed WHERE id = :id
""")


@dataclass(frozen=True)
class Hand:
    """By whom, when, and with which keys the database is changed."""

    session: AsyncSession
    keys: KeyRing
    county: str
    actor: str
    now: datetime
    today: date

    @classmethod
    def of(cls, desk: Desk) -> Self:
        """The hand of whoever asks."""
        caller = desk.caller
        return cls(desk.session, desk.keys, caller.county, caller.subject, desk.now, desk.today)


@dataclass(frozen=True)
class Claim:
    """That somebody is in a group from a day on; in none when there is no group.

    Without a group it ends the groups of `leaves`, and no others.
    """

    name: str
    id_number: str
    village: str
    registration: int | None
    """Urban or rural by the register's code; none where nothing is said of it."""
    group: str | None
    since: date
    valid_until: date | None = None
    disability_grade: int | None = None
    reason: str | None = None
    leaves: frozenset[str] = frozenset()
    index: bytes | None = None
    """The keyed index of the ID number, where it is known already."""


@dataclass(frozen=True)
class Again:
    """That a group holds on: the same one, as a stay of its own."""

    group: str
    since: date
    valid_until: date | None
    reason: str | None


async def settle(
    hand: Hand, claims: Sequence[Claim], source: str, source_id: UUID | None = None
) -> Settled:
    """Carry out claims, all of them in the session's own transaction.

    A list moves nobody to a weaker group than they are in; a decision and an officer do. Nor does
    it bring anybody in who died, or go against a decision: that is a conflict.
    """
    settled = Settled()
    for start in range(0, len(claims), _AT_ONCE):
        part = partial(_settle, hand, claims[start : start + _AT_ONCE], source, source_id)
        # By hand somebody is entered who is not there; of two hands the second is told so.
        by_hand = source not in {LIST, *DECIDED}
        settled.add(await (part() if by_hand else looking_again(hand.session, part)))
    return settled


async def _settle(
    hand: Hand, claims: Sequence[Claim], source: str, source_id: UUID | None
) -> Settled:
    indexes = [claim.index or index_of(hand.keys, claim.id_number) for claim in claims]
    known = await look_up(hand.session, hand.county, indexes)
    asked = indexes if source == LIST else []
    register = await registered.look_up(hand.session, hand.keys, hand.county, asked)
    settling = _Settling(hand, known, register, source, source_id)
    for claim, index in zip(claims, indexes, strict=True):
        settling.take(claim, index)
    await settling.write()
    return settling.settled


async def out_until(session: AsyncSession, holder_id: UUID) -> date | None:
    """The last day somebody was in a group that is over."""
    statement = select(func.max(LowIncomeEntry.until)).where(
        col(LowIncomeEntry.holder_id) == holder_id,
        col(LowIncomeEntry.until) >= col(LowIncomeEntry.since),
    )
    return (await session.exec(statement)).first()


async def current(session: AsyncSession, holder_id: UUID) -> LowIncomeEntry | None:
    """The group somebody is in now."""
    statement = select(LowIncomeEntry).where(
        col(LowIncomeEntry.holder_id) == holder_id, col(LowIncomeEntry.until).is_(None)
    )
    return (await session.exec(statement)).first()


async def end(
    hand: Hand, entry: LowIncomeEntry, until: date, because: str, reason: str | None
) -> None:
    """End a stay in a group."""
    await run(hand.session, _END, [_ended(hand, entry.id, until, because, reason)])


async def begin(
    hand: Hand,
    holder_id: UUID,
    claim: Claim | Again,
    source: str,
    source_id: UUID | None = None,
) -> None:
    """Begin a stay in a group."""
    await copy_rows(
        hand.session,
        "low_income_entry",
        _ENTRY,
        [_begun(hand, holder_id, claim, source, source_id)],
    )


def index_of(keys: KeyRing, id_number: str) -> bytes:
    """The keyed index of an ID number: the register's own, so that both find the same person."""
    return keys.blind_index(id_number, column=INDEX_COLUMN)


def content_of(keys: KeyRing, person: LowIncomePerson | Who) -> dict[str, Any]:
    """What is sealed of somebody: the ID number, and the grade of a disability."""
    found: dict[str, Any] = json.loads(
        keys.decrypt(
            person.content_sealed,
            table="low_income_person",
            column="content_sealed",
            row=person.id,
        )
    )
    return found


def open_reason(keys: KeyRing, entry: LowIncomeEntry, column: str) -> str | None:
    """A reason an officer gave."""
    sealed: str | None = getattr(entry, column)
    if sealed is None:
        return None
    return keys.decrypt(sealed, table="low_income_entry", column=column, row=entry.id)


class _Settling:
    """A part of the claims, decided one by one and then written by a handful of statements."""

    def __init__(
        self,
        hand: Hand,
        known: Known,
        register: Mapping[bytes, Registered],
        source: str,
        source_id: UUID | None,
    ) -> None:
        self._hand = hand
        self._known = known
        self._register = register
        self._source = source
        self._source_id = source_id
        self.settled = Settled()
        self._people: list[tuple[Any, ...]] = []
        self._changes: list[Mapping[str, Any]] = []
        self._ended: list[Mapping[str, Any]] = []
        self._entries: list[tuple[Any, ...]] = []

    def take(self, claim: Claim, index: bytes) -> None:
        """One claim."""
        if (conflict := self._conflict(claim, index)) is not None:
            listed = self._known.people.get(index)
            self.settled.conflicts[len(self.settled.people)] = conflict
            self.settled.people.append(listed.id if listed else None)
            return
        claim = self._as_registered(claim, index)
        person = self._person(claim, index)
        self.settled.people.append(person.id if person else None)
        if person is None:
            return
        before = self._known.current.get(person.id)
        if claim.group is None:
            if before is not None and self._ends(before, claim):
                self._end(before, claim)
                self.settled.left += 1
            return
        if before is not None and before.group_name == claim.group:
            self.settled.same += 1
            if self._is_anew(before, claim):
                self._end(before, claim)
                held = None if claim.group in registered.ASSISTED else before.valid_until
                self._begin(person.id, replace(claim, valid_until=claim.valid_until or held))
        elif before is None:
            self._begin(person.id, claim)
            self.settled.entered += 1
        elif self._source == LIST and not stronger(claim.group, before.group_name):
            self.settled.weaker += 1
        else:
            self._end(before, claim)
            self._begin(person.id, claim)
            self.settled.moved += 1

    def _conflict(self, claim: Claim, index: bytes) -> Conflict | None:
        """What speaks against a list that would bring somebody into a group."""
        if self._source != LIST or claim.group is None:
            return None
        who = self._register.get(index)
        if who is not None and who.died:
            return Conflict.DEAD
        person = self._known.people.get(index)
        before = self._known.current.get(person.id) if person is not None else None
        if before is not None and not stronger(claim.group, before.group_name):
            return None
        if before is not None and before.source in DECIDED:
            return Conflict.DECIDED_OTHERWISE
        if all_groups()[claim.group].by != DECISION or who is None:
            return None
        return Conflict.DECIDED_OTHERWISE if who.is_decided_otherwise(claim.group) else None

    def _as_registered(self, claim: Claim, index: bytes) -> Claim:
        """A claim with the register's name and home, where a list would say others; and what it
        does not say, as it is known."""
        who = self._register.get(index)
        if who is None or who.said is None:
            known = self._known.people.get(index)
            before = known.registration if known is not None else registrations.code_of(None)
            return replace(claim, registration=claim.registration or before)
        registration = claim.registration or who.said.registration
        if (claim.name, claim.village, registration) != who.said:
            self.settled.conflicts[len(self.settled.people)] = Conflict.REGISTERED_OTHERWISE
        return replace(claim, **who.said._asdict())

    def _is_anew(self, before: Stay, claim: Claim) -> bool:
        """Whether a claim to the same group begins a stay: what a list said first and is decided
        then is the decision's, and a status that is found again holds from there."""
        if self._source not in DECIDED:
            return False
        found = self._source == DECISION and claim.valid_until is not None
        return found or before.source not in DECIDED

    def _ends(self, before: Stay, claim: Claim) -> bool:
        """Whether a claim to no group ends this stay: it names it, or a decision began it."""
        by_decision = {self._source, before.source} == {DECISION}
        return before.group_name in claim.leaves or by_decision

    async def write(self) -> None:
        """Everything that was decided; a stay that ends makes room for the one that begins."""
        session = self._hand.session
        if self._people:
            cells = zip(*self._people, strict=True)
            columns = {name: list(them) for name, them in zip(_PERSON, cells, strict=True)}
            await run(session, _PEOPLE, columns)
        if self._changes:
            await run(session, _CHANGE, self._changes)
        if self._ended:
            await run(session, _END, self._ended)
        if self._entries:
            await copy_rows(session, "low_income_entry", _ENTRY, self._entries)

    def _person(self, claim: Claim, index: bytes) -> Who | None:
        """Whom a claim is about; somebody new only if it puts them in a group."""
        person = self._known.people.get(index)
        if person is None and claim.group is not None:
            row = _new(self._hand, claim, index)
            self._people.append(row)
            person = Who(row[1], claim.name, claim.village, row[7], row[5])
            self._known.people[index] = person
        elif person is not None and (change := _changed(self._hand, person, claim)):
            self._changes.append(change)
        return person

    def _begin(self, holder_id: UUID, claim: Claim) -> None:
        if (out_until := self._known.out_until.get(holder_id)) is not None:
            # On no day is anybody in two groups, whatever a list or a decision says of before.
            claim = replace(claim, since=max(claim.since, out_until + date.resolution))
        row = _begun(self._hand, holder_id, claim, self._source, self._source_id)
        self._entries.append(row)
        assert claim.group is not None, "only a group begins"
        stay = Stay(row[1], holder_id, claim.group, self._source, claim.since, claim.valid_until)
        self._known.current[holder_id] = stay

    def _end(self, entry: Stay, claim: Claim) -> None:
        until = _day_before(entry, claim)
        self._ended.append(_ended(self._hand, entry.id, until, self._source, claim.reason))
        del self._known.current[entry.holder_id]
        if until >= entry.since:
            last = self._known.out_until.get(entry.holder_id, until)
            self._known.out_until[entry.holder_id] = max(last, until)


def _new(hand: Hand, claim: Claim, index: bytes) -> tuple[Any, ...]:
    person_id = new_id()
    sealed = _sealed(hand.keys, person_id, claim.id_number, claim.disability_grade)
    return (
        hand.county, person_id, claim.name, names.sort_key(claim.name), index, sealed,
        claim.village, claim.registration, hand.today,
    )  # fmt: skip


def _changed(hand: Hand, person: Who, claim: Claim) -> Mapping[str, Any] | None:
    """What a claim knows better of somebody who is in already."""
    grade = claim.disability_grade
    if grade is not None:
        known = content_of(hand.keys, person).get("disability_grade")
        grade = grade if grade != known else None
    said = (claim.name, claim.village, claim.registration)
    if grade is None and said == (person.name, person.village, person.registration):
        return None
    sealed = person.content_sealed
    if grade is not None:
        sealed = _sealed(hand.keys, person.id, claim.id_number, grade)
    return {
        "id": person.id,
        "name": claim.name,
        "name_sort": names.sort_key(claim.name),
        "village": claim.village,
        "registration": claim.registration,
        "content_sealed": sealed,
    }


def _sealed(keys: KeyRing, person_id: UUID, id_number: str, grade: int | None) -> str:
    content = json.dumps({"id_number": id_number, "disability_grade": grade})
    return keys.encrypt(content, table="low_income_person", column="content_sealed", row=person_id)


def _begun(
    hand: Hand, holder_id: UUID, claim: Claim | Again, source: str, source_id: UUID | None
) -> tuple[Any, ...]:
    entry_id = new_id()
    reason = None
    if claim.reason:
        reason = hand.keys.encrypt(
            claim.reason, table="low_income_entry", column="reason_sealed", row=entry_id
        )
    return (
        hand.county, entry_id, holder_id, claim.group, source, source_id, claim.since, hand.now,
        hand.actor, reason, claim.valid_until,
    )  # fmt: skip


def _ended(
    hand: Hand, entry_id: UUID, until: date, because: str, reason: str | None
) -> Mapping[str, Any]:
    sealed = None
    if reason:
        sealed = hand.keys.encrypt(
            reason, table="low_income_entry", column="end_reason_sealed", row=entry_id
        )
    return {
        "id": entry_id,
        "until": until,
        "ended_at": hand.now,
        "ended_by": hand.actor,
        "ended_because": because,
        "end_reason_sealed": sealed,
    }


def _day_before(entry: Stay, claim: Claim) -> date:
    """The last day of a stay that another follows; one that never was true ends before it began."""
    return max(claim.since, entry.since) - timedelta(days=1)
