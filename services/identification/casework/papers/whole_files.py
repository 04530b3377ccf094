"""A file as one PDF: a cover with the nine items, then every paper in its order, each a page found
by its name.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.identification.casework import objections
from services.identification.casework.papers import documents, printing, small_pictures
from services.identification.casework.standing import Standing
from services.identification.models import PaperRow
from services.identification.sealed_papers import Shelf
from shared.problems import TooLarge
from shared.secrets import KeyRing

BYTES_MAX: Final = 100 * 1024 * 1024
"""Of the PDF. Where the papers are larger together, the largest pictures are drawn with the points
a page shows and no more: what an applicant may file on a telephone is printed whole."""
PAGE_BYTES: Final = 16 * 1024
"""What a page takes beside its picture."""
OPENED_AT_ONCE: Final = 2
"""Papers are unsealed and drawn side by side: most of it is done outside the interpreter."""


class FileTooLarge(TooLarge):
    """The papers of this file are too many for one PDF; look at them one by one."""


@dataclass(frozen=True)
class Filed:
    """A paper of a file: where it is found, what stands above it, and where it lies sealed."""

    name: str
    caption: str
    paper: PaperRow
    owner_id: UUID
    shelf: Shelf = documents.SHELF


@dataclass(frozen=True)
class Written:
    """A page of a file that is written from the register: where it is found, and its words."""

    name: str
    sheet: str
    words: Mapping[str, Any]


def objections_of(at: Standing) -> list[Written]:
    """The page of what was objected while a case was shown, where anything was."""
    lines, name = objections.lines(at), f"公示异议及答复 {at.case.receipt}"
    return [Written(name, "objections", {"title": name, "lines": lines})] if lines else []


def printed(
    keys: KeyRing,
    files: Path,
    title: str,
    cover: Mapping[str, Any],
    filed: Sequence[Filed | Written],
) -> bytes:
    """The file as PDF.

    Raises:
        FileTooLarge: it is, though its pictures are drawn small.
    """
    papers = [each.paper for each in filed if isinstance(each, Filed)]
    pictures = {each.sha256 for each in papers if each.media_type != printing.PDF}
    small = _to_be_small(papers)
    try:
        drawn = _drawn(keys, files, filed, small)
    except FileTooLarge:
        if small == pictures:
            raise
        drawn = _drawn(keys, files, filed, pictures)  # They were larger than such pictures are.
    names = [each.name for each in filed]
    sheet = printing.sheet("file", cover)
    return printing.joined(title, [("目录", sheet), *zip(names, drawn, strict=True)])


def _to_be_small(papers: Sequence[PaperRow]) -> set[str]:
    """The pictures that are drawn small so that the file is not too large: the largest, and no more
    of them than must be, since drawing is what takes time."""
    over = sum(each.size_bytes + PAGE_BYTES for each in papers) - BYTES_MAX
    small = set[str]()
    for each in sorted(papers, key=lambda paper: paper.size_bytes, reverse=True):
        if over > 0 and each.media_type != printing.PDF:
            small.add(each.sha256)
            over -= max(each.size_bytes - small_pictures.BYTES, 0)
    return small


def _drawn(
    keys: KeyRing, files: Path, filed: Sequence[Filed | Written], small: set[str]
) -> list[bytes]:
    def pages(each: Filed | Written) -> bytes:
        if isinstance(each, Written):
            return printing.sheet(each.sheet, each.words)
        shelf, owner_id, paper = each.shelf, each.owner_id, each.paper
        if paper.sha256 in small:
            content = small_pictures.take(keys, files, shelf, owner_id, paper)
        else:
            content = shelf.take(keys, files, owner_id, paper)
        return printing.paper(content, paper.media_type, each.caption)

    with ThreadPoolExecutor(OPENED_AT_ONCE) as hands:
        drawn, left = list[bytes](), BYTES_MAX
        for each in hands.map(pages, filed):
            left -= len(each)
            if left < 0:
                hands.shutdown(cancel_futures=True)
                raise FileTooLarge()
            drawn.append(each)
    return drawn
