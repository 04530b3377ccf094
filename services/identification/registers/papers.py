"""The papers of an entry: evidence, minutes, letters; told by content, hashed, sealed on disk."""

from pathlib import Path
from typing import Final
from uuid import UUID

from services.identification.desk import Desk
from services.identification.grammar.moving import NotYours
from services.identification.models import RegisterPaper
from services.identification.registers.entries import lawful, stand
from services.identification.registers.standing import EntryStanding
from services.identification.sealed_papers import NoSuchPaper, Shelf, brought

SHELF: Final = Shelf("register-papers", "register-paper")


async def add(desk: Desk, files: Path, entry_id: UUID, content: bytes) -> RegisterPaper:
    """Seal a paper into the store and put it on its entry; the same paper again is the same row.

    Raises:
        NoSuchEntry, NotYours, PaperTooLarge, NoPaper: before anything is kept.
    """
    at = await stand(desk, entry_id)
    if not any(lawful(at)):
        raise NotYours("who may do nothing here adds no paper")
    words = brought(desk, content)
    for known in at.papers:
        if known.sha256 == words["sha256"]:
            return known
    paper = RegisterPaper(county=at.entry.county, entry_id=entry_id, **words)
    await SHELF.put(desk, files, entry_id, paper, content)
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
    content = SHELF.take(desk.keys, files, entry_id, paper)
    await _recorded(desk, at, paper, "paper-read")
    return paper.media_type, content


def may_read(at: EntryStanding, paper: RegisterPaper) -> bool:
    """A paper may tell what a register hides: it is for those who may read that, or added it."""
    scopes = {scope for each in at.table.hidden.values() for scope in each}
    if not scopes or paper.added_by == at.caller.subject:
        return True
    return not at.may_be_against_caller and any(at.caller.has(scope) for scope in scopes)


async def _recorded(desk: Desk, at: EntryStanding, paper: RegisterPaper, act: str) -> None:
    await desk.note(
        f"{at.entry.kind}-{act}",
        str(at.entry.id),
        {"paper_id": str(paper.id), "sha256": paper.sha256},
    )
