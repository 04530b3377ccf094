"""A county of any size as plain columns in files for every engine, the same at every making."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

UNKNOWN: Final = -(2**31)
"""What stands in a column where nothing is known."""
NOT_APPLICABLE: Final = -1
OPEN: Final = 99_999
MONTH: Final = 2026 * 12 + 9
"""October 2026, counted from year 0."""

PROGRAMMES: Final = ("dibao", "tekun", "disability_living", "disability_nursing", "old_age")
HOUSEHOLD_FACTS: Final = ("registration", "on_dibao", "income_fen_monthly")
PERSON_FACTS: Final = (
    "born_on",
    "died_on",
    "on_tekun",
    "care_mode",
    "disability_grade",
    "disability_kind",
    "on_disability_living",
    "on_disability_nursing",
    "on_old_age",
)
SPANS: Final = ("since", "until", "joined", "left")
REASONS: Final = (
    "",
    "not-applicable-care_mode",
    *sorted(f"unknown-{name}" for name in HOUSEHOLD_FACTS + PERSON_FACTS),
)
"""Why something is held, in the order in which one is chosen of several; 0 is nothing."""

_UNKNOWN_SHARE: Final = 0.001

Column = npt.NDArray[Any]


def make(people: int, folder: Path) -> None:
    """Write the columns of so many people, one file each."""
    chance = np.random.default_rng(511425)
    first = _households(people, chance)
    households = len(first) - 1
    np.save(folder / "first.npy", first)
    for name, column in _of_households(households, chance).items():
        np.save(folder / f"{name}.npy", column.astype(np.int32))
    for name, column in _of_people(people, chance).items():
        np.save(folder / f"{name}.npy", column.astype(np.int32))


def read(folder: Path, name: str) -> Column:
    """One column."""
    found: Column = np.load(folder / f"{name}.npy")
    return found


def _households(people: int, chance: np.random.Generator) -> Column:
    """Where the members of each household begin: one to five live together."""
    sizes = chance.choice([1, 2, 3, 4, 5], people, p=[0.3, 0.3, 0.2, 0.15, 0.05])
    first = np.concatenate([[0], np.cumsum(sizes)])
    first = first[first < people]
    return np.append(first, people).astype(np.int32)


def _of_households(count: int, chance: np.random.Generator) -> dict[str, Column]:
    def known(column: Column) -> Column:
        return np.where(chance.random(count) < _UNKNOWN_SHARE, UNKNOWN, column)

    return {
        "registration": known(chance.choice([1, 2], count, p=[0.3, 0.7])),
        "on_dibao": known((chance.random(count) < 0.6).astype(np.int64)),
        "income_fen_monthly": known(chance.integers(0, 90_000, count)),
        "since": np.where(chance.random(count) < 0.01, MONTH + 1, MONTH - 20),
        "until": np.full(count, OPEN),
    }


def _of_people(count: int, chance: np.random.Generator) -> dict[str, Column]:
    def known(column: Column) -> Column:
        return np.where(chance.random(count) < _UNKNOWN_SHARE, UNKNOWN, column)

    def share(part: float) -> npt.NDArray[np.bool_]:
        return chance.random(count) < part

    years, months = chance.integers(1922, 2026, count), chance.integers(1, 13, count)
    born_on = years * 10_000 + months * 100 + chance.integers(1, 29, count)
    disabled, tekun = share(0.2), share(0.05)
    return {
        "born_on": known(born_on),
        "died_on": known(np.where(share(0.02), 2026_09_05, NOT_APPLICABLE)),
        "on_tekun": known(tekun.astype(np.int64)),
        "care_mode": known(np.where(tekun & share(0.999), chance.integers(1, 3, count), -1)),
        "disability_grade": known(np.where(disabled, chance.integers(1, 5, count), -1)),
        "disability_kind": known(np.where(disabled, chance.integers(1, 8, count), -1)),
        "on_disability_living": known(disabled.astype(np.int64)),
        "on_disability_nursing": known(disabled.astype(np.int64)),
        "on_old_age": known((years < 1948).astype(np.int64)),
        "joined": np.zeros(count),
        "left": np.where(share(0.01), MONTH - 1, OPEN),
    }
