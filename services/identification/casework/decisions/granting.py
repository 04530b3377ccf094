"""What grants something, each effect by the name the tables use; an appeal grants by the same."""

from typing import Final

from services.identification.casework.decisions import aid, grants, statuses
from services.identification.casework.tools import Effect

GRANTING: Final[dict[str, Effect]] = {
    "grant_dibao": grants.grant_dibao,
    "grant_tekun": grants.grant_tekun,
    "grant_disability": grants.grant_disability,
    "grant_old_age": grants.grant_old_age,
    "grant_edge": statuses.grant_edge,
    "grant_rigid_spending": statuses.grant_rigid_spending,
    "grant_single_person": statuses.grant_single_person,
    "grant_child": statuses.grant_child,
    "grant_aid": aid.grant_aid,
}
