"""Keeps unfinished runs going, in child processes that are started again if they end too early."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

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
    """The children at work, and when the next may be started after one that ended early."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._working: list[leash.Child] = []
        self._early_ends = 0
        self._not_before = 0.0

    def look_after(self, unfinished: int) -> None:
        """Take away those that ended; have one for each unfinished run, but only so many."""
        for child in [each for each in self._working if each.poll() is not None]:
            self._working.remove(child)
            self._note_end(child.returncode)
        wanted = min(unfinished, AT_ONCE) - len(self._working)
        if wanted > 0 and time.monotonic() >= self._not_before:
            self._working.append(self._start())

    def stop(self) -> None:
        """End those at work; their runs go on when somebody keeps them again."""
        for child in self._working:
            child.terminate()
        for child in self._working:
            if leash.wait(child, STOP_SECONDS) is None:
                child.kill()
                leash.wait(child, None)
        self._working.clear()

    def _start(self) -> leash.Child:
        return leash.start(
            [sys.executable, "-m", "services.benefits.runs"],
            env=environment(self._settings),
            cwd=ROOT,
            output=subprocess.DEVNULL,  # It writes its own log.
        )

    def _note_end(self, code: int) -> None:
        if code == 0:
            self._early_ends = 0
            return
        self._early_ends += 1
        back_off = min(2.0 ** (self._early_ends - 2), BACK_OFF_SECONDS_MAX)
        self._not_before = time.monotonic() + back_off
        telemetry.log.warning("run-ended-early", code=code, ends=self._early_ends)


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
            await asyncio.to_thread(children.look_after, len(unfinished))
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
