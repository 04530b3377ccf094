"""A child on a leash ends when its parent ends, even when the parent is killed with `kill -9`.

The kernel keeps the leash (PR_SET_PDEATHSIG). It watches the *thread* that forked, so every child
is started from one thread that lives as long as this program. The signal would be forgotten by a
change of user, so a small wrapper (this file, run as a script) first becomes the other user, then
asks for the signal, then looks whether the parent is still there, and only then turns into the
program.
"""

import ctypes
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

PR_SET_PDEATHSIG: Final = 1
POLL_SECONDS: Final = 0.02


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
) -> "subprocess.Popen[bytes]":
    """Start a program on a leash, in a session of its own so that Ctrl-C reaches only us."""
    account = account or Account(os.getuid(), os.getgid())
    wrapper = [sys.executable, "-I", "-S", __file__, str(int(at_parents_end)), str(os.getpid())]
    command = [*wrapper, str(account.uid), str(account.gid), *map(str, argv)]

    def fork() -> "subprocess.Popen[bytes]":
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


def die_with_parent(at_parents_end: signal.Signals = signal.SIGKILL) -> None:
    """Put this very program on its parent's leash; for a child that was started another way."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(at_parents_end), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses PR_SET_PDEATHSIG")


def leftovers(folder: Path, program: str) -> list[int]:
    """Processes of a program that still work in a folder, whoever started them."""
    here = folder.stat()
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            there = os.stat(f"/proc/{entry}/cwd")
            if (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino):
                continue
            name = os.path.basename(os.readlink(f"/proc/{entry}/exe"))
        except OSError:  # It ended meanwhile, or it is somebody else's.
            continue
        if name.removesuffix(" (deleted)") == program:
            found.append(int(entry))
    return found


def end(pids: Sequence[int], how: signal.Signals) -> None:
    """Send a signal to processes, of which some may be gone already."""
    for pid in pids:
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            continue


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


_Fork = Callable[[], "subprocess.Popen[bytes]"]


@dataclass(frozen=True)
class _Wish:
    fork: _Fork
    child: "Future[subprocess.Popen[bytes]]"


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

    def run(self, fork: _Fork) -> "subprocess.Popen[bytes]":
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


def wait_gone(pids: Sequence[int], seconds_max: float) -> list[int]:
    """Wait until processes that are not our children have ended; those that have not."""
    ends = time.monotonic() + seconds_max
    left = list(pids)
    while left and time.monotonic() < ends:
        left = [pid for pid in left if os.path.exists(f"/proc/{pid}")]
        if left:
            time.sleep(POLL_SECONDS)
    return left


def _become(words: Sequence[str]) -> None:
    """Turn into the program, on the leash, as the user asked for."""
    how, parent, uid, gid = (int(word) for word in words[:4])
    argv = list(words[4:])
    if (uid, gid) != (os.getuid(), os.getgid()):
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    die_with_parent(signal.Signals(how))
    if os.getppid() != parent:
        sys.exit(1)  # The parent ended before the leash was on.
    try:
        os.execvpe(argv[0], argv, os.environ)  # noqa: S606 # The words come from us.
    except OSError as problem:
        sys.exit(f"{argv[0]} cannot be started: {problem.strerror}")


if __name__ == "__main__":
    _become(sys.argv[1:])
