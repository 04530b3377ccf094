"""Scores of a unit by scores.yaml: whole points, each with the facts it was counted from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.grammar.acts import Words, only, read_words
from services.identification.models import RegisterEntry
from services.identification.registers import facts
from services.identification.registers.facts import Fact, Period
from services.identification.registers.standing import SCORES, there_for
from services.identification.registers.tables import all_registers
from shared.tables import TableUnreadable, read_table

FORMULA: Final = Path(__file__).with_name("scores.yaml")
OF_CASES: Final = ("decisions", "reviews")
OF_ENTRIES: Final = ("entries", "monthly")


@dataclass(frozen=True)
class Measure:
    """One thing a unit is scored on: which facts fell due, and by what they count as met."""

    name: str
    words: Words
    of: str
    register: str
    met: tuple[str, ...]
    undone: tuple[str, ...] = ()


@lru_cache
def measures(path: Path = FORMULA) -> tuple[Measure, ...]:
    """Every measure of the formula.

    Raises:
        TableUnreadable: it names facts, a register or an act that are not there.
    """
    found = tuple(_measure(path, name, said) for name, said in read_table(path).items())
    for each in found:
        table = all_registers().get(each.register)
        if each.of not in (OF_CASES if table is None else OF_ENTRIES):
            raise TableUnreadable(f"{path}: {each.name} counts what is not there")
        if table is not None and not {*each.met, *each.undone} <= table.acts.keys():
            raise TableUnreadable(
                f"{path}: {each.name} is met, or undone, by an act that is not there"
            )
    return found


async def scored(desk: Desk, period: Period) -> list[dict[str, Any]]:
    """The scores of a period: points, how many of how many, and the numbers of the facts."""
    points: Mapping[str, Any] = desk.settings.words["assessment_points"]
    found = []
    for measure in measures():
        most, counted = int(points.get(measure.name, 0)), await _facts(desk, period, measure)
        if most == 0 or not counted:
            continue
        met, missed = (
            [{"kind": fact.kind, "number": fact.number} for fact in counted if fact.in_time is kept]
            for kept in (True, False)
        )
        found.append(
            {
                "measure": measure.name,
                "zh": measure.words.zh,
                "en": measure.words.en,
                "points": most * len(met) // len(counted),
                "most": most,
                "met": met,
                "missed": missed,
            }
        )
    return found


async def told(desk: Desk, content: Mapping[str, Any]) -> frozenset[str]:
    """Of what scores were counted from, the numbers the caller may read in registers that may be
    against somebody: whoever is accused learns of it here no more than there."""
    found = [
        fact
        for each in content.get(SCORES, ())
        for kept in ("met", "missed")
        for fact in each[kept]
    ]
    readable = {
        kind
        for kind, table in all_registers().items()
        if table.against and any(map(desk.caller.has, table.read))
    }
    numbers = {fact["number"] for fact in found if fact["kind"] in readable}
    if not numbers:
        return frozenset()
    statement = select(col(RegisterEntry.number)).where(
        col(RegisterEntry.kind).in_(sorted(readable)),
        col(RegisterEntry.number).in_(sorted(numbers)),
        there_for(desk.caller),
    )
    return frozenset((await desk.session.exec(statement)).all())


async def _facts(desk: Desk, period: Period, measure: Measure) -> list[Fact]:
    if measure.of == "decisions":
        return await facts.decisions(desk, period)
    if measure.of == "reviews":
        return await facts.reviews(desk, period)
    if measure.of == "monthly":
        return await facts.monthly(desk, period, measure.register, measure.met)
    return await facts.entries(desk, period, measure.register, measure.met, measure.undone)


def _measure(path: Path, name: str, said: Mapping[str, Any]) -> Measure:
    only(path, name, said, {"zh", "en", "of", "register", "met", "undone"})
    return Measure(
        name,
        read_words(path, name, said),
        str(said["of"]),
        str(said.get("register", "")),
        tuple(said.get("met", ())),
        tuple(said.get("undone", ())),
    )
