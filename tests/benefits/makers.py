"""Readable makers of what benefits is told: households, members, deaths, and who asks."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.callers import Caller, Kind
from shared.ids import new_id

COUNTY = "511425"
VILLAGE = "511425100201"
NOT_APPLICABLE = "not-applicable"
OCTOBER = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)

URBAN, RURAL = 1, 2


def a_person(**facts: Any) -> dict[str, Any]:
    """A member of forty who gets nothing of their own, unless the test says more."""
    person_id = str(facts.pop("person_id", None) or new_id())
    since, until = facts.pop("since", None), facts.pop("until", None)
    known = {
        "born_on": 19860512,
        "died_on": NOT_APPLICABLE,
        "on_tekun": 0,
        "care_mode": NOT_APPLICABLE,
        "self_care": NOT_APPLICABLE,
        "disability_grade": NOT_APPLICABLE,
        "disability_kind": NOT_APPLICABLE,
        "on_disability_living": 0,
        "on_disability_nursing": 0,
        "on_old_age": 0,
    }
    return {"person_id": person_id, "since": since, "until": until, "facts": {**known, **facts}}


def a_household(
    *members: dict[str, Any],
    household_id: object = None,
    from_month: str = "2026-10",
    until_month: str | None = None,
    village: str = VILLAGE,
    recorded_at: datetime = OCTOBER,
    income_fen: int | None = 0,
    registration: int = RURAL,
    on_dibao: int = 1,
    programme: str | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """A determination of a rural household on dibao without income; one member if none is given."""
    return {
        "determination_id": str(new_id()),
        "household_id": str(household_id or new_id()),
        "village": village,
        "from_month": from_month,
        "until_month": until_month,
        "decided_on": "2026-09-20",
        "recorded_at": recorded_at.isoformat(),
        "facts": {
            "registration": registration,
            "on_dibao": on_dibao,
            "income_fen_monthly": income_fen,
            **facts,
        },
        **({"programme": programme} if programme else {}),
        "members": list(members) or [a_person()],
    }


def staff(name: str, *scopes: str, areas: tuple[str, ...] = (COUNTY,), person: str = "") -> Caller:
    """Somebody at a desk."""
    return Caller(name, Kind.STAFF, COUNTY, person or f"person-{name}", frozenset(scopes), areas)


def citizen(person_id: str) -> Caller:
    """Somebody looking at their own."""
    return Caller(person_id, Kind.CITIZEN, COUNTY, person_id, frozenset({"lines:read"}))


WANG_FANG = staff("wang.fang", "runs:make", "runs:read", "lines:read")
LI_QIANG = staff("li.qiang", "runs:check", "runs:read")
PAYMENTS = Caller(
    "payments", Kind.SERVICE, COUNTY, "payments", frozenset({"lines:read"}), (COUNTY,)
)


@dataclass
class Cast:
    """Ids a test speaks of by name."""

    ids: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        """The same id for the same name."""
        return self.ids.setdefault(name, str(new_id()))


def uuid(text: str) -> UUID:
    """An id as the code holds it."""
    return UUID(text)
