"""Large pictures drawn small as they are filed, sealed beside themselves: a file with more of them
than one PDF holds is printed without waiting until each is drawn.
"""

import asyncio
from pathlib import Path
from typing import Final
from uuid import UUID

from services.identification.casework.papers import pictures, printing
from services.identification.desk import Desk
from services.identification.models import PaperRow
from services.identification.sealed_papers import Shelf
from shared.secrets import KeyRing

BYTES: Final = 1024 * 1024
"""What a picture drawn small seldom exceeds; one that is no larger is not drawn."""


async def keep(
    desk: Desk, files: Path, shelf: Shelf, owner_id: UUID, paper: PaperRow, content: bytes
) -> None:
    """Draw a large picture that was put on a shelf; of a broken one nothing is kept."""
    if paper.media_type == printing.PDF or paper.size_bytes <= BYTES:
        return
    try:
        small = await asyncio.to_thread(pictures.drawn_small, content)
    except pictures.NotAPicture:
        return
    shelf.put_small(desk.keys, files, owner_id, paper, small)


def take(keys: KeyRing, files: Path, shelf: Shelf, owner_id: UUID, paper: PaperRow) -> bytes:
    """A picture drawn small, as it was kept or now; one that cannot be drawn, as it came.

    Raises:
        NoSuchPaper: its content is not what was put there.
    """
    kept = shelf.take_small(keys, files, owner_id, paper)
    if kept is not None:
        return kept
    content = shelf.take(keys, files, owner_id, paper)
    try:
        return pictures.drawn_small(content)
    except pictures.NotAPicture:
        return content
