"""The daily sweep: whatever has outstayed its days goes, a few at a time, and is counted."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import RetentionSweep
from services.identification.place_settings import PlaceSettings
from services.identification.retention.kinds import Kind, all_kinds
from shared import audit, telemetry
from shared.database import new_id, run
from shared.months import civil_date

LOOK_SECONDS: Final = 30.0
AT_ONCE: Final = 200
_ACTOR: Final = "identification"
_WENT: Final = """
SELECT kind, sum(count)::int AS gone, max(swept_at) AS last FROM retention_sweep
WHERE county = :county GROUP BY kind
"""


async def keep_days(context: Any) -> None:
    """Sweep for as long as this process stands; what falls is told, and swept the next time."""
    settings = PlaceSettings.read(context.settings.casework_file)
    while True:
        for kind in all_kinds():
            if kind.take_away is None:
                continue  # Every process does that by itself.
            try:
                await sweep(context, settings, kind)
            except Exception as problem:
                telemetry.log.warning(
                    "sweeping-waits", kind=kind.name, because=type(problem).__name__
                )
        await asyncio.sleep(LOOK_SECONDS)


async def sweep(context: Any, settings: PlaceSettings, kind: Kind) -> int:
    """Take away what is over of one kind; how many went. A sweep cut short goes on the next time:
    rows and files go together, and what went already is not asked for."""
    county, now = context.settings.county, context.clock.now()
    assert kind.take_away is not None, "what goes by itself is not swept here"
    days, gone = kind.kept_days(settings), 0
    over = text(
        f"SELECT id FROM ({kind.held}) AS held"  # noqa: S608 # Words of this room only.
        " WHERE since <= :before ORDER BY since LIMIT :most"
    )
    words = {"county": county, "before": now - timedelta(days=days), "most": AT_ONCE}
    while True:
        async with context.database.transaction() as session:
            ids = [each for (each,) in await run(session, over, words)]
            if not ids:
                return gone
            await kind.take_away(session, context.settings.files_dir, ids, now)
            session.add(
                RetentionSweep(
                    id=new_id(),
                    county=county,
                    kind=kind.name,
                    count=len(ids),
                    kept_days=days,
                    swept_at=now,
                )
            )
            await session.flush()
            await audit.record(
                session,
                county,
                actor=_ACTOR,
                act="kept-days-over",
                subject=kind.name,
                details={"count": len(ids), "kept_days": days, "ids": [str(each) for each in ids]},
            )
        gone += len(ids)


async def shown(
    session: AsyncSession, county: str, settings: PlaceSettings
) -> list[dict[str, Any]]:
    """Each kind with its days and why, what is held of it, what goes next, and what went."""
    swept = await run(session, text(_WENT), {"county": county})
    went = {each.kind: (each.gone, each.last) for each in swept}
    items = []
    for kind in all_kinds():
        counted = text(
            f"SELECT count(*) AS held, min(since) AS oldest"  # noqa: S608 # Words of this room only.
            f" FROM ({kind.held}) AS held"
        )
        waits = (await run(session, counted, {"county": county})).one()
        count, last = went.get(kind.name, (0, None))
        days = kind.kept_days(settings)
        items.append(
            {
                "kind": kind.name,
                **kind.words,
                "kept_days": days,
                "held": waits.held,
                "next_goes_on": _day(waits.oldest, days),
                "gone": count,
                "last_went_on": _day(last, 0),
            }
        )
    return items


def _day(since: datetime | None, days: int) -> str | None:
    found: date | None = civil_date(since + timedelta(days=days)) if since else None
    return found.isoformat() if found else None
