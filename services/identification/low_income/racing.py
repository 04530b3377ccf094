"""What two write at the same moment: whoever comes second looks again, and does the rest."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from psycopg.errors import UniqueViolation
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import run

ONCE: Final = "uq_low_income_person_county_id_index"
ONE_GROUP: Final = "uq_low_income_entry_current"
TRIES_MAX: Final = 5
_ONE_LIST: Final = text("SELECT pg_advisory_xact_lock(hashtext('low-income-lists'))")
Result = TypeVar("Result")


async def one_list_at_a_time(session: AsyncSession) -> None:
    """Wait until no other list is being taken in: each goes through the same people, in an order of
    its own."""
    await run(session, _ONE_LIST)


async def looking_again(session: AsyncSession, attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Do something in a part of the transaction, and anew where another was first to enter somebody
    or to put them into a group: then they are there to be looked up."""
    for _ in range(TRIES_MAX - 1):
        try:
            async with session.begin_nested():
                return await attempt()
        except (IntegrityError, UniqueViolation) as problem:
            if _constraint(problem) not in {ONCE, ONE_GROUP}:
                raise
    return await attempt()


def _constraint(problem: IntegrityError | UniqueViolation) -> str | None:
    violated = problem.orig if isinstance(problem, IntegrityError) else problem
    return violated.diag.constraint_name if isinstance(violated, UniqueViolation) else None
