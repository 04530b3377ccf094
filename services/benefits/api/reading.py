"""What several routes read alike: pages, and the law this process stands by."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request

import policies
from services.benefits.workings import Shelf
from shared.callers import Kind
from shared.months import MONTH_PATTERN

# A month is no scalar to FastAPI, so paths and queries take its text.
MONTH_TEXT = MONTH_PATTERN

# Lists and sums of a county are read in offices; a citizen reads their own lines, one by one.
OFFICES = (Kind.STAFF, Kind.SERVICE)
READING = ("runs:read", "runs:make", "runs:check", "lines:read", "funds:record")

After = Annotated[UUID | None, Query(description="the last id of the page before")]
Limit = Annotated[int, Query(ge=1, le=5000)]


def law_of(request: Request) -> policies.Law:
    """The law as this process read it when it started."""
    law: policies.Law = request.app.state.law
    return law


def shelf_of(request: Request) -> Shelf:
    """The frozen readings that are open."""
    shelf: Shelf = request.app.state.shelf
    return shelf


def page_of(items: list[dict[str, Any]], limit: int, key: str) -> dict[str, Any]:
    """A page, and where the next begins; null when this was the last."""
    return {"items": items, "next": items[-1][key] if len(items) == limit else None}
