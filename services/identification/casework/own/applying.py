"""A citizen's own cases: begun, written part by part, signed for, and found again."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import applicants, cases, households, opening, reading
from services.identification.casework.applicants import Identity
from services.identification.casework.applications import Application, Member
from services.identification.casework.authorisations import AUTHORISATION, AUTHORISE
from services.identification.casework.channels import OWN as OWN_CHANNEL
from services.identification.casework.own import changing, doors, parts, view
from services.identification.casework.papers import documents, form_contents, printing
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.grammar.moving import NotHere, NotYours
from services.identification.models import CaseDocument, CaseFile
from services.identification.places import Place
from services.identification.roster.columns import HEAD
from shared.months import written
from shared.names import plain
from shared.problems import Conflict, Malformed

APPEAL: Final = "appeal"
COMMITMENT: Final = "commitment"
MONTH_DAYS: Final = 30
PAPERS_MAX: Final = 80
BYTES_MAX: Final = 150 * 1024 * 1024


class NotForOneself(Malformed):
    """Nobody applies for this on a phone; the village and the township help."""


class VillageWanted(Malformed):
    """In which village of this county?"""


class TooManyApplications(Conflict):
    """There were very many applications lately; the village and the township help with the next."""


class TooManyPapers(Conflict):
    """There are very many papers already; bring the rest to the township."""


class SignedOnPaper(Conflict):
    """Here the letter is signed on paper; take a photo of it."""


class NothingToAppeal(Conflict):
    """Nothing was decided here, or the days to appeal are over; the township says what is left."""


class AnotherName(Conflict):
    """Whoever applies signs with their own name."""


async def open_own(desk: Desk, place: Place, category: str, village: str | None) -> Standing:
    """The caller's open case of a category; a new one where there is none. A change is of the
    household they live in.

    Raises:
        NotForOneself, VillageWanted, NoSuchApplicant, TooManyApplications: as they say.
        IdentityNotSeen, NothingGranted: no change is asked for by this telephone.
    """
    path = all_paths().get(category)
    if path is None or (path.plain is None and category != changing.CHANGE):
        raise NotForOneself()
    own = await mine(desk)
    if category == changing.CHANGE:
        if (begun := changing.draft(own)) is not None:
            return begun
        _refuse_too_many(desk, own)
        return await changing.begin(desk)
    for at in own:
        goes_on = at.case.category == category and not at.path.states[at.case.state].ends
        if goes_on and doors.may_do(at, "write"):
            return at
    _refuse_too_many(desk, own)
    identity = await applicants.identity(desk.session, desk.keys, desk.caller)
    village = village or identity.village
    if village not in place.villages:
        raise VillageWanted()
    assert village is not None, "a village of the place is a word"
    case = await opening.begin(
        desk,
        path,
        village,
        OWN_CHANNEL,
        await _begun(desk, identity),
        applicant_id=identity.applicant_id,
    )
    return await cases.stand(desk, case.id)


def _refuse_too_many(desk: Desk, own: list[Standing]) -> None:
    since = desk.now - timedelta(days=MONTH_DAYS)
    begun = [
        at for at in own if at.case.opened_by == desk.caller.subject and at.case.opened_at > since
    ]
    if len(begun) >= desk.settings.number("own_cases_monthly_max"):
        raise TooManyApplications()


async def _mine(desk: Desk, case_id: UUID, act: str) -> Standing:
    """A case of the caller's, under its lock, to which they may do an act.

    Raises:
        NoSuchCase: it is not theirs.
        IdentityNotSeen, NotYours: as they say.
    """
    at = await cases.stand(desk, case_id, lock=True)
    doors.insist(at, act)
    return at


async def mine(desk: Desk) -> list[Standing]:
    """The caller's own cases, the newest first."""
    found = await desk.session.exec(
        select(CaseFile).where(applicants.theirs(desk.caller)).order_by(col(CaseFile.id).desc())
    )
    return await reading.standings(desk, found.all())


async def write(desk: Desk, case_id: UUID, part: str, words: Mapping[str, Any]) -> Standing:
    """Say one part of an application anew; the rest stays, whoever wrote it meanwhile."""
    at = await _mine(desk, case_id, "write")
    application = parts.write(at.application, part, words)
    said = {"application": application.model_dump(mode="json")}
    return await cases.do(desk, case_id, "write", at.case.version, said)


async def do(
    desk: Desk, case_id: UUID, act: str, version: int | None, words: Mapping[str, Any]
) -> Standing:
    """One act of the applicant's; without a version, to the case as it stands."""
    at = await _mine(desk, case_id, act)
    known = at.path.acts.get(act)
    if known is not None and any(e.type == "application" for e in known.fields.values()):
        raise NotYours("an application is written part by part")
    return await cases.do(
        desk, case_id, act, at.case.version if version is None else version, words
    )


async def add_paper(
    desk: Desk,
    files: Path,
    case_id: UUID,
    *,
    kind: str,
    of_person: str | None,
    content: bytes,
    adds: bool,
) -> CaseDocument:
    """File a paper of one's own; one that `adds` is a further page, else it replaces.

    Raises:
        NotForOneself: an applicant files no papers of that kind.
        NotHere: the case is not written to any more.
        TooManyPapers: and the size is bounded too.
    """
    at = await _mine(desk, case_id, "write")
    if kind not in view.brings(at):
        raise NotForOneself(f"kinds are {', '.join(view.brings(at))}")
    if at.path.states[at.case.state].ends:
        raise NotHere(f"it is {at.case.state}", state=at.case.state)
    if len(at.documents) >= PAPERS_MAX or sum(e.size_bytes for e in at.documents) > BYTES_MAX:
        raise TooManyPapers()
    return await documents.add(
        desk, files, case_id, kind, of_person, content, documents.Hand.THEIR_OWN, adds=adds
    )


async def sign(desk: Desk, place: Place, files: Path, case_id: UUID, name: str) -> Standing:
    """Sign on the phone: the statement is filed as the letter and the commitment, with its day.

    Raises:
        SignedOnPaper: the place takes letters on paper only, or a guardian signs.
        AnotherName: the name is not that of whoever holds the telephone.
    """
    at = await _mine(desk, case_id, AUTHORISE)
    own = (await applicants.identity(desk.session, desk.keys, desk.caller)).id_number
    signer = next((each for each in at.application.members if each.id_number == own), None)
    on_phone = at.settings.words["sign_on_phone"] and AUTHORISE in at.path.acts
    if not on_phone or signer in at.application.wards(desk.today):
        raise SignedOnPaper()
    if signer is None or plain(signer.name) != plain(name):
        raise AnotherName()
    content = printing.sheet("statement", _statement(desk, place, at, signer, desk.today))
    letter = await documents.add(
        desk, files, case_id, AUTHORISATION, signer.key, content, documents.Hand.THEIR_OWN
    )
    await documents.add(
        desk, files, case_id, COMMITMENT, signer.key, content, documents.Hand.THEIR_OWN
    )
    words = {
        "person_key": signer.key,
        "document_id": str(letter.id),
        "signed_on": desk.today.isoformat(),
    }
    return await cases.do(desk, case_id, AUTHORISE, at.case.version, words)


def _statement(
    desk: Desk, place: Place, at: Standing, signer: Member, today: date
) -> dict[str, Any]:
    """What is signed on the phone, in words."""
    return {
        "title": "核对授权和承诺书",
        "text": [
            f"本人{signer.name}申请{at.path.words.zh}（编号{at.case.receipt}）。",
            form_contents.agreed(place, "本人"),
            "本人填写的情况和交的材料都是真的。家里人口、收入、财产变了，会及时告诉村（居）委会。",
        ],
        "signer": signer.name,
        "on": written(today),
        "how": f"本人凭短信验证码登录手机后签署，编号{at.case.receipt}。",
    }


async def appeal(desk: Desk, case_id: UUID, grounds: str) -> Standing:
    """Appeal against what was decided; while an appeal is open, it is that one.

    Raises:
        IdentityNotSeen: nobody has seen who holds this telephone.
        NothingToAppeal: nothing was decided, or its days are over.
    """
    at = await _mine(desk, case_id, APPEAL)
    if not view.may_appeal(at):
        raise NothingToAppeal()
    for other in await mine(desk):
        if other.case.about_case_id == case_id and not other.path.states[other.case.state].ends:
            return other
    case = await opening.begin(
        desk,
        all_paths()[APPEAL],
        at.case.village,
        OWN_CHANNEL,
        at.application,
        household_id=at.case.household_id,
        about_case_id=case_id,
        applicant_id=at.case.applicant_id,
    )
    applicant = at.application.applicant
    words = {
        "lodged_on": desk.today.isoformat(),
        "lodged_by": applicant.name if applicant else "",
        "grounds": grounds,
    }
    return await cases.do(desk, case.id, "lodge", case.version, words)


async def _begun(desk: Desk, identity: Identity) -> Application:
    """What is known of the applicant before a word is written: they come first."""
    household = await households.home_of(desk.session, UUID(desk.caller.person))
    if household is None or not await doors.is_holder_seen(desk):
        own = Member(key="me", name=identity.name, relation=HEAD, id_number=identity.id_number)
        return Application(members=(own,), phone=identity.phone)
    known = await households.as_application(desk.session, desk.keys, household)
    first = sorted(known.members, key=lambda each: each.key != desk.caller.person)
    return known.model_copy(update={"members": tuple(first), "phone": identity.phone})
