"""A contender in a process of its own, so that its time and memory are its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.measured import ROOT


class Worker:
    """A module at work elsewhere: told what to do line by line, it answers each with JSON."""

    def __init__(self, module: str, name: str, folder: Path, python: str = sys.executable) -> None:
        self.name = name
        self._process = subprocess.Popen(  # noqa: S603  # Our own worker, by an interpreter of ours.
            [python, "-m", module, name, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, command: str) -> dict[str, Any]:
        """Have it do one thing, and hear what it took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} could not {command}")
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Let it go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
