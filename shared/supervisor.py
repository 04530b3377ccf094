"""Everything in one command: started in order, brought back when it falls, stopped in reverse.

A member is anything that starts, can be waited for and stops: a `Program`, or a server of ours
(shared.postgres, shared.nats). Each is watched by a thread of its own. All hang on a leash, so that
none is left behind even when the supervisor itself is killed.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, Self
from urllib.parse import urlsplit

from shared import leash

READY_SECONDS_MAX: Final = 60.0
STOP_SECONDS_MAX: Final = 7.0  # For all together; killing who is left takes its time too.
GRACE_SECONDS_MAX: Final = 4.0  # For those that stop together.
WATCH_SECONDS: Final = 0.1
PAUSE_SECONDS_MIN: Final = 0.1
PAUSE_SECONDS_MAX: Final = 2.0
STEADY_SECONDS: Final = 10.0  # Who ran this long starts again without a longer pause.


class MemberFailed(Exception):
    """Something did not start; the text says what it said for itself."""


class Member(Protocol):
    """What can be supervised."""

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""

    def start(self) -> None:
        """Start it, or start it again after it ended by itself; it is ready when this returns."""

    def stop(self, seconds_max: float) -> None:
        """Ask it to stop, and make it after so long; nothing of it runs when this returns."""

    def wait(self, seconds_max: float) -> int | None:
        """Wait for its end; what it ended with, None when it still runs."""


@dataclass
class Program:
    """One program of ours: how to start it, how to tell that it is ready, where it writes."""

    argv: Sequence[str | Path]
    env: Mapping[str, str]
    ready: str | Callable[[], bool]  # An address that answers 200, or a question.
    log_file: Path
    cwd: Path = field(default_factory=Path.cwd)
    ready_seconds_max: float = READY_SECONDS_MAX
    _child: leash.Child | None = field(default=None, init=False, repr=False)
    _given_up: threading.Event = field(default_factory=threading.Event, init=False, repr=False)

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        child = self._child
        return child.pid if child is not None and child.returncode is None else None

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            MemberFailed: with its last words.
        """
        self._given_up.clear()
        with leash.open_log(self.log_file) as log:
            log_from = log.tell()
            self._child = leash.start(self.argv, env=self.env, cwd=self.cwd, output=log)
        deadline = time.monotonic() + self.ready_seconds_max
        while not self._is_ready():
            ended = self.wait(leash.POLL_SECONDS)
            if ended is not None:
                raise MemberFailed(f"it {how_it_ended(ended)}: {self._last_words(log_from)}")
            if self._given_up.is_set() or time.monotonic() > deadline:
                self.stop(0)
                raise MemberFailed(f"it was not ready in time: {self._last_words(log_from)}")

    def stop(self, seconds_max: float) -> None:
        """Ask it to stop, then kill it and whatever it started."""
        self.give_up()
        child = self._child
        if child is None or child.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGTERM)
        if self.wait(seconds_max) is None:
            _end_group(child.pid)
            self.wait(seconds_max=10)

    def give_up(self) -> None:
        """Wait for its readiness no longer."""
        self._given_up.set()

    def wait(self, seconds_max: float) -> int | None:
        """Wait for its end; what it started and left behind is ended too."""
        child = self._child
        assert child is not None, "it was never started"
        deadline = time.monotonic() + seconds_max
        while child.returncode is None and not _has_ended(child):
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(left, WATCH_SECONDS / 2))
        if child.returncode is None:
            # Before it is counted out its number cannot be another's.
            _end_group(child.pid)
            child.wait()
            _wait_for_group(child.pid)
        return child.returncode

    def _is_ready(self) -> bool:
        if not isinstance(self.ready, str):
            return self.ready()
        where = urlsplit(self.ready)
        assert where.hostname is not None
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=2)
        try:
            connection.request("GET", where.path or "/")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _last_words(self, log_from: int) -> str:
        with self.log_file.open("rb") as log:
            log.seek(log_from)
            lines = log.read().decode("utf-8", errors="replace").strip().splitlines()
        return "\n".join([*lines[-12:], f"(all of it: {self.log_file})"])


class Supervisor:
    """Keeps members running until told to stop.

    with Supervisor() as supervisor:
        supervisor.start({"postgres": postgres, "nats": nats})
        supervisor.start({"payments": Program(…), "benefits": Program(…)})
        supervisor.run_until_told()
    """

    def __init__(self, note: Callable[[str], None] | None = None) -> None:
        """`note` hears a sentence when a member ends unasked or is back."""
        self._note = note or (lambda sentence: None)
        self._groups: list[list[_Kept]] = []
        self._stopping = threading.Event()
        self._signals: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        """From here on TERM and HUP are a Ctrl-C too: everything is stopped in order."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGHUP):
                self._signals[number] = signal.signal(number, signal.default_int_handler)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            for number, before in self._signals.items():
                signal.signal(number, before)

    def start(self, members: Mapping[str, Member]) -> None:
        """Start members side by side; all are ready when this returns.

        Raises:
            MemberFailed: naming who did not start, in its own words.
        """
        assert not {kept.name for kept in self._all()} & members.keys(), "names are given once"
        group = [_Kept(name, member, self._note) for name, member in members.items()]
        self._groups.append(group)
        for kept in group:
            kept.thread.start()
        for kept in group:
            while not kept.settled.wait(WATCH_SECONDS):
                if self._stopping.is_set():
                    raise MemberFailed(f"{kept.name} was told to stop while it started")
            if kept.failure is not None:
                raise MemberFailed(f"{kept.name} did not start: {kept.failure}") from kept.failure

    def wait_ready(self, name: str, seconds_max: float = 10.0) -> None:
        """Wait until a member is ready, again after a kill.

        Raises:
            TimeoutError: naming it.
        """
        if not self._kept(name).ready.wait(seconds_max):
            raise TimeoutError(f"{name} is not ready after {seconds_max:.0f} s")

    def pid(self, name: str) -> int | None:
        """The process of a member, while it runs."""
        return self._kept(name).member.pid

    def restarts(self, name: str) -> int:
        """How often a member has been brought back."""
        return self._kept(name).restarts

    def kill(self, name: str) -> int:
        """Kill a member as a power cut would (`kill -9`); it comes back by itself."""
        kept = self._kept(name)
        pid = kept.member.pid
        assert pid is not None, f"{name} does not run"
        kept.ready.clear()
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop_one(self, name: str, seconds_max: float = GRACE_SECONDS_MAX) -> None:
        """Stop one member and leave it; its name may be started again."""
        kept = self._kept(name)
        kept.stop(seconds_max)
        self._groups = [[one for one in group if one is not kept] for group in self._groups]

    def stop(self, seconds_max: float = STOP_SECONDS_MAX) -> None:
        """Stop everybody, the last started first; who does not listen is killed."""
        self._stopping.set()
        deadline = time.monotonic() + seconds_max
        while self._groups:
            group = self._groups[-1]
            grace = max(0.5, min(GRACE_SECONDS_MAX, deadline - time.monotonic()))
            stoppers = [
                threading.Thread(target=kept.stop, args=(grace,), name=f"stop {kept.name}")
                for kept in group
            ]
            for stopper in stoppers:
                stopper.start()
            for stopper in stoppers:
                stopper.join()
            self._groups.pop()

    def run_until_told(self) -> None:
        """Wait for Ctrl-C (or a TERM or HUP signal), then stop; a second Ctrl-C ends it at once."""
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(60)
        self.stop()

    def _all(self) -> list["_Kept"]:
        return [kept for group in self._groups for kept in group]

    def _kept(self, name: str) -> "_Kept":
        for kept in self._all():
            if kept.name == name:
                return kept
        raise KeyError(f"nobody called {name} was started")


class _Kept:
    """One member and the thread that keeps it running."""

    def __init__(self, name: str, member: Member, note: Callable[[str], None]) -> None:
        self.name = name
        self.member = member
        self.ready = threading.Event()
        self.settled = threading.Event()
        self.failure: Exception | None = None
        self.restarts = 0
        self.thread = threading.Thread(target=self._keep, name=f"keep {name}", daemon=True)
        self._note = note
        self._told = threading.Event()
        self._grace_seconds = GRACE_SECONDS_MAX

    def stop(self, seconds_max: float) -> None:
        """Stop it; its own thread does, and if that one is stuck, we kill."""
        self._grace_seconds = seconds_max
        self._told.set()
        if isinstance(self.member, Program):
            self.member.give_up()
        self.thread.join(seconds_max + 1.0)
        if self.thread.is_alive() and (pid := self.member.pid) is not None:
            _end_group(pid)
            self.thread.join(2.0)
        self.ready.clear()

    def _keep(self) -> None:
        try:
            self.member.start()
        except Exception as problem:  # Whoever asked for it hears why.
            self.failure = problem
            self.settled.set()
            return
        self.ready.set()
        self.settled.set()
        pause = PAUSE_SECONDS_MIN
        began = time.monotonic()
        while not self._told.is_set():
            ended = self.member.wait(WATCH_SECONDS)
            if ended is None:
                continue
            self.ready.clear()
            self._note(f"{self.name} {how_it_ended(ended)} and is started again")
            if time.monotonic() - began > STEADY_SECONDS:
                pause = PAUSE_SECONDS_MIN
            pause = self._bring_back(pause)
            began = time.monotonic()
        self.member.stop(self._grace_seconds)

    def _bring_back(self, pause: float) -> float:
        """Start it again, however often that takes; the pause that comes next time."""
        while not self._told.wait(pause):
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
            try:
                self.member.start()
            except Exception as problem:
                self._note(f"{self.name} does not come back yet: {problem}")
                continue
            self.restarts += 1
            self.ready.set()
            self._note(f"{self.name} is back")
            break
        return pause


def how_it_ended(code: int) -> str:
    """A program's end in words."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _has_ended(child: "subprocess.Popen[bytes]") -> bool:
    """Whether it has ended, without counting it out yet."""
    try:
        flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
        return os.waitid(os.P_PID, child.pid, flags) is not None
    except ChildProcessError:
        return True


def _end_group(leader: int) -> None:
    """Kill a program and all it started that did not leave its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _wait_for_group(leader: int) -> None:
    """Wait until those who were killed with it are gone; the kernel needs a moment for that."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        try:
            os.killpg(leader, 0)
        except OSError:
            return
        time.sleep(leash.POLL_SECONDS)
