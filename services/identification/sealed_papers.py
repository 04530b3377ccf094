"""Papers that somebody brings: told by their content, bounded, hashed, on disk only ever sealed.

Papers of one sort lie on one shelf of the store, those of one case, entry, alert or household
together. A paper's row says what it is and by whose hand it came.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypedDict
from uuid import UUID

from services.identification.desk import Desk
from services.identification.models import PaperRow
from services.identification.sealed_files import seal, unseal
from shared.problems import Malformed, NotFound, TooLarge
from shared.secrets import KeyRing

BYTES_MAX: Final = 10 * 1024 * 1024
PIXELS_MAX: Final = 64_000_000
"""Of a picture that is drawn to be shown: what a few kilobytes may swell to has an end."""
SEEN_THROUGH_PIXELS_MAX: Final = PIXELS_MAX // 2
"""Of one that is laid on white to be drawn, and so is held twice."""
_MAGIC: Final[Mapping[bytes, str]] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}
_PNG_SIZE: Final = (16, 20)
"""Where a PNG says how wide and how high it is, in four bytes each."""
_PNG_COLOURS: Final = 25
_SEEN_THROUGH: Final = {b"\4", b"\6"}
"""How a PNG says there that each of its points may be seen through."""


class PaperTooLarge(TooLarge):
    """A paper is at most ten megabytes."""


class NoPaper(Malformed):
    """A paper is a JPEG or PNG picture or a PDF, and is not empty."""


class PictureTooWide(TooLarge):
    """The picture has more points than can be drawn; make it smaller, or a photo."""


class NoSuchPaper(NotFound):
    """There is no such paper here."""


class Brought(TypedDict):
    """What the row of every paper says of it."""

    sha256: str
    media_type: str
    size_bytes: int
    added_by: str
    added_at: datetime


def brought(desk: Desk, content: bytes) -> Brought:
    """What is to be said of a paper that somebody brings now.

    Raises:
        PaperTooLarge, PictureTooWide, NoPaper: it is none that is kept.
    """
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": _media_type_of(content),
        "size_bytes": len(content),
        "added_by": desk.caller.subject,
        "added_at": desk.now,
    }


@dataclass(frozen=True)
class Shelf:
    """Where papers of one sort lie."""

    folder: str
    bound_to: str
    """What their seals are bound to, each with the paper's id: no other file stands in for it."""

    async def put(
        self, desk: Desk, files: Path, owner_id: UUID, paper: PaperRow, content: bytes
    ) -> None:
        """Seal a paper into the store, and its row into the register."""
        seal(self._path_of(files, owner_id, paper), desk.keys, self._purpose(paper), content)
        desk.session.add(paper)
        await desk.session.flush()

    def take(self, keys: KeyRing, files: Path, owner_id: UUID, paper: PaperRow) -> bytes:
        """A paper's content, when it is what was put there.

        Raises:
            NoSuchPaper: it is not.
        """
        content = unseal(self._path_of(files, owner_id, paper), keys, self._purpose(paper))
        if hashlib.sha256(content).hexdigest() != paper.sha256:
            raise NoSuchPaper("its content is not what was put there")
        return content

    def put_small(
        self, keys: KeyRing, files: Path, owner_id: UUID, paper: PaperRow, content: bytes
    ) -> None:
        """Seal a smaller drawing of a picture beside it; it goes when the folder goes."""
        seal(self._small_path_of(files, owner_id, paper), keys, self._small(paper), content)

    def take_small(
        self, keys: KeyRing, files: Path, owner_id: UUID, paper: PaperRow
    ) -> bytes | None:
        """The smaller drawing of a picture, where one was kept."""
        path = self._small_path_of(files, owner_id, paper)
        return unseal(path, keys, self._small(paper)) if path.exists() else None

    def folder_of(self, files: Path, owner_id: UUID) -> Path:
        """Where all papers of one case, entry, alert or household lie."""
        return files / self.folder / str(owner_id)

    def _path_of(self, files: Path, owner_id: UUID, paper: PaperRow) -> Path:
        return self.folder_of(files, owner_id) / str(paper.id)

    def _small_path_of(self, files: Path, owner_id: UUID, paper: PaperRow) -> Path:
        return self.folder_of(files, owner_id) / f"{paper.id}.small"

    def _small(self, paper: PaperRow) -> str:
        return f"{self._purpose(paper)}:small"

    def _purpose(self, paper: PaperRow) -> str:
        return f"{self.bound_to}:{paper.id}"


def _media_type_of(content: bytes) -> str:
    if len(content) > BYTES_MAX:
        raise PaperTooLarge()
    media_type = next((it for magic, it in _MAGIC.items() if content.startswith(magic)), None)
    if media_type is None:
        raise NoPaper()
    wide, high = (int.from_bytes(content[at : at + 4]) for at in _PNG_SIZE)
    if media_type == "image/png":
        seen_through = content[_PNG_COLOURS : _PNG_COLOURS + 1] in _SEEN_THROUGH
        if wide * high > (SEEN_THROUGH_PIXELS_MAX if seen_through else PIXELS_MAX):
            raise PictureTooWide()
    return media_type
