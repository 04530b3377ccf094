"""Who is visited once more by chance: drawn by a seed that is kept, so that anybody can redraw."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework.opening import NoSuchCategory
from services.identification.casework.paths import all_paths
from services.identification.casework.queues import visible
from services.identification.desk import Desk
from services.identification.models import CaseFile, Sample
from shared import audit
from shared.problems import Conflict, NotFound

STATES: Final = {"township": "reviewing", "county": "confirming"}
"""Where the cases stand that a stage draws from."""


class NothingToDraw(Conflict):
    """No case of that category waits at that stage in your area."""


class NoSuchSample(NotFound):
    """There is no such sample."""


def chosen_of(population: Iterable[UUID], percent: int, seed: str) -> list[UUID]:
    """At least so many in a hundred, rounded up: the first by SHA-256 of seed and id."""
    ids = sorted(population, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).hexdigest())
    return ids[: -(-len(ids) * percent // 100)]


async def draw(desk: Desk, stage: str, category: str) -> dict[str, Any]:
    """Draw the share the place sets from the cases that wait at a stage, and keep how.

    Raises:
        NoSuchCategory: no case of that category stands at such a stage.
        NothingToDraw: none waits.
    """
    path = all_paths().get(category)
    if path is None or STATES[stage] not in path.states:
        raise NoSuchCategory(f"no {category} case is ever {STATES[stage]}")
    found = await desk.session.exec(
        select(col(CaseFile.id)).where(
            col(CaseFile.category) == category,
            col(CaseFile.state) == STATES[stage],
            visible(desk.caller),
        )
    )
    population = sorted(found.all())
    if not population:
        raise NothingToDraw()
    percent, seed = int(desk.settings.words["sample_percent"][stage]), secrets.token_hex(16)
    sample = Sample(
        county=desk.caller.county,
        stage=stage,
        category=category,
        percent=percent,
        seed=seed,
        population=population,
        chosen=chosen_of(population, percent, seed),
        drawn_by=desk.caller.subject,
        drawn_at=desk.now,
    )
    desk.session.add(sample)
    await desk.session.flush()
    await audit.record(
        desk.session,
        sample.county,
        actor=sample.drawn_by,
        act="sample-drawn",
        subject=str(sample.id),
        details={"stage": stage, "percent": percent, "of": len(population), "seed": seed},
    )
    return _shown(sample)


async def show(desk: Desk, sample_id: UUID) -> dict[str, Any]:
    """A sample with all that is needed to draw it again.

    Raises:
        NoSuchSample: there is none, or somebody else drew it and not the whole of it is yours.
    """
    sample = await desk.session.get(Sample, sample_id)
    if sample is None:
        raise NoSuchSample()
    seen = await desk.session.exec(
        select(col(CaseFile.id)).where(
            col(CaseFile.id).in_(sample.population), visible(desk.caller)
        )
    )
    if set(seen.all()) != set(sample.population):
        raise NoSuchSample()
    return _shown(sample)


def _shown(sample: Sample) -> dict[str, Any]:
    return {
        "sample_id": str(sample.id),
        "stage": sample.stage,
        "category": sample.category,
        "percent": sample.percent,
        "seed": sample.seed,
        "population": [str(each) for each in sample.population],
        "chosen": [str(each) for each in sample.chosen],
        "drawn_by": sample.drawn_by,
        "drawn_at": sample.drawn_at.isoformat(),
    }
