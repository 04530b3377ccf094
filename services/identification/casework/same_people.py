"""Cases of the same people: what was filed, decided and told in one is known in the others.

Whoever only supports somebody is not of their cases, nor is anybody of what is still only written.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from services.identification.casework import applicants
from services.identification.casework.applications import Application
from services.identification.casework.paths import UNDECIDED, all_paths
from services.identification.casework.tools import index_of
from services.identification.models import CaseAct, CaseFile, CasePerson
from shared.database import one_of
from shared.secrets import KeyRing

THEMSELVES: Final = ("applicant", "member")


def numbered(keys: KeyRing, application: Application) -> Mapping[bytes, str]:
    """Whoever lives together and has an ID number: its index, and by which key they are named."""
    living = (each for each in application.members if each.lives_together and each.id_number)
    return {index: each.key for each in living if (index := index_of(keys, each))}


def name_one_of(indexes: Iterable[bytes]) -> ColumnElement[bool]:
    """Cases one of these people applied in or is a member of, as the database filters by it."""
    theirs = select(col(CasePerson.case_id)).where(
        col(CasePerson.id_index).in_(list(indexes)), col(CasePerson.role).in_(THEMSELVES)
    )
    return col(CaseFile.id).in_(theirs)


def looked_at() -> ColumnElement[bool]:
    """Cases an officer took in: accepted, or about a household of the register and moved by staff
    since somebody handed it in, and not ended undecided."""
    moved = select(col(CaseAct.case_id)).where(
        col(CaseAct.case_id) == col(CaseFile.id),
        col(CaseAct.from_state) != col(CaseAct.to_state),
        ~one_of(col(CaseAct.from_state), {path.begins for path in all_paths().values()}),
        ~col(CaseAct.actor).startswith(applicants.CITIZENS),
    )
    of_register = col(CaseFile.household_id).is_not(None) & moved.correlate(CaseFile).exists()
    undecided = one_of(col(CaseFile.state), UNDECIDED)
    return (col(CaseFile.accepted_on).is_not(None) | of_register) & ~undecided


def members_of(case_ids: Collection[object]) -> ColumnElement[bool]:
    """The rows of whoever applied in these cases or is a member of them."""
    return col(CasePerson.case_id).in_(case_ids) & col(CasePerson.role).in_(THEMSELVES)
