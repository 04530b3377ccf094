"""OpenFisca over the same columns; what is unknown it takes for nought, having no such thing."""

import json
import statistics
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
from openfisca_core.simulation_builder import SimulationBuilder

from bench.policies import openfisca_rules, population
from bench.policies.population import HOUSEHOLD_FACTS, PERSON_FACTS, PROGRAMMES, SPANS, UNKNOWN

MONTH: Final = "2026-10"


class OpenFisca:
    """A system of the five programmes, and a simulation for each run."""

    def open(self, folder: Path) -> dict[str, Any]:
        """Read the columns and the numbers."""
        numbers = json.loads((folder / "numbers.json").read_text("utf-8"))
        self._system = openfisca_rules.system(numbers)
        first = population.read(folder, "first")
        self._households = len(first) - 1
        self._of_household = np.repeat(np.arange(self._households), np.diff(first))
        self._columns = {}
        for name in (*HOUSEHOLD_FACTS, *PERSON_FACTS, *SPANS):
            column = population.read(folder, name)
            self._columns[name] = np.where(column == UNKNOWN, 0, column).astype(np.int32)
        return {}

    def build(self) -> None:
        """Entities, and every input set; a simulation keeps what it has reckoned, so one a run."""
        builder = SimulationBuilder()
        builder.create_entities(self._system)
        builder.declare_person_entity("person", np.arange(len(self._of_household)))
        households = builder.declare_entity("household", np.arange(self._households))
        roles = np.full(len(self._of_household), "member")
        builder.join_with_persons(households, self._of_household, roles)
        self._simulation = builder.build(self._system)
        for name, column in self._columns.items():
            self._simulation.set_input(name, MONTH, column)

    def run(self) -> None:
        """The sums of the five programmes."""
        self._found = {name: self._simulation.calculate(name, MONTH) for name in PROGRAMMES}

    def results(self) -> dict[str, Any]:
        """The sums as they are."""
        return dict(self._found)

    def single_us(self) -> dict[str, float]:
        """One household of three, from its words to its five sums, without workings."""
        words = json.loads((Path(__file__).parent / "household.json").read_text("utf-8"))
        situation = _situation(words)
        taken = []
        for _ in range(200):
            start = time.process_time()
            simulation = SimulationBuilder().build_from_entities(self._system, situation)
            for name in PROGRAMMES:
                simulation.calculate(name, MONTH)
            taken.append(time.process_time() - start)
        return {"single_us_p50": statistics.median(taken) * 1e6}


def _situation(words: dict[str, Any]) -> dict[str, Any]:
    def dated(facts: dict[str, Any]) -> dict[str, Any]:
        plain = {name: -1 if word == "not-applicable" else word for name, word in facts.items()}
        return {name: {MONTH: value} for name, value in plain.items()}

    until = {"until": {MONTH: population.OPEN}}
    left = {"left": {MONTH: population.OPEN}}
    persons = {each["person_id"]: {**dated(each["facts"]), **left} for each in words["members"]}
    household = {"members": list(persons), **dated(words["facts"]), **until}
    return {"persons": persons, "households": {"household": household}}
