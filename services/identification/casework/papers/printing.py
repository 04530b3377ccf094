"""What casework prints: its sheets, papers as pages, and both joined into one PDF."""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pypdf import PdfReader, PdfWriter

from services.identification.casework.papers import annotations, pictures
from shared import printing
from shared.printing import legible

SHEETS: Final = Path(__file__).resolve().parent / "sheets"
PDF: Final = printing.PDF
SEEN: Final = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"}
"""What is kept of a page: what is seen of it. Everything else may hold a file or a script."""
PAGES_MAX: Final = 300
"""Of one paper that is a PDF; a longer one is looked at by itself."""


class NotShown(Exception):
    """A paper cannot be shown as pages."""


def sheet(name: str, words: Mapping[str, Any]) -> bytes:
    """A sheet with these words in it, as PDF."""
    return printing.sheet(SHEETS, name, words)


def paper(content: bytes, media_type: str, caption: str) -> bytes:
    """A paper as pages: a picture on one of its own, a PDF as it is; else a page that says so.

    Where something of a PDF is seen by whoever opens it and not on these pages, one before says so.
    """
    try:
        if media_type == PDF:
            return _pages(content, caption)
        return pictures.page(content, sheet("caption", {"caption": caption}))
    except (NotShown, pictures.NotAPicture):
        return sheet("unshown", {"caption": caption})


def joined(title: str, parts: Iterable[tuple[str, bytes]]) -> bytes:
    """PDFs one behind the other, each found by its name in the outline."""
    whole, out = PdfWriter(), io.BytesIO()
    whole.add_metadata({"/Title": legible(title)})
    for name, part in parts:
        at = len(whole.pages)
        whole.append(io.BytesIO(part), import_outline=False)
        whole.add_outline_item(title=legible(name), page_number=at)
    whole.write(out)
    return out.getvalue()


def _pages(content: bytes, caption: str) -> bytes:
    """The pages of a PDF and what is seen on them: no script, no file, no way to elsewhere."""
    out, kept, some_unseen = io.BytesIO(), PdfWriter(), False
    try:
        read = PdfReader(io.BytesIO(content))
        if not 0 < len(read.pages) <= PAGES_MAX:
            raise NotShown
        stale = annotations.looks_are_stale(read.root_object)
        for page in read.pages:
            laid = annotations.take_off(page, looks_are_stale=stale)
            for name in page.keys() - SEEN:
                del page[name]
            added = kept.add_page(page)
            if laid.drawing:
                annotations.lay_in(added, laid.drawing)
            some_unseen |= laid.some_unseen
        if some_unseen:
            said = PdfReader(io.BytesIO(sheet("partly", {"caption": caption})))
            kept.insert_page(said.pages[0], 0)
        kept.write(out)
    except Exception as problem:
        # A stranger's PDF can be broken in any way; whichever it is, its page says so.
        raise NotShown from problem
    return out.getvalue()
