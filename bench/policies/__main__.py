"""Compares the three engines and writes bench/results/policies.json.

`python -m bench.policies 1000000 10000000` makes a county of each size, gives every engine a
process of its own, lets them take turns, and asks that they agree before it says what they took.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.measured import ROOT, say, write_down
from bench.policies import population
from bench.policies.population import PROGRAMMES
from bench.workers import Worker

OTHERS: Final = ROOT / os.environ.get("ENGINES", ".venv/engines") / "bin" / "python"
ENGINES: Final = ("doudi", "openfisca", "hand")
TURNS: Final = {1_000_000: 9, 10_000_000: 5}


def compare(people: int) -> list[dict[str, Any]]:
    """A row an engine, for one size."""
    with tempfile.TemporaryDirectory(prefix="doudi-bench-") as name:
        folder = Path(name)
        population.make(people, folder)
        _compile_once(folder)
        processes = {engine: _worker(engine, folder) for engine in ENGINES}
        opened = {engine: each.tell("open") for engine, each in processes.items()}
        builds, runs = _turns(processes, TURNS.get(people, 5))
        for each in processes.values():
            each.tell("save")
        _refuse_differences(folder)
        memory = {engine: each.tell("memory")["peak_mb"] for engine, each in processes.items()}
        singles = {engine: processes[engine].tell("single") for engine in ENGINES[:2]}
        for each in processes.values():
            each.end()
    seconds, cpu_seconds = (
        {name: statistics.median(run[key] for run in runs[name][1:]) for name in ENGINES}
        for key in ("seconds", "cpu_seconds")
    )
    rows: list[dict[str, Any]] = [
        {
            "people": people,
            "engine": engine,
            "people_per_second": round(people / seconds[engine]),
            "peak_mb": memory[engine],
            "seconds": round(seconds[engine], 4),
            "cpu_seconds": round(cpu_seconds[engine], 4),
            "building_seconds": round(builds[engine], 3),
        }
        for engine in ENGINES
    ]
    rows[0] |= {
        "ratio_vs_openfisca": round(seconds["openfisca"] / seconds["doudi"], 2),
        "ratio_vs_hand_kernel": round(seconds["doudi"] / seconds["hand"], 2),
        **{key: round(took, 1) for key, took in singles["doudi"].items()},
        "single_ratio_vs_openfisca": round(
            singles["openfisca"]["single_us_p50"] / singles["doudi"]["single_us_p50"], 2
        ),
        "first_county_seconds": round(
            opened["doudi"]["load_seconds"] + runs["doudi"][0]["seconds"], 2
        ),
        "identical": True,
    }
    rows[1]["single_us_p50"] = round(singles["openfisca"]["single_us_p50"], 1)
    return rows


def _worker(engine: str, folder: Path) -> Worker:
    """An engine, by the interpreter it is installed for."""
    python = sys.executable if engine == "doudi" else str(OTHERS)
    return Worker("bench.policies.worker", engine, folder, python)


def _compile_once(folder: Path) -> None:
    """Leave the compiled law, and the numbers for the others, as an earlier process would have."""
    before = _worker("doudi", folder)
    for command in ("open", "build", "run"):
        before.tell(command)
    before.end()


def _turns(
    processes: dict[str, Worker], count: int
) -> tuple[dict[str, float], dict[str, list[dict[str, float]]]]:
    """The engines take turns, each time another first; what building and every run took."""
    builds: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    runs: dict[str, list[dict[str, float]]] = {engine: [] for engine in ENGINES}
    for turn in range(count + 1):
        order = [*ENGINES[turn % 3 :], *ENGINES[: turn % 3]]
        for engine in order:
            builds[engine].append(processes[engine].tell("build")["seconds"])
            runs[engine].append(processes[engine].tell("run"))
    first_or_each = {"openfisca": statistics.median(builds["openfisca"])}
    return {engine: first_or_each.get(engine, builds[engine][0]) for engine in ENGINES}, runs


def _refuse_differences(folder: Path) -> None:
    """To the fen and to the reason; OpenFisca, which knows no unknown, where ours holds nothing."""

    def result(engine: str, name: str) -> Any:
        return np.load(folder / f"result-{engine}-{name}.npy")

    for name in PROGRAMMES:
        ours, why = result("doudi", name), result("doudi", f"{name}_why")
        same = np.array_equal(ours, result("hand", name))
        same &= np.array_equal(why, result("hand", f"{name}_why"))
        held = why != 0
        same &= np.array_equal(ours[~held], result("openfisca", name)[~held])
        if not same or not ours.any() or not held.any():
            raise SystemExit(f"the engines differ over {name}, or it was never put to the test")


def main() -> None:
    """Every size named."""
    rows = []
    for size in sys.argv[1:] or ["1000000", "10000000"]:
        for row in compare(int(size)):
            say(row)
            rows.append(row)
    write_down("policies", rows)


if __name__ == "__main__":
    main()
