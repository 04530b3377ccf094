"""What an engine of the bench can do."""

from pathlib import Path
from typing import Any, Protocol


class Engine(Protocol):
    """One way to reckon a county's month."""

    def open(self, folder: Path) -> dict[str, Any]:
        """Read the county; whatever else is worth telling of the start."""

    def build(self) -> None:
        """Lay out what one run needs: told apart from the run."""

    def run(self) -> None:
        """From columns in memory to awards in memory."""

    def results(self) -> dict[str, Any]:
        """Of each programme the fen of every household or person, and why it is held."""

    def single_us(self) -> dict[str, float]:
        """What one household takes, the median of many, by the key it is told under."""
