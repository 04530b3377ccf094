"""What an act does beside moving its case: each effect by the name the tables use."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import decisions, id_numbers, names
from services.identification.casework.applications import Application, Member
from services.identification.casework.standing import Standing
from services.identification.models import CasePerson, Household, Membership, Person, Posting
from services.identification.people import INDEX_COLUMN
from shared.database import new_id
from shared.months import Month
from shared.problems import Conflict
from shared.secrets import KeyRing

URBAN: Final = 1
RURAL: Final = 2


class LivesElsewhere(Conflict):
    """Somebody of this household is a member of another one in the register."""


class NotOfTheRegister(Conflict):
    """Somebody is known by a temporary code only; without an ID number nothing is granted."""


@dataclass(frozen=True)
class Tools:
    """What effects work with."""

    session: AsyncSession
    keys: KeyRing
    now: datetime


Effect = Callable[[Tools, Standing], Awaitable[None]]


async def write_application(tools: Tools, at: Standing) -> None:
    """Put the application in the place of what was there, and its people where they are found."""
    application = Application.model_validate(at.words["application"])
    case = at.case
    case.content_sealed = seal_application(tools.keys, case.id, application)
    case.head_name = application.members[0].name if application.members else ""
    await tools.session.exec(delete(CasePerson).where(col(CasePerson.case_id) == case.id))
    people = [("member", each) for each in application.members]
    people += [("supporter", each) for each in application.supporters]
    for place, (role, each) in enumerate(people):
        tools.session.add(
            CasePerson(
                county=case.county,
                case_id=case.id,
                person_key=each.key,
                role="applicant" if place == 0 else role,
                name=each.name,
                name_sort=names.sort_key(each.name),
                id_index=index_of(tools.keys, each),
            )
        )


async def put_up_list(tools: Tools, at: Standing) -> None:
    """Show what may be shown: name, village, how many, what is proposed; nothing else."""
    stage = next_stage(at)
    assert stage is not None, "a case is posted only while a list is left"
    first_day = date.fromisoformat(str(at.words["first_day"]))
    days = at.settings.posting_days(stage, at.round)
    proposal = at.last("propose")
    assert proposal is not None, "only what is proposed is posted"
    posting_id = new_id()
    shown = {
        "name": names.called(at.application.members[0].name),
        "members": len([each for each in at.application.members if each.lives_together]),
        "category": at.case.category,
        "opinion": proposal.words["opinion"],
    }
    tools.session.add(
        Posting(
            id=posting_id,
            county=at.case.county,
            case_id=at.case.id,
            stage=stage,
            round=at.round,
            village=at.case.village,
            first_day=first_day,
            last_day=first_day + timedelta(days=days - 1),
            shown_sealed=tools.keys.encrypt(
                json.dumps(shown), table="posting", column="shown_sealed", row=posting_id
            ),
            photo_id=UUID(str(at.words["photo_id"])),
        )
    )


async def take_down_list(tools: Tools, at: Standing) -> None:
    """Take down every list that is still up."""
    for posting in at.postings:
        if posting.taken_down_on is None:
            posting.taken_down_on = at.today
            tools.session.add(posting)


async def grant_dibao(tools: Tools, at: Standing) -> None:
    """Bring the household into the register, and record the decision that money follows."""
    application = at.application
    if any(each.id_number is None for each in application.members if each.lives_together):
        raise NotOfTheRegister()
    household = await _household(tools, at)
    at.case.household_id = household.id
    proposal = at.last("propose")
    assert proposal is not None
    await decisions.decide(
        tools.session,
        tools.keys,
        at.caller,
        household.id,
        decision_number=str(at.words["decision_number"]),
        decided_on=at.today,
        from_month=starts(at),
        facts={"on_dibao": 1, "income_fen_monthly": proposal.words["income_fen_monthly"]},
        members=await _decided_members(tools, application),
        now=tools.now,
    )


EFFECTS: Final[dict[str, Effect]] = {
    "write_application": write_application,
    "put_up_list": put_up_list,
    "take_down_list": take_down_list,
    "grant_dibao": grant_dibao,
}


def next_stage(at: Standing) -> str | None:
    """The next list of this round that was not shown to its end."""
    over = {each.stage for each in at.postings if each.round == at.round and each.taken_down_on}
    return next((stage for stage in at.settings.stages if stage not in over), None)


def starts(at: Standing) -> Month:
    """The month money begins with, as the place sets it."""
    word = at.settings.word("money_starts")
    if word == "month-of-application":
        return Month.of(at.case.accepted_on or at.today)
    return Month.of(at.today) if word == "month-of-decision" else Month.of(at.today).next()


def seal_application(keys: KeyRing, case_id: UUID, application: Application) -> str:
    """The application as it lies in the database."""
    return keys.encrypt(
        application.model_dump_json(), table="case_file", column="content_sealed", row=case_id
    )


def index_of(keys: KeyRing, member: Member) -> bytes | None:
    """The keyed index of a member's ID number."""
    if member.id_number is None:
        return None
    return keys.blind_index(id_numbers.normalise(member.id_number), column=INDEX_COLUMN)


async def _household(tools: Tools, at: Standing) -> Household:
    """The household of the register these people live in, or a new one with its members.

    Raises:
        LivesElsewhere: one of them is a member of another household.
    """
    members = [each for each in at.application.members if each.lives_together]
    people = [await _person(tools, at.case.county, each) for each in members]
    stays = (
        await tools.session.exec(
            select(Membership).where(
                col(Membership.person_id).in_([person.id for person in people]),
                col(Membership.until).is_(None),
            )
        )
    ).all()
    homes = {stay.household_id for stay in stays}
    if len(homes) > 1:
        raise LivesElsewhere()
    household = await tools.session.get(Household, homes.pop()) if homes else None
    if household is None:
        household = Household(
            county=at.case.county,
            number=at.case.receipt,
            village=at.case.village,
            registration=URBAN if at.application.registration == "urban" else RURAL,
        )
        tools.session.add(household)
        await tools.session.flush()
    living = {stay.person_id for stay in stays}
    since = str(Month.of(at.today))
    for each, person in zip(members, people, strict=True):
        if person.id not in living:
            tools.session.add(
                Membership(
                    county=at.case.county,
                    household_id=household.id,
                    person_id=person.id,
                    relation=each.relation,
                    since=since,
                )
            )
    await tools.session.flush()
    return household


async def _person(tools: Tools, county: str, member: Member) -> Person:
    """The person of the register an ID number belongs to; a new one if it is not known."""
    index = index_of(tools.keys, member)
    assert member.id_number is not None
    assert index is not None
    statement = select(Person).where(col(Person.county) == county, col(Person.id_index) == index)
    known = (await tools.session.exec(statement)).first()
    if known is not None:
        return known
    person_id = new_id()
    person = Person(
        id=person_id,
        county=county,
        name=member.name,
        name_sort=names.sort_key(member.name),
        id_sealed=tools.keys.encrypt(
            member.id_number, table="person", column="id_sealed", row=person_id
        ),
        id_index=index,
    )
    tools.session.add(person)
    await tools.session.flush()
    return person


async def _decided_members(tools: Tools, application: Application) -> dict[UUID, dict[str, object]]:
    """What the decision says of each member: the disability that was certified."""
    found: dict[UUID, dict[str, object]] = {}
    for each in application.members:
        if each.lives_together and each.disability_grade is not None:
            index = index_of(tools.keys, each)
            statement = select(col(Person.id)).where(col(Person.id_index) == index)
            person_id = (await tools.session.exec(statement)).one()
            found[person_id] = {
                "disability_grade": each.disability_grade,
                "disability_kind": each.disability_kind,
            }
    return found
