"""Databases and roles as provision makes them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shared import provision
from shared.passwords import kept, scram_verifier
from shared.postgres import EmbeddedPostgres
from shared.postgres_programs import Programs
from tests.trial import MakeDatabase


def test_the_process_can_change_rows_but_not_tables(make_database: MakeDatabase) -> None:
    database = make_database("payments", migrated=False)
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE notes (id int PRIMARY KEY, words text)")
    with psycopg.connect(database.runtime_url) as process:
        process.execute("INSERT INTO notes VALUES (1, '低保')")
        process.execute("UPDATE notes SET words = '特困'")
        process.execute("DELETE FROM notes")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            process.execute("CREATE TABLE others (id int)")


def test_the_reader_reads_and_nothing_else(make_database: MakeDatabase) -> None:
    database = make_database("payments", migrated=False)
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE notes (id int PRIMARY KEY)")
        owner.execute("INSERT INTO notes VALUES (1)")
    with psycopg.connect(database.reader_url, autocommit=True) as reader:
        assert reader.execute("SELECT id FROM notes").fetchall() == [(1,)]
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("DELETE FROM notes")
        reader.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("DELETE FROM notes")


def test_nobody_opens_the_database_of_another(make_database: MakeDatabase) -> None:
    payments = make_database("payments", migrated=False)
    benefits = make_database("benefits", migrated=False)
    strange = payments.runtime_url.replace(payments.names.database, benefits.names.database)
    strange = strange.replace(f"//{benefits.names.database}:", f"//{payments.names.database}:")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(strange)


def test_emptying_follows_what_points_at_what(make_database: MakeDatabase) -> None:
    database = make_database("payments", migrated=False)
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE households (id int PRIMARY KEY)")
        owner.execute("CREATE TABLE a_member (id int REFERENCES households, head int)")
        owner.execute("INSERT INTO households VALUES (1)")
        owner.execute("INSERT INTO a_member VALUES (1)")
    database.empty()
    with psycopg.connect(database.reader_url) as reader:
        assert reader.execute("SELECT count(*) FROM households, a_member").fetchall() == [(0,)]


@pytest.fixture
def a_server(own_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server of its own: provision's names are the same everywhere, and yours may hold them."""
    server = EmbeddedPostgres(own_folder / "postgres", own_folder / "keys")
    server.start()
    yield server
    server.stop()


def test_five_processes_get_their_databases_and_keep_them(
    a_server: EmbeddedPostgres, own_folder: Path
) -> None:
    keys = own_folder / "keys"
    found = provision.provision(a_server.admin_url, keys, environment={})
    assert set(found) == set(provision.PROCESSES)
    with psycopg.connect(found["payments"].owner) as owner:
        owner.execute("CREATE TABLE notes (id int)")
    assert provision.provision(a_server.admin_url, keys, environment={}) == found
    with psycopg.connect(found["payments"].runtime) as process:
        process.execute("INSERT INTO notes VALUES (1)")
        locale = "SELECT datlocale FROM pg_database WHERE datname = current_database()"
        assert process.execute(locale).fetchone() == ("C.UTF-8",)


def test_an_interrupted_provision_is_finished_by_the_next(
    a_server: EmbeddedPostgres, own_folder: Path
) -> None:
    names = provision.Names("doudi_payments")
    keys = own_folder / "keys"
    secrets = {role: kept(keys / f"postgres-{role}") for role in names.roles}
    verifiers = {role: scram_verifier(secrets[role]) for role in names.roles}
    with psycopg.connect(a_server.admin_url, autocommit=True) as admin:
        for statement in provision.role_statements(names, verifiers):
            admin.execute(statement)
        admin.execute(provision.database_statement(names, 18))
    found = provision.provision(a_server.admin_url, keys, environment={})
    with psycopg.connect(found["payments"].owner) as owner:
        owner.execute("CREATE TABLE notes (id int)")
    with psycopg.connect(found["payments"].reader) as reader:
        reader.execute("SELECT id FROM notes")


def test_an_account_without_rights_can_provision_when_it_may_create(
    a_server: EmbeddedPostgres, own_folder: Path
) -> None:
    with psycopg.connect(a_server.admin_url) as admin:
        admin.execute("CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD 'keeper'")
    keeper = provision.on(a_server.admin_url, database="postgres", role="keeper", password="keeper")
    found = provision.provision(keeper, own_folder / "more-keys", environment={})
    with psycopg.connect(found["benefits"].owner) as owner:
        owner.execute("CREATE TABLE notes (id int)")
    with psycopg.connect(found["benefits"].runtime) as process:
        process.execute("INSERT INTO notes VALUES (1)")


def test_roles_of_another_installation_are_left_alone(
    a_server: EmbeddedPostgres, own_folder: Path
) -> None:
    found = provision.provision(a_server.admin_url, own_folder / "keys", environment={})
    with pytest.raises(provision.ProvisionRefused, match="another installation"):
        provision.provision(a_server.admin_url, own_folder / "strange", environment={})
    psycopg.connect(found["payments"].runtime).close()
    anew = provision.provision(
        a_server.admin_url, own_folder / "strange", environment={}, new_passwords=True
    )
    psycopg.connect(anew["payments"].runtime).close()


def test_what_is_printed_for_a_keeper_works_and_tells_no_password(
    a_server: EmbeddedPostgres, own_folder: Path
) -> None:
    keys = own_folder / "printed"
    script = "\n".join(provision.script(keys))
    for file in keys.iterdir():
        assert file.read_text().strip() not in script
    for _ in range(2):  # Running it again changes nothing.
        done = subprocess.run(  # noqa: S603 # A program of ours, with words of ours.
            [
                Programs.find().client("psql"),
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                a_server.admin_url,
            ],
            input=script,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    stranger = provision.on(a_server.admin_url, database="postgres", role="nobody", password="x")
    found = provision.provision(stranger, keys, environment={})
    with psycopg.connect(found["gateway"].owner) as owner:
        owner.execute("CREATE TABLE notes (id int)")


def test_a_database_made_by_others_is_named_in_all_three_roles() -> None:
    environment = {"PAYMENTS_DATABASE_URL": "postgresql://payments@elsewhere/payments"}
    with pytest.raises(provision.ProvisionRefused, match="PAYMENTS_OWNER_DATABASE_URL"):
        provision._overridden("payments", environment)
    environment["PAYMENTS_OWNER_DATABASE_URL"] = "postgresql://owner@elsewhere/payments"
    environment["PAYMENTS_READER_DATABASE_URL"] = "postgresql://reader@elsewhere/payments"
    urls = provision._overridden("payments", environment)
    assert urls is not None
    assert urls.runtime == environment["PAYMENTS_DATABASE_URL"]
    assert provision._overridden("benefits", environment) is None
