"""Keeps unfinished runs going: a child process each, started again if it ends before its run."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import SecretStr

from services.benefits import runs
from services.benefits.settings import Settings
from shared import leash, telemetry

ROOT: Final = Path(__file__).resolve().parent.parent.parent
AT_ONCE: Final = 2
LOOK_SECONDS: Final = 0.25
BACK_OFF_SECONDS_MAX: Final = 30.0
STOP_SECONDS: Final = 3.0


class Children:
    """The children at work, and when one that ended early may be started again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._working: dict[UUID, leash.Child] = {}
        self._early_ends: dict[UUID, int] = {}
        self._not_before: dict[UUID, float] = {}

    def look_after(self, unfinished: list[UUID]) -> None:
        """Take away those that ended; start one for each unfinished run that has none."""
        for run_id, child in list(self._working.items()):
            if child.poll() is not None:
                del self._working[run_id]
                self._note_end(run_id, child.returncode)
        for run_id in unfinished:
            if len(self._working) >= AT_ONCE:
                return
            due = self._not_before.get(run_id, 0.0) <= time.monotonic()
            if run_id not in self._working and due:
                self._working[run_id] = self._start(run_id)

    def stop(self) -> None:
        """End those at work; their runs go on when somebody keeps them again."""
        for child in self._working.values():
            child.terminate()
        for child in self._working.values():
            if leash.wait(child, STOP_SECONDS) is None:
                child.kill()
                leash.wait(child, None)
        self._working.clear()

    def _start(self, run_id: UUID) -> leash.Child:
        return leash.start(
            [sys.executable, "-m", "services.benefits.runs", str(run_id)],
            env=environment(self._settings),
            cwd=ROOT,
            output=subprocess.DEVNULL,  # It writes its own log.
        )

    def _note_end(self, run_id: UUID, code: int) -> None:
        if code == 0:
            self._early_ends.pop(run_id, None)
            return
        ends = self._early_ends.get(run_id, 0) + 1
        self._early_ends[run_id] = ends
        self._not_before[run_id] = time.monotonic() + min(2.0 ** (ends - 2), BACK_OFF_SECONDS_MAX)
        telemetry.log.warning("run-ended-early", run_id=str(run_id), code=code, ends=ends)


async def keep(context: Any) -> None:
    """Look after unfinished runs until this process ends."""
    children = Children(context.settings)
    try:
        while True:
            try:
                async with context.database.transaction() as session:
                    unfinished = await runs.unfinished(session)
            except Exception as problem:
                telemetry.log.warning("runs-wait", because=type(problem).__name__)
                await asyncio.sleep(1)
                continue
            await asyncio.to_thread(children.look_after, unfinished)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        children.stop()


def environment(settings: Settings) -> dict[str, str]:
    """This process's own knobs, for a child; nothing else of ours, so that none is unknown."""
    prefix = str(Settings.model_config.get("env_prefix", ""))
    others = {name: value for name, value in os.environ.items() if not name.startswith(prefix)}
    knobs = {}
    for name, value in settings:
        if value is not None:
            shown = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            knobs[f"{prefix}{name.upper()}"] = shown
    return others | knobs
