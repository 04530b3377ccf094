"""The papers of a case: known by their content, bounded, hashed, and only ever on disk sealed."""

from enum import Enum, auto
from pathlib import Path
from typing import Final
from uuid import UUID

from services.identification.casework import support
from services.identification.casework.authorisations import AUTHORISATION, EXCUSED, JOINT
from services.identification.casework.guardians import GUARDIANSHIP
from services.identification.casework.papers import archive, hands, small_pictures
from services.identification.casework.reading import stand
from services.identification.desk import Desk
from services.identification.grammar import rows
from services.identification.models import CaseDocument
from services.identification.sealed_papers import NoPaper, NoSuchPaper, Shelf, brought
from shared.problems import Conflict, Malformed

SHELF: Final = Shelf("documents", "case-document")
KINDS: Final = (
    *archive.ITEMS, archive.OUTPATIENT, AUTHORISATION, JOINT, GUARDIANSHIP, "consent", "minutes",
    "posting-photo", "comparison-report", "decision", "exit-letter", "survey-photo", "appeal",
    "withdrawal", "bank-card", "care-agreement", "self-care-report", "finding-proof",
    "finding-notice", "change-letter", support.PROOF, EXCUSED, "death-proof", "father-proof",
    "mother-proof",
)  # fmt: skip
_OF_ONE: Final = {archive.ID_CARD, AUTHORISATION, GUARDIANSHIP, EXCUSED}
"""Papers of one person: of the applicant, where nobody is named."""


class OfNobodyHere(Malformed):
    """A paper is of somebody of this case, or of the applicant where nobody is named."""


class FiledAsAnothers(Conflict):
    """This very paper is another's already; everybody brings their own."""


class FileClosed(Conflict):
    """The file is closed: open it again first, with the reason."""


class Hand(Enum):
    """Who puts a paper on a case, and so which door asks whether they may."""

    AT_A_DESK = auto()
    """An officer: `hands.insist` asks."""
    THEIR_OWN = auto()
    """Whoever applies, on a telephone: their own door asks."""
    VISITOR = auto()
    """Whoever brings back what was seen on a visit: the door of what was taken along asks. Like the
    visit itself it is kept whenever it comes, also where the file is closed."""


async def add(
    desk: Desk,
    files: Path,
    case_id: UUID,
    kind: str,
    of_person: str | None,
    content: bytes,
    hand: Hand,
    *,
    adds: bool = False,
) -> CaseDocument:
    """Seal a paper into the store and put it on its case; the same paper again is the same row.

    It takes the place of the earlier one of its kind and person, and both are kept; one that `adds`
    is a further page beside it. What was replaced and is brought again counts again. The case is
    held meanwhile, so that no file is closed over a paper that is being put there.

    Raises:
        NoSuchCase, NearRelative, OfficersPaper, NotInYourHands, FileClosed, NoPaper, PaperTooLarge,
        OfNobodyHere, FiledAsAnothers: before anything is kept.
    """
    at = await stand(desk, case_id, lock=True)
    if hand is Hand.AT_A_DESK:
        hands.insist(at, kind)
    if hand is not Hand.VISITOR and archive.is_closed(at):
        raise FileClosed()
    words = brought(desk, content)
    if kind not in KINDS:
        raise NoPaper(f"kinds are {', '.join(KINDS)}")
    people = [*at.application.members, *at.application.supporters]
    if of_person is not None and of_person not in {each.key for each in people}:
        raise OfNobodyHere()
    if kind == support.PROOF and of_person is None:
        raise OfNobodyHere("it is of whoever is bound to support them")
    if of_person is None and kind in _OF_ONE and at.application.applicant:
        of_person = at.application.applicant.key
    known = next((d for d in at.documents if d.sha256 == words["sha256"] and d.kind == kind), None)
    earlier = [] if adds else archive.replaced_by(at, kind, of_person)
    if known is not None:
        if None not in {known.of_person, of_person} and known.of_person != of_person:
            raise FiledAsAnothers()
        if known.replaced_by is not None:
            replaced = _replace(desk, [each for each in earlier if each != known], known.id)
            known.replaced_by = None
            await desk.session.flush()
            await desk.note(
                "case-paper-brought-again",
                str(case_id),
                {"document_id": str(known.id), "replaces": replaced},
            )
        return known
    document = CaseDocument(
        county=at.case.county, case_id=case_id, kind=kind, of_person=of_person, **words
    )
    await SHELF.put(desk, files, case_id, document, content)
    await small_pictures.keep(desk, files, SHELF, case_id, document, content)
    replaced = _replace(desk, earlier, document.id)
    await desk.note(
        "case-paper-added",
        str(case_id),
        {
            "document_id": str(document.id),
            "kind": kind,
            "sha256": words["sha256"],
            "replaces": replaced,
            "row": rows.witness(document, "replaced_by"),
        },
    )
    return document


async def read(desk: Desk, files: Path, case_id: UUID, document_id: UUID) -> tuple[str, bytes]:
    """A paper's media type and content, when its case is of the caller's area; audited.

    Raises:
        NoSuchCase, NoSuchPaper: or the caller may not know that there is one.
    """
    document = (await stand(desk, case_id)).document(str(document_id))
    if document is None:
        raise NoSuchPaper()
    content = SHELF.take(desk.keys, files, case_id, document)
    await desk.note("case-paper-read", str(case_id), {"document_id": str(document_id)})
    return document.media_type, content


def _replace(desk: Desk, earlier: list[CaseDocument], by: UUID) -> list[str]:
    """Which papers another takes the place of, as its audit row names them."""
    for each in earlier:
        each.replaced_by = by
        desk.session.add(each)
    return [str(each.id) for each in earlier]
