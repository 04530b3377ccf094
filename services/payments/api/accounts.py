"""Accounts and payees: handed on with a roster, or brought in and verified by another person."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field

from services.payments import accounts, beneficiaries, offers, payees, verdicts
from services.payments.api.reading import Words, desk_of, responses
from shared.callers import Caller, Kind, needs
from shared.contracts.payments import AccountHandedOn, AccountOffered, AccountsHandedOn
from shared.months import Month
from shared.problems import Forbidden
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Writer = Annotated[Caller, needs("accounts:write", kinds=(Kind.STAFF,))]
Casework = Annotated[Caller, needs("accounts:write", kinds=(Kind.SERVICE,))]
Verifier = Annotated[
    Caller, needs("accounts:verify", "accounts:write", "payouts:check", kinds=(Kind.STAFF,))
]
Reader = Annotated[Caller, needs("payouts:read", "my:read")]
LineReader = Annotated[Caller, needs("payouts:read", kinds=(Kind.SERVICE,))]


class NotYours(Forbidden):
    """These payments are somebody else's."""


class AccountBrought(Words):
    """A payee's new account, as the person at the desk reads it from the card and the paper."""

    beneficiary_kind: str = Field(pattern="^(household|person)$")
    relation: str = Field(pattern="^(self|household|guardian|institution|carer|proxy)$")
    paper: str = Field(min_length=2, max_length=200)
    since: Month
    holder_kind: str = Field(default="person", pattern="^(person|institution)$")
    holder_id: UUID
    holder_name: str = Field(min_length=1, max_length=70)
    bank: str = Field(pattern="^[a-z][a-z0-9-]{1,15}$")
    account_number: str = Field(pattern=r"^\d{8,32}$")
    account_kind: str = Field(default="card", pattern="^(card|passbook)$")


class Verdict(Words):
    """What the bank, or a second person, says of an account."""

    verified: bool
    relation_ids: list[UUID] = Field(default=[], max_length=verdicts.RELATIONS_MOST)
    """Every relation to it that waits, as the caller was shown them."""
    reason: str | None = Field(default=None, max_length=200)
    bank_spelling: str | None = Field(default=None, min_length=1, max_length=70)


class Barred(Words):
    """Account numbers to which nothing goes before a person has looked."""

    numbers: list[Annotated[str, Field(pattern=r"^\d{8,32}$")]] = Field(
        min_length=1, max_length=1000
    )
    reason: str = Field(min_length=2, max_length=100)


@router.post("/accounts", responses=responses(422))
async def hand_on(
    words: AccountsHandedOn, request: Request, session: Transaction, caller: Casework, now: Now
) -> dict[str, int]:
    """Take in a chunk of a roster's accounts and payee relations."""
    desk = desk_of(request)
    return await payees.hand_on(session, caller, desk.place, desk.keys, words.items, now)


@router.post("/payees/{beneficiary_id}/account", status_code=201, responses=responses(422))
async def bring_in(
    beneficiary_id: UUID,
    words: AccountBrought,
    request: Request,
    session: Transaction,
    caller: Writer,
    now: Now,
) -> dict[str, Any]:
    """A payee brings a new account, with its paper."""
    desk = desk_of(request)
    brought = AccountHandedOn(beneficiary_id=beneficiary_id, **words.model_dump())
    return await accounts.bring_in(session, caller, desk.keys, desk.banks, brought, now)


@router.post("/payees/{beneficiary_id}/offers", responses=responses(409, 422))
async def offer(
    beneficiary_id: UUID,
    words: AccountOffered,
    request: Request,
    session: Transaction,
    caller: Casework,
    now: Now,
) -> dict[str, Any]:
    """A case names another account of a payee's; nothing goes to it before that is decided."""
    desk = desk_of(request)
    return await offers.take(session, caller, desk.keys, desk.banks, beneficiary_id, words, now)


@router.get("/accounts/{account_id}", responses=responses(404))
async def show(account_id: UUID, session: Transaction, caller: Verifier) -> dict[str, Any]:
    """An account with its holder and whose money is led to it, for who verifies it; audited."""
    return await verdicts.shown(session, caller, account_id)


@router.post("/accounts/{account_id}/verification", responses=responses(404, 409))
async def verify(
    account_id: UUID, words: Verdict, session: Transaction, caller: Verifier, now: Now
) -> dict[str, Any]:
    """A second person, or the bank before pay day, says whether the account is the holder's."""
    return await verdicts.verify(
        session,
        caller,
        account_id,
        verified=words.verified,
        seen=words.relation_ids,
        reason=words.reason,
        bank_spelling=words.bank_spelling,
        now=now,
    )


@router.post("/barred-accounts")
async def bar(
    words: Barred, request: Request, session: Transaction, caller: Writer, now: Now
) -> dict[str, int]:
    """Note officers' cards and the like; only a keyed index of each is kept."""
    added = await accounts.bar(
        session,
        caller,
        desk_of(request).keys,
        numbers=words.numbers,
        reason=words.reason,
        now=now,
    )
    return {"barred": added}


@router.get("/beneficiaries/{beneficiary_id}/payments", responses=responses(403))
async def list_payments(
    beneficiary_id: UUID, request: Request, session: Reading, caller: Reader
) -> dict[str, Any]:
    """What became of a household's or a person's money; a citizen reads only their own."""
    if caller.kind == Kind.CITIZEN:
        own = {caller.person, *(area.removeprefix("household:") for area in caller.areas)}
        if str(beneficiary_id) not in own:
            raise NotYours
    found = await beneficiaries.payments_of(
        session, caller.county, desk_of(request).banks, beneficiary_id=beneficiary_id
    )
    if caller.kind != Kind.CITIZEN:
        found = [item for item in found if caller.may_see(item["village"])]
    return {"items": found, "next": None}


@router.get("/lines/payments")
async def list_payments_of_lines(
    request: Request,
    session: Reading,
    caller: LineReader,
    line_id: Annotated[list[UUID], Query(max_length=300)],
) -> dict[str, Any]:
    """What became of these lines; for the door, which knows whose they are."""
    found = await beneficiaries.payments_of(
        session, caller.county, desk_of(request).banks, line_ids=line_id
    )
    return {"items": [item for item in found if caller.may_see(item["village"])], "next": None}
