"""What `make run` does: a county stands up, plays a month, tells what happened, and serves."""

import asyncio
import threading
import traceback
from pathlib import Path
from typing import Any, Final

import httpx

import policies
from demonstration import summary
from demonstration.county import County, CountyRefused
from demonstration.desk import DeskRefused
from demonstration.inputs import COUNTY, InputRefused, Inputs
from demonstration.month import MonthStuck, PayoutsFrozen, RosterRefused
from demonstration.play import Play
from demonstration.progress import Telling
from demonstration.staff import ACCOUNTS
from shared import leash
from shared.backup_files import BackupRefused
from shared.leash import FolderTaken
from shared.months import Month
from shared.nats import NatsRefused
from shared.postgres_programs import PostgresRefused
from shared.provision import ProvisionRefused
from shared.supervisor import MemberFailed

# These say what to do themselves.
REFUSALS: Final = (
    InputRefused, CountyRefused, FolderTaken, PostgresRefused, NatsRefused, ProvisionRefused,
    BackupRefused, RosterRefused, PayoutsFrozen,
)  # fmt: skip
STANDSTILLS: Final = (MemberFailed, MonthStuck, DeskRefused, httpx.HTTPError)


def run() -> int:
    """Play the next month and serve; 0 when the month was proved, 1 when anything failed."""
    telling = Telling()
    try:
        inputs = Inputs.read()
        inputs.settle()
    except InputRefused as refused:
        telling.say(f"✗ {refused}")
        return 1
    logs = inputs.folder / "logs"
    try:
        return _run(inputs, telling)
    except REFUSALS as refused:
        telling.say(f"✗ {refused}")
    except STANDSTILLS as standstill:
        telling.say(f"✗ {str(standstill) or type(standstill).__name__}")
        if not isinstance(standstill.__cause__, REFUSALS):
            telling.say(_way_on(logs))
    except Exception as fault:
        kept = logs / "demonstration.log"
        with leash.open_log(kept) as log:
            log.write(traceback.format_exc().encode())
        telling.say(f"✗ {type(fault).__name__}: {fault} (more: {kept})\n{_way_on(logs)}")
    return 1


def _way_on(logs: Path) -> str:
    return (
        "run it again: every act has its key, so the month goes on where it stopped; "
        f"what each process said of it lies in {logs}"
    )


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
        pay_month = play.pay_month
        whole = asyncio.run(play.month())
        if not inputs.once:
            _stories_play(play, telling)
        _tell(whole, county, law, telling)
        if not inputs.once:
            come = threading.Thread(
                target=_lists_come, args=(play, pay_month, telling), daemon=True
            )
            come.start()
            telling.say(f"Serving on {county.where.url('gateway')} until Ctrl-C.")
            county.supervisor.run_until_told()
        return 0 if whole["checker"]["ok"] and not summary.unaccounted_fen(whole) else 1
    finally:
        county.stop()


def _stories_play(play: Play, telling: Telling) -> None:
    """What lies at the desks is for whoever looks: without it the county serves all the same."""
    try:
        asyncio.run(play.stories())
    except STANDSTILLS as standstill:
        telling.say(f"✗ the stories stopped: {str(standstill) or type(standstill).__name__}")


def _lists_come(play: Play, pay_month: Month, telling: Telling) -> None:
    """Other departments' lists come while the county serves already; without them it goes on."""
    try:
        asyncio.run(play.lists(pay_month))
    except STANDSTILLS as standstill:
        telling.say(f"✗ the lists did not come: {str(standstill) or type(standstill).__name__}")


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
        f"to apply           {url}/apply  as anybody, with any mobile number\n"
        f"one-time codes     {county.outside.phone_url}\n"
        f"staff              {url}/staff  as {', '.join(ACCOUNTS)}\n"
        f"their passwords    {county.password_file('maker').parent}"
    )
