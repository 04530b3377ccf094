"""Cases, entries and alerts themselves, against the chain: that each is there that something was
done to, that it stands where its last act led, and what later became of its papers and lists."""

from collections.abc import Iterator
from typing import Final

from psycopg import sql

from services.payments.checks.findings import Finding, Rows

ACTS: Final = {
    "case_standing": ("case_act", "case_id", "case"),
    "register_entry": ("register_act", "entry_id", "entry"),
    "alert": ("alert_act", "alert_id", "alert"),
}
"""Where the acts of each lie, by which column they name it, and what it is called; of a case the
checker sees no more than where it stands."""
_TOLD: Final = {
    "case_standing": sql.SQL("act = 'case-opened'"),
    "register_entry": sql.SQL("details ?& array['number', 'version']"),
    "alert": sql.SQL("act LIKE 'alert-%' AND details ? 'version'"),
}
"""Which audit rows say that there is such a one: its subject."""


def owners(identification: Rows) -> Iterator[Finding]:
    """Whatever the chain tells of is there, whole, and is as it tells."""
    for table in ACTS:
        yield from _gone(identification, table)
        yield from _elsewhere(identification, table)
    for row in identification.execute(_NEVER_OPENED):
        yield Finding("history-not-audited", f"case {row['id']} has no audit row")
    for row in identification.execute(_NEVER_RAISED):
        says = f"of comparison {row['subject']} there are {row['there']} alerts"
        yield Finding("history-changed", f"{says}; audit row {row['number']} says {row['said']}")
    for row in identification.execute(_UNTOUCHED):
        says = f"alert {row['id']} is {row['state']}, and nothing was done to it"
        yield Finding("history-changed", says)
    for row in identification.execute(_PAPERS):
        yield _not_as_said(f"case_document {row['id']} of {row['case_id']}", row["number"])
    for row in identification.execute(_LISTS):
        yield _not_as_said(f"posting {row['id']} of {row['case_id']}", row["number"])


def _gone(identification: Rows, table: str) -> Iterator[Finding]:
    """Gone whole. A draft that nobody handed in goes when its days are over, and the sweep names
    it; an older sweep says how many, and so many that were never moved may be missing."""
    statement = _GONE.format(table=sql.Identifier(table), told=_TOLD[table])
    unnamed = 0
    if table == "case_standing":
        counted = identification.execute(_UNNAMED).fetchone()
        unnamed = counted["count"] if counted else 0
    for row in identification.execute(statement):
        if not row["moved"] and unnamed > 0:
            unnamed -= 1
        else:
            says = f"{ACTS[table][2]} {row['subject']} is gone; audit row {row['number']} has it"
            yield Finding("history-gone", says)


def _elsewhere(identification: Rows, table: str) -> Iterator[Finding]:
    acts, column, called = ACTS[table]
    statement = _ELSEWHERE.format(
        table=sql.Identifier(table), acts=sql.Identifier(acts), owner=sql.Identifier(column)
    )
    for row in identification.execute(statement):
        stands = f"{called} {row['id']} is {row['state']} at version {row['version']}"
        led = f"{row['led_to']} at {row['number']}" if row["led_to"] else "nowhere yet"
        yield Finding("history-changed", f"{stands}; what was done led to {led}")


def _not_as_said(what: str, number: int | None) -> Finding:
    says = f"what audit row {number} says became of it" if number else "what became of it"
    return Finding("history-changed", f"{what}: it is not {says}")


# Whoever was forgotten is named by the sweep; a case that was moved is no draft.
_GONE: Final = sql.SQL("""
SELECT told.subject, told.number, EXISTS (
    SELECT FROM audit AS moves WHERE moves.subject = told.subject
    AND moves.details ->> 'from' <> moves.details ->> 'to'
) AS moved
FROM (SELECT subject, min(number) AS number FROM audit WHERE {told} GROUP BY subject) AS told
WHERE NOT EXISTS (SELECT FROM {table} AS owner WHERE owner.id::text = told.subject)
    AND told.subject NOT IN (
        SELECT jsonb_array_elements_text(details -> 'ids') FROM audit
        WHERE act = 'kept-days-over' AND subject = 'drafts'
    )
ORDER BY told.number
""")
_UNNAMED: Final = """
SELECT coalesce(sum((details ->> 'count')::int), 0)::int AS count FROM audit
WHERE act = 'kept-days-over' AND subject = 'drafts' AND NOT details ? 'ids'
"""
# Before anything was done it stands where the chain says it began; older rows say nothing of it.
_ELSEWHERE: Final = sql.SQL("""
SELECT owner.id, owner.state, owner.version, last.number, coalesce(last.to_state, began.state)
    AS led_to
FROM {table} AS owner
LEFT JOIN (
    SELECT DISTINCT ON ({owner}) {owner} AS id, number, to_state FROM {acts}
    ORDER BY {owner}, number DESC
) AS last ON last.id = owner.id
LEFT JOIN (
    SELECT subject, details ->> 'state' AS state FROM audit WHERE act = 'case-opened'
) AS began ON began.subject = owner.id::text
WHERE owner.version <> coalesce(last.number, 0)
    OR owner.state <> coalesce(last.to_state, began.state)
ORDER BY owner.id
""")
_NEVER_OPENED: Final = """
SELECT id FROM case_standing AS owner WHERE NOT EXISTS (
    SELECT FROM audit WHERE act = 'case-opened' AND subject = owner.id::text
) ORDER BY id
"""
_NEVER_RAISED: Final = """
SELECT said.number, said.subject, said.raised AS said, count(alert.id)::int AS there
FROM (
    SELECT number, subject, (details ->> 'new')::int AS raised, (details ->> 'attempt')::int
        AS attempt
    FROM audit WHERE act = 'comparison-compared'
) AS said
LEFT JOIN alert ON alert.comparison_id::text = said.subject AND alert.attempt = said.attempt
GROUP BY said.number, said.subject, said.raised HAVING count(alert.id) <> said.raised
ORDER BY said.number
"""
_UNTOUCHED: Final = """
SELECT alert.id, alert.state FROM alert JOIN audit AS said ON said.act = 'comparison-compared'
    AND said.subject = alert.comparison_id::text
    AND said.details ->> 'attempt' = alert.attempt::text
WHERE alert.state <> said.details ->> 'state'
    AND NOT EXISTS (SELECT FROM alert_act WHERE alert_id = alert.id)
ORDER BY alert.id
"""
# A paper that says nothing of what it replaces came before that was said.
_PAPERS: Final = """
WITH said AS (
    SELECT number, replaced AS id, details ->> 'document_id' AS by
    FROM audit, jsonb_array_elements_text(details -> 'replaces') AS replaced
    WHERE details ? 'replaces'
    UNION ALL
    SELECT number, details ->> 'document_id', NULL FROM audit WHERE act = 'case-paper-brought-again'
), last AS (SELECT DISTINCT ON (id) id, number, by FROM said ORDER BY id, number DESC)
SELECT kept.id, kept.case_id, last.number FROM case_document AS kept
LEFT JOIN last ON last.id = kept.id::text
LEFT JOIN audit AS older ON older.act = 'case-paper-added'
    AND older.details ->> 'document_id' = kept.replaced_by::text
    AND older.subject = kept.case_id::text AND NOT older.details ? 'replaces'
WHERE kept.replaced_by::text IS DISTINCT FROM last.by
    AND NOT (last.id IS NULL AND older.number IS NOT NULL)
ORDER BY kept.id
"""
# A list that was taken down before that was said came down on a day on which something was done.
_LISTS: Final = """
WITH said AS (
    SELECT number, details ->> 'posting' AS id, details ->> 'on' AS day
    FROM audit WHERE act = 'case-list-taken-down'
), older AS (
    SELECT DISTINCT done.case_id, done.done_on FROM case_act AS done
    JOIN audit ON audit.subject = done.case_id::text AND audit.act = 'case-' || done.act
        AND audit.details ->> 'version' = done.number::text
    WHERE audit.number < coalesce((SELECT min(number) FROM said), 2^62)
)
SELECT kept.id, kept.case_id, said.number FROM posting AS kept
LEFT JOIN said ON said.id = kept.id::text
LEFT JOIN older ON older.case_id = kept.case_id AND older.done_on = kept.taken_down_on
WHERE kept.taken_down_on::text IS DISTINCT FROM said.day
    AND NOT (said.id IS NULL AND older.case_id IS NOT NULL)
ORDER BY kept.id
"""
