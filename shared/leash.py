"""A child on a leash ends when its parent ends, even when the parent is killed with `kill -9`.

The kernel keeps the leash (PR_SET_PDEATHSIG). It watches the *thread* that forked, not the whole
parent, so every child is started from one thread that lives as long as this program.
"""

import fcntl
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from shared import on_a_leash

WRAPPER: Final = Path(on_a_leash.__file__).resolve()
POLL_SECONDS: Final = 0.02
LOG_BYTES_MAX: Final = 20_000_000

Child = subprocess.Popen[bytes]


@dataclass(frozen=True)
class Account:
    """The user and group a child runs as."""

    uid: int
    gid: int


def start(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[bytes] | int,
    account: Account | None = None,
    pass_fds: Sequence[int] = (),
    at_parents_end: signal.Signals = signal.SIGKILL,
) -> Child:
    """Start a program on a leash, in a session of its own so that Ctrl-C reaches only us."""
    who = account or Account(os.getuid(), os.getgid())
    leash = [int(at_parents_end), os.getpid(), who.uid, who.gid]
    command = [sys.executable, "-I", "-S", str(WRAPPER), *map(str, leash), *map(str, argv)]

    def fork() -> Child:
        return subprocess.Popen(  # noqa: S603 # The words come from us, never from outside.
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=tuple(pass_fds),
            start_new_session=True,
        )

    return _Forker.ours().run(fork)


def open_log(path: Path) -> IO[bytes]:
    """Open a log at its end; one that has grown too long is put aside first, and begun anew."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.replace(path.with_name(f"{path.name}.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    log = os.fdopen(descriptor, "ab")
    log.seek(0, os.SEEK_END)
    return log


def die_with_parent(at_parents_end: signal.Signals = signal.SIGKILL) -> None:
    """Put this very process on its parent's leash; for a child that was started another way."""
    on_a_leash.die_with_parent(int(at_parents_end))


def wait(child: Child, seconds_max: float | None) -> int | None:
    """Wait for a child's end, at most so long; what it ended with, None when it has not."""
    deadline = None if seconds_max is None else time.monotonic() + seconds_max
    while child.poll() is None:
        if deadline is not None and time.monotonic() > deadline:
            return None
        time.sleep(POLL_SECONDS)
    return child.returncode


def leftovers(folder: Path, program: str) -> list[int]:
    """Processes of a program that still work in a folder, whoever started them."""
    here = folder.stat()
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            there = os.stat(f"/proc/{entry}/cwd")
            if (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino):
                name = _program(entry)
                if name in (program, None):
                    found.append(int(entry))
        except OSError:  # It ended meanwhile, or it is somebody else's.
            continue
    return found


def end(pids: Sequence[int], how: signal.Signals, seconds_max: float) -> list[int]:
    """Send processes a signal and wait until they have ended; those that have not."""
    for pid in pids:
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + seconds_max
    left = [pid for pid in pids if _lives(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        left = [pid for pid in left if _lives(pid)]
    return left


class FolderTaken(Exception):
    """Another program of ours works in this folder."""


class Claim:
    """A folder claimed for one program at a time; the kernel gives it back when we end."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "claim").open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            raise FolderTaken(
                f"{folder} is in use by another run (process {holder}): stop that one first, "
                "or choose another DATA folder"
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Let others have the folder."""
        self._file.close()


@dataclass(frozen=True)
class _Wish:
    fork: Callable[[], Child]
    child: "Future[Child]"


class _Forker:
    """The one thread that forks: it ends only with the program, so no leash is pulled early."""

    _one: "_Forker | None" = None
    _lock = threading.Lock()

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._wishes: queue.SimpleQueue[_Wish] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="leash", daemon=True).start()

    @classmethod
    def ours(cls) -> "_Forker":
        """The forker of this process; a forked copy of us makes its own."""
        with cls._lock:
            if cls._one is None or cls._one._pid != os.getpid():
                cls._one = cls()
            return cls._one

    def run(self, fork: Callable[[], Child]) -> Child:
        """Fork in that thread and hand over the child."""
        wish = _Wish(fork, Future())
        self._wishes.put(wish)
        return wish.child.result()

    def _work(self) -> None:
        while True:
            wish = self._wishes.get()
            try:
                wish.child.set_result(wish.fork())
            except BaseException as problem:
                wish.child.set_exception(problem)


def _lives(pid: int) -> bool:
    """Whether a process is still at work; one that only waits to be counted out is not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _program(pid: str) -> str | None:
    """What a process runs; None while it is ending, when it may still hold memory it shared."""
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe")).removesuffix(" (deleted)")
    except FileNotFoundError:
        return None
