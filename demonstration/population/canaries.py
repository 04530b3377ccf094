"""Numbers of people on assistance, to be looked for in places where they must not stand."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from demonstration.population.households import Household


@dataclass
class Canaries:
    """Draws so many of each kind, each as likely as the next (reservoir sampling)."""

    seed: int
    wanted: int = 50
    _drawn: dict[str, list[str]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def watch(self, households: Iterable[Household]) -> Iterator[Household]:
        """Let the households pass, drawing from those on assistance."""
        rng = Random(f"{self.seed}:canaries")  # noqa: S311 # A sample, no secret.
        for household in households:
            if household.assisted:
                for person in household.people:
                    self._draw(rng, "id_numbers", person.id_number)
                    self._draw(rng, "phones", person.phone)
                    if person.account is not None:
                        self._draw(rng, "account_numbers", person.account.number)
            yield household

    def write(self, path: Path) -> None:
        """Write them as JSON: id_numbers, account_numbers, phones."""
        words = {kind: sorted(set(drawn)) for kind, drawn in sorted(self._drawn.items())}
        path.write_text(json.dumps(words, indent=1) + "\n", encoding="utf-8")

    def _draw(self, rng: Random, kind: str, number: str | None) -> None:
        if number is None:
            return
        drawn = self._drawn.setdefault(kind, [])
        seen = self._seen.get(kind, 0) + 1
        self._seen[kind] = seen
        if len(drawn) < self.wanted:
            drawn.append(number)
        elif (place := rng.randrange(seen)) < self.wanted:
            drawn[place] = number
