"""The papers of a case: known by their content, bounded, hashed, and only ever on disk sealed."""

import hashlib
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework.cases import Desk, stand
from services.identification.models import CaseDocument
from services.identification.sealed_files import SealedReader, SealedWriter
from shared import audit
from shared.database import new_id
from shared.problems import Malformed, NotFound, TooLarge

BYTES_MAX: Final = 10 * 1024 * 1024
KINDS: Final = (
    "application-form", "survey-form", "application", "household-register", "id-card", "illness",
    "income-proof", "commitment", "other", "authorisation", "consent", "minutes", "posting-photo",
    "comparison-report", "decision",
)  # fmt: skip
_MAGIC: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}


class PaperTooLarge(TooLarge):
    """A paper is at most ten megabytes."""


class NoPaper(Malformed):
    """A paper is a JPEG or PNG picture or a PDF, and is not empty."""


class NoSuchPaper(NotFound):
    """There is no such paper here."""


async def add(
    desk: Desk, files: Path, case_id: UUID, kind: str, of_person: str | None, content: bytes
) -> CaseDocument:
    """Seal a paper into the store and put it on its case; the same paper again is the same row.

    Raises:
        NoSuchCase, NoPaper, PaperTooLarge: before anything is kept.
    """
    at = await stand(desk, case_id)
    if len(content) > BYTES_MAX:
        raise PaperTooLarge()
    media_type = next((each for magic, each in _MAGIC.items() if content.startswith(magic)), None)
    if kind not in KINDS or media_type is None:
        raise NoPaper(f"kinds are {', '.join(KINDS)}")
    sha256 = hashlib.sha256(content).hexdigest()
    known = next((d for d in at.documents if d.sha256 == sha256 and d.kind == kind), None)
    if known is not None:
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
    writer = SealedWriter(path_of(files, document), desk.keys, purpose(document))
    writer.write(content)
    writer.finish()
    desk.session.add(document)
    await desk.session.flush()
    await audit.record(
        desk.session,
        at.case.county,
        actor=desk.caller.subject,
        act="case-paper-added",
        subject=str(case_id),
        details={"document_id": str(document.id), "kind": kind, "sha256": sha256},
    )
    return document


async def read(desk: Desk, files: Path, case_id: UUID, document_id: UUID) -> tuple[str, bytes]:
    """A paper's media type and content, when its case is of the caller's area; audited.

    Raises:
        NoSuchCase, NoSuchPaper: or the caller may not know that there is one.
    """
    await stand(desk, case_id)
    statement = select(CaseDocument).where(
        col(CaseDocument.id) == document_id, col(CaseDocument.case_id) == case_id
    )
    document = (await desk.session.exec(statement)).first()
    if document is None:
        raise NoSuchPaper()
    with SealedReader(path_of(files, document), desk.keys, purpose(document)) as reader:
        content = reader.read()
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise NoSuchPaper("its content is not what was put there")
    await audit.record(
        desk.session,
        document.county,
        actor=desk.caller.subject,
        act="case-paper-read",
        subject=str(case_id),
        details={"document_id": str(document_id)},
    )
    return document.media_type, content


def purpose(document: CaseDocument) -> str:
    """What the seal of a paper is bound to: no other file can stand in for it."""
    return f"case-document:{document.id}"


def path_of(files: Path, document: CaseDocument) -> Path:
    """Where a paper lies, sealed, in the store of the process."""
    return files / "documents" / str(document.case_id) / str(document.id)
