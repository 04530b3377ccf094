"""Starts the outside parties as processes of their own, and ends them again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from demonstration.stand_ins import cooperative, courier, mock_bank
from services.payments.banks.profiles import BUILT_IN
from shared import ports

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 30.0


@dataclass
class Party:
    """One process, which may be killed and started again."""

    argv: Sequence[str]
    ready: Callable[[], bool]
    _process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        self._process = subprocess.Popen(self.argv, cwd=ROOT)  # noqa: S603 # Our own words.
        if wait:
            until("it answers", self.ready)

    def kill(self) -> None:
        """kill -9, without a word."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def playing(argv: Sequence[str], ready: Callable[[], bool]) -> Iterator[Party]:
    """A party for as long as it is needed."""
    party = Party(argv, ready)
    try:
        party.start()
        yield party
    finally:
        party.stop()


@dataclass
class Stated:
    """The demonstration's clock: one instant in a file."""

    file: Path

    @property
    def spec(self) -> str:
        return f"file:{self.file}"

    def say(self, day: str) -> None:
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{day}T09:00:00+08:00\n", encoding="utf-8")
        draft.replace(self.file)


@dataclass
class Playing:
    """A bank that runs: where it listens, and its process."""

    url: str
    folder: Path
    party: Party


@contextmanager
def a_mock_bank(folder: Path, clock: Stated) -> Iterator[Playing]:
    port = ports.free()
    url, db = f"http://127.0.0.1:{port}", folder / "mock-bank.sqlite"
    argv = mock_bank.argv(port, db, clock.spec)
    with playing(argv, lambda: answers(f"{url}/_mock/health")) as party:
        yield Playing(url, db, party)


@contextmanager
def a_cooperative(folder: Path, clock: Stated, *profiles: Path) -> Iterator[Playing]:
    port = ports.free()
    url, db = f"http://127.0.0.1:{port}", folder / "cooperative.sqlite"
    argv = cooperative.argv(port, db, clock.spec, list(profiles) or [BUILT_IN / "qsrcc.yaml"])
    with playing(argv, lambda: answers(f"{url}/health")) as party:
        yield Playing(url, db, party)


@contextmanager
def a_courier(config: Path, folder: Path) -> Iterator[Party]:
    with playing(courier.argv(config), lambda: courier.status(folder).get("round", 0) > 0) as party:
        yield party


def answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url, trust_env=False).is_success
    return False


def until(what: str, question: Callable[[], Any], seconds: float = READY_SECONDS) -> Any:
    """Ask until there is an answer."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)
    return answer
