"""Papers brought with an answer to an alert: told by content, hashed, sealed on disk."""

from pathlib import Path
from typing import Final
from uuid import UUID

from services.identification.comparison import alerts
from services.identification.comparison.alerts import ANSWER
from services.identification.comparison.kinds import read_kinds
from services.identification.desk import Desk
from services.identification.grammar.moving import NotHere, NotYours
from services.identification.models import Alert, AlertPaper
from services.identification.sealed_papers import NoSuchPaper, Shelf, brought
from shared.callers import Kind
from shared.problems import Conflict

SHELF: Final = Shelf("alert-papers", "alert-paper")
PAPERS_MAX: Final = 20


class TooManyPapers(Conflict):
    """There are very many papers already; bring the rest to the township."""


async def add(desk: Desk, files: Path, alert_id: UUID, content: bytes) -> AlertPaper:
    """Seal a paper into the store and put it on its alert; the same paper again is the same row.

    Raises:
        NoSuchAlert, NotYours, NotHere, TooManyPapers, NoPaper, PaperTooLarge: nothing is kept.
    """
    at = await alerts.stand(desk, alert_id, lock=True)
    act = read_kinds().path.acts[ANSWER]
    if not any(desk.caller.has(scope) for scope in act.scopes):
        raise NotYours("one of these scopes is needed", scopes=sorted(act.scopes))
    if at.alert.state not in act.sources:
        raise NotHere(f"it is {at.alert.state}", state=at.alert.state)
    words = brought(desk, content)
    for known in at.papers:
        if known.sha256 == words["sha256"] and known.added_by == desk.caller.subject:
            return known
    if len(at.papers) >= PAPERS_MAX:
        raise TooManyPapers()
    paper = AlertPaper(county=at.alert.county, alert_id=alert_id, **words)
    await SHELF.put(desk, files, alert_id, paper, content)
    await _recorded(desk, at.alert, paper, "alert-paper-added")
    return paper


async def read(desk: Desk, files: Path, alert_id: UUID, paper_id: UUID) -> tuple[str, bytes]:
    """A paper's media type and content, to a citizen only their own; that it was read is audited.

    Raises:
        NoSuchAlert, NoSuchPaper: there is none, or the caller may not read it.
    """
    at = await alerts.stand(desk, alert_id)
    paper = next((each for each in at.papers if each.id == paper_id), None)
    citizen = desk.caller.kind is Kind.CITIZEN
    if paper is None or (citizen and paper.added_by != desk.caller.subject):
        raise NoSuchPaper()
    content = SHELF.take(desk.keys, files, alert_id, paper)
    await _recorded(desk, at.alert, paper, "alert-paper-read")
    return paper.media_type, content


async def _recorded(desk: Desk, alert: Alert, paper: AlertPaper, act: str) -> None:
    await desk.note(act, str(alert.id), {"paper_id": str(paper.id), "sha256": paper.sha256})
