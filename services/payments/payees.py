"""To whose account a beneficiary's money goes: dated relations, each with its paper, from rosters.

Identification hands a roster's accounts on in chunks and keeps none. The same chunk again changes
nothing. A relation that changed holds from its own month; the one before stays for months before.
Where a place counts a roster's accounts as verified, that is so for payees who had none before; a
roster alone leads nobody's money elsewhere, nor to an account it knows under another holder's name.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments import holds
from services.payments.accounts import INDEX, ROSTER, new_account
from services.payments.places import Place
from shared import audit
from shared.callers import Caller
from shared.contracts.payments import AccountHandedOn
from shared.database import run
from shared.ids import new_id
from shared.secrets import KeyRing

_MAKE_HANDED: Final = """
    CREATE TEMPORARY TABLE handed (LIKE account, position int, relation_id uuid,
        beneficiary_kind text, beneficiary_id uuid, relation text, paper text, since text)
    ON COMMIT DROP
"""
_HANDED: Final = """
    INSERT INTO handed (position, county, id, bank, account_kind, holder_kind, holder_id,
        holder_name, number_sealed, number_index, number_last4, status, registered_by,
        registered_person, registered_at, relation_id, beneficiary_kind, beneficiary_id, relation,
        paper, since)
    SELECT position, county, id, bank, account_kind, holder_kind, holder_id, holder_name,
        number_sealed, decode(number_index, 'hex'), number_last4, status, registered_by,
        registered_person, registered_at, relation_id, beneficiary_kind, beneficiary_id, relation,
        paper, since
    FROM jsonb_to_recordset(CAST(:items AS jsonb)) AS given (position int, county text, id uuid,
        bank text, account_kind text, holder_kind text, holder_id uuid, holder_name text,
        number_sealed text, number_index text, number_last4 text, status text, registered_by text,
        registered_person text, registered_at timestamptz, relation_id uuid, beneficiary_kind text,
        beneficiary_id uuid, relation text, paper text, since text)
"""
# In the order of the index, so that two chunks at once never wait for each other in a ring.
_ADD_ACCOUNTS: Final = """
    INSERT INTO account (county, id, bank, account_kind, holder_kind, holder_id, holder_name,
        number_sealed, number_index, number_last4, status, registered_by, registered_person,
        registered_at)
    SELECT DISTINCT ON (bank, number_index) county, id, bank, account_kind, holder_kind, holder_id,
        holder_name, number_sealed, number_index, number_last4, status, registered_by,
        registered_person, registered_at
    FROM handed ORDER BY bank, number_index, position
    ON CONFLICT (county, bank, number_index) DO NOTHING
"""
# A payee who had an account before waits for a second person's word on the other one.
_KNOW_NEW: Final = """
    CREATE TEMPORARY TABLE new_payee ON COMMIT DROP AS
    SELECT DISTINCT beneficiary_id FROM handed WHERE NOT EXISTS (
        SELECT FROM payee_relation WHERE payee_relation.beneficiary_id = handed.beneficiary_id
    )
"""
_VERIFY_HANDED: Final = """
    UPDATE account SET status = 'verified', decided_by = :by, decided_at = :now
    FROM handed JOIN new_payee USING (beneficiary_id)
    WHERE account.county = handed.county AND account.bank = handed.bank
        AND account.number_index = handed.number_index AND account.status = 'unverified'
        AND account.id IN (SELECT id FROM handed)
"""
_RELATE: Final = """
    WITH given AS (
        SELECT DISTINCT ON (handed.beneficiary_id, handed.since) handed.position,
            handed.relation_id, handed.beneficiary_kind, handed.beneficiary_id, handed.relation,
            handed.paper, handed.since, account.id AS account_id, account.status AS account_status,
            account.holder_name = handed.holder_name AS same_holder
        FROM handed
        JOIN account ON account.county = handed.county AND account.bank = handed.bank
            AND account.number_index = handed.number_index
        ORDER BY handed.beneficiary_id, handed.since, handed.position
    ),
    current AS (
        SELECT DISTINCT ON (given.position) given.position, known.id, known.account_id,
            known.relation, known.paper, known.since, account.status AS account_status
        FROM given JOIN payee_relation known ON known.beneficiary_id = given.beneficiary_id
            AND known.superseded_at IS NULL AND known.since <= given.since
        JOIN account ON account.id = known.account_id
        ORDER BY given.position, known.since DESC
    ),
    fresh AS (
        SELECT given.*, current.id AS before_id, current.since AS before_since
        FROM given LEFT JOIN current USING (position)
        WHERE current.id IS NULL OR (
            (current.account_id, current.relation, coalesce(current.paper, ''))
                <> (given.account_id, given.relation, coalesce(given.paper, ''))
            AND NOT (given.account_status IN ('refused', 'closed')
                AND current.account_status = 'verified')
        )
    ),
    superseded AS (
        UPDATE payee_relation SET superseded_at = :now FROM fresh
        WHERE payee_relation.id = fresh.before_id AND fresh.before_since = fresh.since
        RETURNING payee_relation.id
    ),
    added AS (
        INSERT INTO payee_relation (county, id, beneficiary_kind, beneficiary_id, account_id,
            relation, paper, since, recorded_by, recorded_person, recorded_at, verified_by,
            verified_person, verified_at)
        SELECT :county, relation_id, beneficiary_kind, beneficiary_id, account_id, relation,
            paper, since, :by, :roster, :now,
            CASE WHEN counts THEN CAST(:roster AS text) END,
            CASE WHEN counts THEN CAST(:roster AS text) END,
            CASE WHEN counts THEN CAST(:now AS timestamptz) END
        FROM (
            SELECT fresh.*, CAST(:verified AS boolean) AND same_holder AND beneficiary_id IN (
                SELECT beneficiary_id FROM new_payee) AS counts FROM fresh
        ) AS added WHERE (SELECT count(*) FROM superseded) >= 0
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM added) AS added
"""


async def hand_on(
    session: AsyncSession,
    caller: Caller,
    place: Place,
    keys: KeyRing,
    items: Sequence[AccountHandedOn],
    now: datetime,
) -> dict[str, int]:
    """Take in a chunk of a roster's accounts and relations; the same again changes nothing.

    An account that a bank has refused does not come back with a roster while the beneficiary has
    another that is in order. Lines that were held for want of an account go on.
    """
    await run(session, text(_MAKE_HANDED))
    await run(session, text(_HANDED), {"items": json.dumps(_handed(caller, keys, items, now))})
    await run(session, text("ANALYZE handed"))
    added = await run(session, text(_ADD_ACCOUNTS))
    await run(session, text(_KNOW_NEW))
    verified = place.roster_accounts == "verified"
    if verified:
        await run(session, text(_VERIFY_HANDED), {"by": ROSTER, "now": now})
    parameters = {
        "county": caller.county,
        "by": caller.subject,
        "roster": ROSTER,
        "verified": verified,
        "now": now,
    }
    related = await run(session, text(_RELATE), parameters)
    row = related.one()
    await audit.record(
        session,
        caller.county,
        actor=caller.subject,
        act="accounts-handed-on",
        subject=ROSTER,
        details={"items": len(items), "accounts": added.rowcount, "relations": row.added},
    )
    await holds.settle(session, caller, [each.beneficiary_id for each in items], now)
    return {"items": len(items), "accounts": added.rowcount, "relations": row.added}


def _handed(
    caller: Caller, keys: KeyRing, items: Sequence[AccountHandedOn], now: datetime
) -> list[dict[str, Any]]:
    """Each item as one row: the account with its number sealed, and the relation."""
    given = []
    for position, item in enumerate(items):
        index = keys.blind_index(item.account_number, column=INDEX)
        account = new_account(caller, keys, item, index, now)
        given.append(
            {
                **account.model_dump(mode="json", exclude={"number_index"}),
                "number_index": index.hex(),
                "registered_person": ROSTER,
                "position": position,
                "relation_id": str(new_id()),
                "beneficiary_kind": item.beneficiary_kind,
                "beneficiary_id": str(item.beneficiary_id),
                "relation": item.relation,
                "paper": item.paper,
                "since": str(item.since),
            }
        )
    return given
