"""The stand-in SMS centre as a process of its own, to be told how to behave, killed, and read."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from demonstration.stand_ins.smsc_books import Books, Sms
from shared import leash, ports

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class SmscAt:
    """One centre with its ports and books; it can be started again over the same books."""

    folder: Path
    port: int = field(default_factory=ports.free)
    phone_port: int = field(default_factory=ports.free)
    control_port: int = field(default_factory=ports.free)
    child: leash.Child | None = None

    @property
    def books_file(self) -> Path:
        """Where it keeps its books."""
        return self.folder / "smsc.sqlite3"

    async def start(self) -> None:
        """Start the process and wait until it answers."""
        argv = [sys.executable, "-m", "demonstration.stand_ins.smsc"]
        argv += ["--port", str(self.port), "--books", str(self.books_file)]
        argv += ["--phone-port", str(self.phone_port), "--control-port", str(self.control_port)]
        self.child = leash.start(argv, env=os.environ, cwd=ROOT, output=subprocess.DEVNULL)
        async with httpx.AsyncClient() as client:
            for _ in range(200):
                with suppress(httpx.TransportError):
                    await client.get(self._control("/behaviour"))
                    return
                await asyncio.sleep(0.05)
        raise AssertionError("the stand-in centre did not start")

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    async def behave(self, **how: Any) -> None:
        """Tell it how to behave from now on."""
        async with httpx.AsyncClient() as client:
            answer = await client.post(self._control("/behaviour"), json=how)
        assert answer.status_code == 200, answer.text

    def texts(self, telephone: str | None = None) -> list[Sms]:
        """What its books hold, oldest first."""
        books = Books(self.books_file, read_only=True)
        try:
            return books.newest(telephone, limit=1_000_000)[::-1]
        finally:
            books.close()

    def owed(self) -> int:
        """How many receipts it still has to send."""
        return sum(text.receipts_owed for text in self.texts())

    def _control(self, path: str) -> str:
        return f"http://127.0.0.1:{self.control_port}{path}"

    def _end(self, number: signal.Signals) -> None:
        if self.child is not None:
            self.child.send_signal(number)
            self.child.wait(10)
            self.child = None


@contextmanager
def a_centre(folder: Path) -> Iterator[SmscAt]:
    """A centre not yet started, and surely ended."""
    folder.mkdir(parents=True, exist_ok=True)
    centre = SmscAt(folder)
    try:
        yield centre
    finally:
        centre.kill()


async def until(met: Any, seconds: float = 15.0) -> None:
    """Wait until something holds; fail if it does not in time."""
    for _ in range(int(seconds / 0.05)):
        answer = met()
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come to pass")
