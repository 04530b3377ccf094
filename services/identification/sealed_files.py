"""Files that are only ever on disk sealed: written as a stream, read at any place.

A file has a key of its own, sealed by the process's key ring for this one file. Its pieces are
sealed one by one with their number, so a piece that is changed, moved or missing is noticed.
"""

import io
import os
import struct
from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.secrets import KeyRing, Tampered

PIECE_BYTES: Final = 256 * 1024
_TAG_BYTES: Final = 16
_HEAD: Final = struct.Struct(">4sI")
_MAGIC: Final = b"DSF1"
_PIECES_KEPT: Final = 8


class SealedWriter:
    """Writes one sealed file; it stands under its name only when it is whole and on disk."""

    def __init__(self, path: Path, keys: KeyRing, purpose: str) -> None:
        self._path = path
        self._draft = path.with_name(f"{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = AESGCM.generate_key(bit_length=256)
        wrapped = keys.encrypt_bytes(key, purpose=purpose)
        self._cipher = AESGCM(key)
        self._file = os.fdopen(
            os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        )
        self._file.write(_HEAD.pack(_MAGIC, len(wrapped)) + wrapped)
        self._waiting = bytearray()
        self._pieces = 0

    def write(self, content: bytes) -> int:
        """Add content."""
        self._waiting += content
        while len(self._waiting) > PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]
        return len(content)

    def finish(self) -> None:
        """Write the last piece and give the file its name; once is enough."""
        if self._file.closed:
            return
        self._seal(bytes(self._waiting), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: object, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self._file.close()
            self._draft.unlink(missing_ok=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._pieces), piece, _place(last)))
        self._pieces += 1


class SealedReader(io.RawIOBase):
    """Reads a sealed file at any place, opening a piece when it is asked for.

    Raises:
        Tampered: a piece was changed, moved or cut off, or the file is not this one.
    """

    def __init__(self, path: Path, keys: KeyRing, purpose: str) -> None:
        self._file = path.open("rb")
        magic, length = _HEAD.unpack(self._file.read(_HEAD.size).ljust(_HEAD.size, b"\0"))
        if magic != _MAGIC or length > 4096:
            raise Tampered("not a sealed file")
        self._cipher = AESGCM(keys.decrypt_bytes(self._file.read(length), purpose=purpose))
        self._start = self._file.tell()
        body = os.fstat(self._file.fileno()).st_size - self._start
        self._pieces = max(-(-body // (PIECE_BYTES + _TAG_BYTES)), 1)
        self._length = body - self._pieces * _TAG_BYTES
        self._place = 0
        self._open: OrderedDict[int, bytes] = OrderedDict()
        self._piece(self._pieces - 1)  # A file that was cut short is refused at once.

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._length}[whence]
        self._place = max(origin + offset, 0)
        return self._place

    def tell(self) -> int:
        """Where we are."""
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        """The bytes from here."""
        left = max(self._length - self._place, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        parts = []
        while wanted:
            number, offset = divmod(self._place, PIECE_BYTES)
            part = self._piece(number)[offset : offset + wanted]
            parts.append(part)
            wanted -= len(part)
            self._place += len(part)
        return b"".join(parts)

    def readinto(self, buffer: object) -> int:
        """The same into a buffer."""
        view = memoryview(buffer)  # type: ignore[arg-type] # Any buffer will do.
        content = self.read(len(view))
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        known = self._open.get(number)
        if known is not None:
            self._open.move_to_end(number)
            return known
        self._file.seek(self._start + number * (PIECE_BYTES + _TAG_BYTES))
        sealed = self._file.read(PIECE_BYTES + _TAG_BYTES)
        last = number == self._pieces - 1
        try:
            piece = self._cipher.decrypt(_nonce(number), sealed, _place(last))
        except InvalidTag as problem:
            raise Tampered("a piece of the file was changed or is missing") from problem
        self._open[number] = piece
        if len(self._open) > _PIECES_KEPT:
            self._open.popitem(last=False)
        return piece


def seal(path: Path, keys: KeyRing, purpose: str, content: bytes) -> None:
    """Write a sealed file whose content is at hand."""
    with SealedWriter(path, keys, purpose) as file:
        file.write(content)


def unseal(path: Path, keys: KeyRing, purpose: str) -> bytes:
    """The whole content of a sealed file.

    Raises:
        Tampered: a piece was changed, moved or cut off, or the file is not this one.
    """
    with SealedReader(path, keys, purpose) as file:
        return file.read()


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _place(last: bool) -> bytes:
    return b"last" if last else b"more"
