"""A picture as a page of a PDF, its pixels laid in as they came, or no more than a page shows."""

import io
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Final

import img2pdf
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter, Transformation

from services.identification.sealed_papers import PIXELS_MAX, SEEN_THROUGH_PIXELS_MAX

MARGIN: Final = 42.5
HEAD: Final = 18.0
"""Points around the picture, and above it for the caption."""
SHOWN: Final = 1754
"""How many points high a page of A4 is that is read on a screen or printed: 150 to the inch."""
_QUALITY: Final = 75
_TILE: Final = 1024
"""How wide and high what is laid on white at once is, in points of the picture."""
_JPEGS: Final = {"JPEG", "MPO"}
"""What a camera takes: a JPEG, or several in one file, of which the first is the picture."""
BESIDE_PIXELS_MAX: Final = 20_000_000
"""Of a JPEG that is drawn small beside another picture: however it was packed, that holds at most
eight bytes for each of its points."""
_drawing: Final = Lock()
"""One other picture is drawn at a time: the largest takes a quarter of a gigabyte."""


class NotAPicture(Exception):
    """It is broken, or too large to be drawn."""


@dataclass(frozen=True)
class _Kind:
    """What a picture is like, told without drawing it."""

    drawn: bool
    """It goes into a PDF only by its points; a JPEG goes in as it came, however many it has."""
    seen_through: bool
    pixels: int


def page(content: bytes, frame: bytes) -> bytes:
    """The picture on the page of a frame, under its caption, as large as there is room.

    Raises:
        NotAPicture: it is broken, or too large to be drawn.
    """
    picture = PdfWriter(clone_from=io.BytesIO(_laid(content))).pages[0]
    picture.transfer_rotation_to_content()
    out, kept = io.BytesIO(), PdfWriter()
    sheet = kept.add_page(PdfReader(io.BytesIO(frame)).pages[0])
    room_x = float(sheet.mediabox.width) - 2 * MARGIN
    room_y = float(sheet.mediabox.height) - 2 * MARGIN - HEAD
    wide, high = float(picture.mediabox.width), float(picture.mediabox.height)
    scale = min(room_x / wide, room_y / high)
    left, foot = MARGIN + (room_x - wide * scale) / 2, MARGIN + (room_y - high * scale) / 2
    sheet.merge_transformed_page(picture, Transformation().scale(scale).translate(left, foot))
    kept.write(out)
    return out.getvalue()


def drawn_small(content: bytes) -> bytes:
    """The picture with no more points than a page shows, or as it came where that is less.

    Raises:
        NotAPicture: it is broken, or too large to be drawn.
    """
    try:
        kind = _kind(content)
        alone = kind.drawn or kind.pixels > BESIDE_PIXELS_MAX
        with _drawing if alone else nullcontext():
            return _small(_on_white(content) if kind.seen_through else content)
    except Exception as problem:
        # A stranger's picture can be broken in any way; whichever it is, its page says so.
        raise NotAPicture from problem


def _laid(content: bytes) -> bytes:
    """The picture as a PDF of its own, turned as whoever took it held it."""
    try:
        kind = _kind(content)
        with _drawing if kind.drawn else nullcontext():
            return _as_pdf(_on_white(content) if kind.seen_through else content)
    except Exception as problem:
        raise NotAPicture from problem


def _kind(content: bytes) -> _Kind:
    with Image.open(io.BytesIO(content)) as picture:
        kind = _Kind(
            picture.format not in _JPEGS,
            picture.has_transparency_data,
            picture.width * picture.height,
        )
        if kind.drawn and kind.pixels > (
            SEEN_THROUGH_PIXELS_MAX if kind.seen_through else PIXELS_MAX
        ):
            raise NotAPicture
        picture.verify()
    return kind


def _as_pdf(content: bytes) -> bytes:
    laid: bytes = img2pdf.convert(content, rotation=img2pdf.Rotation.ifvalid)
    return laid


def _small(content: bytes) -> bytes:
    """The picture with no more points than a page shows, where that makes it smaller."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        share = min(SHOWN / max(picture.size), 1)
        size = max(round(picture.width * share), 1), max(round(picture.height * share), 1)
        picture.draft(None, size)  # A JPEG is read at a half or less of its size to begin with.
        shown = picture.resize(size, reducing_gap=2.0) if share < 1 else picture
        ImageOps.exif_transpose(shown).convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return min(out.getvalue(), content, key=len)


def _on_white(content: bytes) -> bytes:
    """What is seen through, as it would lie on paper: a PDF takes it no other way."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        white = Image.new("RGB", picture.size, "white")
        for top in range(0, picture.height, _TILE):
            for left in range(0, picture.width, _TILE):
                right, foot = min(left + _TILE, picture.width), min(top + _TILE, picture.height)
                seen = picture.crop((left, top, right, foot)).convert("RGBA")
                white.paste(seen, (left, top), seen)
    white.save(out, "PNG", compress_level=1)
    return out.getvalue()
