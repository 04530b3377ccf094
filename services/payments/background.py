"""What payments does by itself: publish what is released, finish what a crash left, see silence."""

import asyncio
from collections.abc import Awaitable, Callable

from services.payments import payout_files, results, transfers
from services.payments.screening import Desk
from services.payments.settings import Settings
from shared import telemetry
from shared.serving import Background, Context


def tasks(settings: Settings, desk: Desk) -> list[Background]:
    """The tasks that run as long as the process stands."""
    payout_files.throw_away_drafts(settings.files_dir)

    async def publish(context: Context) -> None:
        await payout_files.publish_released(
            context.database, settings.county, desk, settings.files_dir, context.clock.now()
        )

    async def finish(context: Context) -> None:
        await results.apply_left_over(context.database, settings.county, context.clock.now())

    async def note_silence(context: Context) -> None:
        await transfers.note_silence(
            context.database, settings.county, desk.place, context.clock.now()
        )

    return [
        _again_and_again(publish, settings.publish_seconds),
        _again_and_again(finish, settings.silence_seconds),
        _again_and_again(note_silence, settings.silence_seconds),
    ]


def _again_and_again(deed: Callable[[Context], Awaitable[None]], seconds: float) -> Background:
    async def forever(context: Context) -> None:
        while True:
            try:
                await deed(context)
            except Exception as problem:
                telemetry.log.warning(
                    "background-waits", deed=deed.__name__, because=type(problem).__name__
                )
            await asyncio.sleep(seconds)

    return forever
