"""What an entry is about – a household, a person, somebody of the low-income database, a village, a
case or a unit – and whose area it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.identification.casework import households, same_people
from services.identification.desk import Desk
from services.identification.models import (
    CaseFile,
    CasePerson,
    Household,
    LowIncomePerson,
    Membership,
    Person,
    RegisterEntry,
)
from services.identification.people import index_of
from services.identification.places import Place
from services.identification.registers.tables import LEVELS, RegisterTable
from shared.problems import Malformed, NotFound

UNIT_MAX: Final = 100
LOW_INCOME: Final = "low-income"
"""Somebody of the low-income database, whether the register knows them or not."""


class AboutWrong(Malformed):
    """This register is about something else."""


class NotThatTownships(Malformed):
    """What is asked of a township belongs to its own area, and to no other."""


class NoSuchSubject(NotFound):
    """What the entry would be about is not there, or not of your area."""


@dataclass(frozen=True)
class Subject:
    """What an entry is about, by its id or code, and the area the entry belongs to; `against` are
    those for whom it is not there, as for them what it comes from is not."""

    kind: str
    about: str | None
    area: str
    against: tuple[str, ...] = ()


async def find(
    desk: Desk, place: Place, table: RegisterTable, kind: str, about: str | None, area: str | None
) -> Subject:
    """What an entry of a register is to be about, when it is there and of the caller's area.

    A household may be named by its number, a person by ID number, a case by its receipt; an entry
    about a unit or about nothing belongs to the area that is named, or to the caller's own; one
    about a township, by its name or code, to that township.

    Raises:
        AboutWrong: this register is about something else, or what it is about is not said.
        NotThatTownships: it is about one township, and would belong elsewhere.
        NoSuchSubject: there is none, or it is not of the caller's area.
    """
    if kind not in table.about:
        raise AboutWrong(f"it is about {', '.join(table.about)}")
    if (about is None) != (kind == "nothing") or len(about or "-") > UNIT_MAX:
        raise AboutWrong(f"say which {kind}")
    if kind == "unit" and about is not None and not table.against:
        about, area = _of_township(place, about, area)
    found, division = about, area or next(iter(desk.caller.areas), "")
    if about is not None and kind not in {"unit", "nothing"}:
        found, division = await _division(desk, kind, about)
    if division not in {place.county, *place.towns, *place.villages}:
        raise NoSuchSubject()
    if not desk.caller.may_see(division):
        raise NoSuchSubject()
    return Subject(kind, found, division[: LEVELS[table.level]])


def _of_township(place: Place, about: str, area: str | None) -> tuple[str, str | None]:
    """A unit by its name, and the area its entry belongs to: its own where it is a township."""
    name = place.towns.get(about, about)
    codes = [code for code, called in place.towns.items() if about in {code, called}]
    if codes and (not area.startswith(tuple(codes)) if area else len(codes) > 1):
        raise NotThatTownships()
    return name, area or next(iter(codes), None)


async def labels(desk: Desk, entries: Sequence[RegisterEntry]) -> dict[UUID, str]:
    """What each entry is about, as its readers call it: a number, a name, a code."""
    called: dict[str, str] = {}
    wanted = {
        kind: [UUID(each.about) for each in entries if each.about_kind == kind and each.about]
        for kind in ("household", "person", LOW_INCOME, "case")
    }
    for column, name, ids in (
        (Household.id, Household.number, wanted["household"]),
        (Person.id, Person.name, wanted["person"]),
        (LowIncomePerson.id, LowIncomePerson.name, wanted[LOW_INCOME]),
        (CaseFile.id, CaseFile.receipt, wanted["case"]),
    ):
        if ids:
            rows = await desk.session.exec(select(column, name).where(col(column).in_(ids)))
            called |= {str(key): str(word) for key, word in rows.all()}
    return {each.id: called.get(each.about or "", each.about or "") for each in entries}


async def names_of(desk: Desk, entry: RegisterEntry) -> frozenset[str]:
    """The names of the people an entry is about, of whoever ever lived in that household, and of
    everybody in that case; nobody's, when it is about no people."""
    if entry.about is None or entry.about_kind not in {"household", "person", "case"}:
        return frozenset()
    key = UUID(entry.about)
    ever = select(col(Membership.person_id)).where(col(Membership.household_id) == key)
    of_person = select(col(Person.name))
    statement = {
        "household": of_person.where(col(Person.id).in_(ever)),
        "person": of_person.where(col(Person.id) == key),
        "case": select(col(CasePerson.name)).where(col(CasePerson.case_id) == key),
    }[entry.about_kind]
    return frozenset((await desk.session.exec(statement)).all())


async def home_of(desk: Desk, entry: RegisterEntry, number: str | None) -> UUID | None:
    """The household in which whom an entry is about lives now."""
    if entry.about_kind == "household" and entry.about is not None:
        return await households.now_of(desk.session, UUID(entry.about))
    found: UUID | None = (await desk.session.exec(_homes(desk, entry, number))).first()
    return found


async def indexes_of(desk: Desk, entry: RegisterEntry, number: str | None) -> set[bytes]:
    """The indexes of the ID numbers of everybody an entry is about, by its words or by what it
    says, and of whoever lives with them."""
    named = entry.about is not None and entry.about_kind == "household"
    homes: Any = [await home_of(desk, entry, None)] if named else _homes(desk, entry, number)
    living = (
        select(col(Person.id_index))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.household_id).in_(homes), col(Membership.until).is_(None))
    )
    found = {each for each in await desk.session.exec(living) if each is not None}
    found |= set(await desk.session.exec(_listed(entry)))
    return found | ({index_of(desk.keys, number)} if number else set())


async def everybody(desk: Desk, entry: RegisterEntry, number: str | None) -> set[bytes]:
    """The same, and of whoever applied in the case an entry is about, or is a member of it."""
    found = await indexes_of(desk, entry, number)
    if entry.about_kind != "case":
        return found
    theirs = select(col(CasePerson.id_index)).where(
        same_people.members_of([UUID(str(entry.about))])
    )
    return found | {each for each in await desk.session.exec(theirs) if each is not None}


def _homes(desk: Desk, entry: RegisterEntry, number: str | None) -> Any:
    """Where somebody lives whom an entry is about, or whose ID number it says."""
    named = entry.about is not None and entry.about_kind == "person"
    who = or_(
        col(Person.id_index).in_([index_of(desk.keys, number)] if number else []),
        col(Person.id_index).in_(_listed(entry)),
        col(Person.id).in_([UUID(str(entry.about))] if named else []),
    )
    return (
        select(col(Membership.household_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(who, col(Membership.until).is_(None))
    )


def _listed(entry: RegisterEntry) -> Any:
    """The index of whom an entry is about, as the low-income database knows them."""
    named = entry.about is not None and entry.about_kind == LOW_INCOME
    return select(col(LowIncomePerson.id_index)).where(
        col(LowIncomePerson.id).in_([UUID(str(entry.about))] if named else [])
    )


async def _division(desk: Desk, kind: str, about: str) -> tuple[str, str]:
    """The id of what an entry is about, and the village it lies in."""
    found: tuple[object, str] | None = None
    key = _id(about)
    if kind == "village":
        return about, about
    if kind == "household":
        which = col(Household.id) == key if key else col(Household.number) == about
        found = (
            await desk.session.exec(select(Household.id, Household.village).where(which))
        ).first()
    if kind == "case":
        which = col(CaseFile.id) == key if key else col(CaseFile.receipt) == about.upper()
        found = (
            await desk.session.exec(select(CaseFile.id, CaseFile.village).where(which))
        ).first()
    if kind == LOW_INCOME and key:
        which = col(LowIncomePerson.id) == key
        known = select(LowIncomePerson.id, LowIncomePerson.village).where(which)
        found = (await desk.session.exec(known)).first()
    if kind == "person":
        index = index_of(desk.keys, about)
        which = col(Person.id) == key if key else col(Person.id_index) == index
        statement = (
            select(Membership.person_id, Household.village)
            .join(Household, col(Household.id) == col(Membership.household_id))
            .join(Person, col(Person.id) == col(Membership.person_id))
            .where(which, col(Membership.until).is_(None))
        )
        found = (await desk.session.exec(statement)).first()
    if found is None:
        raise NoSuchSubject()
    return str(found[0]), str(found[1])


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
