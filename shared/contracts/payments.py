"""What payments says: that a file lies ready, what became of its lines, where a payee's money goes,
and that what was paid first came back."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.months import Month


class EnvelopePublished(Event):
    """A payout file lies ready for its bank."""

    publisher: ClassVar[str] = "payments"

    envelope_id: UUID
    bank: str
    project: str
    attempt: int = Field(ge=1)
    count: int = Field(ge=1)
    total_fen: int = Field(gt=0)
    file_sha256: str


class LinesSettled(Event):
    """A bank says that money arrived; the lines lie at GET /results/{result_id}/lines."""

    publisher: ClassVar[str] = "payments"

    result_id: UUID
    count: int = Field(ge=0)
    total_fen: int = Field(ge=0)


class LinesReturned(Event):
    """A bank says that money did not arrive, or came back; the lines lie at the same place."""

    publisher: ClassVar[str] = "payments"

    result_id: UUID
    count: int = Field(ge=0)
    total_fen: int = Field(ge=0)


class PayeeOutcome(StrEnum):
    """Where a payee's money goes after what a case decided of it."""

    TAKEN = "taken"
    ACCOUNT_REFUSED = "account-refused"
    ACCOUNT_CLOSED = "account-closed"
    ANOTHER_SINCE = "another-since"
    NOWHERE = "nowhere"


class PayeeAnswered(Event):
    """Whether money goes where a case decided, as it stands now; the last answer of a payee holds.

    Without a case it is another's word than the decision's: a bank refused the account since, or
    one was verified by hand. `paid_meanwhile` says that money goes to an account that works.
    """

    publisher: ClassVar[str] = "payments"

    case_id: UUID | None
    beneficiary_id: UUID
    outcome: PayeeOutcome
    paid_meanwhile: bool


class AdvanceReturned(Event):
    """What a case was helped first with came back whole to the township's reserve, or never left
    it, before anybody verified the case: it counts as paid no more."""

    publisher: ClassVar[str] = "payments"

    case_id: UUID
    amount_fen: int = Field(gt=0)


class Outcome(StrEnum):
    """What became of a line at the bank."""

    SETTLED = "settled"
    RETURNED = "returned"
    REFUSED = "refused"


class ResultLine(BaseModel):
    """One line of a bank's result, as the person concerned should hear of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_id: UUID
    beneficiary_kind: str
    beneficiary_id: UUID
    programme: str
    month: Month
    pay_month: Month
    amount_fen: int = Field(gt=0)
    outcome: Outcome
    reason: str | None = None
    account_last4: str
    bank_name: str


class AccountHandedOn(BaseModel):
    """One payee's account, as it stood in a roster; identification keeps none of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beneficiary_kind: str = Field(pattern="^(household|person)$")
    beneficiary_id: UUID
    relation: str = Field(pattern="^(self|household|guardian|institution|carer|proxy)$")
    paper: str | None = Field(default=None, max_length=200)
    since: Month
    holder_kind: str = Field(pattern="^(person|institution)$")
    holder_id: UUID
    holder_name: str = Field(min_length=1, max_length=70)
    bank: str = Field(pattern="^[a-z0-9]{2,16}$")
    account_number: str = Field(pattern=r"^\d{8,32}$")
    account_kind: str = Field(pattern="^(card|passbook)$")


class AccountsHandedOn(BaseModel):
    """A chunk of accounts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[AccountHandedOn] = Field(max_length=1000)


class AccountOffered(BaseModel):
    """An account a payee names while a case is open; until it is decided nothing goes there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beneficiary_kind: str = Field(pattern="^(household|person)$")
    holder_id: UUID
    holder_name: str = Field(min_length=1, max_length=70)
    bank: str = Field(min_length=2, max_length=60)
    """By its code or its name."""
    account_number: str = Field(pattern=r"^\d{8,32}$")
    account_kind: str = Field(pattern="^(card|passbook)$")
    holder_kind: str = Field(default="person", pattern="^(person|institution)$")
