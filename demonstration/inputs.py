"""What a run of the demonstration is asked for, and what a filled county refuses."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Final, Self

from shared.secrets import write_private

COUNTY: Final = "511425"
PEOPLE_DEFAULT: Final = 20_000
PEOPLE_MAX: Final = 5_000_000
SEED: Final = 511425
PORT_DEFAULT: Final = 8000
GIVEN: Final = "roster-given"


class InputRefused(Exception):
    """A wish that cannot be met; the text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was asked for on the command line of make."""

    folder: Path
    people: int
    roster: Path | None
    out: Path
    once: bool
    port: int
    seed: int

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read DATA, PEOPLE, ROSTER, OUT, ONCE, PORT and SEED.

        Raises:
            InputRefused: one of them makes no sense.
        """
        given = os.environ if environment is None else environment
        folder = Path(given.get("DATA") or ".doudi").absolute()
        roster = Path(given["ROSTER"]).absolute() if given.get("ROSTER") else None
        if roster is not None and not roster.is_file():
            raise InputRefused(f"ROSTER={roster}: there is no such file")
        if roster is not None and roster.suffix.lower() not in (".xlsx", ".csv"):
            raise InputRefused(f"ROSTER={roster.name}: a roster ends in .xlsx or .csv")
        if roster is not None and given.get("PEOPLE"):
            raise InputRefused("give ROSTER or PEOPLE, not both: a roster says who its people are")
        return cls(
            folder=folder,
            people=number(given, "PEOPLE", PEOPLE_DEFAULT, 1, PEOPLE_MAX),
            roster=roster,
            out=Path(given.get("OUT") or folder / "out").absolute(),
            once=given.get("ONCE", "") not in ("", "0"),
            port=number(given, "PORT", PORT_DEFAULT, 1, 65535),
            seed=number(given, "SEED", SEED, 0, 2**31),
        )

    def settle(self, given: Mapping[str, str] | None = None) -> None:
        """Fill an empty DATA with these wishes, or hold them against those that filled it.

        Raises:
            InputRefused: DATA holds another county than the one asked for, or cannot be written.
        """
        asked = os.environ if given is None else given
        try:
            self._settle(asked)
            self.out.mkdir(parents=True, mode=0o700, exist_ok=True)
        except OSError as problem:
            raise InputRefused(
                f"{problem.filename}: {problem.strerror}; choose another DATA or OUT"
            ) from problem
        if not os.access(self.out, os.W_OK | os.X_OK):
            raise InputRefused(f"OUT={self.out}: nothing can be written there")

    def roster_given(self) -> Path:
        """The roster that filled DATA, as it was then; a month that was cut off takes it again."""
        return next(self.folder.glob(f"{GIVEN}.*"))

    def _settle(self, asked: Mapping[str, str]) -> None:
        note = self.folder / "demonstration.json"
        if not note.exists():
            if self.folder.exists() and any(self._others()):
                raise InputRefused(
                    f"{self.folder} holds something else: choose another DATA, or clear it"
                )
            self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            if self.roster is not None:
                shutil.copyfile(self.roster, self.folder / f"{GIVEN}{self.roster.suffix.lower()}")
            write_private(note, json.dumps(asdict(self._filling())) + "\n")
            return
        held = _Filling(**json.loads(note.read_text(encoding="utf-8")))
        wanted = self._filling()
        if self.roster is not None and wanted.roster_sha256 != held.roster_sha256:
            raise InputRefused(f"{self.folder} was filled from another roster; {_WAY_OUT}")
        if asked.get("PEOPLE") and (held.roster_sha256 or wanted.people != held.people):
            what = "a roster" if held.roster_sha256 else f"{held.people} people"
            raise InputRefused(f"{self.folder} was filled with {what}; {_WAY_OUT}")
        if asked.get("SEED") and wanted.seed != held.seed:
            raise InputRefused(f"{self.folder} was filled with SEED={held.seed}; {_WAY_OUT}")

    def _others(self) -> Iterator[Path]:
        """What is not ours: keys may lie here by `make provision`, and a half copied roster."""
        return (
            path
            for path in self.folder.iterdir()
            if path.name != "keys" and not path.name.startswith(GIVEN)
        )

    def _filling(self) -> "_Filling":
        if self.roster is None:
            return _Filling(people=self.people, seed=self.seed, roster_sha256="")
        with self.roster.open("rb") as file:
            return _Filling(people=0, seed=0, roster_sha256=file_digest(file, "sha256").hexdigest())


_WAY_OUT: Final = "run it again without that wish, choose another DATA, or 'make reset' first"


@dataclass(frozen=True, slots=True)
class _Filling:
    """What filled a DATA folder."""

    people: int
    seed: int
    roster_sha256: str


def number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number that was asked for.

    Raises:
        InputRefused: it is none, or out of bounds.
    """
    text = given.get(name) or str(default)
    try:
        asked = int(text)
    except ValueError:
        raise InputRefused(f"{name}={text}: a whole number is needed") from None
    if not least <= asked <= most:
        raise InputRefused(f"{name}={asked}: it must lie between {least} and {most}")
    return asked
