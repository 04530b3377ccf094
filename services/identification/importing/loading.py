"""A chunk of a roster goes into the register: new rows by COPY, changes row by row, in one
transaction; a household goes in whole or not at all."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import coded, determinations, disputes, names
from services.identification.casework.paths import endable
from services.identification.exchange import numbers
from services.identification.importing.changes import Changes
from services.identification.importing.known import (
    Known,
    KnownHousehold,
    KnownMembership,
    KnownPerson,
    look_up,
)
from services.identification.importing.rosters import ACTOR
from services.identification.in_place_of import settled
from services.identification.low_income.decided import Listed, follow_roster
from services.identification.low_income.entries import Hand
from services.identification.roster.columns import Field
from services.identification.roster.entries import Entry, HouseholdEntry
from services.identification.roster.faults import Code, Fault, on_roster
from services.identification.roster.staging import Surveyed
from shared.contracts.identification import PersonDied
from shared.database import new_id
from shared.months import Month, civil_date
from shared.outbox import announce
from shared.secrets import KeyRing


@dataclass(frozen=True)
class Roster:
    """The import a chunk belongs to, and what its survey found."""

    import_id: UUID
    county: str
    keys: KeyRing
    index_key: bytes
    found: Surveyed

    def index_of(self, entry: Entry) -> bytes:
        """The keyed index under which somebody is found: by their number, or by their code."""
        if entry.code is not None:
            return coded.index_of(self.keys, entry.code)
        return index_of(self.index_key, entry.id_number)

    def person_id(self, index: bytes) -> UUID:
        """The id that somebody new gets in this import, whichever chunk meets them first.

        A UUIDv7 of the import's instant whose rest comes from the keyed index.
        """
        rest = int.from_bytes(sha256(self.import_id.bytes + index).digest()[:10], "big")
        instant = int.from_bytes(self.import_id.bytes[:6], "big")
        number = (instant << 80) | rest
        number = (number & ~(0xF << 76)) | (0x7 << 76)
        return UUID(int=(number & ~(0x3 << 62)) | (0x2 << 62))


@dataclass
class Loaded:
    """What became of a chunk."""

    households: int = 0
    people: int = 0
    determinations: int = 0
    deaths: int = 0
    rows_bad: int = 0
    faults: list[Fault] = field(default_factory=list)


async def load(
    session: AsyncSession, roster: Roster, households: list[HouseholdEntry], now: datetime
) -> Loaded:
    """Put a chunk's households into the register, in the session's own transaction."""
    indexes = [[roster.index_of(entry) for entry in household.members] for household in households]
    known = await look_up(
        session,
        roster.county,
        (index for household in indexes for index in household),
        (household.number for household in households),
    )
    said = [each.provincial_number for each in households if each.provincial_number]
    taken = await numbers.holders(session, roster.county, said) if said else {}
    loader = _Loader(roster, known, now, taken)
    for household, theirs in zip(households, indexes, strict=True):
        loader.take(household, theirs)
    await loader.changes.write(session)
    hand = Hand(session, roster.keys, roster.county, ACTOR, now, civil_date(now))
    await follow_roster(hand, loader.listed, roster.import_id)
    await disputes.meet(session, roster.county, now)
    for person_id, died_on in loader.changes.deaths:
        await announce(
            session,
            PersonDied(county=roster.county, occurred_at=now, person_id=person_id, died_on=died_on),
        )
    await numbers.learn(session, roster.county, numbers.HOUSEHOLD, loader.numbers, now, ACTOR)
    return loader.loaded


def index_of(key: bytes, id_number: str) -> bytes:
    """The keyed index of an ID number: equal to `KeyRing.blind_index`, in bulk."""
    return hmac_digest(key, id_number.encode(), "sha256")


class _Loader:
    """Decides, household by household, what has to be written."""

    def __init__(
        self, roster: Roster, known: Known, now: datetime, taken: dict[str, numbers.Holder]
    ) -> None:
        self.numbers: dict[UUID, str | None] = {}
        self._taken = taken
        self.changes = Changes()
        self.loaded = Loaded()
        self.listed: list[Listed] = []
        self._roster = roster
        self._known = known
        self._now = now

    def take(self, household: HouseholdEntry, indexes: list[bytes]) -> None:
        """One household, whole or not at all."""
        known = self._known.households.get(household.number)
        household_id = known.id if known else new_id()
        faults = self._faults(household, indexes, household_id, known)
        ids = [self._id_of(index) for index in indexes]
        content, before = None, self._decided_before(household_id)
        if not faults and (household.assisted or (before and determinations.in_a_roster(before))):
            content = determinations.content_of(household, ids)
            if before is not None:
                determinations.keep_what_no_roster_says(before, content)
                content = settled(content)
            faults = self._undecided(household, before, content)
        if faults:
            self.loaded.faults.extend(faults)
            self.loaded.rows_bad += len(household.members)
            return
        self._household(household, household_id, known)
        for entry, index, person_id in zip(household.members, indexes, ids, strict=True):
            self._person(entry, index, person_id)
            self._membership(entry, index, household_id, known, person_id)
        if known is not None:
            self._end_the_dead(household, known, indexes)
        if household.provincial_number:
            self.numbers[household_id] = household.provincial_number
        if content is not None:
            self._determine(household, household_id, content)
        self.listed.append(self._listed(household, household_id, indexes, content or before))
        self.loaded.households += 1
        self.loaded.people += len(household.members)

    def _listed(
        self,
        household: HouseholdEntry,
        household_id: UUID,
        indexes: list[bytes],
        decided: dict[str, Any] | None,
    ) -> Listed:
        """The household for the low-income database; whoever moved counts where they live now."""
        here = []
        for entry, index in zip(household.members, indexes, strict=True):
            if entry.code is not None:
                continue  # The list knows people by their number.
            person = self._known.people[index]
            lives = person.lives
            if entry.until is None or lives is None or lives.household_id == household_id:
                here.append((entry, person.id, index))
        return Listed(
            household_id,
            household.village,
            household.registration,
            household.from_month,
            decided,
            here,
        )

    def _id_of(self, index: bytes) -> UUID:
        person = self._known.people.get(index)
        return person.id if person else self._roster.person_id(index)

    def _faults(
        self,
        household: HouseholdEntry,
        indexes: list[bytes],
        household_id: UUID,
        known: KnownHousehold | None,
    ) -> list[Fault]:
        """What the register says against this household."""
        faults = [
            on_roster(entry.row, Field.ID_NUMBER, entry.code_flaw)
            for entry in household.members
            if entry.code_flaw is not None
        ]
        if faults:
            return faults  # Of whom nobody knows who they are nothing else can be said.
        if self._has_anothers_number(household, household_id):
            row = household.head.row
            faults.append(on_roster(row, Field.PROVINCIAL_NUMBER, Code.NUMBER_TAKEN))
        for entry, index in zip(household.members, indexes, strict=True):
            person = self._known.people.get(index)
            lives = person.lives if person else None
            if (
                person is None
                or lives is None
                or entry.until is not None
                or lives.household_id == household_id
            ):
                continue
            moved = entry.since > lives.since and self._roster.found.lists(person.household_number)
            if not moved:
                more = "这个人已在另一户，请先在那一户的花名册里写明离户年月"
                faults.append(on_roster(entry.row, Field.HOUSEHOLD, Code.HOUSEHOLD_SPLIT, more))
        if known is not None:
            missing = self._missing(known, indexes)
            if missing:
                head, more = household.head.row, f"{len(missing)}人"
                faults.append(on_roster(head, Field.UNTIL, Code.MEMBER_MISSING, more))
        return faults

    def _has_anothers_number(self, household: HouseholdEntry, household_id: UUID) -> bool:
        """Whether the province's number stays another's: people live there, and the roster does not
        name it otherwise."""
        number = household.provincial_number
        if not number:
            return False
        has = self._taken.get(number)
        if (
            has is not None
            and has.is_lived_in
            and has.household_id != household_id
            and not self._roster.found.names_otherwise(has.household_number, number)
        ):
            return True
        self._taken[number] = numbers.Holder(household_id, household.number, is_lived_in=True)
        return False

    def _missing(self, known: KnownHousehold, indexes: list[bytes]) -> list[KnownMembership]:
        """Who lived here, is alive, and is neither in these rows nor anywhere else in the file."""
        return [
            stay
            for stay in known.memberships
            if stay.until is None
            and stay.died_on is None
            and stay.id_index not in indexes
            and not self._roster.found.holds(stay.id_index)
        ]

    def _decided_before(self, household_id: UUID) -> dict[str, Any] | None:
        """The content of the household's last determination."""
        last = self._known.determinations.get(household_id)
        if last is None:
            return None
        return settled(determinations.unseal(last.id, last.content_sealed, self._roster.keys))

    def _undecided(
        self, household: HouseholdEntry, before: dict[str, Any] | None, content: dict[str, Any]
    ) -> list[Fault]:
        """A sum must not change because a cell did: only a new decision changes it."""
        if before is None:
            return []
        row = household.head.row
        if household.dibao and endable()["dibao"].is_fading(before["facts"]):
            return [on_roster(row, Field.DIBAO, Code.FADES_OUT)]
        if None in (household.decision_number, household.decided_on, household.from_month):
            return [on_roster(row, Field.DECISION_NUMBER, Code.DECISION_MISSING)]
        if str(household.decided_on) < before["decided_on"]:
            return [on_roster(row, Field.DECIDED_ON, Code.DECISION_OUTDATED)]
        if before["decision_number"] != household.decision_number:
            return []
        if before["from_month"] != household.from_month:
            return [on_roster(row, Field.FROM_MONTH, Code.DECISION_UNCHANGED)]
        if determinations.needs_new_decision(before, content):
            return [on_roster(row, Field.DECISION_NUMBER, Code.DECISION_UNCHANGED)]
        return []

    def _household(
        self, household: HouseholdEntry, household_id: UUID, known: KnownHousehold | None
    ) -> None:
        village, registration = household.village, household.registration
        if known is None:
            row = (self._roster.county, household_id, household.number, village, registration)
            self.changes.households.append(row)
        elif (known.village, known.registration) != (village, registration):
            self.changes.household_changes.append(
                {"id": household_id, "village": village, "registration": registration}
            )

    def _person(self, entry: Entry, index: bytes, person_id: UUID) -> None:
        person = self._known.people.get(index)
        if person is None:
            sealed = self._roster.keys.encrypt(
                entry.id_number, table="person", column="id_sealed", row=person_id
            )
            reason = entry.no_id_reason
            if reason is not None:
                reason = self._roster.keys.encrypt(
                    reason, table="person", column="no_id_reason_sealed", row=person_id
                )
            sort_key = names.sort_key(entry.name)
            self.changes.people.append(
                (
                    self._roster.county, person_id, entry.name, sort_key, sealed, index,
                    entry.died_on, entry.code, reason,
                )
            )  # fmt: skip
            self._known.people[index] = KnownPerson(person_id, entry.name, entry.died_on)
            return
        if (person.name, person.died_on) != (entry.name, entry.died_on):
            self.changes.person_changes.append(
                {
                    "id": person.id,
                    "name": entry.name,
                    "name_sort": names.sort_key(entry.name),
                    "died_on": entry.died_on,
                }
            )
            if person.died_on is None and entry.died_on is not None:
                self.changes.deaths.append((person.id, entry.died_on))
                self.loaded.deaths += 1
            person.name, person.died_on = entry.name, entry.died_on

    def _membership(
        self,
        entry: Entry,
        index: bytes,
        household_id: UUID,
        known: KnownHousehold | None,
        person_id: UUID,
    ) -> None:
        person = self._known.people[index]
        lives = person.lives
        here = self._stay_here(known, person_id, entry)
        if here is not None:
            wanted = (entry.relation, entry.since, entry.until)
            if (here.relation, here.since, here.until) != wanted:
                self.changes.membership_changes.append(
                    {
                        "id": here.id,
                        "relation": entry.relation,
                        "since": entry.since,
                        "until": entry.until,
                    }
                )
                here.relation, here.since, here.until = wanted
                if entry.until is None and lives is not None and lives.id != here.id:
                    self._end(lives, entry.since)
            if entry.until is not None and lives is not None and lives.id == here.id:
                person.lives = None
            return
        if entry.until is None and lives is not None:
            self._end(lives, entry.since)
        stay_id = new_id()
        self.changes.memberships.append(
            (
                self._roster.county, stay_id, household_id, person_id,
                entry.relation, entry.since, entry.until,
            )
        )  # fmt: skip
        if entry.until is None:
            person.lives = KnownMembership(stay_id, household_id, person_id, entry.since)

    def _end(self, stay: KnownMembership, next_since: str) -> None:
        """A stay ends in the month before the next one begins."""
        until = max(str(Month.parse(next_since).previous()), stay.since)
        self.changes.membership_ends.append({"id": stay.id, "until": until})

    @staticmethod
    def _stay_here(
        known: KnownHousehold | None, person_id: UUID, entry: Entry
    ) -> KnownMembership | None:
        """The stay in this household that the row speaks of: the open one, or one as long ago."""
        if known is None:
            return None
        stays = [stay for stay in known.memberships if stay.person_id == person_id]
        same = [stay for stay in stays if stay.since == entry.since]
        still_open = [stay for stay in stays if stay.until is None]
        return next(iter(same or still_open), None)

    def _end_the_dead(
        self, household: HouseholdEntry, known: KnownHousehold, indexes: list[bytes]
    ) -> None:
        """Who died and is no longer listed stayed until the month of death."""
        for stay in known.memberships:
            if stay.until is None and stay.died_on and stay.id_index not in indexes:
                until = max(str(Month.of(stay.died_on)), stay.since)
                self.changes.membership_ends.append({"id": stay.id, "until": until})

    def _determine(
        self, household: HouseholdEntry, household_id: UUID, content: dict[str, Any]
    ) -> None:
        keys = self._roster.keys
        decided = {
            **content,
            "decision_number": household.decision_number,
            "decided_on": str(household.decided_on),
            "from_month": household.from_month,
        }
        index = determinations.fingerprint(household.village, decided, keys)
        last = self._known.determinations.get(household_id)
        if last is not None and last.content_index == index:
            return
        determination_id = new_id()
        self.changes.determinations.append(
            (
                self._roster.county, determination_id, household_id, self._roster.import_id,
                household.village, household.from_month, household.decided_on,
                household.decision_number, self._now, index,
                determinations.seal(determination_id, decided, keys),
            )
        )  # fmt: skip
        self.loaded.determinations += 1
