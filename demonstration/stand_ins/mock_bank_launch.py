"""Becomes mock-bank, its books in a file and its clock set by the demonstration's.

`python -m demonstration.stand_ins.mock_bank_launch --port N --db FILE --clock file:PATH`
It imports nothing else: it is started often, and mock-bank replaces it at once.
"""

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

COUNTY_ZONE = timezone(timedelta(hours=8))


def main() -> None:
    """Exec into mock-bank."""
    parser = argparse.ArgumentParser(prog="mock_bank_launch")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--clock", required=True, help='"system" or "file:/path"')
    told = parser.parse_args()
    start = _now(told.clock).astimezone(COUNTY_ZONE).strftime("%Y-%m-%dT%H:%M")
    words = ["--host", "127.0.0.1", "--port", str(told.port), "--db", str(told.db)]
    words += ["--timezone", "Asia/Shanghai", "--clock", start, "--keep-requests", "1000", "-q"]
    os.execv(sys.executable, [sys.executable, "-m", "mockbank", *words])  # noqa: S606 # It becomes it.


def _now(clock: str) -> datetime:
    if clock == "system":
        return datetime.now(UTC)
    file = Path(clock.removeprefix("file:"))
    return datetime.fromisoformat(file.read_text(encoding="utf-8").strip())


if __name__ == "__main__":
    main()
