"""What casework prints: its sheets, papers as pages, and both joined into one PDF."""

import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import typst
from pypdf import PdfReader, PdfWriter

from services.identification.casework import pictures
from shared import printing
from shared.printing import legible

SHEETS: Final = Path(__file__).resolve().parent / "sheets"
PDF: Final = printing.PDF
FORMATS: Final = {"image/jpeg": "jpg", "image/png": "png"}
PAGES_MAX: Final = 300
"""Of one paper that is a PDF; a longer one is looked at by itself."""


class NotShown(Exception):
    """A paper cannot be shown as pages."""


def sheet(name: str, words: Mapping[str, Any]) -> bytes:
    """A sheet with these words in it, as PDF."""
    return printing.sheet(SHEETS, name, words)


def paper(content: bytes, media_type: str, caption: str) -> bytes:
    """A paper as pages: a picture on one of its own, a PDF as it is; else a page that says so."""
    try:
        return _pages(content) if media_type == PDF else _picture(content, media_type, caption)
    except NotShown:
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


def _picture(content: bytes, media_type: str, caption: str) -> bytes:
    """A picture on an A4 page; it lies in memory alone, for on disk it is only ever sealed."""
    found = pictures.packed(content) if content.startswith(pictures.PNG) else None
    if found is not None:
        return pictures.page(found, sheet("caption", {"caption": caption}))
    lent = os.memfd_create("paper")
    try:
        with os.fdopen(os.dup(lent), "wb") as copy:
            copy.write(content)
        return typst.compile(  # type: ignore[type-var]  # Its types want a root like the input.
            (SHEETS / "picture.typ").read_bytes(),
            root=Path("/proc/self/fd"),
            font_paths=printing.fonts(),
            ignore_system_fonts=True,
            sys_inputs={
                "path": f"/{lent}",
                "format": FORMATS[media_type],
                "caption": legible(caption),
            },
        )
    except (RuntimeError, KeyError) as problem:
        raise NotShown from problem
    finally:
        os.close(lent)


def _pages(content: bytes) -> bytes:
    """The pages of a PDF and nothing else of it: no script, no file, no way to elsewhere."""
    out, kept = io.BytesIO(), PdfWriter()
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        if not 0 < len(pages) <= PAGES_MAX:
            raise NotShown
        for page in pages:
            page.pop("/AA", None)
            page.pop("/Annots", None)
            kept.add_page(page)
        kept.write(out)
    except Exception as problem:
        # A stranger's PDF can be broken in any way; whichever it is, its page says so.
        raise NotShown from problem
    return out.getvalue()
