"""What the gateway prints: the sheets beside this file, filled with what several services say."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import Response

from shared import printing

SHEETS: Final = Path(__file__).resolve().parent / "sheets"


async def pdf(name: str, words: Mapping[str, Any]) -> Response:
    """A sheet as the answer to a request."""
    content = await asyncio.to_thread(printing.sheet, SHEETS, name, words)
    return Response(content, media_type=printing.PDF, headers=printing.HEADERS)
