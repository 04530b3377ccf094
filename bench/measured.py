"""What was measured: said row by row, and written down in bench/results."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "bench" / "results"


def say(row: Mapping[str, Any]) -> None:
    """One row on the screen, as soon as it is known."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def write_down(name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """All rows of one measurement, over those of the last time."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps({"rows": rows}, indent=1) + "\n", "utf-8")
