"""`python -m demonstration run`: what `make run` starts."""

import os
import signal
import sys


def main() -> int:
    """Run the demonstration; the exit code says whether the month was proved."""
    if sys.argv[1:] != ["run"]:
        sys.stderr.write("python -m demonstration run\n")
        return 2
    os.umask(0o077)
    _listen_to_signals()
    try:
        # Only now: reading in our own programs takes a second, and Ctrl-C may fall into it.
        from demonstration import command

        return command.run()
    except KeyboardInterrupt:
        return 130


def _listen_to_signals() -> None:
    """Stop in order on Ctrl-C, TERM and HUP, also where the shell that started us ignores them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


if __name__ == "__main__":
    sys.exit(main())
