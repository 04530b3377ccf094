"""Why this sum: each quantity, its reckoning, its sentence, its source and what proves it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from policies.reading.words import Words


class Evidence(NamedTuple):
    """What stands behind a fact."""

    proof: Words
    determination_id: str | None
    decided_on: str | None


class Working(NamedTuple):
    """One line a clerk can read out; `depth` 0 is a test or the sum itself."""

    quantity: str
    kind: str
    subject: str | None
    depth: int
    label: Words
    value: int
    unit: str
    shown: Words
    arithmetic: Words | None
    sentence: Words
    source: Words | None
    standing: str | None
    evidence: Evidence | None

    def said(self, tongue: str | None = None) -> dict[str, Any]:
        """The line as plain texts by name, in both languages or in the one asked for."""
        found = {name: _said(each, tongue) for name, each in self._asdict().items()}
        if self.evidence is not None:
            evidence = self.evidence._asdict().items()
            found["evidence"] = {name: _said(each, tongue) for name, each in evidence}
        return found


class Explained(NamedTuple):
    """Quantities of a household, or the reason one cannot be known, and how they came."""

    values: Mapping[str, int | str]
    workings: Sequence[Working]


def _said(found: object, tongue: str | None) -> object:
    return found.said(tongue) if isinstance(found, Words) else found
