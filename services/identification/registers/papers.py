"""The papers of an entry: evidence, minutes, letters; told by content, hashed, sealed on disk."""

import hashlib
from pathlib import Path
from uuid import UUID

from services.identification.casework.papers.documents import NoSuchPaper, media_type_of
from services.identification.desk import Desk
from services.identification.grammar.moving import NotYours
from services.identification.models import RegisterPaper
from services.identification.registers.entries import lawful, stand
from services.identification.registers.standing import EntryStanding
from services.identification.sealed_files import seal, unseal
from shared import audit
from shared.database import new_id


async def add(desk: Desk, files: Path, entry_id: UUID, content: bytes) -> RegisterPaper:
    """Seal a paper into the store and put it on its entry; the same paper again is the same row.

    Raises:
        NoSuchEntry, NotYours, PaperTooLarge, NoPaper: before anything is kept.
    """
    at = await stand(desk, entry_id)
    if not any(lawful(at)):
        raise NotYours("who may do nothing here adds no paper")
    media_type, sha256 = media_type_of(content), hashlib.sha256(content).hexdigest()
    for known in at.papers:
        if known.sha256 == sha256:
            return known
    paper = RegisterPaper(
        id=new_id(),
        county=at.entry.county,
        entry_id=entry_id,
        sha256=sha256,
        media_type=media_type,
        size_bytes=len(content),
        added_by=desk.caller.subject,
        added_at=desk.now,
    )
    seal(_path_of(files, paper), desk.keys, _purpose(paper), content)
    desk.session.add(paper)
    await desk.session.flush()
    await _recorded(desk, at, paper, "paper-added")
    return paper


async def read(desk: Desk, files: Path, entry_id: UUID, paper_id: UUID) -> tuple[str, bytes]:
    """A paper's media type and content; that it was read is written down.

    Raises:
        NoSuchEntry, NoSuchPaper: there is none, or the caller may not read it.
    """
    at = await stand(desk, entry_id)
    paper = at.paper(str(paper_id))
    if paper is None or not may_read(at, paper):
        raise NoSuchPaper()
    content = unseal(_path_of(files, paper), desk.keys, _purpose(paper))
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise NoSuchPaper("its content is not what was put there")
    await _recorded(desk, at, paper, "paper-read")
    return paper.media_type, content


def may_read(at: EntryStanding, paper: RegisterPaper) -> bool:
    """A paper may tell what a register hides: it is for those who may read that, or added it."""
    scopes = {scope for each in at.table.hidden.values() for scope in each}
    if not scopes or paper.added_by == at.caller.subject:
        return True
    return not at.may_be_against_caller and any(at.caller.has(scope) for scope in scopes)


async def _recorded(desk: Desk, at: EntryStanding, paper: RegisterPaper, act: str) -> None:
    await audit.record(
        desk.session,
        at.entry.county,
        actor=desk.caller.subject,
        act=f"{at.entry.kind}-{act}",
        subject=str(at.entry.id),
        details={"paper_id": str(paper.id), "sha256": paper.sha256},
    )


def _purpose(paper: RegisterPaper) -> str:
    return f"register-paper:{paper.id}"


def _path_of(files: Path, paper: RegisterPaper) -> Path:
    return files / "register-papers" / str(paper.entry_id) / str(paper.id)
