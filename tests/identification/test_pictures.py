"""A picture lies on its page as whoever took it held it, whatever it was packed in."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from services.identification.casework.papers import pictures, printing
from tests.identification.caseworkers import CHEN_HONG, Walk
from tests.identification.register import Register

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


@pytest.mark.parametrize(("held", "shown"), [(1, (877, 1754)), (6, (1754, 877))])
def test_a_photo_drawn_small_has_what_a_page_shows_and_is_turned(
    held: int, shown: tuple[int, int]
) -> None:
    out, said = io.BytesIO(), Image.Exif()
    said[ORIENTATION] = held
    red = Image.new("RGB", (2000, 4000), "red")
    red.save(out, "MPO", exif=said, save_all=True, append_images=[red.resize((20, 40))])
    drawn = pictures.drawn_small(out.getvalue() + bytes(100_000))
    kept = printing.paper(drawn, "image/jpeg", "照片")
    (picture,) = PdfReader(io.BytesIO(kept)).pages[0].images
    assert picture.image is not None
    assert picture.image.size == shown


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_depth_is_laid_in(mode: str) -> None:
    assert laid(a_png(mode), "image/png") == [369, 0, 0, 739]


def test_what_is_seen_through_lies_on_white() -> None:
    content = a_png("RGBA")
    pdf = PdfReader(io.BytesIO(printing.paper(content, "image/png", "照片")))
    (picture,) = pdf.pages[0].images
    assert picture.image is not None
    assert picture.image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)


def interlaced(side: int) -> bytes:
    """A black square in seven passes, a few kilobytes however large."""
    steps = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
             (0, 1, 1, 2))  # fmt: skip
    lines = b"".join(
        bytes(1 + (-(-(side - x) // across) + 7) // 8) * -(-(side - y) // down)
        for x, y, across, down in steps
    )
    said = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 1)
    chunks = ((b"IHDR", said), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(each)) + name + each + struct.pack(">I", zlib.crc32(name + each))
        for name, each in chunks
    )


def test_what_swells_without_end_because_it_is_interlaced_is_said() -> None:
    assert laid(interlaced(80), "image/png")
    page = PdfReader(io.BytesIO(printing.paper(interlaced(9000), "image/png", "照片"))).pages[0]
    assert "无法在这里显示" in page.extract_text()


async def test_a_picture_too_wide_to_be_drawn_is_not_filed(register: Register) -> None:
    walk = Walk(register)
    await walk.open()
    for wide in (interlaced(9000), seen_through(6000)):
        refused = await register.client.post(
            f"{walk.path}/papers",
            params={"kind": "bankbook"},
            content=wide,
            headers=register.headers(CHEN_HONG),
        )
        assert (refused.status_code, refused.json()["type"]) == (413, "/problems/picture-too-wide")


def seen_through(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("LA", (side, side)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def test_a_large_picture_that_is_seen_through_is_whole_on_white() -> None:
    picture = Image.radial_gradient("L").resize((2100, 40)).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").rotate(90).resize(picture.size))
    out = io.BytesIO()
    picture.save(out, "PNG")
    (drawn,) = (
        PdfReader(io.BytesIO(printing.paper(out.getvalue(), "image/png", "照片"))).pages[0].images
    )
    white = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    assert drawn.image is not None
    differs = ImageChops.difference(drawn.image.convert("RGB"), white)
    assert max(differs.tobytes()) <= 1


def test_what_swells_without_end_when_seen_through_is_said() -> None:
    page = PdfReader(io.BytesIO(printing.paper(seen_through(6000), "image/png", "照片"))).pages[0]
    assert "无法在这里显示" in page.extract_text()


def test_of_a_strangers_pdf_its_pages_are_kept_and_nothing_that_hangs_on_them() -> None:
    """A file, a script and notes of an editor hang on the page."""
    writer = PdfWriter()
    page = writer.add_blank_page(100, 200)
    file = DecodedStreamObject()
    file.set_data(b"EVIL-EMBEDDED-FILE")
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    hung = DictionaryObject({NameObject(name): each for name, each in script.items()})
    hung[NameObject("/EF")] = writer._add_object(file)
    for name in ("/AF", "/PieceInfo", "/PresSteps", "/AA", "/Annots", "/B"):
        page[NameObject(name)] = hung
    page[NameObject("/Rotate")] = NumberObject(90)
    out = io.BytesIO()
    writer.write(out)
    assert b"EVIL-EMBEDDED-FILE" in out.getvalue()
    kept = printing.paper(out.getvalue(), "application/pdf", "文件")
    for gone in (b"EVIL", b"JavaScript", b"/AF", b"/PieceInfo", b"/PresSteps"):
        assert gone not in kept
    (seen,) = PdfReader(io.BytesIO(kept)).pages
    assert (seen.mediabox.width, seen.mediabox.height, seen.rotation) == (100, 200, 90)
