"""Queues and search with 200,000 households and their histories, twenty officers at once.

`python -m bench.casework [HOUSEHOLDS] [--users 20] [--seconds 30] [--seed 1]` fills a database of
its own, starts identification as it stands in a county, and writes bench/results/casework.json.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from bench.casework import users
from bench.casework.county import COUNTY, TODAY, fill
from bench.measured import say, write_down
from demonstration import processes
from demonstration.clock import StatedClock
from demonstration.processes import Where
from shared import migrations, provision, secrets
from shared.callers import TokenSigner
from shared.nats import EmbeddedNats
from shared.postgres import EmbeddedPostgres
from shared.secrets import KeyRing
from shared.supervisor import Supervisor

WARM_SECONDS: Final = 5.0
PAUSES_SECONDS: Final = (1.0, 0.0)
"""How long an officer reads an answer, about; and not at all, as no officer does."""
NAMES: Final = ("gateway", "identification")


def measure(folder: Path, households: int, officers: int, seconds: float, seed: int) -> list[Any]:
    """Fill, start, warm up, ask; a row a kind of question, and one of all."""
    where = Where(folder, COUNTY, "", "", processes.choose_ports(0), 0)
    postgres = EmbeddedPostgres(folder / "postgres", where.keys)
    nats = EmbeddedNats(folder / "nats", where.keys)
    with ExitStack() as down, Supervisor() as supervisor:
        for server in (postgres, nats):
            server.start()
            down.callback(server.stop)
        databases = provision.provision(postgres.admin_url, where.keys)
        migrations.upgrade("identification", databases["identification"].owner)
        public: dict[str, Any] = {}
        for name in NAMES:
            public |= secrets.make_keys(where.keys / name, name)
        secrets.write_private(where.keys / "public.json", json.dumps(public))
        StatedClock(folder / "clock").begin(TODAY)
        began = time.monotonic()
        keys = KeyRing.open(where.keys / "identification")
        known = fill(databases["identification"].owner, keys, households, seed)
        filled = f"laid down in {time.monotonic() - began:.0f} s"
        sys.stdout.write(f"{households} households with cases {filled}\n")
        sys.stdout.flush()
        nats_url = {"identification": nats.url("identification")}
        program = processes.programs(where, databases, nats_url)["identification"]
        supervisor.start({"identification": program})
        signer = TokenSigner("gateway", KeyRing.open(where.keys / "gateway"))
        url = where.url("identification")
        asyncio.run(users.ask(url, signer, known, officers, WARM_SECONDS, seed))
        rows = []
        for pause in PAUSES_SECONDS:
            took = asyncio.run(users.ask(url, signer, known, officers, seconds, seed + 1, pause))
            everything = [each for answers in took.values() for each in answers]
            found = [*((kind, took[kind]) for kind in sorted(took)), ("all", everything)]
            about = {"households": households, "users": officers, "pause_seconds": pause}
            rows += [about | users.row(kind, answers) for kind, answers in found]
    return rows


def main() -> None:
    """Measure, say, and write down."""
    parser = argparse.ArgumentParser(prog="python -m bench.casework")
    parser.add_argument("households", type=int, nargs="?", default=200_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="doudi-bench-") as folder:
        rows = measure(Path(folder), asked.households, asked.users, asked.seconds, asked.seed)
    for row in rows:
        say(row)
    write_down("casework", rows)


if __name__ == "__main__":
    main()
