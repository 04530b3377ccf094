"""`python -m demonstration run` and `… days`: what `make run` and `make days` start."""

import os
import signal
import sys


def main() -> int:
    """Run the demonstration, and say whether the month was proved; or let its days pass."""
    if sys.argv[1:] not in (["run"], ["days"]):
        sys.stderr.write("python -m demonstration run\npython -m demonstration days\n")
        return 2
    os.umask(0o077)
    if sys.argv[1:] == ["days"]:
        from demonstration import days

        return days.run()
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
