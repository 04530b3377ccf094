"""Each process has its own database and three roles: one makes tables, one works, one reads.

`python -m shared.provision` does it as DATABASE_URL, an account that may create roles and
databases; `--sql` prints the statements for those who do it by hand. Doing it again changes
nothing. Passwords are made once and kept among the keys; what is printed holds verifiers only.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from shared import passwords

PROCESSES: Final = ("gateway", "identification", "benefits", "payments", "notifications")
BUILTIN_LOCALE_SINCE: Final = 17


class ProvisionRefused(Exception):
    """The databases cannot be made as asked; the text says why and what to do."""


@dataclass(frozen=True)
class Names:
    """What one process's database and roles are called."""

    database: str

    @property
    def owner(self) -> str:
        """Makes and changes tables: migrations only."""
        return f"{self.database}_owner"

    @property
    def runtime(self) -> str:
        """Works in them: the process. The owner's name without its ending."""
        return self.database

    @property
    def reader(self) -> str:
        """Reads them: checkers, reports."""
        return f"{self.database}_reader"

    @property
    def roles(self) -> tuple[str, str, str]:
        """All three."""
        return (self.owner, self.runtime, self.reader)


@dataclass(frozen=True)
class Urls:
    """How one process's database is reached in each role."""

    owner: str
    runtime: str
    reader: str


def provision(
    admin_url: str | None,
    keys: Path,
    *,
    environment: Mapping[str, str] | None = None,
    new_passwords: bool = False,
    make_missing: bool = True,
) -> dict[str, Urls]:
    """Make whatever is missing, if asked to; how each process's database is reached.

    <PROCESS>_DATABASE_URL, with <PROCESS>_OWNER_DATABASE_URL and <PROCESS>_READER_DATABASE_URL,
    stand for a database that others made.

    Raises:
        ProvisionRefused: in words that say what to do.
    """
    environment = os.environ if environment is None else environment
    found = {}
    for process in PROCESSES:
        urls = _overridden(process, environment)
        if urls is None:
            if admin_url is None:
                raise ProvisionRefused(
                    f"there is no database for {process}: set DATABASE_URL, or "
                    f"{process.upper()}_DATABASE_URL with its owner's and reader's"
                )
            names = Names(f"doudi_{process}")
            urls = _as_it_stands(admin_url, names, keys)
            if urls is None and not make_missing:
                raise ProvisionRefused(f"{keys} does not open {names.database} on this server")
            urls = urls or _made(admin_url, names, keys, new_passwords)
        found[process] = urls
    return found


def make(
    admin_url: str,
    names: Names,
    secrets: Mapping[str, str],
    iterations: int = passwords.SCRAM_ITERATIONS,
) -> Urls:
    """Make one database and its roles, with these passwords by role, hashed so often."""
    verifiers = {
        role: passwords.scram_verifier(secrets[role], iterations=iterations) for role in names.roles
    }
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for statement in role_statements(names, verifiers):
            admin.execute(statement)
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (names.database,))
        if known.fetchone() is None:
            admin.execute(database_statement(names, admin.info.server_version // 10_000))
    with psycopg.connect(on(admin_url, database=names.database)) as admin:  # All of them or none.
        for statement in grant_statements(names):
            admin.execute(statement)
    return urls_of(admin_url, names, secrets)


def urls_of(admin_url: str, names: Names, secrets: Mapping[str, str]) -> Urls:
    """The database's addresses, on the server of the admin's."""
    return Urls(
        *(
            on(admin_url, database=names.database, role=role, password=secrets[role])
            for role in names.roles
        )
    )


def on(url: str, *, database: str, role: str | None = None, password: str | None = None) -> str:
    """The same server, another database; and as another role, when one is named."""
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    if role is not None:
        who, at = f"{quote(role, safe='')}:{quote(password or '', safe='')}", "@"
    return urlunsplit(parts._replace(netloc=f"{who}{at}{where}", path=f"/{database}"))


def role_statements(names: Names, verifiers: Mapping[str, str]) -> list[sql.Composed]:
    """The roles; PostgreSQL is given verifiers, so no password is sent or logged."""
    statements = []
    for role in names.roles:
        statements.append(
            sql.SQL(
                "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {}) "
                "THEN CREATE ROLE {}; END IF; END $do$"
            ).format(sql.Literal(role), sql.Identifier(role))
        )
        statements.append(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(verifiers[role])
            )
        )
    statements.append(_named("ALTER ROLE {reader} SET default_transaction_read_only = on", names))
    # Who makes a database for another role must be able to become that role.
    statements.append(_named("GRANT {owner} TO CURRENT_USER", names))
    return statements


def database_statement(names: Names, major: int) -> sql.Composed:
    """The database: text compared by code point, the same on every machine."""
    locale: LiteralString = "LOCALE 'C'"
    if major >= BUILTIN_LOCALE_SINCE:
        locale = "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    return sql.SQL(
        "CREATE DATABASE {database} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' "
    ).format(database=sql.Identifier(names.database), owner=sql.Identifier(names.owner)) + sql.SQL(
        locale
    )


def grant_statements(names: Names) -> list[sql.Composed]:
    """Who may do what; to be run in the database itself."""
    texts: tuple[LiteralString, ...] = (
        "SET ROLE {owner}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {runtime}, {reader}",
        # A temporary table holds what is being compared, and is gone with the session.
        "GRANT TEMPORARY ON DATABASE {database} TO {runtime}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {runtime}, {reader}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {runtime}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {runtime}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {reader}",
        "RESET ROLE",
    )
    return [_named(text, names) for text in texts]


def script(keys: Path) -> Iterable[str]:
    """All statements as psql reads them, for those who provision by hand, on whichever server."""
    since = BUILTIN_LOCALE_SINCE * 10_000
    yield f"SELECT current_setting('server_version_num')::int >= {since} AS has_builtin \\gset"
    for process in PROCESSES:
        names = Names(f"doudi_{process}")
        verifiers = {
            role: passwords.scram_verifier(passwords.kept(_password_file(keys, role)))
            for role in names.roles
        }
        yield f"-- {process}"
        for statement in role_statements(names, verifiers):
            yield f"{statement.as_string()};"
        yield "\\if :has_builtin"
        yield _unless_there(names, BUILTIN_LOCALE_SINCE)
        yield "\\else"
        yield _unless_there(names, BUILTIN_LOCALE_SINCE - 1)
        yield "\\endif"
        yield f"\\connect {names.database}"
        for statement in grant_statements(names):
            yield f"{statement.as_string()};"


def _unless_there(names: Names, major: int) -> str:
    creation = sql.Literal(database_statement(names, major).as_string()).as_string()
    database = sql.Literal(names.database).as_string()
    absent = f"NOT EXISTS (SELECT FROM pg_database WHERE datname = {database})"
    return f"SELECT {creation} WHERE {absent} \\gexec"


def _named(text: LiteralString, names: Names) -> sql.Composed:
    words = {"owner": names.owner, "runtime": names.runtime, "reader": names.reader}
    return sql.SQL(text).format(
        database=sql.Identifier(names.database),
        **{word: sql.Identifier(name) for word, name in words.items()},
    )


def _overridden(process: str, environment: Mapping[str, str]) -> Urls | None:
    """A database that others made, when the environment names it, in all three roles."""
    prefix = process.upper()
    knobs = [f"{prefix}_OWNER_DATABASE_URL", f"{prefix}_DATABASE_URL"]
    knobs.append(f"{prefix}_READER_DATABASE_URL")
    if not any(environment.get(knob) for knob in knobs):
        return None
    missing = [knob for knob in knobs if not environment.get(knob)]
    if missing:
        raise ProvisionRefused(
            f"{', '.join(missing)} must be set too: the owner makes tables, the process works as "
            "a role that cannot, the reader checks"
        )
    return Urls(*(environment[knob] for knob in knobs))


def _as_it_stands(admin_url: str, names: Names, keys: Path) -> Urls | None:
    """One process's database, when the passwords we keep open it."""
    if not all(_password_file(keys, role).exists() for role in names.roles):
        return None
    secrets = {role: passwords.kept(_password_file(keys, role)) for role in names.roles}
    urls = urls_of(admin_url, names, secrets)
    return urls if _opens(urls.owner) and _opens(urls.runtime) and _opens(urls.reader) else None


def _made(admin_url: str, names: Names, keys: Path, new_passwords: bool) -> Urls:
    """One process's database and roles, made or mended."""
    try:
        if not new_passwords:
            _refuse_somebody_elses_roles(admin_url, names, keys)
        secrets = {role: passwords.kept(_password_file(keys, role)) for role in names.roles}
        return make(admin_url, names, secrets)
    except psycopg.Error as problem:
        raise ProvisionRefused(
            f"{names.database} and its roles cannot be made: {str(problem).strip()}; DATABASE_URL "
            "must be an account that may create roles and databases, or let its keeper run what "
            "`make provision SQL=1` prints"
        ) from problem


def _refuse_somebody_elses_roles(admin_url: str, names: Names, keys: Path) -> None:
    """Roles whose passwords we do not keep are those of another installation."""
    strangers = [role for role in names.roles if not _password_file(keys, role).exists()]
    with psycopg.connect(admin_url) as admin:
        known = admin.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (strangers,))
        found = [str(row[0]) for row in known]
    if found:
        raise ProvisionRefused(
            f"{', '.join(found)} exist on this server, but {keys} does not hold their passwords: "
            "another installation may live there. If it is this one and its keys are lost, run "
            "`python -m shared.provision --new-passwords`"
        )


def _opens(url: str) -> bool:
    """Whether we get in, and the rights that were granted last are there."""
    try:
        with psycopg.connect(url, connect_timeout=5) as session:
            granted = session.execute("SELECT EXISTS (SELECT FROM pg_default_acl)").fetchone()
    except psycopg.OperationalError:
        return False
    return granted == (True,)


def _password_file(keys: Path, role: str) -> Path:
    return keys / f"postgres-{role}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    keys = Path(os.environ.get("DATA") or ".doudi") / "keys"
    parser.add_argument("--keys", type=Path, default=keys, help="folder of the passwords")
    parser.add_argument("--sql", action="store_true", help="print the statements, do nothing")
    parser.add_argument("--new-passwords", action="store_true", help="for roles that exist")
    chosen = parser.parse_args()
    if chosen.sql:
        for line in script(chosen.keys):
            sys.stdout.write(f"{line}\n")
        return
    admin_url = os.environ.get("DATABASE_URL")
    try:
        found = provision(admin_url, chosen.keys, new_passwords=chosen.new_passwords)
    except (ProvisionRefused, psycopg.Error) as problem:
        sys.exit(f"provision: {problem}")
    for process, urls in found.items():
        where = urlsplit(urls.runtime)
        sys.stdout.write(f"{process}: {where.path[1:]} on {where.hostname}:{where.port or 5432}\n")


if __name__ == "__main__":
    main()
