"""The gateway's tables: who may come in, who is in, and what was tried at the door."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Index, LargeBinary, Text
from sqlalchemy import false as sqlalchemy_false
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.database import table_registry
from shared.ids import new_id

INSTANT: Final = DateTime(timezone=True)


class Row(SQLModel, registry=table_registry()):
    """What every table of the gateway shares."""

    county: str = Field(max_length=6)


class Client(Row, table=True):
    """A machine that calls, a bank's courier or an agency, known by its public keys alone."""

    client_id: str = Field(primary_key=True, sa_type=Text)
    bank: str | None = Field(default=None, sa_type=Text)
    jwks: dict[str, Any] = Field(sa_type=JSONB)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    feeds: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    registered_at: datetime = Field(sa_type=INSTANT)
    stopped_at: datetime | None = Field(default=None, sa_type=INSTANT)


class UsedAssertion(Row, table=True):
    """A client's assertion that has been used; it opens nothing again."""

    __tablename__ = "used_assertion"

    client_id: str = Field(primary_key=True, sa_type=Text)
    jti: str = Field(primary_key=True, sa_type=Text)
    expires_at: datetime = Field(sa_type=INSTANT, index=True)


class StaffMember(Row, table=True):
    """A named account of one person of the county; roles say what, areas say where.

    `person` tells one human from another: two accounts of one person are one person wherever the
    work needs two.
    """

    __tablename__ = "staff_member"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(sa_type=Text, unique=True)
    person: str = Field(sa_type=Text)
    password_hash: str = Field(sa_type=Text)
    roles: list[str] = Field(sa_type=ARRAY(Text))
    areas: list[str] = Field(sa_type=ARRAY(Text))
    wrong_passwords: int = Field(default=0)
    rests_until: datetime | None = Field(default=None, sa_type=INSTANT)
    registered_at: datetime = Field(sa_type=INSTANT)
    dismissed_at: datetime | None = Field(default=None, sa_type=INSTANT)


class AccountEnding(Row, table=True):
    """That an account lost some of what it might do, and when; never changed."""

    __tablename__ = "account_ending"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject: str = Field(sa_type=Text)
    lost: list[str] = Field(sa_type=ARRAY(Text))
    ended_at: datetime = Field(sa_type=INSTANT, index=True)


class BrowserSession(Row, table=True):
    """Someone signed in at a browser; the browser's secret is kept here only as a hash.

    An `applicant` proved a telephone, not that the register knows them: it opens their cases alone.
    """

    __tablename__ = "browser_session"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    staff_id: UUID | None = Field(default=None, foreign_key="staff_member.id", index=True)
    person_id: UUID | None = Field(default=None, index=True)
    applicant: bool = Field(default=False, sa_column_kwargs={"server_default": sqlalchemy_false()})
    started_at: datetime = Field(sa_type=INSTANT)
    seen_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT, index=True)


class OneTimeCode(Row, table=True):
    """A code sent to a citizen's phone, bound to the browser that asked for it.

    A row without a person is made for an ID number nobody here has: it looks the same from
    outside and nothing opens it. `proves_sealed` is what an applicant said, to be believed once
    the code is said back, and is gone with the code.
    """

    __tablename__ = "one_time_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    browser_hash: bytes = Field(sa_type=LargeBinary, index=True)
    subject_hash: bytes = Field(sa_type=LargeBinary)
    form_key: str = Field(sa_type=Text)
    person_id: UUID | None = Field(default=None)
    proves_sealed: str | None = Field(default=None, sa_type=Text)
    code_hash: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=INSTANT)
    expires_at: datetime = Field(sa_type=INSTANT, index=True)
    tries: int = Field(default=0)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)


class Tried(StrEnum):
    """What is counted at the door."""

    CODE_ASKED = "code-asked"
    CODE_WRONG = "code-wrong"
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 # Names a count; nothing opens with it.


class SignInAttempt(Row, table=True):
    """One thing tried at the door, kept a day, so that limits can be counted."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_subject", "subject_hash", "tried", "at"),
        Index("ix_sign_in_attempt_peer", "peer", "tried", "at"),
        Index("ix_sign_in_attempt_network", "network", "tried", "at"),
        Index("ix_sign_in_attempt_at", "at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tried: str = Field(sa_type=Text)
    subject_hash: bytes = Field(sa_type=LargeBinary)
    peer: str = Field(sa_type=Text)
    network: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=INSTANT)


class Passage(Row, table=True):
    """One request that came through the door: the access log, without bodies or questions."""

    __tablename__ = "passage"
    __table_args__ = (Index("ix_passage_caller", "caller", "at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(sa_type=INSTANT)
    request_id: str = Field(sa_type=Text)
    caller: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    method: str = Field(sa_type=Text)
    path: str = Field(sa_type=Text)
    status: int
    milliseconds: int
    peer: str = Field(sa_type=Text)
