"""What an officer does to the database by hand: enter, move, extend, clear, each with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from services.identification import id_numbers, near_relatives
from services.identification.grammar.moving import MovedOn
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


class NoSuchGroup(Malformed):
    """There is no such group."""


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


class NotYourVillage(Forbidden):
    """The village is not of your area."""


async def enter(
    hand: Hand, settings: PlaceSettings, caller: Caller, claim: Claim, source: str
) -> UUID:
    """Enter somebody who applied or was found; the id they have here.

    Raises:
        NoSuchGroup, OnlyByDecision, NumberDoubtful, DayToCome, NotYourVillage: before anything.
        AlreadyEntered: they are in a group.
        DayTaken: they were in one on that day.
        RecordedDead: the register knows that they died.
    """
    group = _by_hand(claim.group)
    if id_numbers.flaw(claim.id_number, hand.today) is not None:
        raise NumberDoubtful()
    if claim.since > hand.today:
        raise DayToCome()
    if not caller.may_see(claim.village):
        raise NotYourVillage()
    index = entries.index_of(hand.keys, claim.id_number)
    await near_relatives.insist_on_none(hand.session, caller, {index})
    await _insist_alive(hand, index)
    statement = select(LowIncomePerson).where(
        col(LowIncomePerson.county) == hand.county, col(LowIncomePerson.id_index) == index
    )
    person = (await hand.session.exec(statement.with_for_update())).first()
    if person is not None:
        await _insist_out(hand, caller, person, claim.since)
    whole = replace(claim, valid_until=valid_until(settings, group, claim.since))
    settled = await entries.settle(hand, [whole], source)
    (person_id,) = settled.people
    assert person_id is not None
    await _note(hand, person_id, "low-income-entered", {"group": group, "source": source})
    return person_id


async def move(
    hand: Hand,
    settings: PlaceSettings,
    caller: Caller,
    person_id: UUID,
    stay_id: UUID,
    group: str,
    since: date,
    reason: str,
) -> None:
    """Put somebody from one group into another."""
    group = _by_hand(group)
    person, before = await _locked(hand, caller, person_id, stay_id)
    await _insist_alive(hand, person.id_index)
    if before.group_name == group:
        raise SameGroup()
    await _insist_on_hand(hand, person.id_index, before)
    if not before.since <= since <= hand.today:
        raise DayToCome()
    claim = Claim(
        name=person.name,
        id_number=entries.content_of(hand.keys, person)["id_number"],
        village=person.village,
        registration=person.registration,
        group=group,
        since=since,
        valid_until=valid_until(settings, group, since),
        reason=reason,
    )
    await entries.settle(hand, [claim], entries.OFFICER)
    await _note(hand, person_id, "low-income-moved", {"from": before.group_name, "group": group})


async def extend(
    hand: Hand,
    settings: PlaceSettings,
    caller: Caller,
    person_id: UUID,
    stay_id: UUID,
    reason: str,
) -> None:
    """Let a group hold on, as long again as the place sets, from today."""
    person, before = await _locked(hand, caller, person_id, stay_id)
    await _insist_alive(hand, person.id_index)
    if months_of(settings, before.group_name) is None:
        raise NothingToExtend()
    if not _by_hand_held(before):
        raise OnlyByDecision()
    await _extend(hand, settings, person_id, before, reason)


async def clear(
    hand: Hand, caller: Caller, person_id: UUID, stay_id: UUID, on: date, reason: str
) -> None:
    """Take somebody out who qualifies no longer."""
    person, before = await _locked(hand, caller, person_id, stay_id)
    await _insist_on_hand(hand, person.id_index, before)
    if not before.since <= on <= hand.today:
        raise DayToCome()
    await entries.end(hand, before, on, "cleared", reason)
    await _note(hand, person_id, "low-income-cleared", {"group": before.group_name})


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
        await _extend(hand, settings, person, before, reason)
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
    hand: Hand, caller: Caller, person_id: UUID, stay_id: UUID
) -> tuple[LowIncomePerson, LowIncomeEntry]:
    """Somebody and the stay they are in, which is the one that was read.

    Raises:
        NotInTheDatabase, NearRelative, NotInAGroup, MovedOn: in this order.
    """
    person = await seen(hand, caller, person_id, lock=True)
    await near_relatives.insist_on_none(hand.session, caller, {person.id_index})
    before = await entries.current(hand.session, person_id)
    if before is None:
        raise NotInAGroup()
    if before.id != stay_id:
        raise MovedOn()
    return person, before


async def _insist_out(hand: Hand, caller: Caller, person: LowIncomePerson, on: date) -> None:
    sees = caller.may_see(person.village)
    if known := await entries.current(hand.session, person.id):
        raise AlreadyEntered(**({"group": known.group_name} if sees else {}))
    until = await entries.out_until(hand.session, person.id)
    if until is not None and on <= until:
        raise DayTaken(**({"until": until.isoformat()} if sees else {}))


async def _insist_alive(hand: Hand, index: bytes) -> None:
    known = await registered.look_up(hand.session, hand.keys, hand.county, [index])
    if index in known and known[index].died:
        raise RecordedDead()


def _by_hand(name: str | None) -> str:
    group = all_groups().get(name or "")
    if group is None:
        raise NoSuchGroup(f"there are {', '.join(all_groups())}")
    if group.by == DECISION:
        raise OnlyByDecision()
    return group.name


async def _insist_on_hand(hand: Hand, index: bytes, entry: LowIncomeEntry) -> None:
    if not await _by_hand_ended(hand, index, entry):
        raise OnlyByDecision()


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
    hand: Hand, settings: PlaceSettings, person_id: UUID, before: LowIncomeEntry, reason: str
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
    await _note(hand, person_id, "low-income-extended", {"group": before.group_name, **said})


async def _note(hand: Hand, person_id: UUID, act: str, details: dict[str, str]) -> None:
    await audit.record(
        hand.session,
        hand.county,
        actor=hand.actor,
        act=act,
        subject=str(person_id),
        details=details,
    )
