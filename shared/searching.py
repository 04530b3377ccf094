"""What is searched for stands in a header and in no address: addresses are written down in logs,
histories and bookmarks, and officers search by ID number."""

from typing import Annotated, Final
from urllib.parse import quote, unquote, unquote_to_bytes

from fastapi import Depends, Request

from shared import personal
from shared.problems import Malformed

HEADER: Final = "Search-For"
LONGEST: Final = 100


class SearchUnreadable(Malformed):
    """What is searched for is percent-encoded UTF-8, a hundred characters at most."""


def header(words: str) -> dict[str, str]:
    """What is searched for, as a request carries it."""
    return {HEADER: quote(words)}


def tells_number(address: bytes) -> bool:
    """Whether an address, or its question, carries an ID, card or telephone number."""
    return personal.has_number(
        unquote_to_bytes(address.replace(b"+", b" ")).decode("utf-8", "replace")
    )


# A plain function would be sent to a thread.
async def _searched(request: Request) -> str | None:
    said = request.headers.get(HEADER)
    if not said:
        return None
    try:
        words = unquote(said, errors="strict")
    except UnicodeDecodeError as problem:
        raise SearchUnreadable() from problem
    if len(words) > LONGEST:
        raise SearchUnreadable()
    return words


Searched = Annotated[str | None, Depends(_searched)]
