"""What effects work with, and how a case's words are sealed and its people found again."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import coded, people
from services.identification.casework.applications import Application, Member
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseFile
from shared.secrets import KeyRing


class Tools(Protocol):
    """As much of a desk as most effects work with."""

    @property
    def session(self) -> AsyncSession:
        """The transaction."""

    @property
    def keys(self) -> KeyRing:
        """What seals and finds again."""

    @property
    def now(self) -> datetime:
        """When it is done."""


Effect = Callable[[Desk, Standing], Awaitable[Mapping[str, Any] | None]]
"""What an act does; what it found out on the way is kept among the words of the act."""


def seal_application(keys: KeyRing, case_id: UUID, application: Application) -> str:
    """The application as it lies in the database."""
    return keys.encrypt(
        application.model_dump_json(), table="case_file", column="content_sealed", row=case_id
    )


def application_of(keys: KeyRing, case: CaseFile) -> Application:
    """What a case says."""
    content = keys.decrypt(
        case.content_sealed, table="case_file", column="content_sealed", row=case.id
    )
    return Application.model_validate_json(content)


def coded_of(member: Member) -> coded.Coded:
    """A member without an ID number, as the register is asked for them."""
    assert member.temporary_code is not None, "a code is issued with what is written"
    assert member.born_on is not None, "without an ID number the date of birth is said"
    return coded.Coded(
        key=member.key,
        code=member.temporary_code,
        name=member.name,
        born_on=member.born_on,
        reason=member.no_id_reason or "",
    )


def index_of(keys: KeyRing, member: Member) -> bytes | None:
    """What a member is found by: the keyed index of the ID number, or of the code."""
    if member.id_number is None:
        code = member.temporary_code
        return None if code is None else coded.index_of(keys, code)
    return people.index_of(keys, member.id_number)
