"""Why a line is what it is: reckoned again from the run's own facts and law, to the same fen."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import entitlements, going_on, packs, snapshot, stages
from services.benefits.differences import Key
from services.benefits.going_on import Side
from services.benefits.models import Determination, EntitlementLine, Run
from services.benefits.snapshot import Frozen
from shared.secrets import KeyRing

_KEPT: Final = 2


class Shelf:
    """The readings asked for last, opened; a county's is a few megabytes and takes its time."""

    def __init__(self, files_dir: Path, keys: KeyRing) -> None:
        self._files_dir = files_dir
        self._keys = keys
        self._open: OrderedDict[tuple[UUID, int], Frozen] = OrderedDict()

    async def reading(self, of: Run) -> Frozen:
        """The frozen reading of a run."""
        key = (of.id, of.attempt)
        if key not in self._open:
            path = snapshot.path_of(self._files_dir, of)
            self._open[key] = await asyncio.to_thread(snapshot.read, path, of, self._keys)
            while len(self._open) > _KEPT:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return self._open[key]


async def tell(
    session: AsyncSession, shelf: Shelf, present: policies.Law, line: EntitlementLine
) -> dict[str, Any]:
    """The workings of one granted line; `paid_as_fen` says by programme what of the month was paid
    as another that goes on as this one, or that this one goes on from.

    Raises:
        SnapshotDiffers, LawMissing: what the run froze is no longer there as it was.
    """
    of = await stages.get(session, line.run_id)
    law = await packs.by_hash(session, of.policy_sha256 or "", present)
    frozen = await shelf.reading(of)
    assert line.snapshot_row is not None, "a line above zero comes from a row"
    household = frozen.facts.household(line.snapshot_row)
    either = _paid_as_either(law, of, line.programme)
    answers = {
        each.programme: each
        for each in law.assess(household, line.month, programmes=[line.programme, *either])
        if each.beneficiary_id == str(line.beneficiary_id)
    }
    answer = answers[line.programme]
    key = Key(str(line.beneficiary_id), line.programme, line.month)
    before = frozen.before.get(key)
    granted_fen = before.granted_fen if before else 0
    proposed_fen = before.proposed_fen if before else 0
    own = Side(answer.amount_fen or 0, before)
    paid_as = {
        name: going_on.counted(own, Side(_owed(answers.get(name)), frozen.before[other]))
        for name in either
        if (other := key._replace(programme=name)) in frozen.before
    }
    owed_fen = (answer.amount_fen or 0) - sum(paid_as.values())
    taken_back_fen = min(owed_fen - granted_fen - proposed_fen, -proposed_fen)
    due_fen = owed_fen - granted_fen - proposed_fen - taken_back_fen
    assert due_fen == line.amount_fen, "the workings must give the fen that was granted"
    return {
        "line": entitlements.words(line.line_id, line.run_id, line),
        "owed_fen": owed_fen + sum(paid_as.values()),
        "paid_as_fen": {name: fen for name, fen in paid_as.items() if fen},
        "granted_before_fen": granted_fen,
        "recovery_taken_back_fen": taken_back_fen,
        "amount_fen": due_fen,
        "workings": [each.said() for each in answer.workings],
        "evidence": await _evidence(session, household),
        "policy_sha256": of.policy_sha256,
        "facts_sha256": of.facts_sha256,
        "engine_version": of.engine_version,
        "notice": asdict(law.place.notice) if law.place.notice else None,
    }


def _paid_as_either(law: policies.Law, of: Run, programme: str) -> list[str]:
    """What the same month may have been paid as instead: what it goes on from, or goes on as."""
    pairs = going_on.pairs(law, packs.programmes_of(law, of.family))
    either = [(pair.later, pair.earlier) for pair in pairs]
    return [name for both in either if programme in both for name in both if name != programme]


def _owed(answer: policies.Answer | None) -> int | None:
    """What the law owes; None where it is held."""
    if answer is None:
        return 0
    return None if answer.held else answer.amount_fen or 0


async def _evidence(session: AsyncSession, household: Mapping[str, Any]) -> dict[str, Any]:
    """The decision behind the facts, when it was true, and when it was learned."""
    spoken = await session.get(Determination, UUID(household["determination_id"]))
    assert spoken is not None, "determinations are never taken away"
    return {
        "determination_id": str(spoken.determination_id),
        "from_month": spoken.from_month,
        "until_month": spoken.until_month,
        "decided_on": spoken.decided_on.isoformat(),
        "recorded_at": spoken.recorded_at.isoformat(),
        "learned_at": spoken.learned_at.isoformat(),
    }
