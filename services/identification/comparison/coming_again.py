"""What was raised before, and which of it comes again though its lists say nothing new.

A warning that is closed comes again when what it weighs grew by the place's share over what it
weighed then, or when whoever it is about was granted assistance anew since. What was found not to
be so comes by growing alone: a new grant makes it no truer.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from policies import Snapshot
from policies.reading.facts import Fact, State
from services.identification import assistance, determinations
from services.identification.comparison import alert_facts
from services.identification.comparison.alert_lines import Line
from services.identification.comparison.kinds import DISMISSED, Kinds
from services.identification.histories import LAID_OVER
from shared.database import run
from shared.secrets import KeyRing

_ALL_PERCENT: Final = 100
_BEFORE: Final = text("""
    SELECT encode(uuid_send(subject_id), 'hex') AS subject_id, kind, things, id, comparison_id,
        attempt, facts_row, outcome, closed_at
    FROM alert WHERE county = :county AND subject_id = ANY(CAST(:subjects AS uuid[]))
    ORDER BY closed_at NULLS LAST
""")
_DECIDED: Final = text("""
    SELECT encode(uuid_send(household_id), 'hex') AS home, id, recorded_at, content_sealed
    FROM determination
    WHERE household_id = ANY(CAST(:homes AS uuid[])) AND programme IS NULL
    ORDER BY household_id, id
""")


@dataclass
class Before:
    """What was raised of somebody by one warning: of which things, and the last of it."""

    things: set[int] = field(default_factory=set)
    last: Any = None


async def before(
    session: AsyncSession, county: str, subjects: Collection[str]
) -> dict[tuple[str, str], Before]:
    """What was raised, by whom it is about and the kind of warning: one that is open is the last,
    else the one closed last."""
    known: dict[tuple[str, str], Before] = {}
    words = {"county": county, "subjects": f"{{{','.join(subjects)}}}"}
    for row in await run(session, _BEFORE, words):
        found = known.setdefault((row.subject_id, row.kind), Before())
        found.things.update(row.things)
        found.last = row
    return known


@dataclass(frozen=True)
class Again:
    """Finds what comes again: `behind` are the facts of what is raised now."""

    session: AsyncSession
    keys: KeyRing
    files_dir: Path
    kinds: Kinds
    facts: Mapping[str, Fact]
    behind: Snapshot
    grown_percent: int

    async def of(self, lines: Sequence[tuple[Line, Before]]) -> list[tuple[Line, int]]:
        """Those that come again of what they were raised of, each with a number that is so once:
        what was closed is followed by one."""
        closed = [(line, old.last) for line, old in lines if old.last.closed_at is not None]
        upheld = [(line, last) for line, last in closed if last.outcome != DISMISSED]
        found = {*self._grown(closed), *await self._granted_anew(upheld)}
        return [(line, _number(last.id)) for line, last in closed if line.alert_id in found]

    def _grown(self, closed: Sequence[tuple[Line, Any]]) -> Iterator[str]:
        weighed = [each for each in closed if self.kinds.of(each[0].kind).weighs]
        for (comparison_id, attempt), those in groupby(sorted(weighed, key=_raised_by), _raised_by):
            if not alert_facts.path_of(self.files_dir, comparison_id, attempt).exists():
                continue
            _, kept = alert_facts.kept(self.files_dir, self.keys, comparison_id, attempt)
            for line, last in those:
                old, new = (
                    self._weight(facts, line, row)
                    for facts, row in ((kept, last.facts_row), (self.behind, line.facts_row))
                )
                share = _ALL_PERCENT + self.grown_percent
                if new > old and new * _ALL_PERCENT >= old * share:
                    yield line.alert_id

    def _weight(self, snapshot: Snapshot, line: Line, row: int) -> int:
        """What the lists say that a warning weighs, of the person or of all who live there."""
        members = np.arange(snapshot.first[row], snapshot.first[row + 1])
        if line.is_personal:
            ids = snapshot.texts_at("member_person_id", members)
            members = members[[UUID(each).hex == line.subject for each in ids]]
        total = 0
        for name, times in self.kinds.of(line.kind).weighs.items():
            if (read := snapshot.read(self.facts[name])) is not None:
                values, states = (each[members] for each in read)
                known = (states == State.KNOWN) & (values > 0)
                total += times * int(values[known].sum())
        return total

    async def _granted_anew(self, closed: Sequence[tuple[Line, Any]]) -> list[str]:
        homes = {line.home for line, _ in closed if line.home is not None}
        decided: dict[str, list[Any]] = {}
        if homes:
            for row in await run(self.session, _DECIDED, {"homes": f"{{{','.join(homes)}}}"}):
                decided.setdefault(row.home, []).append(row)
        return [
            line.alert_id
            for line, last in closed
            if line.home is not None and self._is_anew(decided.get(line.home, ()), last.closed_at)
        ]

    def _is_anew(self, decided: Sequence[Any], since: datetime) -> bool:
        """Whether a home is on assistance now, or on the list, and was not at some time since."""
        first = sum(each.recorded_at <= since for each in decided)
        if first == len(decided):
            return False
        read = [
            determinations.unseal(each.id, each.content_sealed, self.keys)
            for each in decided[max(first - 1, 0) :]
        ]
        # What was recorded for months that another decision spoke for is not how it stands.
        contents = [each for each in read if LAID_OVER not in each]
        return any(
            holds(contents[-1]) and (first == 0 or not all(map(holds, contents)))
            for holds in (assistance.is_on_assistance, assistance.is_on_the_list)
        )


def _raised_by(each: tuple[Line, Any]) -> tuple[UUID, int]:
    return each[1].comparison_id, each[1].attempt


def _number(followed: UUID) -> int:
    """The number of what follows a closed alert, in the place of a thing's."""
    return int.from_bytes(followed.bytes[-8:], signed=True)
