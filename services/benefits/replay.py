"""Proof that a past run was no accident: from its own facts and its own law, the same list again.

`python -m services.benefits.replay RUN_ID`, with the process's environment; ends with 0 when the
hash, the count and the sum are those of the run, and with 1 when they are not.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from uuid import UUID

from services.benefits import calculation, entitlements, packs, reckoning, snapshot, stages
from services.benefits.models import Run
from services.benefits.settings import Settings
from shared.contracts.digest import ListDigest
from shared.database import Database
from shared.secrets import KeyRing
from shared.settings import load_or_exit


@dataclass(frozen=True)
class Replayed:
    """The run as it stands, beside what its facts and its law give now."""

    run_id: str
    engine_then: str
    engine_now: str
    list_sha256_then: str
    list_sha256_now: str
    lines_count_then: int
    lines_count_now: int
    total_fen_then: int
    total_fen_now: int
    recoveries_fen_then: int
    recoveries_fen_now: int

    @property
    def same(self) -> bool:
        """Whether it is the same list, byte for byte."""
        return (
            self.list_sha256_then == self.list_sha256_now
            and self.lines_count_then == self.lines_count_now
            and self.total_fen_then == self.total_fen_now
            and self.recoveries_fen_then == self.recoveries_fen_now
        )


async def replay(settings: Settings, database: Database, run_id: UUID) -> Replayed:
    """Reckon a run again from what it froze, writing nothing.

    Raises:
        SnapshotDiffers, LawMissing: what it froze is no longer there as it was.
    """
    keys = KeyRing.open(settings.keys_dir)
    async with database.transaction() as session:
        of = await stages.get(session, run_id)
        law = await packs.by_hash(session, of.policy_sha256 or "", packs.present(settings))
    frozen = snapshot.read(snapshot.path_of(settings.files_dir, of), of, keys)
    answer = reckoning.reckon(law, of, frozen)
    digest = ListDigest()
    total_fen = recoveries_fen = 0
    for each in answer.found:
        if each.kind is None:
            recoveries_fen += each.amount_fen
        else:
            digest.add(entitlements.words(each.id, of.id, each))
            total_fen += each.amount_fen
    return Replayed(
        run_id=str(of.id),
        engine_then=of.engine_version or "",
        engine_now=calculation.ENGINE,
        list_sha256_then=of.list_sha256 or "",
        list_sha256_now=digest.hexdigest(),
        lines_count_then=_known(of, "lines_count"),
        lines_count_now=digest.count,
        total_fen_then=_known(of, "total_fen"),
        total_fen_now=total_fen,
        recoveries_fen_then=_known(of, "recoveries_fen"),
        recoveries_fen_now=recoveries_fen,
    )


async def _from_environment(run_id: UUID) -> Replayed:
    settings = load_or_exit(Settings)
    database = Database(settings.database_url.get_secret_value(), connections_max=2)
    try:
        return await replay(settings, database, run_id)
    finally:
        await database.close()


def _known(of: Run, column: str) -> int:
    value = getattr(of, column)
    return -1 if value is None else int(value)


def main() -> None:
    """The command line."""
    replayed = asyncio.run(_from_environment(UUID(sys.argv[1])))
    sys.stdout.write(json.dumps({**asdict(replayed), "same": replayed.same}, indent=2) + "\n")
    raise SystemExit(0 if replayed.same else 1)


if __name__ == "__main__":
    main()
