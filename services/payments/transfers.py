"""One credit to one payee, carrying one or many orders; what happens when a bank times out.

A home gets one credit for its residents; everybody else gets one an order. A transfer's reference
is its order's line, or for many orders a name made from all their lines, so that the same payment
has the same name at the bank however often it is built. With the attempt it is its EndToEndId.

A bank that does not answer leaves its transfers *unconfirmed*: they are asked about and never sent
again. A new attempt starts from a definite failure only; the database refuses any other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.payments.banks.identifiers import end_to_end_id
from services.payments.banks.profiles import Profile
from services.payments.models import Envelope
from services.payments.places import Place
from shared import audit
from shared.contracts.digest import ListDigest
from shared.database import Database, run
from shared.months import civil_date

SWEEPER: Final = "payments"

_GROUP: Final = """
    CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
    WITH credit AS (
        SELECT bank, programme, budget_item, kind, attempt, fund, account_id,
            array_agg(line_id ORDER BY line_id) AS lines,
            sum(amount_fen)::bigint AS amount_fen
        FROM screened WHERE reason IS NULL
        GROUP BY bank, programme, budget_item, kind, attempt, fund, account_id,
            CASE WHEN relation <> 'institution' THEN line_id END
    ),
    named AS (
        SELECT credit.*, CASE cardinality(lines)
            WHEN 1 THEN lines[1]
            ELSE substr(encode(sha256(convert_to(array_to_string(lines, ','), 'UTF8')), 'hex'),
                1, 32)::uuid
        END AS reference
        FROM credit
    ),
    placed AS (
        SELECT named.*, row_number() OVER (
            PARTITION BY bank, programme, budget_item, kind, attempt ORDER BY reference
        ) - 1 AS ordinal
        FROM named
    )
    SELECT placed.*, account.number_index AS account_index,
        (ordinal / rows_max.rows)::int AS part, (ordinal % rows_max.rows)::int + 1 AS position
    FROM placed JOIN account ON account.id = placed.account_id
    CROSS JOIN LATERAL (
        SELECT (CAST(:rows_max AS jsonb) ->> placed.bank)::bigint AS rows) AS rows_max
"""

_LISTED: Final = """
    SELECT bank, programme, budget_item, kind, attempt, fund, part, position, reference,
        amount_fen, account_index, lines
    FROM drawn ORDER BY bank, programme, budget_item, kind, attempt, part, position
"""


@dataclass(frozen=True)
class Sheaf:
    """The transfers of one envelope to be: its key, and what they come to."""

    bank: str
    project: str
    budget_item: str
    kind: str
    attempt: int
    fund: str
    part: int
    count: int
    orders_count: int
    total_fen: int
    list_sha256: str


def listed_words(
    reference: UUID, attempt: int, account_index: bytes, amount_fen: int, lines: list[UUID]
) -> dict[str, Any]:
    """One transfer as the list that is checked and released names it: to whom, how much, for what.

    Three people approve the hash over these words; a fen or an account changed is another hash.
    """
    return {
        "id": end_to_end_id(reference, attempt),
        "account": account_index.hex(),
        "amount_fen": amount_fen,
        "lines": [str(line) for line in lines],
    }


@dataclass
class _Draft:
    """A sheaf while its transfers are read."""

    key: tuple[Any, ...]
    digest: ListDigest = field(default_factory=ListDigest)
    orders_count: int = 0
    total_fen: int = 0

    def add(self, row: Any) -> None:
        """Count one more transfer."""
        self.digest.add(
            listed_words(row.reference, row.attempt, row.account_index, row.amount_fen, row.lines)
        )
        self.orders_count += len(row.lines)
        self.total_fen += row.amount_fen

    def sheaf(self) -> Sheaf:
        """What it came to."""
        bank, project, budget_item, kind, attempt, fund, part = self.key
        return Sheaf(
            bank=bank,
            project=project,
            budget_item=budget_item,
            kind=kind,
            attempt=attempt,
            fund=fund,
            part=part,
            count=self.digest.count,
            orders_count=self.orders_count,
            total_fen=self.total_fen,
            list_sha256=self.digest.hexdigest(),
        )


async def gather(session: AsyncSession, banks: Mapping[str, Profile]) -> list[Sheaf]:
    """Group what screening let through into the temporary table `drawn`, one sheaf an envelope."""
    rows_max = json.dumps({code: profile.rows_max for code, profile in banks.items()})
    await run(session, text(_GROUP), {"rows_max": rows_max})
    await run(
        session,
        text("CREATE INDEX ON drawn (bank, programme, budget_item, kind, attempt, part, position)"),
    )
    await run(session, text("ANALYZE drawn"))
    connection = await session.connection()
    drafts: list[_Draft] = []
    async with connection.stream(text(_LISTED)) as rows:
        async for row in rows:
            if not drafts or drafts[-1].key != tuple(row[:7]):
                drafts.append(_Draft(tuple(row[:7])))
            drafts[-1].add(row)
    return [draft.sheaf() for draft in drafts]


async def write_down(session: AsyncSession, sheaf: Sheaf, envelope: Envelope) -> None:
    """Make the transfers of one envelope from `drawn`, and bind their orders to them."""
    key = {
        "county": envelope.county,
        "envelope_id": envelope.id,
        "bank": sheaf.bank,
        "project": sheaf.project,
        "budget_item": sheaf.budget_item,
        "kind": sheaf.kind,
        "attempt": sheaf.attempt,
        "part": sheaf.part,
    }
    mine = (
        "drawn.bank = :bank AND drawn.programme = :project AND drawn.budget_item = :budget_item"
        " AND drawn.kind = :kind AND drawn.attempt = :attempt AND drawn.part = :part"
    )
    await run(
        session,
        text(
            f"""
            INSERT INTO transfer (county, envelope_id, position, reference, attempt, account_id,
                account_index, amount_fen, orders_count, status)
            SELECT :county, :envelope_id, position, reference, attempt, account_id, account_index,
                amount_fen, cardinality(lines), 'made'
            FROM drawn WHERE {mine}
            """  # noqa: S608 # Our own words; values are bound.
        ),
        key,
    )
    await run(
        session,
        text(
            f"""
            INSERT INTO transfer_order (county, transfer_id, line_id, attempt, voided)
            SELECT :county, transfer.id, line.id, drawn.attempt, false
            FROM drawn JOIN transfer ON transfer.envelope_id = :envelope_id
                AND transfer.position = drawn.position
            CROSS JOIN LATERAL unnest(drawn.lines) AS line (id)
            WHERE {mine}
            """  # noqa: S608 # Our own words; values are bound.
        ),
        key,
    )
    bound = await run(
        session,
        text(
            """
            UPDATE payment_order SET status = 'enveloped', attempt = screened.attempt
            FROM transfer_order JOIN transfer ON transfer.id = transfer_order.transfer_id
            JOIN screened ON screened.line_id = transfer_order.line_id
            WHERE transfer.envelope_id = :envelope_id
                AND payment_order.line_id = transfer_order.line_id
                AND payment_order.status = screened.was
                AND payment_order.attempt = screened.attempt - 1
            """
        ),
        {"envelope_id": envelope.id},
    )
    assert bound.rowcount == sheaf.orders_count, "an order moved while its run was locked"


@dataclass(frozen=True)
class ListFound:
    """An envelope's list as it stands in the database at this moment."""

    list_sha256: str
    count: int
    total_fen: int
    ordered_fen: int


async def list_digest(session: AsyncSession, envelope_id: UUID) -> ListFound:
    """Hash and count an envelope's transfers anew, and sum them and their orders apart."""
    connection = await session.connection()
    digest, total_fen, ordered_fen = ListDigest(), 0, 0
    async with connection.stream(
        text(
            """
            SELECT transfer.reference, transfer.attempt, transfer.account_index,
                transfer.amount_fen, array_agg(line_id ORDER BY line_id) AS lines,
                sum(payment_order.amount_fen)::bigint AS ordered_fen
            FROM transfer JOIN transfer_order ON transfer_order.transfer_id = transfer.id
            JOIN payment_order USING (line_id)
            WHERE transfer.envelope_id = :envelope_id
            GROUP BY transfer.id ORDER BY transfer.position
            """
        ),
        {"envelope_id": envelope_id},
    ) as rows:
        async for row in rows:
            digest.add(
                listed_words(
                    row.reference, row.attempt, row.account_index, row.amount_fen, row.lines
                )
            )
            total_fen += row.amount_fen
            ordered_fen += row.ordered_fen
    return ListFound(digest.hexdigest(), digest.count, total_fen, ordered_fen)


async def send_off(
    session: AsyncSession, envelope_id: UUID, *, count: int, orders_count: int
) -> None:
    """An envelope's transfers and orders are on their way; from here only the bank moves them."""
    sent = await run(
        session,
        text(
            "UPDATE transfer SET status = 'in-flight'"
            " WHERE envelope_id = :envelope_id AND status = 'made'"
        ),
        {"envelope_id": envelope_id},
    )
    moved = await run(
        session,
        text(
            """
            UPDATE payment_order SET status = 'in-flight', reason = NULL
            FROM transfer_order JOIN transfer ON transfer.id = transfer_order.transfer_id
            WHERE transfer.envelope_id = :envelope_id AND NOT transfer_order.voided
                AND payment_order.line_id = transfer_order.line_id
                AND payment_order.status = 'enveloped'
                AND payment_order.attempt = transfer_order.attempt
            """
        ),
        {"envelope_id": envelope_id},
    )
    assert (sent.rowcount, moved.rowcount) == (count, orders_count), "a checked order moved"


async def void(session: AsyncSession, envelope_id: UUID) -> None:
    """Give the orders of a voided envelope back to where they were before it was made."""
    await run(
        session,
        text(
            """
            UPDATE payment_order SET attempt = payment_order.attempt - 1, status = coalesce((
                SELECT before.status FROM transfer_order earlier
                JOIN transfer before ON before.id = earlier.transfer_id
                WHERE earlier.line_id = payment_order.line_id AND NOT earlier.voided
                    AND earlier.attempt = payment_order.attempt - 1), 'ordered')
            FROM transfer_order JOIN transfer ON transfer.id = transfer_order.transfer_id
            WHERE transfer.envelope_id = :envelope_id
                AND payment_order.line_id = transfer_order.line_id
                AND payment_order.status = 'enveloped'
            """
        ),
        {"envelope_id": envelope_id},
    )
    for statement in (
        "UPDATE transfer_order SET voided = true FROM transfer"
        " WHERE transfer.id = transfer_order.transfer_id AND transfer.envelope_id = :envelope_id",
        "UPDATE transfer SET status = 'voided' WHERE envelope_id = :envelope_id",
    ):
        await run(session, text(statement), {"envelope_id": envelope_id})


async def note_silence(database: Database, county: str, place: Place, now: datetime) -> int:
    """Call unconfirmed what a bank has fetched and left unanswered too long; how many transfers.

    Counted in bank days since the file was fetched, or since the bank last said it has the payment.
    """
    today = civil_date(now)
    noted = 0
    async with database.transaction() as session:
        await run(
            session,
            text("SELECT pg_advisory_xact_lock(hashtextextended('answers:' || :county, 0))"),
            {"county": county},
        )
        waiting = await run(
            session,
            text(
                """
                SELECT envelope.id, (coalesce(transfer.accepted_at, envelope.first_fetched_at)
                    AT TIME ZONE 'Asia/Shanghai')::date AS last_word
                FROM transfer JOIN envelope ON envelope.id = transfer.envelope_id
                WHERE envelope.county = :county AND envelope.status = 'fetched'
                    AND transfer.status = 'in-flight'
                GROUP BY 1, 2
                """
            ),
            {"county": county},
        )
        for row in waiting.all():
            if place.working_days_after(row.last_word, place.answer_bank_days) >= today:
                continue
            noted += await _leave_unconfirmed(session, county, row.id, row.last_word)
    return noted


async def _leave_unconfirmed(
    session: AsyncSession, county: str, envelope_id: UUID, last_word: Any
) -> int:
    silent = """
        transfer.envelope_id = :envelope_id AND transfer.status = 'in-flight'
        AND envelope.id = transfer.envelope_id
        AND (coalesce(transfer.accepted_at, envelope.first_fetched_at)
            AT TIME ZONE 'Asia/Shanghai')::date = :last_word
    """
    parameters = {"envelope_id": envelope_id, "last_word": last_word}
    orders = await run(
        session,
        text(
            f"""
            UPDATE payment_order SET status = 'unconfirmed'
            FROM transfer_order JOIN transfer ON transfer.id = transfer_order.transfer_id
            CROSS JOIN envelope
            WHERE {silent} AND payment_order.line_id = transfer_order.line_id
                AND NOT transfer_order.voided AND payment_order.status = 'in-flight'
            """  # noqa: S608 # Our own words; values are bound.
        ),
        parameters,
    )
    moved = await run(
        session,
        text(f"UPDATE transfer SET status = 'unconfirmed' FROM envelope WHERE {silent}"),  # noqa: S608 # Our own words.
        parameters,
    )
    if moved.rowcount:
        await audit.record(
            session,
            county,
            actor=SWEEPER,
            act="bank-silent",
            subject=str(envelope_id),
            details={"transfers": moved.rowcount, "orders": orders.rowcount},
        )
    return moved.rowcount
