"""Whoever owns the database changes what was done to a case, and the checker names the row."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import dict_row

from services.payments.checks import __main__ as checker
from services.payments.checks.chains import Head
from services.payments.checks.findings import Rows
from tests.identification.caseworkers import Walk
from tests.identification.register import Register

HEADS: dict[str, Head] = {}


def found(rows: Rows, noted: dict[str, Head] = HEADS) -> list[tuple[str, str]]:
    """What the checker finds, and what it says of it."""
    findings, _ = checker.check_history({"identification": rows}, noted)
    return [(each.code, each.says) for each in findings]


@contextmanager
def tampered(register: Register, statement: str) -> Iterator[Rows]:
    """Something was changed as only the server's own rights can, until it has been looked at."""
    database = register.database
    url = f"{database.admin_url.rsplit('/', 1)[0]}/{database.names.database}"
    with psycopg.connect(url, row_factory=dict_row) as rows, rows.transaction():
        rows.execute("SET LOCAL session_replication_role = replica")
        assert rows.execute(statement.encode()).rowcount == 1, "one row was changed"
        yield rows
        raise psycopg.Rollback


EDITS = (
    ("history-changed", "UPDATE {act} SET done_on = done_on - 40 WHERE number = {n}"),
    ("history-changed", "UPDATE {act} SET person = 'zhao-min' WHERE number = {n}"),
    ("history-changed", "UPDATE {act} SET actor = 'staff:zhao-min' WHERE number = {n}"),
    ("history-changed", "UPDATE {act} SET case_id = gen_random_uuid() WHERE number = {n}"),
    ("history-changed", "UPDATE {act} SET scopes = '{{cases:decide}}' WHERE number = {n}"),
    ("history-changed", "UPDATE {act} SET words_sealed = 'x' WHERE number = {n}"),
    ("history-gone", "DELETE FROM {act} WHERE number = {n}"),
    ("history-changed", "UPDATE posting SET first_day = first_day - 7"),
    ("history-changed", "UPDATE posting SET last_day = first_day"),
    ("history-gone", "DELETE FROM posting"),
    ("history-changed", "UPDATE {paper} SET added_by = 'staff:zhao-min' WHERE id = {id}"),
    (
        "history-changed",
        "UPDATE {paper} SET added_at = added_at - interval '9 days' WHERE id = {id}",
    ),
    (
        "history-not-audited",
        "INSERT INTO {act} SELECT (jsonb_populate_record(kept, jsonb_build_object("
        "'id', 'ffffffff-0000-7000-8000-000000000000', 'number', 99))).* FROM {act} AS kept"
        " WHERE number = {n}",
    ),
    ("audit-chain-broken", "UPDATE audit SET actor = 'x' WHERE number = 3"),
    ("audit-chain-broken", "DELETE FROM audit WHERE number = 3"),
)


async def test_every_edit_of_a_history_is_found_and_named(register: Register) -> None:
    walk = await Walk(register).posted()
    with checker.reading(register.database.reader_url) as rows:
        findings, heads = checker.check_history({"identification": rows}, {})
        assert findings == []
    (act,) = register.rows("SELECT max(number) AS n FROM case_act")
    (paper,) = register.rows("SELECT min(id::text) AS id FROM case_document")
    named = {"act": "case_act", "paper": "case_document", "n": act["n"], "id": f"'{paper['id']}'"}
    for code, edit in EDITS:
        with tampered(register, edit.format(**named)) as rows:
            told = found(rows, heads)
        assert told[0][0] == code, (edit, told)
        if code.startswith("history"):
            assert len(told) == 1, (edit, told)
            assert walk.case["case_id"] in told[0][1] or "case_id" in edit

    with tampered(
        register, "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)"
    ) as rows:
        assert "audit-chain-cut" in {code for code, _ in found(rows, heads)}
    with checker.reading(register.database.reader_url) as rows:
        written = Head(rows=heads["identification"]["rows"], head="00" * 32)
        assert [code for code, _ in found(rows, {"identification": written})] == [
            "audit-chain-rewritten"
        ]
        assert found(rows, {**heads, "gateway": heads["identification"]}) == [
            ("audit-chain-not-read", "gateway")
        ]
