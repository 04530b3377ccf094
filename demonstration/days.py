"""What `make days` does: days pass in a county that serves, and nothing else happens in it."""

import os
import sys
from pathlib import Path
from typing import Final

from demonstration.clock import StatedClock
from demonstration.inputs import InputRefused, number

DAYS_MAX: Final = 400


def run() -> int:
    """Let DAYS pass in DATA and say what day it is; 1 when there is no county there."""
    folder = Path(os.environ.get("DATA") or ".doudi").absolute()
    try:
        days = number(os.environ, "DAYS", 1, 1, DAYS_MAX)
        if not (folder / "clock").exists():
            raise InputRefused(f"{folder} holds no county whose days could pass: 'make run' first")
    except InputRefused as refused:
        sys.stderr.write(f"✗ {refused}\n")
        return 1
    clock = StatedClock(folder / "clock")
    for _ in range(days):
        clock.next_day()
    sys.stdout.write(f"in the demonstration it is {clock.today.isoformat()}, nine in the morning\n")
    return 0
