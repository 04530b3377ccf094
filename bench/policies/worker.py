"""One engine in a process of its own, told what to do line by line, so that its memory is its own.

`python -m bench.policies.worker ENGINE FOLDER` reads commands and answers each with a line of JSON.
"""

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.policies.engine import Engine

_ENGINES: Final = {
    "doudi": ("bench.policies.doudi", "Doudi"),
    "openfisca": ("bench.policies.openfisca", "OpenFisca"),
    "hand": ("bench.policies.hand", "Hand"),
}


def obey(engine: Engine, command: str, folder: Path, name: str) -> dict[str, Any]:
    """Do one thing, and say what it took."""
    start, busy = time.perf_counter(), time.process_time()
    if command == "open":
        return engine.open(folder)
    if command == "build":
        engine.build()
    elif command == "run":
        engine.run()
    elif command == "save":
        for programme, column in engine.results().items():
            np.save(folder / f"result-{name}-{programme}.npy", column)
    elif command == "single":
        return engine.single_us()
    elif command == "memory":
        return {"peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}
    return {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - busy}


def main() -> None:
    """Obey until the input ends."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    module, kind = _ENGINES[name]
    engine: Engine = getattr(import_module(module), kind)()
    for line in sys.stdin:
        answer = obey(engine, line.strip(), folder, name)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
