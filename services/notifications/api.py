"""The HTTP face of notifications: contacts and codes in, inboxes and a month's tally out."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.notifications import codes, contacts, deliveries
from services.notifications.channels.in_app import inbox
from services.notifications.texts import Texts
from shared import audit_route
from shared.callers import Caller, Kind, needs
from shared.contracts.notifications import ContactsHandedOn
from shared.months import MONTH_PATTERN
from shared.problems import NotFound
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)
ROUTERS: Final = [router, audit_route.router]

PAGE_MAX: Final = 100


class NoInbox(NotFound):
    """There is no such inbox for this caller."""


class ContactsTaken(BaseModel):
    """What became of a chunk of contacts."""

    taken: int
    without_phone: int
    not_mobile: int


class CodeToSend(BaseModel):
    """A one-time code; the only one to know it besides its person.

    It goes to a person whose contact is here, or to the telephone that somebody means to prove.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    person_id: UUID | None = None
    phone: str | None = Field(default=None, min_length=5, max_length=20, repr=False)
    code: str = Field(pattern=r"^\d{4,8}$", repr=False)
    minutes: int = Field(ge=1, le=10)

    @model_validator(mode="after")
    def _to_one(self) -> "CodeToSend":
        if (self.person_id is None) == (self.phone is None):
            raise ValueError("a code goes to a person, or to a telephone")
        return self


class CodeAsked(BaseModel):
    """Whether a code is on its way: waiting, or no-phone."""

    message_id: UUID
    state: str


class InboxPage(BaseModel):
    """Newest first; `next` is what to send as `after` for older ones."""

    items: list[inbox.Entry]
    next: UUID | None


class MonthTally(BaseModel):
    """A pay month's payment notices by telephone.

    `sent` counts all a carrier took; each message is now delivered, failed, waiting, without a
    phone, or (the rest) taken and without a receipt yet. Failed ones need not have been sent.
    """

    pay_month: str
    messages: int
    sent: int
    delivered: int
    failed: int
    waiting: int
    no_phone: int


@router.post("/contacts")
async def take_contacts(
    words: ContactsHandedOn,
    request: Request,
    caller: Annotated[Caller, needs("contacts:write", kinds=("service",))],
    session: Transaction,
    now: Now,
) -> ContactsTaken:
    """Keep a chunk of contacts from identification."""
    taken = await contacts.take(
        session,
        request.app.state.keys,
        caller.county,
        words.items,
        actor=caller.subject,
        now=now,
    )
    return ContactsTaken(
        taken=taken.taken, without_phone=taken.without_phone, not_mobile=taken.not_mobile
    )


@router.post("/codes", status_code=202)
async def send_code(
    words: CodeToSend,
    request: Request,
    caller: Annotated[Caller, needs("codes:send", kinds=("service",))],
    session: Transaction,
    now: Now,
) -> CodeAsked:
    """Send a one-time code to a telephone, before anything else."""
    asked = await codes.send(
        session,
        request.app.state.keys,
        request.app.state.texts,
        caller.county,
        person_id=words.person_id,
        phone=words.phone,
        code=words.code,
        minutes=words.minutes,
        actor=caller.subject,
        now=now,
    )
    return CodeAsked(message_id=asked.message_id, state=asked.state)


@router.get("/people/{person_id}/inbox", responses={404: {"description": NoInbox.title()}})
async def read_inbox(
    person_id: UUID,
    request: Request,
    caller: Annotated[Caller, needs("my:read", "people:read", kinds=("citizen", "staff"))],
    session: Reading,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 20,
) -> InboxPage:
    """A person's own messages; staff of the whole county may read them too."""
    if not _may_read(caller, person_id):
        raise NoInbox
    texts: Texts = request.app.state.texts
    items = await inbox.read(session, texts, person_id, before=after, limit=limit)
    return InboxPage(items=items, next=items[-1].message_id if len(items) == limit else None)


@router.get("/months/{pay_month}")
async def tally_month(
    pay_month: Annotated[str, Path(pattern=MONTH_PATTERN)],
    caller: Annotated[Caller, needs("runs:read", kinds=("staff", "service"))],
    session: Reading,
) -> MonthTally:
    """How far the month's messages got."""
    counts = await deliveries.tally(session, caller.county, pay_month)
    return MonthTally(pay_month=pay_month, **counts)


def _may_read(caller: Caller, person_id: UUID) -> bool:
    if caller.kind is Kind.CITIZEN:
        return caller.has("my:read") and caller.person == str(person_id)
    return caller.has("people:read") and caller.may_see(caller.county)
