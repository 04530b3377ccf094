"""The county standing up: servers, five processes, banks, carrier; and all of it down again."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from demonstration import processes
from demonstration.clock import StatedClock
from demonstration.inputs import COUNTY, Inputs
from demonstration.outside import Outside
from demonstration.processes import Where
from demonstration.staff import ACCOUNTS
from gateway import clients, staff
from shared import backup, migrations, passwords, ports, provision, secrets
from shared.database import Database
from shared.nats import EmbeddedNats, check_server
from shared.postgres import EmbeddedPostgres, check_settings
from shared.provision import PROCESSES, Urls
from shared.supervisor import Member, Supervisor

Note = Callable[[str], None]


class CountyRefused(Exception):
    """The county cannot stand up; the text says why and what to do."""


@dataclass
class County:
    """One demonstration county, up."""

    inputs: Inputs
    where: Where
    supervisor: Supervisor
    outside: Outside
    databases: dict[str, Urls] = field(default_factory=dict)
    _nats: dict[str, str] = field(default_factory=dict)

    @classmethod
    def prepare(cls, inputs: Inputs, note: Note, *, county_name: str, notice: str) -> Self:
        """Choose places and ports; nothing runs yet.

        Raises:
            CountyRefused: the gateway's port is taken.
        """
        if ports.taken(inputs.port):
            raise CountyRefused(
                f"port {inputs.port} is taken by another program: choose PORT={inputs.port + 1}"
            )
        where = Where(
            folder=inputs.folder,
            county=COUNTY,
            county_name=county_name,
            notice=notice,
            port_of=processes.choose_ports(inputs.port),
            smpp_port=ports.free(),
        )
        return cls(inputs, where, Supervisor(note), Outside.prepare(where))

    @property
    def clock(self) -> StatedClock:
        """The county's day."""
        return StatedClock(self.where.folder / "clock")

    def start_servers(self) -> None:
        """PostgreSQL and NATS: ours, or yours when DATABASE_URL or NATS_URL name them."""
        folder, keys = self.where.folder, self.where.keys
        backup.refuse_half_restored(folder)
        members: dict[str, Member] = {}
        database_url, nats_url = os.environ.get("DATABASE_URL"), os.environ.get("NATS_URL")
        postgres = EmbeddedPostgres(
            folder / "postgres", keys, log_file=folder / "logs" / "postgres.log"
        )
        nats = EmbeddedNats(folder / "nats", keys, log_file=folder / "logs" / "nats.log")
        if database_url:
            check_settings(database_url)
        else:
            members["postgres"] = postgres
        if nats_url:
            check_server(nats_url)
        else:
            members["nats"] = nats
        self.supervisor.start(members)
        self.databases = provision.provision(database_url or postgres.admin_url, keys)
        self._nats = {name: nats_url or nats.url(name) for name in PROCESSES if name != "gateway"}

    def lay_tables(self) -> None:
        """Carry the five databases forward, and make what keys are missing."""
        for name, urls in self.databases.items():
            migrations.upgrade(name, urls.owner)
        public: dict[str, Any] = {}
        for name in PROCESSES:
            public |= secrets.make_keys(self.where.keys / name, name)
        secrets.write_private(self.where.keys / "public.json", json.dumps(public))

    def start_processes(self) -> None:
        """The outside first, then the services, then the door, then those who come to the door."""
        self.supervisor.start(self.outside.servers())
        self.outside.set_up()
        programs = processes.programs(self.where, self.databases, self._nats)
        gateway = programs.pop("gateway")
        self.supervisor.start(programs)
        asyncio.run(self._register_accounts())
        self.supervisor.start({"gateway": gateway})
        self.supervisor.start(self.outside.visitors(self.where.url("gateway")))

    def password_of(self, name: str) -> str:
        """A demonstration account's password, made once and kept in a private file."""
        return passwords.kept(self.password_file(name))

    def password_file(self, name: str) -> Path:
        """Where it lies."""
        return self.where.keys / "staff" / name

    def stop(self) -> None:
        """Everything down, the last started first."""
        self.supervisor.stop()

    async def _register_accounts(self) -> None:
        """Make staff and couriers known at the door, as its keepers' commands would."""
        now, county = datetime.now(UTC), self.where.county
        database = Database(self.databases["gateway"].runtime, connections_max=1)
        async with database.transaction() as session:
            for name, account in ACCOUNTS.items():
                await staff.register(
                    session,
                    county,
                    name=name,
                    roles=[account.role],
                    areas=[account.area],
                    password=self.password_of(name),
                    now=now,
                )
            for bank, jwks in self.outside.courier_keys().items():
                await clients.register(
                    session,
                    county,
                    client_id=f"{bank}-courier",
                    bank=bank,
                    jwks=jwks,
                    scopes=["bank:fetch", "bank:answer"],
                    now=now,
                )
        await database.close()
