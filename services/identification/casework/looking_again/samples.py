"""Who is visited once more by chance: drawn once, by a seed that is kept, so that anybody redraws.

Where a place samples, no case goes on from the township or the county before a sample was drawn
from it, and none that chance picked before it was visited for that stage. A case is drawn from
once: whoever asks again is shown the same draw.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.identification.casework.paths import NoSuchCategory, all_paths
from services.identification.casework.queues import visible
from services.identification.casework.standing import COUNTY_REACH, Standing
from services.identification.desk import Desk
from services.identification.models import CaseAct, CaseFile, Sample
from shared import audit
from shared.database import run
from shared.problems import Conflict, Forbidden, NotFound

Need = Callable[[Standing], bool]


@dataclass(frozen=True)
class Stage:
    """Where the cases stand that are drawn from, and the act by which one of them is visited."""

    name: str
    state: str
    visit: str


STAGES: Final[Mapping[str, Stage]] = {
    each.name: each
    for each in (
        Stage("township", "reviewing", "spot-check"),
        Stage("county", "confirming", "home-check"),
    )
}
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext(:drawing))")
_PICKED: Final = text("""
SELECT drawn.id, sample.stage, drawn.id = ANY (sample.chosen) AS is_chosen
FROM unnest(CAST(:ids AS uuid[])) AS drawn (id) JOIN sample ON sample.population @> ARRAY[drawn.id]
""")


class NothingToDraw(Conflict):
    """No case of that category waits at that stage in your area, or the place samples none."""


class NotYoursToDraw(Forbidden):
    """The county's sample is drawn by the county."""


class NoSuchSample(NotFound):
    """There is no such sample."""


def chosen_of(population: Iterable[UUID], percent: int, seed: str) -> list[UUID]:
    """At least so many in a hundred, rounded up: the first by SHA-256 of seed and id."""
    ids = sorted(population, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).hexdigest())
    return ids[: -(-len(ids) * percent // 100)]


async def draw(desk: Desk, stage_name: str, category: str) -> dict[str, Any]:
    """Draw the share the place sets from the cases that wait and were not drawn from yet.

    Where all of them were, it is the last draw from them again.

    Raises:
        NoSuchCategory: no case of that category stands at such a stage.
        NotYoursToDraw: it is the county's sample.
        NothingToDraw: none waits, or the place samples none.
    """
    path, stage = all_paths().get(category), STAGES[stage_name]
    if path is None or stage.visit not in path.acts:
        raise NoSuchCategory(f"no {category} case is drawn from while {stage.state}")
    if stage.visit == "home-check" and not _over_county(desk):
        raise NotYoursToDraw()
    percent = desk.settings.sampled(stage.name)
    if percent == 0:
        raise NothingToDraw("the place samples none")
    await run(
        desk.session, _ONE_AT_A_TIME, {"drawing": f"sample:{desk.caller.county}:{stage.name}"}
    )
    found = await desk.session.exec(
        select(col(CaseFile.id)).where(
            col(CaseFile.category) == category,
            col(CaseFile.state) == stage.state,
            visible(desk.caller),
        )
    )
    waiting = set(found.all())
    before = await _drawn_from(desk, stage, waiting)
    fresh = sorted(waiting - {each for sample in before for each in sample.population})
    if fresh:
        return await _drawn(desk, stage, category, percent, fresh)
    for sample in before:
        if await _whole_is_visible(desk, sample):
            return await _shown(desk, sample)
    raise NothingToDraw()


async def show(desk: Desk, sample_id: UUID) -> dict[str, Any]:
    """A sample with all that is needed to draw it again, and what became of each it picked.

    Raises:
        NoSuchSample: there is none, or somebody else drew it and not the whole of it is yours.
    """
    sample = await desk.session.get(Sample, sample_id)
    if sample is None or not await _whole_is_visible(desk, sample):
        raise NoSuchSample()
    return await _shown(desk, sample)


async def picked(desk: Desk, ids: Sequence[UUID]) -> dict[UUID, dict[str, bool]]:
    """Of each case the stages it was drawn from, and whether chance picked it there."""
    if not ids or not any(desk.settings.sampled(name) for name in STAGES):
        return {}
    found: dict[UUID, dict[str, bool]] = {}
    for row in await run(desk.session, _PICKED, {"ids": list(ids)}):
        stages = found.setdefault(row.id, {})
        stages[row.stage] = stages.get(row.stage, False) or row.is_chosen
    return found


async def _drawn(
    desk: Desk, stage: Stage, category: str, percent: int, population: list[UUID]
) -> dict[str, Any]:
    seed = secrets.token_hex(16)
    sample = Sample(
        county=desk.caller.county,
        stage=stage.name,
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
        details={"stage": stage.name, "percent": percent, "of": len(population), "seed": seed},
    )
    return await _shown(desk, sample)


async def _drawn_from(desk: Desk, stage: Stage, ids: Iterable[UUID]) -> Sequence[Sample]:
    """The draws these cases were in, the last first."""
    found = await desk.session.exec(
        select(Sample)
        .where(col(Sample.stage) == stage.name, col(Sample.population).op("&&")(list(ids)))
        .order_by(col(Sample.id).desc())
    )
    return found.all()


async def _whole_is_visible(desk: Desk, sample: Sample) -> bool:
    seen = await desk.session.exec(
        select(col(CaseFile.id)).where(
            col(CaseFile.id).in_(sample.population), visible(desk.caller)
        )
    )
    return set(seen.all()) == set(sample.population)


def _over_county(desk: Desk) -> bool:
    return any(len(area) <= COUNTY_REACH for area in desk.caller.divisions)


async def _shown(desk: Desk, sample: Sample) -> dict[str, Any]:
    return {
        "sample_id": str(sample.id),
        "stage": sample.stage,
        "category": sample.category,
        "percent": sample.percent,
        "seed": sample.seed,
        "population": [str(each) for each in sample.population],
        "chosen": [str(each) for each in sample.chosen],
        "cases": await _cases(desk, sample),
        "drawn_by": sample.drawn_by,
        "drawn_at": sample.drawn_at.isoformat(),
    }


async def _cases(desk: Desk, sample: Sample) -> list[dict[str, Any]]:
    """What became of each that was picked: visited on which day by whom, or not yet."""
    visits = await desk.session.exec(
        select(CaseAct)
        .where(
            col(CaseAct.case_id).in_(sample.chosen),
            col(CaseAct.act) == STAGES[sample.stage].visit,
        )
        .order_by(col(CaseAct.number))
    )
    visited = {each.case_id: each for each in visits}
    cases = await desk.session.exec(select(CaseFile).where(col(CaseFile.id).in_(sample.chosen)))
    return [
        {
            "case_id": str(case.id),
            "receipt": case.receipt,
            "village": case.village,
            "head_name": case.head_name,
            "state_words": all_paths()[case.category].states[case.state].words.both(),
            "visited_on": by.done_on.isoformat() if (by := visited.get(case.id)) else None,
            "visited_by": by.actor if by else None,
        }
        for case in sorted(cases, key=lambda case: sample.chosen.index(case.id))
    ]


def unvisited(at: Standing) -> list[str]:
    """The stages at which chance picked a case that stands there and was not visited yet."""
    return [
        name
        for name, stage in STAGES.items()
        if at.picked.get(name) and at.case.state == stage.state and not at.done(stage.visit)
    ]


def _visited(stage: Stage) -> Need:
    """Where the place samples, it was drawn from, and visited if chance picked it."""

    def is_met(at: Standing) -> bool:
        if at.settings.sampled(stage.name) == 0:
            return True
        is_picked = at.picked.get(stage.name)
        return is_picked is False or (is_picked is True and bool(at.done(stage.visit)))

    return is_met


NEEDS: Final[Mapping[str, Need]] = {
    "township-samples": lambda at: at.settings.sampled("township") > 0,
    "sample-visited": _visited(STAGES["township"]),
    "sample-visited-by-county": _visited(STAGES["county"]),
}
"""What must be there of samples, by the words the tables use."""
