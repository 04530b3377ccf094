"""Who applies for others: kept with each case, and listed village by village."""

from datetime import date
from typing import Any, Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import names
from services.identification.casework.applications import Proxy
from services.identification.casework.queues import row
from services.identification.models import CaseFile, CasePerson
from services.identification.people import index_of
from shared import audit
from shared.callers import Caller
from shared.problems import Forbidden
from shared.secrets import KeyRing

ROLE: Final = "proxy"
KEY: Final = "_proxy"
"""No member has such a key: theirs are letters, digits and hyphens."""
CASES_MAX: Final = 2_000


class VillageNotYours(Forbidden):
    """The village is not of your area."""


def row_of(keys: KeyRing, case: CaseFile, proxy: Proxy) -> CasePerson:
    """The proxy among the people a case is found by."""
    return CasePerson(
        county=case.county,
        case_id=case.id,
        person_key=KEY,
        role=ROLE,
        name=proxy.name,
        name_sort=names.sort_key(proxy.name),
        id_index=index_of(keys, proxy.id_number),
    )


async def of_village(
    session: AsyncSession, caller: Caller, today: date, village: str
) -> list[dict[str, Any]]:
    """Everybody who applied for somebody of a village, with their cases, the busiest first.

    Raises:
        VillageNotYours: it is not of the caller's area.
    """
    if not caller.may_see(village):
        raise VillageNotYours()
    statement = (
        select(CasePerson, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(CasePerson.case_id))
        .where(col(CasePerson.role) == ROLE, col(CaseFile.village) == village)
        .order_by(col(CaseFile.id).desc())
        .limit(CASES_MAX)
    )
    found: dict[bytes | None, dict[str, Any]] = {}
    for proxy, case in await session.exec(statement):
        one = found.setdefault(proxy.id_index, {"name": proxy.name, "cases": []})
        one["cases"].append(row(case, today))
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="proxies-read",
        subject=village,
        details={"proxies": len(found)},
    )
    return sorted(found.values(), key=lambda each: -len(each["cases"]))
