"""A picture as a page of a PDF, its pixels laid in as they came."""

import io
from typing import Final

import img2pdf
from PIL import Image
from pypdf import PdfReader, PdfWriter, Transformation

from services.identification.sealed_papers import PIXELS_MAX

MARGIN: Final = 42.5
HEAD: Final = 18.0
"""Points around the picture, and above it for the caption."""


class NotAPicture(Exception):
    """It is broken, or too large to be drawn."""


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


def _laid(content: bytes) -> bytes:
    """The picture as a PDF of its own, turned as whoever took it held it."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            # A JPEG goes in as it came and is never drawn, however many points a camera has.
            if picture.format != "JPEG" and picture.width * picture.height > PIXELS_MAX:
                raise NotAPicture
            opaque = not picture.has_transparency_data
            picture.verify()
        laid: bytes = img2pdf.convert(
            content if opaque else _on_white(content), rotation=img2pdf.Rotation.ifvalid
        )
    except Exception as problem:
        # A stranger's picture can be broken in any way; whichever it is, its page says so.
        raise NotAPicture from problem
    return laid


def _on_white(content: bytes) -> bytes:
    """What is seen through, as it would lie on paper: a PDF takes it no other way."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        seen = picture.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        Image.alpha_composite(white, seen).convert("RGB").save(out, "PNG")
    return out.getvalue()
