"""Double entry: every act with money is one entry whose postings come to nothing; none is undone.

Accounts, with what stands in them (above zero into the account, below zero out of it):
    treasury    what vouchers have put at our disposal, as its opposite
    fund        what a fund may still send out in a pay month
    granted     what closed runs ordered
    payable     its opposite, line by line: what we owe
    in-flight   released to a bank, and not answered, transfer by transfer
    paid        arrived, transfer by transfer
    returned    came back after it had arrived, and waits to be sent again
    owed-back   decided to be paid back, and not come yet; claimed is its opposite
    reserve     what a township may still help with first, of all months
    advanced    paid first from it, case by case
    recovered   came back to the treasury; no fund may send it out again

Each entry's hash covers its postings and the hash before it. Rows are append-only by grant.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import run

GENESIS: Final = bytes(32)
_LOCK: Final = 0x6C6564676572  # "ledger": the chain has one writer at a time.

# The writing that is hashed; services/payments/checks has its own text of it.
_POST: Final = """
    WITH given AS (
        SELECT CAST(:county AS text) AS county, CAST(:number AS bigint) AS number,
            CAST(:act AS text) AS act, CAST(:subject AS text) AS subject,
            CAST(:entry_month AS text) AS entry_month,
            CAST(:recorded_at AS timestamptz) AS recorded_at, CAST(:previous AS bytea) AS previous
    ),
    side AS MATERIALIZED ({sides}),
    draft AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY account, line_id, transfer_id, amount_fen) AS position,
            account, fund, pay_month, line_id, transfer_id, amount_fen
        FROM side WHERE amount_fen <> 0
    ),
    whole AS (
        SELECT count(*) AS postings_count, sha256(convert_to(coalesce(string_agg(
            concat_ws('|', position, account, fund, pay_month, coalesce(line_id::text, ''),
                coalesce(transfer_id::text, ''), amount_fen),
            E'\n' ORDER BY position), ''), 'UTF8')) AS postings_sha256
        FROM draft
    ),
    entry AS (
        INSERT INTO ledger_entry (county, number, act, subject, pay_month, recorded_at,
            postings_count, postings_sha256, previous_hash, hash)
        SELECT county, number, act, subject, entry_month, recorded_at, postings_count,
            postings_sha256, previous,
            sha256(previous || convert_to(concat_ws('|', county, number, act, subject, entry_month,
                to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
                postings_count, encode(postings_sha256, 'hex')), 'UTF8'))
        FROM given CROSS JOIN whole WHERE postings_count > 0
        RETURNING number, county
    )
    INSERT INTO ledger_posting (county, entry_number, position, account, fund, pay_month, line_id,
        transfer_id, amount_fen)
    SELECT entry.county, entry.number, position, account, fund, pay_month, line_id, transfer_id,
        amount_fen
    FROM draft CROSS JOIN entry
"""


async def post(
    session: AsyncSession,
    county: str,
    *,
    act: str,
    subject: str,
    pay_month: str,
    at: datetime,
    sides: str,
    parameters: Mapping[str, Any],
) -> None:
    """Write one entry, in the session's own transaction; nothing when there are no sides.

    The ledger's lock is held from here to the commit.

    Args:
        sides: our own SQL for the postings, giving account, fund, pay_month, line_id, transfer_id
            and amount_fen.
    """
    await run(session, text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = await run(
        session, text("SELECT number, hash FROM ledger_entry ORDER BY number DESC LIMIT 1")
    )
    newest = last.one_or_none()
    number, previous = (newest.number, newest.hash) if newest else (0, GENESIS)
    await run(
        session,
        text(_POST.format(sides=sides)),
        {
            **parameters,
            "county": county,
            "number": number + 1,
            "act": act,
            "subject": subject,
            "entry_month": pay_month,
            "recorded_at": at,
            "previous": bytes(previous),
        },
    )


async def balance_fen(
    session: AsyncSession, county: str, *, account: str, fund: str, pay_month: str
) -> int:
    """What stands in one account of a fund for a pay month."""
    found = await run(
        session,
        text(
            "SELECT coalesce(sum(amount_fen), 0)::bigint FROM ledger_posting WHERE county = :county"
            " AND pay_month = :pay_month AND account = :account AND fund = :fund"
        ),
        {"county": county, "pay_month": pay_month, "account": account, "fund": fund},
    )
    return int(found.scalar_one())
