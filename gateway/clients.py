"""The machines that call, banks' couriers and agencies, registered by their public keys.

`python -m gateway.clients add --id qscb-courier --bank qscb --jwks FILE --scopes bank:fetch,…`
registers one or changes one; an agency that delivers lists names them, `--feeds deaths,vehicles`;
`stop --id …` ends one.
"""

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway.models import Client
from gateway.settings import Settings
from shared import audit
from shared.callers import Caller, Kind
from shared.database import Database
from shared.settings import load_or_exit

CLIENT_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,39}")
BANK: Final = re.compile(r"[a-z0-9]{2,12}")
FEED: Final = re.compile(r"[a-z]+(-[a-z]+){0,5}")
CLIENT_SCOPES: Final = frozenset({"bank:fetch", "bank:answer", "low-income:slice", "feeds:deliver"})
PRIVATE_PARTS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})


class ClientRefused(ValueError):
    """The client as described cannot be."""


def caller_of(client: Client, scopes: frozenset[str]) -> Caller:
    """As whom the services know a client; a scope taken from it is gone at once."""
    return Caller(
        subject=f"client:{client.client_id}",
        kind=Kind.PARTNER,
        county=client.county,
        scopes=scopes & frozenset(client.scopes),
        areas=(
            *([f"bank:{client.bank}"] if client.bank else []),
            *(f"feed:{feed}" for feed in client.feeds),
        ),
    )


async def register(
    session: AsyncSession,
    county: str,
    *,
    client_id: str,
    bank: str | None,
    jwks: dict[str, Any],
    scopes: list[str],
    feeds: Sequence[str] = (),
    now: datetime,
) -> Client:
    """Register a client, or give a registered one these keys and scopes.

    Raises:
        ClientRefused: an id, key or scope that cannot be.
    """
    if not CLIENT_ID.fullmatch(client_id):
        raise ClientRefused("an id is 2 to 40 of a-z, 0-9, '.' and '-'")
    if bank is not None and not BANK.fullmatch(bank):
        raise ClientRefused("a bank's code is 2 to 12 of a-z and 0-9")
    if not scopes or (unknown := set(scopes) - CLIENT_SCOPES):
        raise ClientRefused(
            f"a client's scopes are of {', '.join(sorted(CLIENT_SCOPES))}"
            + (f", not {', '.join(sorted(unknown))}" if scopes else "")
        )
    if bank is None and any(scope.startswith("bank:") for scope in scopes):
        raise ClientRefused("a scope of banks needs --bank")
    if wrong := [feed for feed in feeds if not FEED.fullmatch(feed)]:
        raise ClientRefused(f"no list is called {', '.join(wrong)}")
    if ("feeds:deliver" in scopes) != bool(feeds):
        raise ClientRefused("who delivers lists names them with --feeds, and nobody else does")
    client = await session.get(Client, client_id) or Client(
        county=county, client_id=client_id, jwks={}, scopes=[], registered_at=now
    )
    client.bank, client.jwks, client.scopes = bank, public_keys(jwks), sorted(scopes)
    client.feeds, client.stopped_at = sorted(feeds), None
    session.add(client)
    await session.flush()
    await audit.record(
        session,
        county,
        actor="operator",
        act="client-registered",
        subject=f"client:{client_id}",
        details={"bank": bank, "scopes": client.scopes, "feeds": client.feeds},
    )
    return client


async def stop(session: AsyncSession, county: str, *, client_id: str, now: datetime) -> None:
    """End a client; tokens it holds are refused within seconds.

    Raises:
        ClientRefused: there is no such client.
    """
    client = await session.get(Client, client_id)
    if client is None:
        raise ClientRefused("there is no such client")
    client.stopped_at = now
    session.add(client)
    await session.flush()
    await audit.record(
        session,
        county,
        actor="operator",
        act="client-stopped",
        subject=f"client:{client_id}",
        details={},
    )


def public_keys(words: dict[str, Any]) -> dict[str, Any]:
    """A client's key set: public P-256 or Ed25519 keys, nothing else.

    Raises:
        ClientRefused: a private, symmetric or unknown key.
    """
    keys = words.get("keys") if "keys" in words else [words]
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        raise ClientRefused("a key file holds one JWK or a JWK set")
    for key in keys:
        if PRIVATE_PARTS & set(key):
            raise ClientRefused("a private key was given: send the public one only")
        if (key.get("kty"), key.get("crv")) not in {("EC", "P-256"), ("OKP", "Ed25519")}:
            raise ClientRefused("keys are P-256 (ES256) or Ed25519 (EdDSA)")
    try:
        return {"keys": [_imported(key).as_dict(private=False) for key in keys]}
    except (JoseError, ValueError) as problem:
        raise ClientRefused("the key does not read as a JWK") from problem


def key_set(client: Client) -> KeySet:
    """A client's keys, ready to check signatures."""
    return KeySet([_imported(key) for key in client.jwks["keys"]])


def _imported(key: dict[str, Any]) -> ECKey | OKPKey:
    return ECKey.import_key(key) if key["kty"] == "EC" else OKPKey.import_key(key)


async def _run(chosen: argparse.Namespace, jwks: dict[str, Any]) -> str:
    settings = load_or_exit(Settings)
    database = Database(settings.database_url.get_secret_value(), connections_max=1)
    now = datetime.now(UTC)
    try:
        async with database.transaction() as session:
            if chosen.act == "stop":
                await stop(session, settings.county, client_id=chosen.id, now=now)
                return f"{chosen.id} is stopped"
            await register(
                session,
                settings.county,
                client_id=chosen.id,
                bank=chosen.bank,
                jwks=jwks,
                scopes=chosen.scopes.split(","),
                feeds=chosen.feeds.split(",") if chosen.feeds else (),
                now=now,
            )
            return f"{chosen.id} is registered"
    finally:
        await database.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m gateway.clients", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="register or change a client")
    add.add_argument("--id", required=True)
    add.add_argument("--bank", help="the bank's code, for a bank's client")
    add.add_argument("--jwks", required=True, help="file with its public JWK or JWK set")
    add.add_argument("--scopes", required=True, help=f"of {', '.join(sorted(CLIENT_SCOPES))}")
    add.add_argument("--feeds", help="lists it delivers, comma-separated")
    acts.add_parser("stop", help="end a client").add_argument("--id", required=True)
    chosen = parser.parse_args()
    try:
        jwks = json.loads(Path(chosen.jwks).read_text("utf-8")) if chosen.act == "add" else {}
        said = asyncio.run(_run(chosen, jwks))
    except (ValueError, OSError) as refused:
        sys.stderr.write(f"refused: {refused}\n")
        raise SystemExit(1) from refused
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main()
