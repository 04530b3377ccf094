"""Databases and roles as provision makes them."""

import psycopg
import pytest

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
