"""What a bank said moves money in our books: once, whole, and only where it fits what we know.

Each answer gets a verdict. `applied` moved its transfer; `noted` is an acceptance; `repeat` says
what is so already; anything else is a discrepancy, listed, with its money untouched:
    unknown-id, other-bank, not-fetched   it is not a payment this bank has of us
    amount-differs                        by a fen or more
    contradicts-itself                    one file says that it settled and that it did not
    not-understood, called-duplicate      not a definite answer; ask, and send nothing
    file-refused-after-acceptance, file-refused-without-reason
                                          a word about the whole file is no definite answer then
    settled-after-refusal, settled-after-return, refused-after-settlement, returned-after-refusal
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import ledger, payee_answers
from services.payments.banks.reasons import all_reasons
from services.payments.models import ResultFile
from services.payments.states import ResultStatus
from shared import audit, crash_points, outbox
from shared.contracts.payments import LinesReturned, LinesSettled
from shared.database import Database, run
from shared.months import civil_date
from shared.problems import Conflict, Malformed

SETTLER: Final = "payments"


class AllUnknown(Malformed):
    """Not one payment in the file is known to us; nothing was applied."""


class AnsweredBeforeFetched(Conflict):
    """The file answers an envelope its bank has not fetched; nothing was applied."""


# Acceptances, settlements and refusals first, then what came back: one file may say both.
_FIRST: Final = "answer.outcome <> 'returned'"
_THEN: Final = "answer.outcome = 'returned'"

_JUDGE: Final = """
    INSERT INTO judged
    SELECT answer.position, answer.outcome, answer.reason, answer.booked_on, answer.amount_fen,
        transfer.id, transfer.status, transfer.amount_fen, envelope.id, envelope.fund,
        envelope.pay_month,
        CASE
            WHEN transfer.id IS NULL THEN 'unknown-id'
            WHEN envelope.bank <> :bank THEN 'other-bank'
            WHEN envelope.status NOT IN ('fetched', 'answered') THEN 'not-fetched'
            WHEN answer.amount_fen <> transfer.amount_fen THEN 'amount-differs'
            WHEN answer.outcome = 'unknown' THEN 'not-understood'
            WHEN answer.outcome = 'refused' AND answer.reason = 'duplicate'
                THEN 'called-duplicate'
            WHEN count(*) FILTER (WHERE answer.outcome IN ('settled', 'refused'))
                OVER (PARTITION BY transfer.id) > 1 THEN 'contradicts-itself'
            WHEN answer.outcome = 'accepted' THEN
                CASE WHEN transfer.status IN ('in-flight', 'unconfirmed') THEN 'noted'
                    ELSE 'repeat' END
            WHEN answer.outcome = transfer.status THEN 'repeat'
            WHEN transfer.status IN ('in-flight', 'unconfirmed') THEN CASE
                WHEN NOT answer.whole_file OR answer.outcome <> 'refused' THEN 'applied'
                WHEN transfer.accepted_at IS NOT NULL THEN 'file-refused-after-acceptance'
                WHEN coalesce(answer.reason, 'unspecified') = 'unspecified'
                    THEN 'file-refused-without-reason'
                ELSE 'applied' END
            WHEN answer.outcome = 'returned' AND transfer.status = 'settled' THEN 'applied'
            WHEN answer.outcome = 'returned' THEN 'returned-after-refusal'
            WHEN answer.outcome = 'refused' THEN 'refused-after-settlement'
            WHEN transfer.status = 'refused' THEN 'settled-after-refusal'
            WHEN answer.booked_on <= transfer.failed_on THEN 'repeat'
            ELSE 'settled-after-return'
        END
    FROM result_answer answer
    LEFT JOIN transfer ON transfer.reference = answer.reference
        AND transfer.attempt = answer.attempt AND transfer.status <> 'voided'
    LEFT JOIN envelope ON envelope.id = transfer.envelope_id
    WHERE answer.result_id = :result_id AND {which}
"""


async def apply(database: Database, result_id: UUID, now: datetime) -> ResultFile:
    """Apply a staged file; applied before, it is only read.

    Raises:
        AllUnknown: nothing in it is known.
        AnsweredBeforeFetched: it answers nothing a bank has of us.
    """
    refused: AllUnknown | AnsweredBeforeFetched | None = None
    async with database.transaction() as session:
        result = await session.get(ResultFile, result_id, with_for_update=True)
        assert result is not None
        if result.status not in (ResultStatus.STAGED, ResultStatus.REFUSED):
            return result
        await run(
            session,
            text("SELECT pg_advisory_xact_lock(hashtextextended('answers:' || :county, 0))"),
            {"county": result.county},
        )
        await _judge(session, result, now)
        refused = await _nothing_known(session, result)
        if refused is None:
            await _finish(session, result, now)
            crash_points.reach("payments.result-applied-before-commit")
        else:
            if result.status == ResultStatus.STAGED:
                result.status = ResultStatus.REFUSED
            result.refusal = refused.slug()
            await session.flush()
            await _note(session, result, "result-refused")
    if refused is not None:
        raise refused
    return result


async def _judge(session: AsyncSession, result: ResultFile, now: datetime) -> None:
    await run(
        session,
        text(
            """
            CREATE TEMPORARY TABLE judged (
                position int PRIMARY KEY, outcome text, reason text, booked_on date,
                amount_fen bigint, transfer_id bigint, was text, expected_fen bigint,
                envelope_id uuid, fund text, pay_month text, verdict text
            ) ON COMMIT DROP
            """
        ),
    )
    await run(session, text("CREATE INDEX ON judged (transfer_id)"))
    for which in (_FIRST, _THEN):
        await run(
            session,
            text(_JUDGE.format(which=which)),
            {"bank": result.bank, "result_id": result.id},
        )
        await run(session, text("ANALYZE judged"))
        await _move_transfers(session, which, now)


async def _move_transfers(session: AsyncSession, which: str, now: datetime) -> None:
    judged = which.replace("answer.", "judged.")
    today = civil_date(now)
    moved = await run(
        session,
        text(
            f"""
            UPDATE transfer SET status = judged.outcome,
                reason = coalesce(judged.reason, transfer.reason),
                settled_on = CASE WHEN judged.outcome = 'settled'
                    THEN coalesce(judged.booked_on, CAST(:today AS date))
                    ELSE transfer.settled_on END,
                failed_on = CASE WHEN judged.outcome <> 'settled'
                    THEN coalesce(judged.booked_on, CAST(:today AS date))
                    ELSE transfer.failed_on END
            FROM judged WHERE judged.transfer_id = transfer.id AND judged.verdict = 'applied'
                AND transfer.status = judged.was AND {judged}
            """  # noqa: S608 # Our own words; values are bound.
        ),
        {"today": today},
    )
    expected = await run(
        session,
        text(f"SELECT count(*) FROM judged WHERE verdict = 'applied' AND {judged}"),  # noqa: S608 # Our own words.
    )
    assert moved.rowcount == expected.scalar_one(), "a transfer moved under the bank's lock"
    await run(
        session,
        text(
            f"""
            UPDATE payment_order SET status = judged.outcome,
                reason = coalesce(judged.reason, payment_order.reason)
            FROM judged JOIN transfer_order ON transfer_order.transfer_id = judged.transfer_id
            WHERE judged.verdict = 'applied' AND {judged}
                AND payment_order.line_id = transfer_order.line_id
                AND payment_order.attempt = transfer_order.attempt
            """  # noqa: S608 # Our own words.
        ),
    )
    await run(
        session,
        text(
            "UPDATE transfer SET accepted_at = :now FROM judged"
            " WHERE judged.transfer_id = transfer.id AND judged.verdict = 'noted'"
        ),
        {"now": now},
    )


async def _nothing_known(
    session: AsyncSession, result: ResultFile
) -> AllUnknown | AnsweredBeforeFetched | None:
    found = await run(
        session,
        text(
            "SELECT count(*) AS answers,"
            " count(*) FILTER (WHERE verdict IN ('unknown-id', 'other-bank')) AS unknown,"
            " count(*) FILTER (WHERE verdict = 'not-fetched') AS unfetched FROM judged"
        ),
    )
    row = found.one()
    if row.answers and row.unknown == row.answers:
        return AllUnknown(f"{row.answers} answers", result_id=str(result.id))
    if row.unfetched and row.unknown + row.unfetched == row.answers:
        return AnsweredBeforeFetched(f"{row.unfetched} answers", result_id=str(result.id))
    return None


async def _finish(session: AsyncSession, result: ResultFile, now: datetime) -> None:
    await _keep_verdicts(session, result, now)
    await _refuse_accounts(session, result.county, now)
    await _close_envelopes(session, now)
    await _post(session, result, now)
    sums = await _sums(session)
    result.settled_count, result.settled_fen = sums["settled"]
    result.failed_count, result.failed_fen = sums["failed"]
    result.discrepancies_count = sums["discrepancies"][0]
    result.status = (
        ResultStatus.APPLIED_WITH_DISCREPANCIES
        if result.discrepancies_count
        else ResultStatus.APPLIED
    )
    result.applied_at, result.refusal = now, None
    await session.flush()
    said = {"county": result.county, "occurred_at": now, "result_id": result.id}
    if result.settled_count:
        await outbox.announce(
            session,
            LinesSettled(**said, count=result.settled_count, total_fen=result.settled_fen),
        )
    if result.failed_count:
        await outbox.announce(
            session,
            LinesReturned(**said, count=result.failed_count, total_fen=result.failed_fen),
        )
    await _note(session, result, "result-applied")


async def _keep_verdicts(session: AsyncSession, result: ResultFile, now: datetime) -> None:
    await run(
        session,
        text(
            "UPDATE result_answer SET verdict = judged.verdict, transfer_id = judged.transfer_id"
            " FROM judged WHERE result_answer.result_id = :id"
            " AND result_answer.position = judged.position"
        ),
        {"id": result.id},
    )
    await run(
        session,
        text(
            """
            INSERT INTO discrepancy (county, result_id, position, bank, kind, end_to_end_id,
                outcome, amount_fen, expected_fen, opened_at)
            SELECT :county, :id, judged.position, :bank, judged.verdict, answer.end_to_end_id,
                judged.outcome, judged.amount_fen,
                CASE WHEN judged.verdict <> 'other-bank' THEN judged.expected_fen END, :now
            FROM judged JOIN result_answer answer
                ON answer.result_id = :id AND answer.position = judged.position
            WHERE judged.verdict NOT IN ('applied', 'noted', 'repeat')
            """
        ),
        {"county": result.county, "id": result.id, "bank": result.bank, "now": now},
    )


async def _refuse_accounts(session: AsyncSession, county: str, now: datetime) -> None:
    """An account whose own fault it was takes nothing more until it is verified again; and of
    payees whom a case led there casework is told."""
    faults = [
        code for code, reason in all_reasons().items() if reason.mended_by in ("payee", "village")
    ]
    refused = await run(
        session,
        text(
            """
            UPDATE account SET status = 'refused', status_reason = failed.reason,
                decided_by = :by, decided_at = :now
            FROM (
                SELECT DISTINCT ON (transfer.account_id) transfer.account_id, judged.reason
                FROM judged JOIN transfer ON transfer.id = judged.transfer_id
                WHERE judged.verdict = 'applied' AND judged.outcome IN ('refused', 'returned')
                    AND judged.reason = ANY (:faults)
                ORDER BY transfer.account_id, judged.position
            ) AS failed
            WHERE account.id = failed.account_id AND account.status IN ('verified', 'unverified')
            RETURNING account.id
            """
        ),
        {"faults": faults, "by": SETTLER, "now": now},
    )
    ids = [row.id for row in refused]
    if ids:
        await payee_answers.answer_again(session, county, ids, now)


async def _close_envelopes(session: AsyncSession, now: datetime) -> None:
    await run(
        session,
        text(
            """
            UPDATE envelope SET status = 'answered', answered_at = :now
            WHERE status = 'fetched'
                AND id IN (SELECT envelope_id FROM judged WHERE verdict = 'applied')
                AND NOT EXISTS (
                    SELECT FROM transfer WHERE transfer.envelope_id = envelope.id
                        AND transfer.status IN ('in-flight', 'unconfirmed')
                )
            """
        ),
        {"now": now},
    )


async def _post(session: AsyncSession, result: ResultFile, now: datetime) -> None:
    """Settled leaves flight for paid; a refusal gives back to the fund; a return waits apart."""
    month = await run(session, text("SELECT max(pay_month) FROM judged WHERE verdict = 'applied'"))
    await ledger.post(
        session,
        result.county,
        act="answered",
        subject=str(result.id),
        pay_month=month.scalar_one() or "",
        at=now,
        sides="""
            SELECT side.account, judged.fund, judged.pay_month, NULL::uuid AS line_id,
                judged.transfer_id, side.amount_fen
            FROM judged CROSS JOIN LATERAL (VALUES
                (CASE WHEN judged.was = 'settled' THEN 'paid' ELSE 'in-flight' END,
                    - judged.expected_fen),
                (CASE judged.outcome WHEN 'settled' THEN 'paid' WHEN 'refused' THEN 'fund'
                    ELSE 'returned' END, judged.expected_fen)
            ) AS side (account, amount_fen)
            WHERE judged.verdict = 'applied'
        """,
        parameters={},
    )


async def _sums(session: AsyncSession) -> dict[str, tuple[int, int]]:
    """Lines, not transfers: a home's one credit settles each resident's line."""
    found = await run(
        session,
        text(
            """
            SELECT CASE judged.outcome WHEN 'settled' THEN 'settled' ELSE 'failed' END AS kind,
                count(*) AS lines, sum(payment_order.amount_fen)::bigint AS total_fen
            FROM judged JOIN transfer_order ON transfer_order.transfer_id = judged.transfer_id
            JOIN payment_order USING (line_id)
            WHERE judged.verdict = 'applied' GROUP BY 1
            UNION ALL
            SELECT 'discrepancies', count(*), 0 FROM judged
            WHERE verdict NOT IN ('applied', 'noted', 'repeat')
            """
        ),
    )
    sums: dict[str, tuple[int, int]] = {"settled": (0, 0), "failed": (0, 0)}
    for row in found:
        sums[row.kind] = (row.lines, row.total_fen)
    return sums


async def _note(session: AsyncSession, result: ResultFile, act: str) -> None:
    details: dict[str, Any] = {
        "bank": result.bank,
        "answers": result.answers_count,
        "settled": [result.settled_count, result.settled_fen],
        "failed": [result.failed_count, result.failed_fen],
        "discrepancies": result.discrepancies_count,
        "refusal": result.refusal,
    }
    await audit.record(
        session,
        result.county,
        actor=SETTLER,
        act=act,
        subject=str(result.id),
        details=details,
    )
