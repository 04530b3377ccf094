"""What the session's servers and databases look like to a test."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

import nats
import psycopg
from psycopg import sql

from shared import migrations, provision

# Every table in an order in which each can be emptied: those that point at others come first.
_EMPTY = """
DO $$ DECLARE each text; BEGIN FOR each IN
    WITH RECURSIVE own AS (
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
          AND relname <> 'alembic_version'
    ), points AS (
        SELECT DISTINCT conrelid AS source, confrelid AS target FROM pg_constraint
        WHERE contype = 'f' AND conrelid <> confrelid
    ), depths AS (
        SELECT oid, 0 AS depth FROM own
        UNION
        SELECT target, depth + 1 FROM depths JOIN points ON source = oid WHERE depth < 100
    )
    SELECT oid::regclass::text FROM depths GROUP BY oid ORDER BY max(depth)
LOOP EXECUTE 'DELETE FROM ' || each; END LOOP; END $$
"""


@dataclass(frozen=True)
class PostgresAt:
    """A PostgreSQL server, reached as an account that may make roles and databases."""

    admin_url: str


@dataclass(frozen=True)
class NatsAt:
    """A NATS server; each process speaks under its own name."""

    url: Callable[[str], str]

    @property
    def admin_url(self) -> str:
        """As the user who may do everything."""
        return self.url("ground")

    async def forget(self) -> None:
        """Empty the bus: what earlier tests said is about people who are in no database now."""
        client = await nats.connect(self.admin_url)
        stream = client.jetstream()
        for publisher in await stream.streams_info():
            await stream.delete_stream(str(publisher.config.name))
        await client.close()


@dataclass(frozen=True)
class TrialDatabase:
    """A database made for tests, with the three roles it would have in production."""

    admin_url: str
    names: provision.Names
    urls: provision.Urls

    @classmethod
    def make(cls, admin_url: str, name: str) -> Self:
        """Make one, empty."""
        assert name.startswith("doudi_test_"), "tests touch nothing else on a server"
        names = provision.Names(name)
        passwords = {role: secrets.token_urlsafe(16) for role in names.roles}
        # Tests connect thousands of times, and nobody guesses passwords of a moment.
        return cls(admin_url, names, provision.make(admin_url, names, passwords, iterations=1))

    @property
    def owner_url(self) -> str:
        """As the role that makes tables."""
        return self.urls.owner

    @property
    def runtime_url(self) -> str:
        """As the role the process works in."""
        return self.urls.runtime

    @property
    def reader_url(self) -> str:
        """As the role that only reads."""
        return self.urls.reader

    def migrate(self, process: str) -> None:
        """Give it the tables of a process."""
        migrations.upgrade(process, self.owner_url)

    def empty(self) -> None:
        """Take every row out of every table, in one round trip."""
        with psycopg.connect(self.owner_url) as owner:
            owner.execute(_EMPTY)

    def drop(self) -> None:
        """Take it away, and its roles, whoever is still connected."""
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.names.database))
            )
            for role in self.names.roles:
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


class MakeDatabase(Protocol):
    """make_database("payments") or make_database("payments", migrated=False)."""

    def __call__(self, process: str, *, migrated: bool = True) -> TrialDatabase:
        """A new database."""
