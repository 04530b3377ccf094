"""What was done to cases, entries and alerts, against the audit rows that bear each of it out."""

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
    "case_act": ("case_file", "case_id"),
    "register_act": ("register_entry", "entry_id"),
    "alert_act": ("alert", "alert_id"),
    "case_document": ("case_file", "case_id"),
    "posting": ("case_file", "case_id"),
}
"""Whose rows a table holds, and by which column."""
MAY_CHANGE: Final = {"case_document": {"replaced_by"}, "posting": {"taken_down_on"}}


def rows(identification: Rows) -> Iterator[Finding]:
    """Every row is as its audit row says, and none came or went past the service.

    Rows of a time when audit rows bore none out are let be: ids are in the order of their making.
    """
    for table in OWNERS:
        yield from _changed(identification, table)
        yield from _gone(identification, table)


def _changed(identification: Rows, table: str) -> Iterator[Finding]:
    found = identification.execute(_FIRST, {"table": table}).fetchone()
    first = found["id"] if found else None
    with identification.cursor(name=f"history_{table}") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(_WITNESSED.format(table=sql.Identifier(table)), {"table": table})
        for row in cursor:
            audited, said = row.pop("audit_row"), row.pop("audit_sha256")
            of_owner = f"{table} {row['id']} of {row[OWNERS[table][1]]}"
            if audited is not None and digest(table, row) != said:
                yield Finding("history-changed", f"{of_owner} is not as audit row {audited} says")
            if audited is None and first is not None and str(row["id"]) > first:
                yield Finding("history-not-audited", f"{of_owner} has no audit row")


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


_FIRST: Final = """
SELECT min(details #>> '{row,id}') AS id FROM audit WHERE details #>> '{row,table}' = %(table)s
"""
_WITNESSED: Final = sql.SQL("""
SELECT kept.*, said.number AS audit_row, said.details #>> '{{row,sha256}}' AS audit_sha256
FROM {table} AS kept LEFT JOIN audit AS said
    ON said.details #>> '{{row,table}}' = %(table)s
    AND said.details #>> '{{row,id}}' = kept.id::text
ORDER BY kept.id
""")
# A draft that nobody handed in goes whole when its days are over.
_GONE: Final = sql.SQL("""
SELECT number, subject, details #>> '{{row,id}}' AS id FROM audit
WHERE details #>> '{{row,table}}' = %(table)s
    AND NOT EXISTS (SELECT FROM {table} AS kept WHERE kept.id::text = details #>> '{{row,id}}')
    AND EXISTS (SELECT FROM {owner} AS owner WHERE owner.id::text = audit.subject)
ORDER BY number
""")
