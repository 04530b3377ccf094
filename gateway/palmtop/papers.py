"""Photos of papers, one a page: passed on as they come, with a plain word when one does not do."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.palmtop import plain
from gateway.palmtop.applications import Own, office
from gateway.palmtop.plain import NoSuchStep
from gateway.proxy import BodyTooLarge
from gateway.routes import PAPER
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller
from shared.problems import SpokenByPeer

router = APIRouter(prefix="/my/cases/{case_id}/papers", dependencies=[Depends(signed_in)])

LETTER: Final = "authorisation"
JOINT: Final = "joint-authorisation"
EXCUSE: Final = "letter-excuse"
SUPPORT_PROOF: Final = "support-proof"
_SIGNED: Final = "signed-"
TOO_LARGE: Final = "照片太大了，最大 10 兆。请在相机里把照片尺寸调小，再拍一次。"
NO_PAPER: Final = "这个文件不行。请拍照片（JPG、PNG），或者传 PDF。"
NOT_JOINT: Final = "至少勾两个人，再写上签字的日子；替别人签的监护人也要勾上。"
TOO_MANY: Final = "传的张数太多了，剩下的请交到镇民政办。"


@router.get("")
async def papers(case_id: UUID, request: Request, caller: Own) -> Response:
    """Which papers are there, and one button for each that may be added."""
    case = await office(request, caller).get(f"/my/cases/{case_id}")
    return _page(request, case)


@router.post("/joint-letter")
async def add_joint_letter(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Who signed the one sheet whose photo is there, and on which day."""
    identification = office(request, caller)
    case = await identification.get(f"/my/cases/{case_id}")
    photos = [e for e in case["papers"] if e["kind"] == JOINT and not e["replaced"]]
    if not photos:
        raise NoSuchStep()
    words = {
        "people": [e.removeprefix(_SIGNED) for e in form.words if e.startswith(_SIGNED)],
        "document_id": photos[-1]["document_id"],
        "signed_on": form.word("signed_on", most=10),
    }
    try:
        await identification.post(
            f"/my/cases/{case_id}/acts/authorise-jointly", {"words": words}, key=form.key
        )
    except SpokenByPeer as refused:
        if refused.status not in {409, 422}:
            raise
        return _page(request, case, NOT_JOINT, JOINT)
    return see(f"/my/cases/{case_id}/papers")


@router.post("/{kind}")
async def add(
    case_id: UUID,
    kind: str,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Own,
) -> Response:
    """One photo more, or in the place of the earlier ones."""
    if kind not in plain.PAPERS or kind == LETTER:
        raise NoSuchStep()
    adds = "false" if file.words.get("again") else "true"
    said = {"kind": kind, "adds": adds}
    if whose := file.words.get("of_person"):
        said["of_person"] = whose
    path = f"/my/cases/{case_id}/papers?{urlencode(said)}"
    return await _passed_on(request, caller, case_id, path, file, kind)


@router.post("/letters/{key}")
async def add_letter(
    case_id: UUID,
    key: str,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Own,
) -> Response:
    """The letter of one of the household, or of a ward by the guardian: its photo, and the day."""
    identification = office(request, caller)
    case = await identification.get(f"/my/cases/{case_id}")
    path = f"/my/cases/{case_id}/papers?kind={LETTER}&of_person={key}"
    signer = None
    if key not in {each["key"] for each in _supporters(case)}:
        if key not in case["authorising"]:
            raise NoSuchStep()
        (whose,) = [each for each in case["application"]["members"] if each["key"] == key]
        signer = whose["guardian_key"] if whose["ward"] else None
    return await _passed_on(request, caller, case_id, path, file, key, signer=signer or key)


async def _passed_on(
    request: Request,
    caller: Caller,
    case_id: UUID,
    path: str,
    file: FormFile,
    place: str,
    *,
    signer: str | None = None,
) -> Response:
    identification = office(request, caller)
    try:
        filed = await pass_on(request, path, file, PAPER)
    except (BodyTooLarge, SpokenByPeer) as refused:
        words = words_of_refusal(refused)
        if words is None:
            raise
        case = await identification.get(f"/my/cases/{case_id}")
        return _page(request, case, words, place)
    if signer is not None:
        words_of_act = {
            "person_key": place,
            "signed_by": signer,
            "document_id": filed["document_id"],
            "signed_on": file.words.get("signed_on", ""),
        }
        await identification.post(
            f"/my/cases/{case_id}/acts/authorise", {"words": words_of_act}, key=f"{file.key}.file"
        )
    return see(f"/my/cases/{case_id}/papers#{place}")


def words_of_refusal(refused: BodyTooLarge | SpokenByPeer) -> str | None:
    """What was wrong with a photo, in words; None for what is not the photo's fault."""
    if refused.status == 413:
        return TOO_LARGE
    slug = plain.slug_of(refused) if isinstance(refused, SpokenByPeer) else ""
    return {"no-paper": NO_PAPER, "too-many-papers": TOO_MANY}.get(slug)


def _supporters(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Who is written down as bound to support them from elsewhere."""
    return case["application"]["supporters"] if case["application"] else []


def _at_home(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Of what is one person's, whoever lives with them: it may have to be shown that they cannot
    support them."""
    said = case["application"]
    if said is None or not case["asks_whose"]:
        return []
    return [each for each in said["members"] if each["key"] != said["whose"]]


def _page(request: Request, case: dict[str, Any], problem: str = "", place: str = "") -> Response:
    there: dict[str, list[dict[str, Any]]] = {}
    for each in case["papers"]:
        if not each["replaced"]:
            there.setdefault(each["kind"], []).append(each)
    unsigned, supporters = plain.unsigned(case), _supporters(case)
    # Whose letter is there, or who signs none, wants no paper of why.
    unwanted = {LETTER} if unsigned or EXCUSE in there else {LETTER, EXCUSE}
    bound = [*supporters, *_at_home(case)]
    unwanted |= set() if bound else {SUPPORT_PROOF}
    return pages_of(request).render(
        request,
        "palmtop/papers.html",
        status=422 if problem else 200,
        case=case,
        kinds={
            kind: words
            for kind, words in plain.PAPERS.items()
            if kind not in unwanted and kind in case["brings"]
        },
        there=there,
        unsigned=unsigned,
        excused=plain.excused(case),
        supporters=supporters,
        bound=bound,
        joint=there.get(JOINT, []) if case["asks_letters"] else [],
        problem=problem,
        place=place,
    )
