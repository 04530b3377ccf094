"""What effects work with, and how a case's words are sealed and its people found again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers
from services.identification.casework.applications import Application, Member
from services.identification.casework.standing import Standing
from services.identification.people import INDEX_COLUMN
from shared.secrets import KeyRing


@dataclass(frozen=True)
class Tools:
    """What effects work with."""

    session: AsyncSession
    keys: KeyRing
    now: datetime


Effect = Callable[[Tools, Standing], Awaitable[None]]


def seal_application(keys: KeyRing, case_id: UUID, application: Application) -> str:
    """The application as it lies in the database."""
    return keys.encrypt(
        application.model_dump_json(), table="case_file", column="content_sealed", row=case_id
    )


def index_of(keys: KeyRing, member: Member) -> bytes | None:
    """The keyed index of a member's ID number."""
    if member.id_number is None:
        return None
    return keys.blind_index(id_numbers.normalise(member.id_number), column=INDEX_COLUMN)
