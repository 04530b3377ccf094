"""What the routes share: the county's settings at hand, and how words are read."""

from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.payments.screening import Desk
from shared.months import MONTH_PATTERN

_MONTH: Final = MONTH_PATTERN

Limit = Annotated[int, Query(ge=1, le=5000)]
# FastAPI reads a dataclass in an address as a body; so months come as text of their form.
MonthAsked = Annotated[str, Query(pattern=_MONTH)]
MonthMaybeAsked = Annotated[str | None, Query(pattern=_MONTH)]
MonthNamed = Annotated[str, Path(pattern=_MONTH)]


class Words(BaseModel):
    """A request's body: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reason(Words):
    """Why somebody does something out of the ordinary."""

    reason: str = Field(min_length=4, max_length=400)


def desk_of(request: Request) -> Desk:
    """The county's settings, its banks and this process's keys."""
    desk: Desk = request.app.state.desk
    return desk


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route may answer with, for those who read its description."""
    return {
        status: {"content": {"application/problem+json": {}}, "description": "refused"}
        for status in statuses
    }
