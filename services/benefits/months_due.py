"""Past months of a household marked due by a named cause; a run recomputes these and no others.

A month is marked only if the family has already run it: what has not run yet needs no mark, and
what was paid before this system's first run of the family is not its to answer for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import run
from shared.months import Month


@dataclass(frozen=True, slots=True)
class Terms:
    """Where and when something is learned, and how far back it may mark months due."""

    county: str
    now: datetime
    arrears_months_max: int


class Cause(StrEnum):
    """Why a sum is owed; "regular" is the pay month itself."""

    REGULAR = "regular"
    DECISION = "decision-from-earlier-month"
    DEATH = "late-death"
    STANDARD = "standard-with-earlier-effect"
    CORRECTION = "decided-correction"
    APPEAL = "appeal-won"
    DOUBLE_BENEFIT = "double-benefit"
    HOLD = "released-from-hold"


@dataclass(frozen=True, slots=True)
class Wish:
    """Months a person marks due, with the paper that names the cause."""

    family: str
    first: Month
    last: Month
    cause: Cause
    paper: str
    households: Sequence[UUID] | None = None


INSERT: Final = """
INSERT INTO month_due (county, family, household_id, month, cause, reference, marked_at)
"""
# A mark that waits is enough. One that a run has taken is due anew: what that run froze does not
# hold what is marked for now, and its closing settles the mark no more.
ONCE: Final = """
ON CONFLICT (family, household_id, month, cause) WHERE settled_run_id IS NULL DO UPDATE
SET taken_run_id = NULL, reference = excluded.reference, marked_at = excluded.marked_at
WHERE month_due.taken_run_id IS NOT NULL
"""
# The months each family has run, as far back as a mark may reach.
_FROZEN: Final = """
frozen AS (
    SELECT family, greatest(min(pay_month), to_char(to_date(max(pay_month), 'YYYY-MM')
        - make_interval(months => :months_max), 'YYYY-MM')) AS first, max(pay_month) AS last
    FROM run
    WHERE county = :county AND kind = 'regular' AND learned_number IS NOT NULL AND :months_max > 0
    GROUP BY family
)
"""
_MONTHS: Final = """
CROSS JOIN LATERAL generate_series(
    to_date(greatest({first}, frozen.first), 'YYYY-MM')::timestamp,
    to_date(least({last}, frozen.last), 'YYYY-MM')::timestamp,
    interval '1 month') AS due
"""


async def mark_decisions(session: AsyncSession, terms: Terms, learned_number: int) -> int:
    """Mark the months already run that newly learned determinations speak of."""
    months = _MONTHS.format(
        first="determination.from_month", last="coalesce(determination.until_month, frozen.last)"
    )
    marked = await run(
        session,
        text(
            f"{INSERT} WITH {_FROZEN}"  # noqa: S608 # Words of this file only.
            " SELECT :county, frozen.family, household_id, to_char(due, 'YYYY-MM'), :cause,"
            "     min(determination_id::text), :now"
            f" FROM determination CROSS JOIN frozen {months}"
            " WHERE learned_number = :n AND programme IS NULL"
            f" GROUP BY frozen.family, household_id, due {ONCE}"
        ),
        _words(terms, Cause.DECISION) | {"n": learned_number},
    )
    return marked.rowcount


async def mark_deaths(session: AsyncSession, terms: Terms, learned_number: int) -> int:
    """Mark the months already run from the one in which somebody died, for their households."""
    months = _MONTHS.format(first="to_char(died_on, 'YYYY-MM')", last="frozen.last")
    marked = await run(
        session,
        text(
            f"{INSERT} WITH {_FROZEN}"  # noqa: S608 # Words of this file only.
            " SELECT :county, frozen.family, household_id, to_char(due, 'YYYY-MM'), :cause,"
            "     min(person_id::text), :now"
            " FROM death JOIN membership USING (person_id)"
            f" CROSS JOIN frozen {months}"
            " WHERE learned_number = :n"
            f" GROUP BY frozen.family, household_id, due {ONCE}"
        ),
        _words(terms, Cause.DEATH) | {"n": learned_number},
    )
    return marked.rowcount


async def mark_person(
    session: AsyncSession, terms: Terms, person_id: UUID, first: Month, last: Month, reference: str
) -> int:
    """Mark the months already run from one to another, both included, for the households of
    somebody whose part was left out of them, and is not any more."""
    months = _MONTHS.format(first=":first", last=":last")
    marked = await run(
        session,
        text(
            f"{INSERT} WITH {_FROZEN}"  # noqa: S608 # Words of this file only.
            " SELECT :county, frozen.family, household_id, to_char(due, 'YYYY-MM'), :cause,"
            "     :reference, cast(:now AS timestamptz)"
            f" FROM membership CROSS JOIN frozen {months}"
            f" WHERE person_id = :person {ONCE}"
        ),
        _words(terms, Cause.HOLD)
        | {
            "person": person_id,
            "first": str(first),
            "last": str(last),
            "reference": reference,
        },
    )
    return marked.rowcount


async def mark_named(session: AsyncSession, terms: Terms, wish: Wish) -> int:
    """Mark months of every household a decision covers in them, or of those named."""
    months = _MONTHS.format(
        first="greatest(:first, from_month)", last="least(:last, coalesce(until_month, :last))"
    )
    marked = await run(
        session,
        text(
            f"{INSERT} WITH {_FROZEN}"  # noqa: S608 # Words of this file only.
            " SELECT DISTINCT :county, frozen.family, household_id, to_char(due, 'YYYY-MM'),"
            "     :cause, :reference, cast(:now AS timestamptz)"
            f" FROM determination JOIN frozen ON frozen.family = :family {months}"
            " WHERE county = :county AND programme IS NULL"
            "     AND (:everyone OR household_id = ANY(:households))"
            f" {ONCE}"
        ),
        _words(terms, wish.cause)
        | {
            "family": wish.family,
            "first": str(wish.first),
            "last": str(wish.last),
            "reference": wish.paper,
            "everyone": wish.households is None,
            "households": list(wish.households or []),
        },
    )
    return marked.rowcount


def _words(terms: Terms, cause: Cause) -> dict[str, Any]:
    return {
        "county": terms.county,
        "now": terms.now,
        "months_max": terms.arrears_months_max,
        "cause": cause.value,
    }
