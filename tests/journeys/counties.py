"""Whole counties for the journeys: stood up, played for a month, hurt on the way, looked into."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import policies
from demonstration.county import County
from demonstration.inputs import COUNTY, Inputs
from demonstration.play import Play
from demonstration.progress import Step, Telling
from demonstration.stand_ins.bank_books import Credit
from shared import crash_points, ports

PEOPLE = 150
HURT_AFTER_SECONDS = 0.4


class Hurting(Telling):
    """Tells as usual, and kills the named processes shortly after a step has begun."""

    def __init__(self, kills: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.county: County | None = None
        self.killed: list[str] = []
        self._kills = {step: list(names) for step, names in kills.items()}

    @contextmanager
    def step(self, name: str, sentence: str) -> Iterator[Step]:
        for place, victim in enumerate(self._kills.pop(name, [])):
            threading.Timer(HURT_AFTER_SECONDS * (place + 1), self._kill, [victim]).start()
        with super().step(name, sentence) as step:
            yield step

    def _kill(self, victim: str) -> None:
        assert self.county is not None
        self.county.supervisor.wait_ready(victim, 60)
        self.county.supervisor.kill(victim)
        self.killed.append(victim)


@dataclass
class Played:
    """A county whose month is over, and what was seen of it."""

    folder: Path
    summary: dict[str, Any]
    credits: list[Credit]
    killed: list[str]
    points_left: list[str]

    @property
    def totals(self) -> dict[str, Any]:
        """What must come out the same however the month was hurt."""
        kept = (
            "people", "households", "granted", "by_programme", "recoveries", "held_households",
            "held_lines", "settled", "returned", "refused", "unconfirmed", "waiting",
            "policy_sha256",
        )  # fmt: skip
        return {name: self.summary[name] for name in kept}

    @property
    def paid_by_account(self) -> dict[tuple[str, str], list[int]]:
        """In the banks' own books: what each account was credited and kept."""
        kept: dict[tuple[str, str], list[int]] = {}
        for credit in self.credits:
            if credit.net_fen:
                kept.setdefault((credit.bank, credit.account_number), []).append(credit.net_fen)
        return {account: sorted(sums) for account, sums in kept.items()}


def play(
    folder: Path,
    *,
    people: int = PEOPLE,
    kills: Mapping[str, list[str]] | None = None,
    points: Mapping[str, list[str]] | None = None,
    roster: Path | None = None,
) -> Played:
    """Stand a county up in a folder, play its first month to the proof, and take it down."""
    inputs = Inputs(
        folder=folder,
        people=people,
        roster=roster,
        out=folder / "out",
        once=True,
        port=ports.free(),
        seed=7,
    )
    inputs.settle({})
    law = policies.load(place=COUNTY)
    telling = Hurting(kills or {})
    county = County.prepare(inputs, telling.say, county_name="青神县", notice="演示")
    telling.county = county
    for process, armed in (points or {}).items():
        for point in armed:
            crash_points.arm(folder / "files" / process, point)
    try:
        county.start_servers()
        county.lay_tables()
        game = Play(county, law, telling)
        game.open_the_day()
        county.start_processes()
        summary = asyncio.run(game.month())
        credits = county.outside.books()
    finally:
        county.stop()
    left = [path.name for path in folder.glob("files/*/crash-points/*")]
    return Played(folder, summary, credits, telling.killed, left)


def processes_in(folder: Path) -> list[int]:
    """Processes that still have something of the folder open."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            for one in os.listdir(f"/proc/{entry}/fd"):
                if os.readlink(f"/proc/{entry}/fd/{one}").startswith(f"{folder}/"):
                    found.append(int(entry))
                    break
        except OSError:
            continue
    return found


def summary_in(folder: Path) -> dict[str, Any]:
    """The summary as it lies in OUT."""
    words: dict[str, Any] = json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    return words
