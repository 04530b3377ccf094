"""Sheets as PDF: words reach typst as data, never as markup, and every machine prints alike.

What the one font cannot draw, or nobody could see, stands as 〔U+20BB7〕.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn as chinese
import typst
from fontTools.ttLib import TTFont

PDF: Final = "application/pdf"
HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}


def sheet(folder: Path, name: str, words: Mapping[str, Any]) -> bytes:
    """The sheet of a folder with these words in it, as PDF."""
    return typst.compile(
        folder / f"{name}.typ",
        root=folder,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps(_legible(words), ensure_ascii=False)},
    )


def legible(text: str) -> str:
    """The text as it can be seen: what the font cannot draw, or nobody could see, by its number."""
    return "".join(
        each if each == "\n" or _drawn(each) else f"〔U+{ord(each):04X}〕" for each in text
    )


@cache
def fonts() -> typst.Fonts:
    """The one font, out of its package."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[chinese.sans_path().parent],
    )


def _legible(words: Any) -> Any:
    if isinstance(words, str):
        return legible(words)
    if isinstance(words, Mapping):
        return {name: _legible(each) for name, each in words.items()}
    return [_legible(each) for each in words] if isinstance(words, list | tuple) else words


def _drawn(character: str) -> bool:
    return ord(character) in _glyphs() and unicodedata.category(character)[0] != "C"


@cache
def _glyphs() -> frozenset[int]:
    with TTFont(chinese.sans_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())
