"""A newer release may know the State Council's word of a year: what was counted follows it."""

import asyncio
from importlib.metadata import version
from typing import Any, Final

from services.identification.workdays import naming
from shared import telemetry

AGAIN_SECONDS: Final = 60.0


async def keep_counted(context: Any) -> None:
    """Once at the start, as soon as it can be done."""
    while True:
        try:
            async with context.database.transaction() as session:
                await naming.follow_release(
                    session,
                    context.settings.county,
                    context.clock.now(),
                    context.clock.today(),
                    f"holidays {version('holidays')}",
                )
            break
        except Exception as problem:
            telemetry.log.warning("days-wait", because=type(problem).__name__)
            await asyncio.sleep(AGAIN_SECONDS)
    await asyncio.Event().wait()
