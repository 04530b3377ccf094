"""A picture as a page of a PDF, its pixels passed through as they were packed.

PNG pictures pack their rows as a PDF does: such a stream is laid in unchanged, once it was proven
whole. Whatever is packed otherwise, and every JPEG (which typst passes through, turned the right
way round), is drawn by typst.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)

PNG: Final = b"\x89PNG\r\n\x1a\n"
BYTES_MAX: Final = 128 * 1024 * 1024
"""Of a picture unpacked: what a few kilobytes may swell to has an end."""
MARGIN: Final = 42.5
HEAD: Final = 18.0
"""Points around the picture, and above it for the caption."""
_COLOURS: Final = {0: ("/DeviceGray", 1), 2: ("/DeviceRGB", 3)}
_FILTERS: Final = frozenset(range(5))


@dataclass(frozen=True)
class Packed:
    """The rows of a picture as they were packed, with eight bits of each colour."""

    width: int
    height: int
    space: str
    colours: int
    rows: bytes


def packed(content: bytes) -> Packed | None:
    """A PNG whose rows a PDF takes as they are; None of any other, or of one that is not whole."""
    try:
        chunks = list(_chunks(content))
        width, height, depth, colour, *how = struct.unpack(">IIBBBBB", chunks[0][1])
    except (struct.error, IndexError, ValueError):
        return None
    plain = depth == 8 and colour in _COLOURS and how == [0, 0, 0]
    names = {name for name, _ in chunks}
    if not plain or b"tRNS" in names or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        return None
    space, colours = _COLOURS[colour]
    rows = b"".join(said for name, said in chunks if name == b"IDAT")
    return (
        Packed(width, height, space, colours, rows)
        if _whole(rows, width, height, colours)
        else None
    )


def page(picture: Packed, frame: bytes) -> bytes:
    """The picture on the page of a frame, under its caption, as large as there is room."""
    out, kept = io.BytesIO(), PdfWriter()
    sheet = kept.add_page(PdfReader(io.BytesIO(frame)).pages[0])
    room_x = float(sheet.mediabox.width) - 2 * MARGIN
    room_y = float(sheet.mediabox.height) - 2 * MARGIN - HEAD
    scale = min(room_x / picture.width, room_y / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    left, foot = MARGIN + (room_x - wide) / 2, MARGIN + (room_y - high) / 2
    drawn = DecodedStreamObject()
    drawn.set_data(f" q {wide:.3f} 0 0 {high:.3f} {left:.3f} {foot:.3f} cm /Picture Do Q".encode())
    resources = sheet["/Resources"].get_object()
    assert isinstance(resources, DictionaryObject), "a page of ours has resources"
    resources[NameObject("/XObject")] = DictionaryObject(
        {NameObject("/Picture"): kept._add_object(_stream(picture))}
    )
    before = sheet.get_contents()
    assert before is not None, "a frame has a caption"
    said = DecodedStreamObject()
    said.set_data(b"q " + before.get_data() + b" Q")
    sheet[NameObject("/Contents")] = ArrayObject([kept._add_object(e) for e in (said, drawn)])
    kept.write(out)
    return out.getvalue()


def _stream(picture: Packed) -> StreamObject:
    number = NumberObject
    packing = {
        NameObject("/Predictor"): number(15),
        NameObject("/Colors"): number(picture.colours),
        NameObject("/BitsPerComponent"): number(8),
        NameObject("/Columns"): number(picture.width),
    }
    return StreamObject.initialize_from_dictionary(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): number(picture.width),
            NameObject("/Height"): number(picture.height),
            NameObject("/ColorSpace"): NameObject(picture.space),
            NameObject("/BitsPerComponent"): number(8),
            NameObject("/Filter"): NameObject("/FlateDecode"),
            NameObject("/DecodeParms"): DictionaryObject(packing),
            "__streamdata__": picture.rows,
        }
    )


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG up to its end, each as it was meant.

    Raises:
        ValueError, struct.error: it is not whole.
    """
    place, name = len(PNG), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, place)
        said = content[place + 8 : place + 8 + length]
        (sum_,) = struct.unpack_from(">I", content, place + 8 + length)
        if zlib.crc32(name + said) != sum_:
            raise ValueError("a chunk is not as it was written")
        yield name, said
        place += 12 + length


def _whole(rows: bytes, width: int, height: int, colours: int) -> bool:
    """Whether the rows unpack to exactly this picture."""
    long = 1 + width * colours
    if not 0 < long * height <= BYTES_MAX:
        return False
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(rows, long * height + 1)
    except zlib.error:
        return False
    return len(found) == long * height and unpacking.eof and set(found[::long]) <= _FILTERS
