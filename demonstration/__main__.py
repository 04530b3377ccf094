"""`python -m demonstration run`: what `make run` starts."""

import asyncio
import os
import signal
import sys
from typing import Any

import policies
from demonstration import summary
from demonstration.county import STAFF, County, CountyRefused
from demonstration.desk import DeskRefused
from demonstration.inputs import COUNTY, InputRefused, Inputs
from demonstration.month import MonthStuck
from demonstration.play import Play
from demonstration.progress import Telling
from shared.backup_files import BackupRefused
from shared.leash import FolderTaken
from shared.nats import NatsRefused
from shared.postgres_programs import PostgresRefused
from shared.provision import ProvisionRefused
from shared.supervisor import MemberFailed

REFUSALS = (
    InputRefused, CountyRefused, FolderTaken, PostgresRefused, NatsRefused, ProvisionRefused,
    MemberFailed, MonthStuck, DeskRefused, BackupRefused,
)  # fmt: skip


def main() -> int:
    """Run the demonstration; the exit code says whether the month was proved."""
    if sys.argv[1:] != ["run"]:
        sys.stderr.write("python -m demonstration run\n")
        return 2
    os.umask(0o077)
    _listen_to_signals()
    telling = Telling()
    try:
        inputs = Inputs.read()
        inputs.settle()
        return _run(inputs, telling)
    except REFUSALS as refused:
        telling.say(f"✗ {refused}")
        return 1
    except KeyboardInterrupt:
        return 130


def _listen_to_signals() -> None:
    """Stop in order on Ctrl-C, TERM and HUP, also where the shell that started us ignores them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


def _run(inputs: Inputs, telling: Telling) -> int:
    law = policies.load(place=COUNTY)
    place = law.place
    assert place.notice is not None, "a demonstration says on its face that it is one"
    county = County.prepare(inputs, telling.say, county_name=place.words.zh, notice=place.notice.zh)
    telling.say(f"{place.words.zh} · {place.words.en}\n{place.notice.en}")
    try:
        with telling.step("servers", "PostgreSQL and NATS stand up"):
            county.start_servers()
        with telling.step("tables", "tables and keys"):
            county.lay_tables()
        play = Play(county, law, telling)
        play.open_the_day()
        with telling.step("processes", "five processes, the banks and the carrier stand up"):
            county.start_processes()
        whole = asyncio.run(play.month())
        _tell(whole, county, law, telling)
        if not inputs.once:
            telling.say(f"Serving on {county.where.url('gateway')} until Ctrl-C.")
            county.supervisor.run_until_told()
        return 0 if whole["checker"]["ok"] and not summary.unaccounted_fen(whole) else 1
    finally:
        county.stop()


def _tell(whole: dict[str, Any], county: County, law: policies.Law, telling: Telling) -> None:
    """What happened, and where to look."""
    names = {name: programme.words.zh for name, programme in law.programmes.items()}
    summary.show(telling.console, whole, names)
    findings = whole["checker"]["findings"]
    proved = whole["checker"]["ok"] and not summary.unaccounted_fen(whole)
    if proved:
        telling.say("✓ proved: the banks' own books, the ledger and the runs agree to the fen")
    else:
        telling.say(f"✗ NOT proved: {len(findings)} findings")
    for finding in findings[:20]:
        telling.say(f"  {finding}")
    url = county.where.url("gateway")
    telling.say(
        f"results            {county.inputs.out}\n"
        f"citizens           {url}/  (ID numbers are in {county.where.folder}/roster-*)\n"
        f"one-time codes     {county.outside.phone_url}\n"
        f"staff              {url}/staff  as {', '.join(STAFF)}\n"
        f"their passwords    {county.password_file('maker').parent}"
    )


if __name__ == "__main__":
    sys.exit(main())
