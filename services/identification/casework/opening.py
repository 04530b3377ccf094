"""A case begins: with somebody of a village, a household of the register, or another case."""

from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from services.identification import names
from services.identification.casework import channels, households, steps
from services.identification.casework.applications import Application, new_receipt
from services.identification.casework.lists import secrecy
from services.identification.casework.oversight import proxies
from services.identification.casework.paths import CasePath, NoSuchCategory, all_paths
from services.identification.casework.reading import stand
from services.identification.casework.tools import Tools, index_of, seal_application
from services.identification.desk import Desk
from services.identification.grammar import moving
from services.identification.grammar.moving import NotYours
from services.identification.models import CaseFile, CasePerson
from shared.database import new_id
from shared.problems import Conflict, Malformed


class AboutNobody(Malformed):
    """A case is about a household of the register, another case, or somebody of a village."""


class NoSuchVillage(Malformed):
    """This county has no village of that code."""


class NothingDecided(Conflict):
    """Nothing was decided in that case, or what was decided was set aside."""


async def open_case(
    desk: Desk,
    category: str,
    village: str | None,
    household_id: UUID | None = None,
    about_case_id: UUID | None = None,
    *,
    said: str | None = None,
    channel: str | None = None,
) -> CaseFile:
    """A new case of a category, still to be written: of a village, about a household as the
    register knows it, or about another case as that one stands.

    Its channel follows from the caller, who may say which of theirs; an office that opens a case
    of its own accord names it.

    Raises:
        NoSuchCategory: there is no path of that name.
        AboutNobody: neither a village, a household nor a case is named, or not what the path asks.
        NoSuchHousehold, NoSuchCase: there is none, or it is not of the caller's area.
        NothingDecided: nothing was decided in the case this one is about.
        NotYours, NoSuchVillage: the village is not of the caller's area, or of nobody's.
        ChannelNotYours: applications do not come in through the caller by what is said.
    """
    path = all_paths().get(category)
    if path is None:
        raise NoSuchCategory(f"there are {', '.join(all_paths())}")
    application, household = Application(), None
    if household_id is not None:
        household = await households.seen(desk.session, desk.caller, household_id)
        application = await households.as_decided(
            desk.session, desk.keys, household, without_away=path.about_household
        )
        village = household.village
    about = await stand(desk, about_case_id) if about_case_id and path.about_case else None
    if about is not None:
        if about.path.about_case or about.decided is None:
            raise NothingDecided()
        application, village = about.application, about.case.village
        household_id = about.case.household_id
    if (
        village is None
        or (path.about_household and household is None)
        or (path.about_case and about is None)
    ):
        raise AboutNobody(f"{category} is about a {path.about or 'village or a household'}")
    if not desk.caller.may_see(village):
        raise NotYours("the village is not of your area")
    return await begin(
        desk,
        path,
        village,
        channel or channels.through(desk.caller, village, said),
        application,
        household_id=household_id,
        about_case_id=about_case_id if about else None,
        applicant_id=about.case.applicant_id if about else None,
    )


async def begin(
    desk: Desk,
    path: CasePath,
    village: str,
    channel: str,
    application: Application,
    *,
    household_id: UUID | None = None,
    about_case_id: UUID | None = None,
    applicant_id: UUID | None = None,
) -> CaseFile:
    """A new case at the beginning of its path, with what is known so far.

    Raises:
        NoSuchVillage: the village is somebody's word, and the county has none of that code; where
            a household of the register or another case lies, it stays.
    """
    if household_id is None and about_case_id is None and village not in desk.villages:
        raise NoSuchVillage()
    application = application.coded()
    case_id = new_id()
    case = CaseFile(
        id=case_id,
        county=desk.caller.county,
        receipt=new_receipt(path.category),
        category=path.category,
        state=path.begins,
        village=village,
        channel=channel,
        head_name="",
        household_id=household_id,
        about_case_id=about_case_id,
        applicant_id=applicant_id,
        opened_at=desk.now,
        opened_by=desk.caller.subject,
        state_since=desk.today,
        content_sealed=seal_application(desk.keys, case_id, application),
    )
    moving.set_clocks(case, path, desk.settings, desk.today)
    if channel in channels.FOUND:
        steps.begin_found(case, path, desk.settings, desk.today)
    desk.session.add(case)
    await desk.session.flush()
    await put_application(desk, case, application)
    await desk.note(
        "case-opened",
        str(case_id),
        {"category": path.category, "channel": channel, "state": case.state},
    )
    return case


async def put_application(tools: Tools, case: CaseFile, application: Application) -> None:
    """What a case says from now on, and the people it can be found by; whom it kept secret before
    stays so."""
    await secrecy.remember(tools, case)
    case.content_sealed = seal_application(tools.keys, case.id, application)
    case.head_name = application.head.name if application.head else ""
    await tools.session.exec(delete(CasePerson).where(col(CasePerson.case_id) == case.id))
    asked_for = application.asked_for(all_paths()[case.category].is_of_one)
    people = [("member", each) for each in application.members]
    people += [("supporter", each) for each in application.supporters]
    for place, (role, each) in enumerate(people):
        tools.session.add(
            CasePerson(
                county=case.county,
                case_id=case.id,
                person_key=each.key,
                role="applicant" if place == 0 else role,
                asked_for=each in asked_for,
                name=each.name,
                name_sort=names.sort_key(each.name),
                id_index=index_of(tools.keys, each),
            )
        )
    if application.proxy is not None:
        tools.session.add(proxies.row_of(tools.keys, case, application.proxy))
