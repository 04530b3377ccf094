"""What a case would change of what is paid each month, for its page; a page does without."""

from typing import Any

from shared.calls import Peer
from shared.problems import Problem


async def of_case(identification: Peer, path: str) -> dict[str, Any] | None:
    """The sums of a case before and after, or none where none are to be shown."""
    try:
        found: dict[str, Any] = await identification.get(f"{path}/sums")
    except Problem:
        return None
    return found if found.get("stage") else None
