"""The wrapper that puts a child on its leash, then turns into the program; a script, kept tiny.

    on_a_leash.py SIGNAL PARENT UID GID PROGRAM ARGUMENT...

1. Become the other user, if another is asked for: it would make the kernel forget the leash.
2. Ask for the signal at the parent's end.
3. Look whether the parent is still there: it may have ended before the leash was on.
4. Turn into the program.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> None:
    """Ask the kernel to send this very process a signal when its parent ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses PR_SET_PDEATHSIG")


def main() -> None:
    """What the four steps above say."""
    how, parent, uid, gid = (int(word) for word in sys.argv[1:5])
    argv = sys.argv[5:]
    if (uid, gid) != (os.getuid(), os.getgid()):
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    die_with_parent(how)
    if os.getppid() != parent:
        sys.exit(1)
    try:
        os.execvp(argv[0], argv)  # noqa: S606 # The words come from shared.leash alone.
    except OSError as problem:
        sys.exit(f"{argv[0]} cannot be started: {problem.strerror}")


if __name__ == "__main__":
    main()
