"""Which households and months a run answers for, and which determination speaks for each.

A regular run answers for everybody's pay month, a one-off one for everybody a decision gives its
programme in that month, a supplementary one for those who were held in it
and are released since; both also for the past months marked due.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits.differences import Before, Key
from services.benefits.models import Run
from services.benefits.months_due import Cause
from shared.contracts.benefits import RunKind
from shared.database import run
from shared.months import Month

Causes = dict[str, Cause]


@dataclass
class Scope:
    """What a run answers for: every household's pay month, or only those named, by month."""

    pay_month: str
    everyone: bool
    due: dict[str, Causes] = field(default_factory=dict)

    def months(self) -> list[str]:
        """The months in order."""
        return sorted({*self.due, self.pay_month} if self.everyone else self.due)

    def covers(self, household_id: str, month: str) -> bool:
        """Whether the run answers for this household's month."""
        return (self.everyone and month == self.pay_month) or household_id in self.due.get(
            month, {}
        )

    def cause(self, household_id: str, month: str) -> Cause:
        """Why it answers for it."""
        if self.everyone and month == self.pay_month:
            return Cause.REGULAR
        return self.due[month][household_id]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A determination that speaks for a household from one month to another, both included."""

    determination_id: str
    first: str
    last: str


async def find(session: AsyncSession, of: Run, programmes: Sequence[str]) -> Scope:
    """The scope of a run, with the marks in it taken by it."""
    scope = Scope(of.pay_month, everyone=of.kind != RunKind.SUPPLEMENTARY)
    if not scope.everyone:
        released = await run(session, text(_RELEASED), _words(of))
        scope.due[of.pay_month] = {row.household_id: Cause.HOLD for row in released}
        # Whoever shares a person with them is read too, or nobody would see that it is shared.
        sharing = await run(session, text(_SHARING), {"households": list(scope.due[of.pay_month])})
        scope.due[of.pay_month] |= {row.household_id: Cause.HOLD for row in sharing}
    marks = await run(
        session,
        text(_TAKE),
        _words(of)
        | {"everyone": scope.everyone, "households": list(scope.due.get(of.pay_month, {}))},
    )
    for row in sorted(marks, key=lambda row: int(row.number)):
        causes = scope.due.setdefault(row.month, {})
        causes.setdefault(row.household_id, Cause(row.cause))
    await _follow_people(session, scope, programmes)
    return scope


async def determinations(
    session: AsyncSession, county: str, scope: Scope, decided_for: str | None
) -> dict[str, list[Spoken]]:
    """For each household of the scope, who speaks for its months; runs of months are joined.

    Decisions of one programme that is given once speak for it alone, and for nothing else.
    """
    found: dict[str, list[Spoken]] = {}
    for month in scope.months():
        rows = await run(
            session,
            text(_SPEAKS),
            {
                "county": county,
                "month": month,
                "decided_for": decided_for,
                "everyone": scope.everyone and month == scope.pay_month,
                "households": list(scope.due.get(month, {})),
            },
        )
        before = str(Month.parse(month).previous())
        for row in rows:
            spoken = found.setdefault(row.household_id, [])
            last = spoken[-1] if spoken else None
            if (
                last is not None
                and last.last == before
                and last.determination_id == row.determination_id
            ):
                spoken[-1] = Spoken(last.determination_id, last.first, month)
            else:
                spoken.append(Spoken(row.determination_id, month, month))
    return found


async def granted_before(
    session: AsyncSession, county: str, months: Iterable[str], programmes: Sequence[str]
) -> dict[Key, Before]:
    """What stands granted and proposed for these months."""
    rows = await run(
        session,
        text(_BEFORE),
        {"county": county, "months": list(months), "programmes": list(programmes)},
    )
    return {
        Key(row.beneficiary_id, row.programme, row.month): Before(
            beneficiary_kind=row.beneficiary_kind,
            household_id=row.household_id,
            village=row.village,
            budget_item=row.budget_item,
            granted_fen=int(row.granted_fen),
            proposed_fen=int(row.proposed_fen),
            differences=row.differences,
        )
        for row in rows
    }


async def _follow_people(session: AsyncSession, scope: Scope, programmes: Sequence[str]) -> None:
    """Bring in the households to which people moved who were granted something in a due month.

    A month of a person is judged where the person now stands in it, or what was granted there
    would look as if it were not owed.
    """
    fresh: Mapping[str, Causes] = scope.due
    while any(fresh.values()):
        pairs = [
            (month, household_id) for month, causes in fresh.items() for household_id in causes
        ]
        moved = await run(
            session,
            text(_MOVED),
            {
                "months": [month for month, _ in pairs],
                "households": [household_id for _, household_id in pairs],
                "programmes": list(programmes),
            },
        )
        fresh = {}
        for row in moved:
            if not scope.covers(row.household_id, row.month):
                causes = fresh.setdefault(row.month, {})
                causes[row.household_id] = scope.cause(row.granted_in, row.month)
        for month, causes in fresh.items():
            scope.due[month].update(causes)


def _words(of: Run) -> dict[str, object]:
    return {
        "county": of.county,
        "family": of.family,
        "pay_month": of.pay_month,
        "run_id": of.id,
    }


_RELEASED: Final = """
SELECT DISTINCT hold.household_id::text
FROM hold JOIN run ON run.id = hold.run_id
WHERE run.county = :county AND run.family = :family AND run.pay_month = :pay_month
    AND run.status = 'closed' AND hold.released_at IS NOT NULL AND hold.settled_run_id IS NULL
"""

_SHARING: Final = """
SELECT DISTINCT other.household_id::text
FROM membership AS released JOIN membership AS other USING (person_id)
WHERE released.household_id = ANY(cast(:households AS uuid[]))
"""

_TAKE: Final = """
UPDATE month_due SET taken_run_id = :run_id
WHERE county = :county AND family = :family AND month <= :pay_month AND settled_run_id IS NULL
    AND (:everyone OR household_id = ANY(cast(:households AS uuid[])))
RETURNING number, household_id::text, month, cause
"""

_SPEAKS: Final = """
SELECT DISTINCT ON (household_id) household_id::text, determination_id::text
FROM determination
WHERE county = :county AND from_month <= :month AND coalesce(until_month, :month) >= :month
    AND programme IS NOT DISTINCT FROM :decided_for
    AND (:everyone OR household_id = ANY(cast(:households AS uuid[])))
ORDER BY household_id, recorded_at DESC, determination_id DESC
"""

_BEFORE: Final = """
SELECT beneficiary_id::text, programme, month,
    min(beneficiary_kind) AS beneficiary_kind,
    (array_agg(household_id::text ORDER BY difference DESC))[1] AS household_id,
    (array_agg(village ORDER BY difference DESC))[1] AS village,
    (array_agg(budget_item ORDER BY difference DESC))[1] AS budget_item,
    sum(granted_fen) AS granted_fen, sum(proposed_fen) AS proposed_fen,
    max(difference) AS differences
FROM (
    SELECT beneficiary_id, programme, month, beneficiary_kind, household_id, village, budget_item,
        difference, amount_fen AS granted_fen, 0 AS proposed_fen
    FROM entitlement_line
    WHERE county = :county AND month = ANY(:months) AND programme = ANY(:programmes)
    UNION ALL
    SELECT beneficiary_id, programme, month, beneficiary_kind, household_id, village, budget_item,
        difference, 0, amount_fen
    FROM proposed_recovery
    WHERE county = :county AND month = ANY(:months) AND programme = ANY(:programmes)
) AS differences
GROUP BY beneficiary_id, programme, month
"""

_MOVED: Final = """
SELECT DISTINCT membership.household_id::text, due.month,
    due.household_id::text AS granted_in
FROM unnest(cast(:months AS text[]), cast(:households AS uuid[])) AS due (month, household_id)
JOIN entitlement_line AS line
    ON line.household_id = due.household_id AND line.month = due.month
    AND line.beneficiary_kind = 'person' AND line.programme = ANY(:programmes)
JOIN membership ON membership.person_id = line.beneficiary_id
WHERE membership.household_id <> due.household_id
"""
