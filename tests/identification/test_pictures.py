"""A picture lies on its page as whoever took it held it, whatever it was packed in."""

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from services.identification.casework.papers import printing

ORIENTATION = 0x0112
"""The tag in which a camera says how it was held."""


def a_jpeg(held: int) -> bytes:
    """Forty pixels wide as it was taken, and eighty high."""
    out, said = io.BytesIO(), Image.Exif()
    said[ORIENTATION] = held
    Image.new("RGB", (40, 80), "red").save(out, "JPEG", exif=said.tobytes())
    return out.getvalue()


def a_png(mode: str, **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (40, 80)).save(out, "PNG", **how)
    return out.getvalue()


def laid(content: bytes, media_type: str) -> list[float]:
    """By which four numbers the picture is turned and stretched on its page."""
    pdf = PdfReader(io.BytesIO(printing.paper(content, media_type, "户口簿")))
    (page,) = pdf.pages
    found: list[list[float]] = []

    def see(operator: bytes, _args: Any, now: list[float], _text: Any) -> None:
        if operator == b"Do":
            found.append([round(each) for each in now[:4]])

    assert "户口簿" in page.extract_text(visitor_operand_before=see)
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("held", "turned"),
    [
        (1, [369, 0, 0, 739]),
        (3, [-369, 0, 0, -739]),
        (6, [0, -255, 510, 0]),
        (8, [0, 255, -510, 0]),
        (9, [369, 0, 0, 739]),
    ],
)
def test_a_photo_is_turned_as_the_camera_was_held(held: int, turned: list[float]) -> None:
    assert laid(a_jpeg(held), "image/jpeg") == turned


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_depth_is_laid_in(mode: str) -> None:
    assert laid(a_png(mode), "image/png") == [369, 0, 0, 739]


def test_what_is_seen_through_lies_on_white() -> None:
    content = a_png("RGBA")
    pdf = PdfReader(io.BytesIO(printing.paper(content, "image/png", "照片")))
    (picture,) = pdf.pages[0].images
    assert picture.image is not None
    assert picture.image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def test_what_swells_without_end_when_seen_through_is_said() -> None:
    out = io.BytesIO()
    Image.new("LA", (9000, 9000)).save(out, "PNG")
    page = PdfReader(io.BytesIO(printing.paper(out.getvalue(), "image/png", "照片"))).pages[0]
    assert "无法在这里显示" in page.extract_text()
