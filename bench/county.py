"""One month of a county of any size: seconds a step, and the memory of all processes together.

`python -m bench.county 5000 50000 500000` plays each in an empty folder and writes
bench/results/county.json. Memory is the sum of PSS, so that shared pages count once.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from bench.measured import ROOT, say, write_down
from shared import ports

LOOK_SECONDS: Final = 1.0


def measure(people: int) -> dict[str, Any]:
    """Play one month for so many residents; what it took."""
    with tempfile.TemporaryDirectory(prefix="doudi-bench-") as folder:
        return _measured(people, Path(folder))


def _measured(people: int, folder: Path) -> dict[str, Any]:
    wishes = {
        "DATA": str(folder / "county"),
        "OUT": str(folder / "out"),
        "PEOPLE": str(people),
        "ONCE": "1",
        "PORT": str(ports.free()),
    }
    began, peak_kb = time.monotonic(), 0
    with (folder / "log").open("wb") as log:
        played = subprocess.Popen(
            [sys.executable, "-m", "demonstration", "run"],
            cwd=ROOT,
            env=os.environ | wishes,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        while played.poll() is None:
            peak_kb = max(peak_kb, sum(map(_pss_kb, _family_of(played.pid))))
            time.sleep(LOOK_SECONDS)
    if played.returncode:
        sys.stderr.write((folder / "log").read_text(encoding="utf-8"))
        raise SystemExit(f"the month of {people} people was not proved")
    summary = json.loads((folder / "out" / "summary.json").read_text(encoding="utf-8"))
    return {
        "people": people,
        "households": summary["households"],
        "lines": summary["granted"]["count"],
        "peak_pss_mb": round(peak_kb / 1024),
        "whole_seconds": round(time.monotonic() - began, 1),
        "seconds": summary["seconds"],
    }


def _family_of(pid: int) -> list[int]:
    """A process and everything it started that still runs."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1]
            except OSError:
                continue
            children.setdefault(int(fields.split()[1]), []).append(int(entry))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def _pss_kb(pid: int) -> int:
    """The proportional set size of a process; 0 when it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def main() -> None:
    """Measure each size named, and write them all down."""
    rows = []
    for size in sys.argv[1:] or ["5000", "50000"]:
        row = measure(int(size))
        say(row)
        rows.append(row)
    write_down("county", rows)


if __name__ == "__main__":
    main()
