"""Who may still bring a case on: asked of the staff that whoever asks has over it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import Reader, desk_of
from services.identification.casework import cases, hands_left
from shared.callers import Caller, Kind
from shared.routes import CommittedRoute, Now, Reading

router = APIRouter(route_class=CommittedRoute)

Word = Annotated[str, Field(min_length=1, max_length=100)]


class Account(BaseModel):
    """One account of the staff: the person behind it, what it may do, and where."""

    model_config = ConfigDict(extra="forbid")

    subject: Word
    person: Word
    scopes: list[Word] = Field(max_length=100)
    areas: list[Word] = Field(max_length=100)


class Staff(BaseModel):
    """The accounts that are over a case."""

    model_config = ConfigDict(extra="forbid")

    staff: list[Account] = Field(max_length=500)


@router.post("/cases/{case_id}/hands")
async def ask_hands(
    case_id: UUID, said: Staff, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """Which ends of a case some staff can still bring it to, by duty alone; whom of them what bars
    where it stands; and which acts of the caller's would leave nobody who can. Nothing changes."""
    at = await cases.stand(desk_of(request, session, caller, now), case_id)
    staff = [
        Caller(
            each.subject, Kind.STAFF, caller.county, each.person,
            frozenset(each.scopes), tuple(each.areas),
        )
        for each in said.staff
    ]  # fmt: skip
    words = cases.needs_in_words()
    return {
        "ends_in_reach": sorted(hands_left.ends_in_reach(at, staff)),
        "barred": [
            {"account": who, "needs": needs, "because": [words[each].both() for each in needs]}
            for who, needs in hands_left.whom_bars(at, staff).items()
        ],
        "leaving_nobody": [
            act.name for act, _ in cases.lawful(at) if hands_left.would_leave_nobody(at, act, staff)
        ],
    }
