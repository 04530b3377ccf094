"""Two people sign the list they saw; the second signature closes the run and says so."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import closing, facts, packs, stages
from services.benefits.models import Run, RunSignature, RunStatus
from shared import audit, crash_points
from shared.callers import Caller
from shared.database import run
from shared.problems import Conflict, Forbidden
from shared.secrets import KeyRing


class Role(StrEnum):
    """In whose office somebody signs."""

    MAKER = "maker"
    HEAD = "head"


SCOPES: Final = {Role.MAKER: "runs:make", Role.HEAD: "runs:check"}


class NotYours(Forbidden):
    """This office is not the caller's."""


class NotCalculated(Conflict):
    """The run has no list to sign."""


class ListDiffers(Conflict):
    """The run's list is not the one that was signed for."""


class MakerFirst(Conflict):
    """The maker signs before the head."""


class NeedsAnotherPerson(Conflict):
    """Maker and head are two different people."""

    constraint = "uq_run_signature_run_id_attempt_person"


class AlreadySigned(Conflict):
    """Somebody else has signed in this office."""

    constraint = "pk_run_signature"


class FactsHaveMoved(Conflict):
    """Something was learned or granted since that this run must know; recalculate it."""


class LawHasChanged(Conflict):
    """The law is no longer the one this run was calculated by; recalculate it."""


class NumbersUnconfirmed(Conflict):
    """A number this run may rest on is not confirmed; nobody is paid by it."""


async def sign(
    session: AsyncSession,
    keys: KeyRing,
    law: policies.Law,
    run_id: UUID,
    role: Role,
    list_sha256: str,
    caller: Caller,
    now: datetime,
) -> Run:
    """One person's name under the list; with the second, the run is closed.

    `law` is read anew for each signature: a number changed since the run was calculated counts.

    Raises:
        NotYours, NotCalculated, ListDiffers, MakerFirst, NeedsAnotherPerson, AlreadySigned,
        LawHasChanged, NumbersUnconfirmed: as they say.
        FactsHaveMoved: a death or another run of the family came in between.
    """
    if not caller.has(SCOPES[role]):
        raise NotYours(f"{role} signs with {SCOPES[role]}")
    await facts.gate(session, alone=False)
    of = await stages.get(session, run_id, locked=True)
    person = caller.person or caller.subject
    signed = await _signatures(session, of)
    mine = signed.get(role)
    if mine is not None and (mine.person, mine.list_sha256) == (person, list_sha256):
        return of
    if of.status != RunStatus.CALCULATED:
        raise NotCalculated(f"the run is {of.status}")
    if mine is not None:
        raise AlreadySigned(f"the {role} has signed")
    if list_sha256 != of.list_sha256:
        raise ListDiffers("look at the list again", list_sha256=of.list_sha256)
    if role == Role.HEAD and Role.MAKER not in signed:
        raise MakerFirst
    if any(other.person == person for other in signed.values()):
        raise NeedsAnotherPerson
    _refuse_other_law(law, of)
    await _refuse_moved_facts(session, of)
    session.add(
        RunSignature(
            run_id=of.id,
            attempt=of.attempt,
            role=role,
            county=of.county,
            subject=caller.subject,
            person=person,
            list_sha256=list_sha256,
            signed_at=now,
        )
    )
    await session.flush()
    if role == Role.HEAD:
        crash_points.reach("benefits.run-signed-before-close")
        of = await closing.close(session, keys, law, of, now)
    await audit.record(
        session,
        of.county,
        actor=caller.subject,
        act=f"run-signed-by-{role}",
        subject=str(of.id),
        details={"list_sha256": list_sha256, "status": of.status},
    )
    return of


async def of_run(session: AsyncSession, of: Run) -> list[RunSignature]:
    """Who has signed the list as it stands."""
    return list((await _signatures(session, of)).values())


async def _signatures(session: AsyncSession, of: Run) -> dict[str, RunSignature]:
    found = await session.exec(
        select(RunSignature).where(RunSignature.run_id == of.id, RunSignature.attempt == of.attempt)
    )
    return {each.role: each for each in found}


def _refuse_other_law(law: policies.Law, of: Run) -> None:
    """A demonstration says what it is on its face; other places pay by confirmed numbers only."""
    if law.sha256 != of.policy_sha256:
        raise LawHasChanged("calculate it by the present one", policy_sha256=law.sha256)
    if not law.place.demonstration:
        numbers = packs.unconfirmed(law, of.family, of.pay_month)
        if numbers:
            raise NumbersUnconfirmed(f"{len(numbers)} numbers", numbers=numbers)


async def _refuse_moved_facts(session: AsyncSession, of: Run) -> None:
    """A death told since, of somebody in this list; or another run of the family closed since."""
    dead = await run(
        session,
        text(_DEATHS_SINCE),
        {"run_id": of.id, "county": of.county, "learned": of.learned_number},
    )
    deaths = dead.scalar_one()
    if deaths:
        raise FactsHaveMoved(f"{deaths} deaths were told since", run_id=str(of.id))
    if await stages.closed_of_family(session, of) != of.closed_before:
        raise FactsHaveMoved("another run of the family was closed", run_id=str(of.id))


_DEATHS_SINCE: Final = """
SELECT count(DISTINCT death.person_id)
FROM death
JOIN membership USING (person_id)
JOIN draft_line AS line ON line.household_id = membership.household_id
WHERE death.county = :county AND death.learned_number > :learned AND line.run_id = :run_id
    AND line.month >= to_char(death.died_on, 'YYYY-MM')
"""
