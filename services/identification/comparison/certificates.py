"""What the list of disability certificates says of somebody, as an alert that waits rests on it."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.comparison import alert_facts
from services.identification.models import Alert
from shared.secrets import KeyRing

_KIND: Final = "alert_disability"
"""The warning that is raised of whoever stands on the federation's list."""
_GRADE: Final = "listed_disability_grade"


async def listed_grades(
    session: AsyncSession, keys: KeyRing, files_dir: Path, county: str, person_id: UUID
) -> set[Any]:
    """The grades under which somebody was found on the list, by alerts that are not closed."""
    open_alerts = await session.exec(
        select(Alert).where(
            col(Alert.county) == county,
            col(Alert.person_id) == person_id,
            col(Alert.kind) == _KIND,
            col(Alert.closed_at).is_(None),
        )
    )
    return {_listed(files_dir, keys, each) for each in open_alerts.all()}


def _listed(files_dir: Path, keys: KeyRing, alert: Alert) -> Any:
    _, facts = alert_facts.kept(files_dir, keys, alert.comparison_id, alert.attempt)
    members = facts.household(alert.facts_row)["members"]
    of = {str(each["person_id"]): each["facts"] for each in members}
    return of[str(alert.person_id)].get(_GRADE)
