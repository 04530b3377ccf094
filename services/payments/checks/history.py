"""What was done to cases, entries and alerts, against the audit rows that bear each of it out.

A database is older than the digests of rows: whatever has none must have an audit row of that time
that tells of it, and the chain itself says where that time ended.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

from psycopg import sql

from services.payments.checks.findings import Finding, Rows

AT_ONCE: Final = 10_000
"""Rows that are held at once: a county's history is long."""
OWNERS: Final = {
    "case_act": ("case_standing", "case_id"),
    "register_act": ("register_entry", "entry_id"),
    "alert_act": ("alert", "alert_id"),
    "case_document": ("case_standing", "case_id"),
    "posting": ("case_standing", "case_id"),
}
"""Whose rows a table holds, and by which column; of a case the checker sees where it stands."""
MAY_CHANGE: Final = {"case_document": {"replaced_by"}, "posting": {"taken_down_on"}}


def rows(identification: Rows) -> Iterator[Finding]:
    """Every row is as its audit row says, and none came or went past the service."""
    for table in OWNERS:
        yield from _changed(identification, table)
        yield from _not_audited(identification, table)
        yield from _gone(identification, table)


def _changed(identification: Rows, table: str) -> Iterator[Finding]:
    with identification.cursor(name=f"history_{table}") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(_WITNESSED.format(table=sql.Identifier(table)), {"table": table})
        for row in cursor:
            audited, said = row.pop("audit_row"), row.pop("audit_sha256")
            if digest(table, row) != said:
                of_owner = f"{table} {row['id']} of {row[OWNERS[table][1]]}"
                yield Finding("history-changed", f"{of_owner} is not as audit row {audited} says")


def _not_audited(identification: Rows, table: str) -> Iterator[Finding]:
    statement = _NOT_AUDITED.format(
        table=sql.Identifier(table), owner=sql.Identifier(OWNERS[table][1]), tells=_TELLS[table]
    )
    for row in identification.execute(statement, {"table": table}):
        says = f"{table} {row['id']} of {row['owner']} has no audit row"
        yield Finding("history-not-audited", says)


def _gone(identification: Rows, table: str) -> Iterator[Finding]:
    owner, _ = OWNERS[table]
    statement = _GONE.format(table=sql.Identifier(table), owner=sql.Identifier(owner))
    for row in identification.execute(statement, {"table": table}):
        says = f"{table} {row['id']} of {row['subject']} is gone; audit row {row['number']} has it"
        yield Finding("history-gone", says)


def digest(table: str, row: dict[str, Any]) -> str:
    """A row's digest as the service that wrote it reckoned it: of what is not empty and stays."""
    kept = {
        name: _stored(value)
        for name, value in row.items()
        if value is not None and name not in MAY_CHANGE.get(table, ())
    }
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, list):
        return [str(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value)


_WITNESSED: Final = sql.SQL("""
SELECT kept.*, said.number AS audit_row, said.details #>> '{{row,sha256}}' AS audit_sha256
FROM {table} AS kept JOIN audit AS said
    ON said.details #>> '{{row,table}}' = %(table)s
    AND said.details #>> '{{row,id}}' = kept.id::text
ORDER BY kept.id
""")
# `place` is the how manieth of its owner a row is, and the how manieth of its kind an audit row.
_NOT_AUDITED: Final = sql.SQL("""
WITH said AS (
    SELECT *, row_number() OVER (PARTITION BY subject, act ORDER BY number) AS place FROM audit
    WHERE number < coalesce((SELECT min(number) FROM audit WHERE details ? 'row'), 2^62)
)
SELECT kept.id, kept.owner FROM (
    SELECT *, {owner}::text AS owner, row_number() OVER (PARTITION BY {owner} ORDER BY id) AS place
    FROM {table}
) AS kept
WHERE NOT EXISTS (
    SELECT FROM audit AS witness WHERE witness.details #>> '{{row,table}}' = %(table)s
    AND witness.details #>> '{{row,id}}' = kept.id::text
) AND NOT EXISTS (SELECT FROM said WHERE said.subject = kept.owner AND {tells})
ORDER BY kept.id
""")
_TELLS: Final = {
    "case_act": sql.SQL(
        "said.act = 'case-' || kept.act AND said.details ->> 'version' = kept.number::text"
    ),
    "register_act": sql.SQL(
        "said.act LIKE '%%-' || kept.act AND said.details ->> 'version' = kept.number::text"
    ),
    "alert_act": sql.SQL(
        "said.act = 'alert-' || kept.act"
        " AND coalesce(said.details ->> 'version', kept.number::text) = kept.number::text"
    ),
    "case_document": sql.SQL("said.details ->> 'document_id' = kept.id::text"),
    "posting": sql.SQL("said.act = 'case-post' AND said.place = kept.place"),
}
"""How an audit row without a digest tells of a row of each table."""
# What went with its owner is told of the owner.
_GONE: Final = sql.SQL("""
SELECT number, subject, details #>> '{{row,id}}' AS id FROM audit
WHERE details #>> '{{row,table}}' = %(table)s
    AND NOT EXISTS (SELECT FROM {table} AS kept WHERE kept.id::text = details #>> '{{row,id}}')
    AND EXISTS (SELECT FROM {owner} AS owner WHERE owner.id::text = audit.subject)
ORDER BY number
""")
