"""What benefits does when identification speaks: fetch by reference, accept whole, learn once.

What is said of another county is another's to act on.
"""

from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits import disputes, facts
from services.benefits.facts import Told
from services.benefits.months_due import Terms
from shared import audit, crash_points
from shared.bus import Listener
from shared.contracts.digest import ListDigest
from shared.contracts.identification import (
    DeathTakenBack,
    DisputeSettled,
    HouseholdDetermined,
    PersonDied,
    PersonDisputed,
    RosterImported,
)
from shared.outbox import first_time, once

ROSTERS: Final = "benefits-rosters"
DECISIONS: Final = "benefits-decisions"
DEATHS: Final = "benefits-deaths"
DEATHS_TAKEN_BACK: Final = "benefits-deaths-taken-back"
DISPUTES: Final = "benefits-disputes"
SETTLEMENTS: Final = "benefits-settlements"


async def on_roster_imported(context: Any, event: RosterImported) -> None:
    """Fetch an import's determinations page by page; learn all of them, or none.

    1. What an interrupted fetch laid aside is forgotten.
    2. Each page is laid aside in its own transaction, counted and hashed as it came.
    3. Only if count and hash are the announced ones does one transaction accept the whole.

    Raises:
        ListDiffers: they are not; the event is parked for a person to look at.
    """
    if event.county != context.settings.county:
        return
    async with context.database.transaction() as session:
        if await facts.is_learned(session, "roster", event.import_id):
            await first_time(session, event, ROSTERS)
            return
        await facts.forget_staged(session, event.import_id)
    digest = ListDigest()
    pages = context.peers["identification"].pages(
        "/determinations", {"import_id": str(event.import_id)}
    )
    async for page in pages:
        for item in page:
            digest.add(item)
        async with context.database.transaction() as session:
            await facts.stage(session, context.keys, event.county, event.import_id, page)
        crash_points.reach("benefits.page-staged")
    facts.agree(digest, event.determinations_count, event.determinations_sha256)
    async with context.database.transaction() as session:
        if not await first_time(session, event, ROSTERS):
            await facts.forget_staged(session, event.import_id)
            return
        learned = await facts.learn_staged(session, _terms(context), event.import_id)
        await audit.record(
            session,
            event.county,
            actor="identification",
            act="determinations-learned",
            subject=str(event.import_id),
            details={"announced": event.determinations_count, "new": learned},
        )
    crash_points.reach("benefits.import-learned")


async def on_household_determined(context: Any, event: HouseholdDetermined) -> None:
    """Fetch one determination and learn it."""
    if event.county != context.settings.county:
        return
    page = await context.peers["identification"].get(
        "/determinations", {"determination_id": str(event.determination_id)}
    )
    if len(page["items"]) != 1:
        raise facts.ListDiffers("one determination was announced")
    async with context.database.transaction() as session:
        if not await first_time(session, event, DECISIONS):
            return
        learned = await facts.learn_one(session, context.keys, _terms(context), page["items"][0])
        await audit.record(
            session,
            event.county,
            actor="identification",
            act="determination-learned",
            subject=str(event.determination_id),
            details={"household_id": str(event.household_id), "new": learned},
        )


@once(DEATHS)
async def on_person_died(session: AsyncSession, context: Any, event: PersonDied) -> None:
    """Learn a death; the months already run from it are due."""
    told = Told(event.person_id, event.died_on, event.occurred_at)
    await _learn_death(session, context, event, told, "death-learned")


@once(DEATHS_TAKEN_BACK)
async def on_death_taken_back(session: AsyncSession, context: Any, event: DeathTakenBack) -> None:
    """Learn that somebody is alive; what was not granted since their death is due."""
    told = Told(event.person_id, event.died_on, event.occurred_at, taken_back=True)
    await _learn_death(session, context, event, told, "death-taken-back")


@once(DISPUTES)
async def on_person_disputed(session: AsyncSession, context: Any, event: PersonDisputed) -> None:
    """Learn that a list says what would end somebody's part; months still to run hold it."""
    await facts.gate(session, alone=False)
    await disputes.learn(session, _terms(context), event)
    await audit.record(
        session,
        event.county,
        actor="identification",
        act="dispute-learned",
        subject=str(event.dispute_id),
        details={"reason": event.reason, "from_month": str(event.from_month)},
    )


@once(SETTLEMENTS)
async def on_dispute_settled(session: AsyncSession, context: Any, event: DisputeSettled) -> None:
    """Learn what became of a dispute; what was wrongly held is released."""
    await facts.gate(session, alone=False)
    released = await disputes.settle(session, _terms(context), event)
    await audit.record(
        session,
        event.county,
        actor="identification",
        act="dispute-settled",
        subject=str(event.dispute_id),
        details={"upheld": event.upheld, "released": released},
    )


async def _learn_death(
    session: AsyncSession, context: Any, event: PersonDied | DeathTakenBack, told: Told, act: str
) -> None:
    await facts.learn_death(session, _terms(context), event.event_id, told)
    await audit.record(
        session,
        event.county,
        actor="identification",
        act=act,
        subject=str(event.person_id),
    )


def _terms(context: Any) -> Terms:
    return Terms(context.settings.county, context.clock.now(), context.settings.arrears_months_max)


LISTENERS: Final = (
    Listener(RosterImported, ROSTERS, on_roster_imported),
    Listener(HouseholdDetermined, DECISIONS, on_household_determined),
    Listener(PersonDied, DEATHS, on_person_died),
    Listener(DeathTakenBack, DEATHS_TAKEN_BACK, on_death_taken_back),
    Listener(PersonDisputed, DISPUTES, on_person_disputed),
    Listener(DisputeSettled, SETTLEMENTS, on_dispute_settled),
)
