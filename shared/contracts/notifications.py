"""What notifications says: that somebody could not be told; and what it needs to tell them."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event


class MessageUndeliverable(Event):
    """A message will not arrive."""

    publisher: ClassVar[str] = "notifications"

    message_id: UUID
    person_id: UUID
    reason: str


class ContactHandedOn(BaseModel):
    """How to reach a person, and what they are called in a message: 张*明."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: UUID
    beneficiary_ids: list[UUID] = Field(max_length=20)
    phone: str | None = Field(default=None, max_length=20)
    called: str = Field(min_length=1, max_length=40)
    language: str = Field(default="zh", pattern="^(zh|en)$")


class ContactsHandedOn(BaseModel):
    """A chunk of contacts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[ContactHandedOn] = Field(max_length=1000)
