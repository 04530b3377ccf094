"""By which id alerts know somebody of an application whom the register does not know.

It is the same every month, so that nothing is raised of them twice, and not to be guessed without
our key: an alert names its case, and an ID number has few digits nobody knows.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers
from services.identification.casework.applications import Application
from shared.database import run
from shared.secrets import KeyRing

_COLUMN: Final = "alert.applicant"


def id_of(keys: KeyRing, case_id: UUID, number: str) -> UUID:
    """The id of whoever stands in a case by this number."""
    return UUID(bytes=keys.blind_index(f"{case_id}|{number}", column=_COLUMN)[:16])


def numbers_of(case: Any, keys: KeyRing) -> list[str]:
    """The ID numbers of an application's members, as far as they are written down."""
    content = keys.decrypt(
        case.content_sealed, table="case_file", column="content_sealed", row=case.id
    )
    members = Application.model_validate_json(content).members
    numbers = (id_numbers.normalise(each.id_number or "") for each in members)
    return [each for each in numbers if len(each) == 18 and each[:17].isdigit()]


async def rename(session: AsyncSession, keys: KeyRing) -> None:
    """Alerts raised under an id that could be guessed are known by the other from now on."""
    pairs = [
        {"case": case.id, "before": before, "now": now}
        for case in (await run(session, text(_RAISED))).all()
        for before, now in _ids(case, keys)
    ]
    if pairs:
        await run(session, text(_RENAME), pairs)


def _ids(case: Any, keys: KeyRing) -> Iterator[tuple[UUID, UUID]]:
    for number in numbers_of(case, keys):
        guessed = UUID(bytes=sha256(case.id.bytes + number.encode()).digest()[:16])
        if guessed in case.subjects:
            yield guessed, id_of(keys, case.id, number)


_RAISED: Final = """
SELECT case_file.id, content_sealed, array_agg(subject_id) AS subjects
FROM case_file JOIN alert ON alert.case_id = case_file.id AND subject_id <> case_file.id
GROUP BY case_file.id
"""
_RENAME: Final = """
UPDATE alert SET subject_id = :now WHERE case_id = :case AND subject_id = :before
"""
