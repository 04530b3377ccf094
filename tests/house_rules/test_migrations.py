"""Each database's history is numbered, goes both ways, and ends where the models are."""

import re

import psycopg
import pytest
from alembic.script import ScriptDirectory

from shared import migrations
from tests.house_rules.sources import PROCESSES
from tests.trial import MakeDatabase

# What the runtime role may only add to: decided, paid and audited rows.
APPEND_ONLY = {
    "gateway": {"audit"},
    "identification": {
        "alert_paper",
        "audit",
        "case_act",
        "register_act",
        "register_paper",
        "sample",
        "clock_move",
        "closed_run",
        "day_naming",
        "frozen_report",
        "frozen_book",
    },
    "benefits": {"audit", "entitlement_line"},
    "payments": {"audit", "ledger_entry", "ledger_posting", "appropriation", "reserve_move"},
    "notifications": {"audit"},
}


@pytest.mark.parametrize("process", PROCESSES)
def test_migrations_are_numbered_and_have_one_head(process: str) -> None:
    versions = sorted((migrations.folder(process) / "versions").glob("*.py"))
    assert versions
    for number, path in enumerate(versions, 1):
        assert re.fullmatch(rf"{number:04d}_[a-z0-9_]+\.py", path.name)
    script = ScriptDirectory.from_config(migrations.config(process, "postgresql://nowhere"))
    assert len(script.get_heads()) == 1


@pytest.mark.parametrize("process", PROCESSES)
def test_migrations_go_up_down_and_up_and_leave_no_drift(
    process: str, make_database: MakeDatabase
) -> None:
    database = make_database(process)
    migrations.downgrade(process, database.owner_url)
    migrations.upgrade(process, database.owner_url)
    migrations.drift(process, database.owner_url)


@pytest.mark.parametrize("process", PROCESSES)
def test_every_table_says_whose_county_it_is(process: str, make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database(process).owner_url) as owner:
        without = owner.execute(
            "SELECT table_name FROM information_schema.tables AS tables"
            " WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND NOT EXISTS ("
            " SELECT FROM information_schema.columns AS columns WHERE column_name = 'county'"
            " AND columns.table_name = tables.table_name)"
        ).fetchall()
    assert without == []


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_can_neither_rewrite_what_is_decided_nor_change_its_tables(
    process: str, make_database: MakeDatabase
) -> None:
    database = make_database(process)
    with psycopg.connect(database.owner_url) as owner:
        may = owner.execute(
            "SELECT table_name FROM information_schema.role_table_grants"
            " WHERE grantee = %s AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')",
            (database.names.runtime,),
        ).fetchall()
        there = owner.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
    assert APPEND_ONLY[process] <= {name for (name,) in there}
    assert not APPEND_ONLY[process] & {name for (name,) in may}
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(database.runtime_url) as runtime, refused:
        runtime.execute("CREATE TABLE odd (id int)")


@pytest.mark.parametrize("process", PROCESSES)
def test_a_reader_writes_nothing(process: str, make_database: MakeDatabase) -> None:
    with (
        psycopg.connect(make_database(process).reader_url) as reader,
        pytest.raises(
            (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.InsufficientPrivilege)
        ),
    ):
        reader.execute("DELETE FROM outbox")
