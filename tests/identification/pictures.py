"""Pictures as tests file them."""

import io
import struct
import zlib
from random import Random

from PIL import Image


def a_picture(seed: int, wide: int = 256, high: int = 256) -> bytes:
    """A PNG of noise, which no packing makes small."""
    chance = Random(seed)  # noqa: S311  # Nothing is kept secret by it.
    rows = b"".join(b"\0" + chance.randbytes(wide * 3) for _ in range(high))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    written = (
        struct.pack(">I", len(said)) + name + said + struct.pack(">I", zlib.crc32(name + said))
        for name, said in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def a_photo(seed: int, wide: int = 3000, high: int = 4000, quality: int = 85) -> bytes:
    """A JPEG as a telephone takes it, of a few megabytes."""
    chance, grain = Random(seed), (wide // 8, high // 8)  # noqa: S311  # Nothing is kept secret by it.
    pixels = chance.randbytes(grain[0] * grain[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", grain, pixels).resize((wide, high)).save(out, "JPEG", quality=quality)
    return out.getvalue()
