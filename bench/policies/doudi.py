"""Our engine: the county as a snapshot, the month by its face."""

import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.policies import population
from bench.policies.population import PERSON_FACTS, PROGRAMMES, REASONS, UNKNOWN, Column

MONTH = "2026-10"
PLACE = "511425"


class Doudi:
    """The law of the demonstration county over a snapshot."""

    def open(self, folder: Path) -> dict[str, Any]:
        """Load the law as a new process would, and write its numbers down for the others."""
        start = time.perf_counter()
        import policies  # A new process pays for this too.

        self._law = policies.load(PLACE, code_dir=folder / "code")
        loaded = time.perf_counter() - start
        self._table = _table(folder)
        self._write_numbers(folder)
        return {"load_seconds": loaded}

    def build(self) -> None:
        """Open the snapshot once; it stays open for every family and month of a run."""
        if not hasattr(self, "_snapshot"):
            import policies

            self._snapshot = policies.Snapshot.from_table(self._table)
            for fact in self._law.facts.values():
                if fact.name in population.HOUSEHOLD_FACTS + PERSON_FACTS:
                    self._snapshot.columns.of(fact)

    def run(self) -> None:
        """The month of the five programmes."""
        self._outcome = self._law.award_county(self._snapshot, MONTH, programmes=PROGRAMMES)

    def results(self) -> dict[str, Any]:
        """Dense columns out of the awards and holds."""
        first = self._snapshot.columns.first
        found: dict[str, Column] = {}
        for each in self._outcome.found:
            count = int(first[-1]) if each.terms.is_personal else len(first) - 1
            fen, why = np.zeros(count, np.int64), np.zeros(count, np.int16)
            codes = np.array(
                [REASONS.index(r) if r in REASONS else -1 for r in each.reasons], np.int16
            )
            fen[each.sums.award_places] = each.sums.amounts_fen
            why[each.sums.hold_places] = codes[each.sums.hold_codes]
            found[each.terms.programme], found[f"{each.terms.programme}_why"] = fen, why
        return found

    def single_us(self) -> dict[str, float]:
        """One household of three: assessed, and then its workings read out."""
        household = json.loads((Path(__file__).parent / "household.json").read_text("utf-8"))

        def read_out(*tongues: str) -> None:
            for answer in self._law.assess(household, MONTH, programmes=PROGRAMMES):
                for line in answer.workings:
                    for words in (
                        line.label,
                        line.shown,
                        line.arithmetic,
                        line.sentence,
                        line.source,
                    ):
                        for tongue in tongues if words is not None else ():
                            getattr(words, tongue)

        start = time.process_time()
        read_out("zh", "en")
        first = time.process_time() - start
        return {
            "single_us_p50": _median_us(
                lambda: self._law.assess(household, MONTH, programmes=PROGRAMMES)
            ),
            "single_rendered_one_language_us_p50": _median_us(partial(read_out, "zh")),
            "single_rendered_us_p50": _median_us(partial(read_out, "zh", "en")),
            "single_first_ms": first * 1e3,
        }

    def _write_numbers(self, folder: Path) -> None:
        """The numbers in force, as the other engines take them."""
        found: dict[str, Any] = {}
        for pack in self._law.packs.values():
            for name, number in pack.numbers.items():
                codes = number.declaration.codes if number.declaration.by else [None]
                dated = {code: number.at(population.MONTH, code) for code in codes}
                if any(dated.values()):
                    found[name] = {str(c): each.amount for c, each in dated.items() if each}
        (folder / "numbers.json").write_text(json.dumps(found), encoding="utf-8")


def _median_us(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(400):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return statistics.median(taken) * 1e6


def _table(folder: Path) -> Any:
    """The county as the snapshot's table: integers, and beside each whether it may be read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first = population.read(folder, "first")
    rows, people = len(first) - 1, int(first[-1])

    def listed(values: Any) -> Any:
        kind = pa.list_(pa.field("item", values.type))
        return pa.ListArray.from_arrays(pa.array(first), values, type=kind)

    def texts(letter: str, count: int) -> Any:
        numbers = pa.array(np.arange(count)).cast(pa.string())
        return pc.binary_join_element_wise(pa.scalar(letter), numbers, pa.scalar(""))

    def span(name: str) -> Any:
        return pa.array(population.read(folder, name).astype(np.int64))

    columns: dict[str, Any] = {
        "determination_id": texts("d", rows),
        "household_id": texts("h", rows),
        "village": pa.repeat("511425100201", rows),
        "decided_on": pa.repeat("2026-09-20", rows),
        "since": span("since"),
        "until": span("until"),
        "member_person_id": listed(texts("p", people)),
        "member_since": listed(span("joined")),
        "member_until": listed(span("left")),
    }
    for name in population.HOUSEHOLD_FACTS + PERSON_FACTS:
        column = population.read(folder, name)
        values = pa.array(np.where(column == UNKNOWN, 0, column).astype(np.int64))
        states = pa.array((column == UNKNOWN).astype(np.int8))
        if name in PERSON_FACTS:
            values, states, name = listed(values), listed(states), f"member_{name}"
        columns[name], columns[f"{name}_state"] = values, states
    fields = [pa.field(name, each.type, nullable=False) for name, each in columns.items()]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))
