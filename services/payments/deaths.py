"""A death told after a run was closed: what is ordered for later months is held, not paid.

The month of death is still paid. A line that is in an envelope already is kept back at its release:
the envelope is voided and made again, and what is ordered then is held before it is screened. The
head may overrule a hold, with a reason, where the death was told of the wrong one.

Next attempts are not looked at here: an order that failed cannot be held, and without its account
put in order again by somebody it is not tried again. What a death held that was told in error goes
on when it is taken back.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import places
from services.payments.holds import HeadOverrules
from services.payments.models import Envelope, Hold
from services.payments.places import Place
from services.payments.screening import CIVIL_AFFAIRS
from shared import audit
from shared.callers import Caller
from shared.contracts.identification import DeathTakenBack, PersonDied
from shared.database import run
from shared.months import civil_date
from shared.outbox import once
from shared.problems import Conflict

CONSUMER: Final = "payments-deaths"
CONSUMER_TAKEN_BACK: Final = "payments-deaths-taken-back"
REASON: Final = "died"
# What nobody overruled of a death that the last word on the person takes back.
_LET_GO: Final = text("""
    UPDATE hold SET released_at = :now, released_by = 'identification',
        release_reason = 'death-taken-back'
    FROM payment_order JOIN person_death ON person_death.person_id = payment_order.beneficiary_id
    WHERE hold.line_id = payment_order.line_id AND hold.reason = 'died'
        AND hold.released_at IS NULL AND hold.county = :county AND person_death.taken_back
        AND payment_order.status = 'held' AND payment_order.beneficiary_id = :id
    RETURNING hold.line_id
""")

# Our own SQL condition on payment_order and person_death.
_AFTER_DEATH: Final = """
    person_death.person_id = payment_order.beneficiary_id AND NOT person_death.taken_back
    AND person_death.county = payment_order.county
    AND payment_order.beneficiary_kind = 'person'
    AND payment_order.month > to_char(person_death.died_on, 'YYYY-MM')
    AND NOT EXISTS (
        SELECT FROM hold WHERE hold.line_id = payment_order.line_id
            AND hold.reason = 'died' AND hold.released_at IS NOT NULL
    )
"""


class BeneficiaryDied(Conflict):
    """Somebody in the envelope died before the month paid; void the envelope and make it again."""


@once(CONSUMER)
async def hear(session: AsyncSession, context: Any, event: PersonDied) -> None:
    """Remember a death, and hold what is ordered for the months after it."""
    place = places.load(context.settings.county, context.settings.places_dir)
    now = context.clock.now()
    await _remember(session, event, now, taken_back=False)
    await _hold(
        session,
        event.county,
        place,
        now,
        actor="identification",
        which="payment_order.beneficiary_id = :id",
        of=event.person_id,
    )


@once(CONSUMER_TAKEN_BACK)
async def hear_taken_back(session: AsyncSession, context: Any, event: DeathTakenBack) -> None:
    """Forget a death that was told in error, and let go on what it held."""
    now = context.clock.now()
    await _remember(session, event, now, taken_back=True)
    words = {"county": event.county, "id": event.person_id, "now": now}
    lines = [row.line_id for row in await run(session, _LET_GO, words)]
    await run(
        session,
        text("UPDATE payment_order SET status = 'ordered' WHERE line_id = ANY(:lines)"),
        {"lines": lines},
    )
    await audit.record(
        session,
        event.county,
        actor="identification",
        act="death-taken-back",
        subject=str(event.person_id),
        details={"lines": len(lines)},
    )


async def _remember(
    session: AsyncSession, event: PersonDied | DeathTakenBack, now: datetime, *, taken_back: bool
) -> None:
    """What was told last of a person, in whichever order it is heard."""
    await run(
        session,
        text(
            "INSERT INTO person_death (county, person_id, died_on, taken_back, told_at, heard_at)"
            " VALUES (:county, :person_id, :died_on, :taken_back, :told_at, :now)"
            " ON CONFLICT (person_id) DO UPDATE SET died_on = EXCLUDED.died_on,"
            " taken_back = EXCLUDED.taken_back, told_at = EXCLUDED.told_at,"
            " heard_at = EXCLUDED.heard_at"
            " WHERE coalesce(person_death.told_at, person_death.heard_at) <= EXCLUDED.told_at"
        ),
        {
            "county": event.county,
            "person_id": event.person_id,
            "died_on": event.died_on,
            "taken_back": taken_back,
            "told_at": event.occurred_at,
            "now": now,
        },
    )


async def hold(
    session: AsyncSession, county: str, place: Place, now: datetime, *, actor: str, run_id: UUID
) -> list[dict[str, Any]]:
    """Hold a run's orders of people who died before their months; the sums, as screening's."""
    return await _hold(
        session,
        county,
        place,
        now,
        actor=actor,
        which="payment_order.run_id = :id",
        of=run_id,
    )


async def refuse_if_died(session: AsyncSession, envelope: Envelope) -> None:
    """Let no first attempt out that pays somebody for a month after their death.

    Raises:
        BeneficiaryDied: it would.
    """
    if envelope.attempt > 1:
        return
    found = await run(
        session,
        text(
            f"""
            SELECT count(*) FROM transfer
            JOIN transfer_order ON transfer_order.transfer_id = transfer.id
            JOIN payment_order USING (line_id) JOIN person_death ON {_AFTER_DEATH}
            WHERE transfer.envelope_id = :id AND NOT transfer_order.voided
            """  # noqa: S608 # Our own condition.
        ),
        {"id": envelope.id},
    )
    if died := int(found.scalar_one()):
        raise BeneficiaryDied(f"{died} of {envelope.orders_count} orders", died=died)


async def refuse_unless_head(session: AsyncSession, caller: Caller, hold_id: int) -> None:
    """Let nobody who makes payouts say alone that the dead are to be paid.

    Raises:
        HeadOverrules: the hold is for a death, and the caller does not check payouts.
    """
    known = await session.get(Hold, hold_id)
    if known is not None and known.reason == REASON and not caller.has("payouts:check"):
        raise HeadOverrules("ask the head", reason=REASON)


async def _hold(
    session: AsyncSession,
    county: str,
    place: Place,
    now: datetime,
    *,
    actor: str,
    which: str,
    of: UUID,
) -> list[dict[str, Any]]:
    # One statement: only a line that was still ordered when it was locked is held.
    found = await run(
        session,
        text(
            f"""
            WITH kept_back AS (
                UPDATE payment_order SET status = 'held' FROM person_death
                WHERE {_AFTER_DEATH} AND payment_order.county = :county
                    AND payment_order.status = 'ordered' AND {which}
                RETURNING payment_order.line_id, payment_order.amount_fen
            ),
            written AS (
                INSERT INTO hold (county, line_id, reason, owner, limit_on, opened_at)
                SELECT :county, line_id, :reason, :owner, :limit_on, :now FROM kept_back
            )
            SELECT count(*) AS lines, coalesce(sum(amount_fen), 0)::bigint AS total_fen
            FROM kept_back
            """  # noqa: S608 # Our own conditions.
        ),
        {
            "county": county,
            "id": of,
            "reason": REASON,
            "owner": CIVIL_AFFAIRS,
            "limit_on": place.working_days_after(civil_date(now), place.hold_working_days),
            "now": now,
        },
    )
    sums = found.one()
    if not sums.lines:
        return []
    held = [{"reason": REASON, "count": sums.lines, "total_fen": sums.total_fen}]
    await audit.record(
        session, county, actor=actor, act="lines-held", subject=str(of), details={"held": held}
    )
    return held
