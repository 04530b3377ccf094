"""Each order is looked at before money may move; a bad one is held singly, the others go on.

A hold says why, who owns it and by which day it is decided. Reasons that the head may overrule
(a shared card that is lawful, a sum that is right though large) are not raised again for a line
once its hold is released; the others are, until what is missing is there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments.banks.facts import LineFacts
from services.payments.banks.identifiers import end_to_end_id
from services.payments.banks.profiles import Profile
from services.payments.banks.writers import Screen
from services.payments.places import Place
from shared.database import run
from shared.ids import new_id
from shared.money import Fen
from shared.months import civil_date
from shared.secrets import KeyRing, Tampered

TOWN: Final = "town"  # The town of the line's village: the first nine digits of its code.
CIVIL_AFFAIRS: Final = "county:civil-affairs"
FINANCE: Final = "county:finance"

# Who mends what; every reason a line can be held for stands here.
OWNERS: Final[Mapping[str, str]] = {
    "amount-not-positive": CIVIL_AFFAIRS,
    "above-ceiling": CIVIL_AFFAIRS,
    "no-fund": FINANCE,
    "no-payer-account": FINANCE,
    "no-payee": TOWN,
    "relation-without-paper": TOWN,
    "account-unverified": TOWN,
    "account-refused": TOWN,
    "account-closed": TOWN,
    "account-damaged": CIVIL_AFFAIRS,
    "bank-unknown": CIVIL_AFFAIRS,
    "officer-card": CIVIL_AFFAIRS,
    "card-shared": TOWN,
    "holder-not-payee": TOWN,
    "id-unwritable": CIVIL_AFFAIRS,
    "account-unwritable": TOWN,
    "holder-unwritable": TOWN,
    "amount-unwritable": CIVIL_AFFAIRS,
    "remark-unwritable": CIVIL_AFFAIRS,
}
OVERRULABLE: Final = ("above-ceiling", "officer-card", "card-shared", "holder-not-payee")


@dataclass(frozen=True)
class Desk:
    """What screening and envelopes work with: a county's settings, its banks, its keys."""

    place: Place
    banks: Mapping[str, Profile]
    keys: KeyRing

    def titled(self, pay_month: str, budget_item: str) -> str:
        """What a payee reads in the passbook: 11月农村低保."""
        return f"{int(pay_month[5:7])}月{self.place.titles.get(budget_item, '')}"


# Each step is a small table with its index and its statistics: rows that were loaded a second ago
# are unknown to the planner, and a wrong guess about them costs hours at county size.
# Candidates are named by the caller; everything else about them is decided here, for all at once.
_CANDIDATES: Final = """
    CREATE TEMPORARY TABLE candidate ON COMMIT DROP AS
    SELECT line_id, status, village, beneficiary_id, programme, budget_item, amount_fen, attempt,
        run_kind
    FROM payment_order WHERE {candidates}
"""
# No money follows a relation that nobody has verified yet: it holds its line, and the one before it
# is not paid in its stead.
_IN_FORCE: Final = """
    CREATE TEMPORARY TABLE in_force ON COMMIT DROP AS
    SELECT DISTINCT ON (beneficiary_id) beneficiary_id, account_id, relation, paper,
        verified_at IS NOT NULL AS verified, beneficiary_kind, recorded_by
    FROM payee_relation
    WHERE county = :county AND superseded_at IS NULL AND since <= :as_of
        AND (until IS NULL OR until >= :as_of)
    ORDER BY beneficiary_id, since DESC
"""
# One guardian or carer may have a card of their own money too; but not the money of two households
# they do not belong to, unless the head has looked. Whose money comes there later counts as well,
# for whoever leads money to a card leads one payee after another. Which home a person lives in who
# was never paid, identification alone knows.
_CARD_SHARED: Final = """
    CREATE TEMPORARY TABLE card_shared ON COMMIT DROP AS
    WITH verified AS (
        SELECT account_id, beneficiary_id, beneficiary_kind, relation, recorded_by
        FROM in_force WHERE verified
        UNION ALL
        SELECT account_id, beneficiary_id, beneficiary_kind, relation, recorded_by
        FROM payee_relation
        WHERE county = :county AND superseded_at IS NULL AND since > :as_of
            AND verified_at IS NOT NULL
    ),
    paid AS (
        SELECT account_id, beneficiary_id, relation IN ('guardian', 'carer') AS for_others,
            CASE WHEN beneficiary_kind = 'household' OR recorded_by <> 'identification'
                THEN beneficiary_id END AS unpaid_home
        FROM verified WHERE relation <> 'institution'
    ),
    several AS (
        SELECT account_id, for_others FROM paid
        GROUP BY account_id, for_others HAVING count(*) > 1
    )
    SELECT paid.account_id, paid.for_others
    FROM paid JOIN several USING (account_id, for_others)
    LEFT JOIN LATERAL (
        SELECT household_id FROM payment_order
        WHERE payment_order.beneficiary_id = paid.beneficiary_id
        ORDER BY pay_month DESC LIMIT 1
    ) AS home ON true
    GROUP BY paid.account_id, paid.for_others
    HAVING count(DISTINCT coalesce(home.household_id, paid.unpaid_home)) > 1
"""
_SCREEN: Final = """
    CREATE TEMPORARY TABLE screened ON COMMIT DROP AS
    SELECT candidate.line_id, candidate.status AS was, candidate.village, candidate.programme,
        candidate.budget_item, candidate.amount_fen, candidate.attempt + 1 AS attempt,
        CAST(:funds AS jsonb) ->> candidate.programme AS fund,
        CASE
            WHEN candidate.attempt > 0 THEN 'supplementary'
            WHEN EXISTS (SELECT FROM hold WHERE hold.line_id = candidate.line_id)
                THEN 'supplementary'
            ELSE candidate.run_kind
        END AS kind,
        account.id AS account_id, account.bank, in_force.relation,
        {reason} AS reason
    FROM candidate
    LEFT JOIN in_force USING (beneficiary_id)
    LEFT JOIN account ON account.id = in_force.account_id
"""

_REASON: Final = """
    CASE
        WHEN candidate.amount_fen <= 0 THEN 'amount-not-positive'
        WHEN NOT (CAST(:funds AS jsonb) ? candidate.programme) THEN 'no-fund'
        WHEN candidate.amount_fen > (CAST(:ceilings AS jsonb) ->> candidate.programme)::bigint
            AND NOT {overruled_above_ceiling} THEN 'above-ceiling'
        WHEN account.id IS NULL THEN 'no-payee'
        WHEN in_force.relation IN ('guardian', 'institution', 'carer', 'proxy')
            AND coalesce(btrim(in_force.paper), '') = '' THEN 'relation-without-paper'
        WHEN account.status = 'refused' THEN 'account-refused'
        WHEN account.status = 'closed' THEN 'account-closed'
        WHEN account.status <> 'verified' OR NOT in_force.verified THEN 'account-unverified'
        WHEN NOT (CAST(:payers AS jsonb) ? account.bank) THEN 'bank-unknown'
        WHEN NOT (CAST(:payers AS jsonb) -> account.bank
            ? (CAST(:funds AS jsonb) ->> candidate.programme)) THEN 'no-payer-account'
        WHEN EXISTS (
            SELECT FROM barred_account WHERE barred_account.number_index = account.number_index
        ) AND NOT {overruled_officer_card} THEN 'officer-card'
        WHEN in_force.relation <> 'institution'
            AND (account.id, in_force.relation IN ('guardian', 'carer'))
                IN (SELECT account_id, for_others FROM card_shared)
            AND NOT {overruled_card_shared} THEN 'card-shared'
        WHEN (
            (in_force.relation = 'self' AND account.holder_id <> candidate.beneficiary_id)
            OR ((in_force.relation = 'institution') <> (account.holder_kind = 'institution'))
        ) AND NOT {overruled_holder_not_payee} THEN 'holder-not-payee'
    END
"""


def _reason_sql() -> str:
    overruled = {
        f"overruled_{reason.replace('-', '_')}": (
            "EXISTS (SELECT FROM hold WHERE hold.line_id = candidate.line_id"
            f" AND hold.reason = '{reason}' AND hold.released_at IS NOT NULL)"
        )
        for reason in OVERRULABLE
    }
    return _REASON.format(**overruled)


async def screen(
    session: AsyncSession,
    county: str,
    desk: Desk,
    *,
    candidates: str,
    as_of: str,
    parameters: Mapping[str, Any],
) -> None:
    """Look at every candidate; what is found stands in the temporary table `screened`.

    Args:
        candidates: our own SQL condition on payment_order.
        as_of: the month for which a payee relation must be in force.
    """
    month = {"county": county, "as_of": as_of}
    await _lay_out(session, _CANDIDATES.format(candidates=candidates), parameters, "line_id")
    await _lay_out(session, _IN_FORCE, month, "beneficiary_id")
    await _lay_out(session, _CARD_SHARED, month, "account_id")
    payers = {code: sorted(profile.payer.accounts) for code, profile in desk.banks.items()}
    await _lay_out(
        session,
        _SCREEN.format(reason=_reason_sql()),
        {
            "funds": json.dumps(dict(desk.place.fund_of)),
            "ceilings": json.dumps(desk.place.ceilings_fen),
            "payers": json.dumps(payers),
        },
        "line_id",
    )
    await _hold_unwritable(session, desk)


async def _lay_out(
    session: AsyncSession, statement: str, parameters: Mapping[str, Any], key: str
) -> None:
    """Make one of the temporary tables, with its index and its statistics."""
    table = statement.split()[3]
    await run(session, text(statement), parameters)
    await run(session, text(f"CREATE INDEX ON {table} ({key})"))
    await run(session, text(f"ANALYZE {table}"))


async def hold_bad(
    session: AsyncSession, county: str, desk: Desk, now: datetime
) -> list[dict[str, Any]]:
    """Hold each screened line that has a reason; the sums by reason."""
    limit_on = desk.place.working_days_after(civil_date(now), desk.place.hold_working_days)
    await run(
        session,
        text(
            """
            INSERT INTO hold (county, line_id, reason, owner, limit_on, opened_at)
            SELECT :county, line_id, reason,
                CASE CAST(:owners AS jsonb) ->> reason
                    WHEN 'town' THEN 'town:' || substr(village, 1, 9)
                    ELSE CAST(:owners AS jsonb) ->> reason
                END, :limit_on, :now
            FROM screened WHERE reason IS NOT NULL
            """
        ),
        {
            "county": county,
            "owners": json.dumps(dict(OWNERS)),
            "limit_on": limit_on,
            "now": now,
        },
    )
    await run(
        session,
        text(
            "UPDATE payment_order SET status = 'held' FROM screened"
            " WHERE payment_order.line_id = screened.line_id"
            " AND screened.reason IS NOT NULL AND payment_order.status = 'ordered'"
        ),
    )
    return await sums_by_reason(session)


async def sums_by_reason(session: AsyncSession) -> list[dict[str, Any]]:
    """What screening found, by reason."""
    found = await run(
        session,
        text(
            "SELECT reason, count(*) AS count, sum(amount_fen)::bigint AS total_fen FROM screened"
            " WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason"
        ),
    )
    return [dict(row._mapping) for row in found]


async def _hold_unwritable(session: AsyncSession, desk: Desk) -> None:
    """Ask each bank's own rules whether a payee can stand in its file."""
    connection = await session.connection()
    screens = {code: Screen(profile) for code, profile in desk.banks.items()}
    reference = end_to_end_id(new_id(), 1)
    faults: list[dict[str, Any]] = []
    async with connection.stream(
        text(
            """
            SELECT account.id, account.bank, account.number_sealed,
                coalesce(account.bank_spelling, account.holder_name) AS holder,
                max(screened.amount_fen) AS amount_fen, min(screened.budget_item) AS budget_item
            FROM screened JOIN account ON account.id = screened.account_id
            WHERE screened.reason IS NULL GROUP BY account.id
            """
        )
    ) as rows:
        async for row in rows:
            try:
                number = desk.keys.decrypt(
                    row.number_sealed, table="account", column="number", row=row.id
                )
            except Tampered:
                faults.append({"account_id": row.id, "reason": "account-damaged"})
                continue
            line = LineFacts(reference, number, row.holder, Fen(row.amount_fen))
            fault = screens[row.bank].objection(line, desk.titled("0000-12", row.budget_item))
            if fault is not None:
                faults.append({"account_id": row.id, "reason": fault.code})
    if faults:
        await connection.execute(
            text(
                "UPDATE screened SET reason = :reason"
                " WHERE account_id = :account_id AND reason IS NULL"
            ),
            faults,
        )
