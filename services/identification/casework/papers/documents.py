"""The papers of a case: known by their content, bounded, hashed, and only ever on disk sealed."""

import hashlib
from pathlib import Path
from typing import Final
from uuid import UUID

from services.identification.casework.authorisations import AUTHORISATION, JOINT
from services.identification.casework.guardians import GUARDIANSHIP
from services.identification.casework.papers import archive
from services.identification.casework.reading import stand
from services.identification.desk import Desk
from services.identification.models import CaseDocument
from services.identification.sealed_files import seal, unseal
from shared import audit
from shared.database import new_id
from shared.problems import Conflict, Malformed, NotFound, TooLarge
from shared.secrets import KeyRing

BYTES_MAX: Final = 10 * 1024 * 1024
KINDS: Final = (
    *archive.ITEMS, AUTHORISATION, JOINT, GUARDIANSHIP, "consent", "minutes", "posting-photo",
    "comparison-report", "decision", "exit-letter", "survey-photo", "appeal", "withdrawal",
    "bank-card",
)  # fmt: skip
_OF_ONE: Final = {archive.ID_CARD, AUTHORISATION, GUARDIANSHIP}
"""Papers of one person: of the applicant, where nobody is named."""
_MAGIC: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}


class PaperTooLarge(TooLarge):
    """A paper is at most ten megabytes."""


class NoPaper(Malformed):
    """A paper is a JPEG or PNG picture or a PDF, and is not empty."""


class OfNobodyHere(Malformed):
    """A paper is of somebody of this case, or of the applicant where nobody is named."""


class FiledAsAnothers(Conflict):
    """This very paper is another's already; everybody brings their own."""


class FileClosed(Conflict):
    """The file is closed: open it again first, with the reason."""


class NoSuchPaper(NotFound):
    """There is no such paper here."""


async def add(
    desk: Desk,
    files: Path,
    case_id: UUID,
    kind: str,
    of_person: str | None,
    content: bytes,
    *,
    adds: bool = False,
) -> CaseDocument:
    """Seal a paper into the store and put it on its case; the same paper again is the same row.

    It takes the place of the earlier one of its kind and person, and both are kept; one that `adds`
    is a further page beside it.

    Raises:
        NoSuchCase, FileClosed, NoPaper, PaperTooLarge, OfNobodyHere, FiledAsAnothers: before
        anything is kept.
    """
    at = await stand(desk, case_id)
    if archive.is_closed(at):
        raise FileClosed()
    media_type = media_type_of(content)
    if kind not in KINDS:
        raise NoPaper(f"kinds are {', '.join(KINDS)}")
    people = [*at.application.members, *at.application.supporters]
    if of_person is not None and of_person not in {each.key for each in people}:
        raise OfNobodyHere()
    if of_person is None and kind in _OF_ONE and at.application.members:
        of_person = at.application.members[0].key
    sha256 = hashlib.sha256(content).hexdigest()
    known = next((d for d in at.documents if d.sha256 == sha256 and d.kind == kind), None)
    earlier = [] if adds else archive.replaced_by(at, kind, of_person)
    if known is not None:
        if None not in {known.of_person, of_person} and known.of_person != of_person:
            raise FiledAsAnothers()
        if known.replaced_by is not None:
            _replace(desk, [each for each in earlier if each != known], known.id)
            known.replaced_by = None
        return known
    document = CaseDocument(
        id=new_id(),
        county=at.case.county,
        case_id=case_id,
        kind=kind,
        of_person=of_person,
        sha256=sha256,
        media_type=media_type,
        size_bytes=len(content),
        added_by=desk.caller.subject,
        added_at=desk.now,
    )
    seal(path_of(files, document), desk.keys, purpose(document), content)
    desk.session.add(document)
    await desk.session.flush()
    _replace(desk, earlier, document.id)
    await audit.record(
        desk.session,
        at.case.county,
        actor=desk.caller.subject,
        act="case-paper-added",
        subject=str(case_id),
        details={"document_id": str(document.id), "kind": kind, "sha256": sha256},
    )
    return document


def media_type_of(content: bytes) -> str:
    """What a paper is, told from its content.

    Raises:
        PaperTooLarge, NoPaper: it is none that is kept.
    """
    if len(content) > BYTES_MAX:
        raise PaperTooLarge()
    for magic, media_type in _MAGIC.items():
        if content.startswith(magic):
            return media_type
    raise NoPaper()


async def read(desk: Desk, files: Path, case_id: UUID, document_id: UUID) -> tuple[str, bytes]:
    """A paper's media type and content, when its case is of the caller's area; audited.

    Raises:
        NoSuchCase, NoSuchPaper: or the caller may not know that there is one.
    """
    document = (await stand(desk, case_id)).document(str(document_id))
    if document is None:
        raise NoSuchPaper()
    content = opened(desk.keys, files, document)
    await audit.record(
        desk.session,
        document.county,
        actor=desk.caller.subject,
        act="case-paper-read",
        subject=str(case_id),
        details={"document_id": str(document_id)},
    )
    return document.media_type, content


def opened(keys: KeyRing, files: Path, document: CaseDocument) -> bytes:
    """A paper's content, when it is what was put there.

    Raises:
        NoSuchPaper: it is not.
    """
    content = unseal(path_of(files, document), keys, purpose(document))
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise NoSuchPaper("its content is not what was put there")
    return content


def _replace(desk: Desk, earlier: list[CaseDocument], by: UUID) -> None:
    for each in earlier:
        each.replaced_by = by
        desk.session.add(each)


def purpose(document: CaseDocument) -> str:
    """What the seal of a paper is bound to: no other file can stand in for it."""
    return f"case-document:{document.id}"


def path_of(files: Path, document: CaseDocument) -> Path:
    """Where a paper lies, sealed, in the store of the process."""
    return folder_of(files, document.case_id) / str(document.id)


def folder_of(files: Path, case_id: UUID) -> Path:
    """Where all papers of a case lie."""
    return files / "documents" / str(case_id)
