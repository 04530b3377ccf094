"""What a person at the terminal sees while the month goes by, and how long each step took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Telling:
    """Bars on a terminal, plain lines elsewhere; seconds by step."""

    def __init__(self) -> None:
        self.console = Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self.seconds: dict[str, float] = {}

    def say(self, sentence: str) -> None:
        """One line."""
        self.console.print(sentence, markup=False)

    @contextmanager
    def step(self, name: str, sentence: str) -> Iterator["Step"]:
        """A step with its bar; its seconds are kept under its name."""
        began = time.monotonic()
        if not self.console.is_terminal:
            self.say(f"… {sentence}")
            with self._named(sentence):
                yield Step(None, None)
            self._done(name, sentence, began)
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            TextColumn("{task.fields[says]}"),
            TimeElapsedColumn(),
        )
        with (
            self._named(sentence),
            Progress(*columns, console=self.console, transient=True) as progress,
        ):
            task = progress.add_task(sentence, total=None, says="")
            yield Step(progress, task)
        self._done(name, sentence, began)

    @contextmanager
    def _named(self, sentence: str) -> Iterator[None]:
        """Say which step it was that failed; why, whoever catches it says."""
        try:
            yield
        except Exception:
            self.say(f"✗ {sentence}")
            raise

    def _done(self, name: str, sentence: str, began: float) -> None:
        taken = time.monotonic() - began
        self.seconds[name] = round(self.seconds.get(name, 0.0) + taken, 2)
        self.say(f"✓ {sentence} ({taken:.1f} s)")


class Step:
    """One step's bar."""

    def __init__(self, progress: Progress | None, task: object) -> None:
        self._progress = progress
        self._task = task

    def at(self, done: int, of: int | None, says: str = "") -> None:
        """How far it is."""
        if self._progress is not None:
            self._progress.update(self._task, completed=done, total=of, says=says)  # type: ignore[arg-type] # rich's own id.
