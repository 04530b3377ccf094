"""By which id alerts know somebody of an application whom the register does not know.

It is the same every month, so that nothing is raised of them twice, and not to be guessed without
our key: an alert names its case, and an ID number has few digits nobody knows.
"""

from typing import Any, Final
from uuid import UUID

from services.identification import id_numbers
from services.identification.casework.applications import Application
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
