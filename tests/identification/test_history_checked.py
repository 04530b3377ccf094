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
    """Something was changed as only the server's own rights can, until it has been looked at, by
    the role that only reads."""
    database = register.database
    url = f"{database.admin_url.rsplit('/', 1)[0]}/{database.names.database}"
    with psycopg.connect(url, row_factory=dict_row) as rows, rows.transaction():
        rows.execute("SET LOCAL session_replication_role = replica")
        assert rows.execute(statement.encode()).rowcount == 1, "one row was changed"
        rows.execute(f"SET LOCAL ROLE {database.names.reader}".encode())
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
    (
        "history-not-audited",
        "INSERT INTO {act} SELECT (jsonb_populate_record(kept, jsonb_build_object("
        "'id', '00000000-0000-7000-8000-000000000000', 'number', 99))).* FROM {act} AS kept"
        " WHERE number = {n}",
    ),
    (
        "history-not-audited",
        "INSERT INTO posting SELECT (jsonb_populate_record(kept, jsonb_build_object("
        "'id', '00000000-0000-7000-8000-000000000000', 'round', 9))).* FROM posting AS kept",
    ),
    (
        "history-not-audited",
        "INSERT INTO case_file SELECT (jsonb_populate_record(kept, jsonb_build_object("
        "'id', '00000000-0000-7000-8000-000000000000', 'receipt', 'x', 'form_number', 9))).*"
        " FROM case_file AS kept",
    ),
    ("history-changed", "UPDATE case_file SET state = 'granted'"),
    ("history-changed", "UPDATE case_file SET version = version + 1"),
    ("history-changed", "UPDATE posting SET taken_down_on = last_day"),
    ("history-changed", "UPDATE {paper} SET replaced_by = id WHERE id = {id}"),
    ("history-gone", "DELETE FROM case_file"),
    (
        "history-gone",
        "WITH acts AS (DELETE FROM {act}), papers AS (DELETE FROM {paper}),"
        " lists AS (DELETE FROM posting) DELETE FROM case_file",
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
        assert code in {each for each, _ in told}, (edit, told)
        if code.startswith("history"):
            assert {each for each, _ in told} <= {code, "history-changed"}, (edit, told)
            assert any(walk.case["case_id"] in says for _, says in told) or "'x'" in edit

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


BEFORE = """
DELETE FROM audit WHERE act IN ('case-list-shown', 'case-list-taken-down');
UPDATE audit SET details = details - 'row' - 'replaces' - 'state';
"""


async def test_a_history_of_before_there_were_digests_is_let_be_and_nothing_is_added_to_it(
    register: Register,
) -> None:
    await Walk(register).confirming()
    with psycopg.connect(register.database.owner_url) as owner:
        owner.execute(BEFORE)
    with checker.reading(register.database.reader_url) as rows:
        assert {code for code, _ in found(rows)} == {"audit-chain-broken"}
    forged = (
        "INSERT INTO {0} SELECT (jsonb_populate_record(kept, jsonb_build_object("
        "'id', '00000000-0000-7000-8000-000000000000', '{1}', 99))).* FROM {0} AS kept LIMIT 1"
    )
    for table, column in (("case_act", "number"), ("posting", "round")):
        with tampered(register, forged.format(table, column)) as rows:
            assert "history-not-audited" in {code for code, _ in found(rows)}, table
    with tampered(register, "UPDATE posting SET taken_down_on = taken_down_on + 1") as rows:
        assert "history-changed" in {code for code, _ in found(rows)}
    with tampered(register, "DELETE FROM case_file") as rows:
        assert "history-gone" in {code for code, _ in found(rows)}
