"""What is done to the database by hand: enter, move, extend, clear, each with a reason and each
once another than who asked agreed (`requests.py`), or two looked into an alert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from services.identification import id_numbers, near_relatives
from services.identification.low_income import entries, registered
from services.identification.low_income.entries import Claim, Hand
from services.identification.low_income.groups import (
    DECISION,
    all_groups,
    months_of,
    valid_until,
)
from services.identification.low_income.racing import ONCE
from services.identification.models import LowIncomeEntry, LowIncomePerson
from services.identification.place_settings import PlaceSettings
from shared import audit
from shared.callers import Caller
from shared.problems import Conflict, Forbidden, Malformed, NotFound


class NotInTheDatabase(NotFound):
    """Nobody of that id is in the low-income database, or not of your area."""


class AlreadyEntered(Conflict):
    """This person is in the low-income database already, in one group."""

    constraint = ONCE


class OnlyByDecision(Forbidden):
    """Into this group, and out of it, leads a decision on assistance and nothing else."""


class NotInAGroup(Conflict):
    """This person is in no group now."""


class SameGroup(Conflict):
    """This person is in that group already; extend it instead."""


class NothingToExtend(Conflict):
    """This group holds until a decision ends it; there is nothing to extend."""


class NumberDoubtful(Malformed):
    """The ID number does not hold."""


class DayToCome(Malformed):
    """The day lies in the future, or before the person came into the group."""


class DayTaken(Malformed):
    """On this day the person was in a group still; they may be entered from the day after."""


class RecordedDead(Conflict):
    """The register knows this person as dead; whoever died is in no group."""


class StayMovedOn(Conflict):
    """The stay that was read is over: this person was moved, extended or cleared since."""


@dataclass(frozen=True)
class Asked:
    """What is asked of the stay somebody is in, as it was read; without a day, of today."""

    person_id: UUID
    stay_id: UUID
    reason: str
    on: date | None = None


@dataclass(frozen=True)
class By:
    """The request that was agreed to, and who asked; whoever agreed is the hand."""

    request_id: UUID
    number: str
    asked_by: str

    @property
    def details(self) -> dict[str, str]:
        """What the audit says of it."""
        return {"request": self.number, "asked_by": self.asked_by}


async def may_enter(hand: Hand, settings: PlaceSettings, caller: Caller, claim: Claim) -> Claim:
    """Whether somebody who applied or was found may be entered; the claim with its last day.

    Raises:
        OnlyByDecision, NumberDoubtful, NearRelative: before anything.
        AlreadyEntered: they are in a group.
        DayTaken: they were in one on that day.
        RecordedDead: the register knows that they died.
    """
    group = _by_hand(claim.group)
    if id_numbers.flaw(claim.id_number, hand.today) is not None:
        raise NumberDoubtful()
    index = entries.index_of(hand.keys, claim.id_number)
    await near_relatives.insist_on_none(hand.session, caller, {index})
    await _insist_alive(hand, index)
    statement = select(LowIncomePerson).where(
        col(LowIncomePerson.county) == hand.county, col(LowIncomePerson.id_index) == index
    )
    person = (await hand.session.exec(statement.with_for_update())).first()
    if person is not None:
        await _insist_out(hand, caller, person, claim.since)
    return replace(claim, valid_until=valid_until(settings, group, claim.since))


async def enter(
    hand: Hand, settings: PlaceSettings, caller: Caller, claim: Claim, source: str, by: By
) -> UUID:
    """Enter somebody who applied or was found; the id they have here. Raises as `may_enter`."""
    whole = await may_enter(hand, settings, caller, claim)
    settled = await entries.settle(hand, [whole], source, by.request_id)
    (person_id,) = settled.people
    assert person_id is not None
    said = {"group": str(whole.group), "source": source, **by.details}
    await _note(hand, person_id, "low-income-entered", said)
    return person_id


async def may_move(
    hand: Hand, settings: PlaceSettings, caller: Caller, asked: Asked, to: str
) -> tuple[LowIncomeEntry, Claim]:
    """Whether somebody may be put from one group into another: from where, and the claim."""
    group = _by_hand(to)
    person, before = await _locked(hand, caller, asked)
    await _insist_alive(hand, person.id_index)
    if before.group_name == group:
        raise SameGroup()
    since = await _insist_on_hand(hand, person.id_index, before, asked.on)
    return before, Claim(
        name=person.name,
        id_number=entries.content_of(hand.keys, person)["id_number"],
        village=person.village,
        registration=person.registration,
        group=group,
        since=since,
        valid_until=valid_until(settings, group, since),
        reason=asked.reason,
    )


async def move(
    hand: Hand, settings: PlaceSettings, caller: Caller, asked: Asked, to: str, by: By
) -> None:
    """Put somebody from one group into another."""
    before, claim = await may_move(hand, settings, caller, asked, to)
    await entries.settle(hand, [claim], entries.OFFICER, by.request_id)
    said = {"from": before.group_name, "group": to, **by.details}
    await _note(hand, asked.person_id, "low-income-moved", said)


async def may_extend(
    hand: Hand, settings: PlaceSettings, caller: Caller, asked: Asked
) -> LowIncomeEntry:
    """Whether a group may hold on; the stay as it is."""
    person, before = await _locked(hand, caller, asked)
    await _insist_alive(hand, person.id_index)
    if months_of(settings, before.group_name) is None:
        raise NothingToExtend()
    if not _by_hand_held(before):
        raise OnlyByDecision()
    return before


async def extend(hand: Hand, settings: PlaceSettings, caller: Caller, asked: Asked, by: By) -> None:
    """Let a group hold on, as long again as the place sets, from today."""
    before = await may_extend(hand, settings, caller, asked)
    await _extend(hand, settings, asked.person_id, before, asked.reason, by.details)


async def may_clear(hand: Hand, caller: Caller, asked: Asked) -> tuple[LowIncomeEntry, date]:
    """Whether somebody may be taken out: of which stay, and on which day."""
    person, before = await _locked(hand, caller, asked)
    return before, await _insist_on_hand(hand, person.id_index, before, asked.on)


async def clear(hand: Hand, caller: Caller, asked: Asked, by: By) -> None:
    """Take somebody out who qualifies no longer."""
    before, on = await may_clear(hand, caller, asked)
    await entries.end(hand, before, on, "cleared", asked.reason)
    said = {"group": before.group_name, **by.details}
    await _note(hand, asked.person_id, "low-income-cleared", said)


async def clear_found(hand: Hand, indexes: Sequence[bytes], reason: str) -> list[UUID]:
    """Take out whoever of these is in a group that a hand may end, and say who it was; others a
    decision ends."""
    there = await _in_groups(hand, indexes)
    found = [
        (person.id, before)
        for person, before in there
        if await _by_hand_ended(hand, person.id_index, before)
    ]
    for person, before in found:
        on = max(hand.today, before.since)
        await entries.end(hand, before, on, "cleared", reason)
        await _note(hand, person, "low-income-cleared", {"group": before.group_name})
    return [person for person, _ in found]


async def extend_found(
    hand: Hand, settings: PlaceSettings, indexes: Sequence[bytes], reason: str
) -> list[UUID]:
    """Let the groups of whoever of these is in one hold on, where they have a last day and no
    decision found them, and say whose they are."""
    found = [
        (person.id, before)
        for person, before in await _in_groups(hand, indexes)
        if months_of(settings, before.group_name) is not None and _by_hand_held(before)
    ]
    for person, before in found:
        await _extend(hand, settings, person, before, reason, {})
    return [person for person, _ in found]


async def _in_groups(
    hand: Hand, indexes: Sequence[bytes]
) -> list[tuple[LowIncomePerson, LowIncomeEntry]]:
    statement = (
        select(LowIncomePerson, LowIncomeEntry)
        .join(LowIncomeEntry, col(LowIncomeEntry.holder_id) == col(LowIncomePerson.id))
        .where(
            col(LowIncomePerson.county) == hand.county,
            col(LowIncomePerson.id_index).in_(indexes),
            col(LowIncomeEntry.until).is_(None),
        )
    )
    return list((await hand.session.exec(statement)).all())


async def seen(
    hand: Hand, caller: Caller, person_id: UUID, *, lock: bool = False
) -> LowIncomePerson:
    """Somebody of the database, of the caller's area.

    Raises:
        NotInTheDatabase: there is none, or the caller may not know that there is one.
    """
    person = await hand.session.get(
        LowIncomePerson, person_id, with_for_update=lock, populate_existing=True
    )
    if person is None or not caller.may_see(person.village):
        raise NotInTheDatabase()
    return person


async def _locked(
    hand: Hand, caller: Caller, asked: Asked
) -> tuple[LowIncomePerson, LowIncomeEntry]:
    """Somebody and the stay they are in, which is the one that was read.

    Raises:
        NotInTheDatabase, NearRelative, NotInAGroup, StayMovedOn: in this order.
    """
    person = await seen(hand, caller, asked.person_id, lock=True)
    await near_relatives.insist_on_none(hand.session, caller, {person.id_index})
    before = await entries.current(hand.session, person.id)
    if before is None:
        raise NotInAGroup()
    if before.id != asked.stay_id:
        raise StayMovedOn()
    return person, before


async def _insist_out(hand: Hand, caller: Caller, person: LowIncomePerson, on: date) -> None:
    sees = caller.may_see(person.village)
    if known := await entries.current(hand.session, person.id):
        raise AlreadyEntered(**({"group": known.group_name} if sees else {}))
    until = await entries.out_until(hand.session, person.id)
    if until is not None and on <= until:
        raise DayTaken(**({"until": until.isoformat()} if sees else {}))


async def _insist_alive(hand: Hand, index: bytes) -> None:
    if await registered.is_dead(hand.session, hand.keys, hand.county, index):
        raise RecordedDead()


def _by_hand(name: str | None) -> str:
    group = all_groups()[str(name)]
    if group.by == DECISION:
        raise OnlyByDecision()
    return group.name


async def _insist_on_hand(hand: Hand, index: bytes, entry: LowIncomeEntry, on: date | None) -> date:
    """That a hand may end a stay on a day; which day, where none is said.

    Raises:
        OnlyByDecision, DayToCome: in this order.
    """
    if not await _by_hand_ended(hand, index, entry):
        raise OnlyByDecision()
    day = on or hand.today
    if not entry.since <= day <= hand.today:
        raise DayToCome()
    return day


async def _by_hand_ended(hand: Hand, index: bytes, entry: LowIncomeEntry) -> bool:
    """What a decision began or draws only a decision ends, until its months are over; a list that
    was wrong may be put right."""
    over = entry.valid_until is not None and entry.valid_until < hand.today
    if all_groups()[entry.group_name].by != DECISION or over:
        return True
    if entry.source in entries.DECIDED:
        return False
    known = await registered.look_up(hand.session, hand.keys, hand.county, [index])
    return index not in known or known[index].group != entry.group_name


def _by_hand_held(entry: LowIncomeEntry) -> bool:
    """A hand lets nobody hold on where a decision is wanted; a list of the province it may."""
    return all_groups()[entry.group_name].by != DECISION or entry.source == entries.LIST


async def _extend(
    hand: Hand,
    settings: PlaceSettings,
    person_id: UUID,
    before: LowIncomeEntry,
    reason: str,
    by: Mapping[str, str],
) -> None:
    """The same group again, as long as the place sets, from today or from the day it begins."""
    since = max(hand.today, before.since)
    await entries.end(hand, before, since - date.resolution, "extended", None)
    again = entries.Again(
        before.group_name, since, valid_until(settings, before.group_name, since), reason
    )
    await entries.begin(hand, person_id, again, before.source, before.source_id)
    days = {"was_until": before.valid_until, "until": again.valid_until}
    said = {name: day.isoformat() for name, day in days.items() if day is not None}
    await _note(hand, person_id, "low-income-extended", {"group": before.group_name, **said, **by})


async def _note(hand: Hand, person_id: UUID, act: str, details: dict[str, str]) -> None:
    await audit.record(
        hand.session,
        hand.county,
        actor=hand.actor,
        act=act,
        subject=str(person_id),
        details=details,
    )
