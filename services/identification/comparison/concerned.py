"""Whom an alert concerns: which citizens may read it and answer, and who is told that they may."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col, select

from services.identification.casework import addressees, applicants, households
from services.identification.casework.own import doors
from services.identification.comparison.kinds import DEATH, read_kinds
from services.identification.desk import Desk
from services.identification.models import (
    Alert,
    CaseFile,
    CasePerson,
    LowIncomePerson,
    Membership,
    Person,
)
from shared.callers import Kind

HEAD: Final = "户主"


async def home_of(desk: Desk, alert: Alert) -> UUID | None:
    """The household an alert is about, or that in which its people live now."""
    if alert.household_id is None:
        return None
    return await households.now_of(desk.session, alert.household_id)


async def people_of(desk: Desk, alert: Alert) -> list[Person]:
    """Everybody of the household an alert is about, its head first; of one that merged those first
    who lived in it, before the others of their home now."""
    home = await home_of(desk, alert)
    if home is None or alert.household_id is None:
        return []
    left = await households.left_last(desk.session, alert.household_id)
    was = {each.person_id: each.relation for each in left}
    living = await households.living(desk.session, home)
    living.sort(
        key=lambda each: (
            each[0].id not in was,
            was.get(each[0].id, each[1].relation) != HEAD,
            each[1].since,
        )
    )
    return [person for person, _ in living]


async def may_know(desk: Desk, alert: Alert) -> bool:
    """Whether a caller may know of an alert: staff by its village, a citizen if it is theirs."""
    if desk.caller.kind is not Kind.CITIZEN:
        return desk.caller.may_see(alert.village)
    own = select(col(Alert.id)).where(col(Alert.id) == alert.id, await by(desk))
    return (await desk.session.exec(own)).first() is not None


async def by(desk: Desk) -> ColumnElement[bool]:
    """The alerts that speak against a citizen, as the database filters by them.

    About themselves; about the household they live in, or somebody of it where the kind says so;
    about an application of theirs. Of whoever nobody has seen, none.
    """
    caller, kinds, own_id = desk.caller, read_kinds(), UUID(desk.caller.person)
    if not await doors.is_holder_seen(desk):
        return false()
    applied = col(Alert.case_id).in_(select(col(CaseFile.id)).where(applicants.theirs(caller)))
    about: list[ColumnElement[bool]] = [applied]
    if caller.has(applicants.ON_RECORD):
        home = await households.home_of(desk.session, own_id)
        homes = await households.now_in(desk.session, home.id) if home is not None else set()
        of_home = or_(col(Alert.person_id).is_(None), col(Alert.kind).in_(kinds.of_home))
        about += [
            col(Alert.person_id) == own_id,
            and_(col(Alert.household_id).in_(homes), of_home),
        ]
    return and_(col(Alert.kind).in_(kinds.against), or_(*about))


async def indexes_of(desk: Desk, alert: Alert) -> set[bytes]:
    """The indexes of the ID numbers of everybody an alert is about: of a household, or an
    application, whoever is of it."""
    home = await home_of(desk, alert)
    asked: list[Any] = [
        select(col(CasePerson.id_index)).where(col(CasePerson.case_id) == alert.case_id),
        select(col(Person.id_index)).where(col(Person.id) == alert.person_id),
        select(col(LowIncomePerson.id_index)).where(col(LowIncomePerson.id) == alert.low_income_id),
        select(col(Person.id_index))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.household_id) == home, col(Membership.until).is_(None)),
    ]
    return {each for one in asked for each in await desk.session.exec(one) if each is not None}


async def called(desk: Desk, alert: Alert) -> str | None:
    """The name of whom it is about: a person, the first of a household, or who applied."""
    if alert.case_id is not None:
        applicant = select(col(CasePerson.name)).where(
            col(CasePerson.case_id) == alert.case_id, col(CasePerson.role) == applicants.ROLE
        )
        return (await desk.session.exec(applicant)).first()
    if alert.person_id is not None:
        person = await desk.session.get(Person, alert.person_id)
        return person.name if person else None
    return next((each.name for each in await people_of(desk, alert)), None)


async def told_of(desk: Desk, alert: Alert) -> UUID | None:
    """Under which id whoever it concerns is reached; nobody, where only a list knows them.

    Where their home may answer, whoever of it can act is told; of a death never whom it names, and
    so nobody, where they lived alone, or where it names one of an application, whoever that is.
    """
    kind = read_kinds().of(alert.kind)
    names_the_dead = kind.holds == DEATH
    if alert.case_id is not None:
        case = await desk.session.get(CaseFile, alert.case_id)
        return case.applicant_id if case is not None and not names_the_dead else None
    if alert.person_id is None or not kind.of_home:
        return alert.person_id or await home_of(desk, alert)
    home = await households.home_of(desk.session, alert.person_id)
    living = await households.living(desk.session, home.id) if home else []
    living.sort(key=lambda each: (each[1].relation != HEAD, each[1].since))
    members = [
        households.member_of(desk.keys, person, stay.relation)
        for person, stay in living
        if not (names_the_dead and person.id == alert.person_id)
    ]
    to = addressees.chosen(members, (), desk.today)
    if to is None:
        return None if names_the_dead else alert.person_id
    return UUID(to.key)
