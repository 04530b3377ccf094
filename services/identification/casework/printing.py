"""What is printed: words reach typst as data, never as markup; papers are joined into one PDF."""

import io
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn as chinese
import typst
from fontTools.ttLib import TTFont
from pypdf import PdfReader, PdfWriter

SHEETS: Final = Path(__file__).resolve().parent / "sheets"
PDF: Final = "application/pdf"
FORMATS: Final = {"image/jpeg": "jpg", "image/png": "png"}
PAGES_MAX: Final = 300
"""Of one paper that is a PDF; a longer one is looked at by itself."""


class NotShown(Exception):
    """A paper cannot be shown as pages."""


def sheet(name: str, words: Mapping[str, Any]) -> bytes:
    """A sheet with these words in it, as PDF."""
    return typst.compile(
        SHEETS / f"{name}.typ",
        root=SHEETS,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps(_legible(words), ensure_ascii=False)},
    )


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


def legible(text: str) -> str:
    """The text as it can be seen: what the font cannot draw, or nobody could see, by its number."""
    return "".join(
        each if each == "\n" or _drawn(each) else f"〔U+{ord(each):04X}〕" for each in text
    )


def _legible(words: Any) -> Any:
    if isinstance(words, str):
        return legible(words)
    if isinstance(words, Mapping):
        return {name: _legible(each) for name, each in words.items()}
    return [_legible(each) for each in words] if isinstance(words, list | tuple) else words


def _picture(content: bytes, media_type: str, caption: str) -> bytes:
    """A picture on an A4 page; it lies in memory alone, for on disk it is only ever sealed."""
    lent = os.memfd_create("paper")
    try:
        with os.fdopen(os.dup(lent), "wb") as copy:
            copy.write(content)
        return typst.compile(  # type: ignore[type-var]  # Its types want a root like the input.
            (SHEETS / "picture.typ").read_bytes(),
            root=Path("/proc/self/fd"),
            font_paths=_fonts(),
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


@cache
def _fonts() -> typst.Fonts:
    """The one font, out of its package: every machine prints alike."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[chinese.sans_path().parent],
    )


def _drawn(character: str) -> bool:
    return ord(character) in _glyphs() and unicodedata.category(character)[0] != "C"


@cache
def _glyphs() -> frozenset[int]:
    with TTFont(chinese.sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())
