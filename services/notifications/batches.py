"""Many small writes in one transaction: whoever adds one goes on when its batch is committed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from shared import telemetry

SIZE_MAX: Final = 500
GATHER_SECONDS: Final = 0.03
AGAIN_SECONDS: Final = 1.0

Item = TypeVar("Item")


class Batches(Generic[Item]):
    """Gathers items for a moment and writes them together, again and again until it works.

    Bounded by those who add: each waits for its own item.
    """

    def __init__(self, name: str, write: Callable[[list[Item]], Awaitable[None]]) -> None:
        self._name = name
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._some = asyncio.Event()

    async def add(self, item: Item) -> None:
        """Return when the item is committed."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        self._some.set()
        await written

    async def run_forever(self) -> None:
        """Write until cancelled; a database that is away only makes it wait."""
        while True:
            await self._some.wait()
            await asyncio.sleep(GATHER_SECONDS)
            batch, self._waiting = self._waiting[:SIZE_MAX], self._waiting[SIZE_MAX:]
            if not self._waiting:
                self._some.clear()
            await self._write_until_done([item for item, _ in batch])
            for _, written in batch:
                if not written.done():
                    written.set_result(None)

    async def _write_until_done(self, items: list[Item]) -> None:
        while True:
            try:
                await self._write(items)
            except Exception as problem:
                telemetry.log.warning(
                    "batch-waits", batch=self._name, because=type(problem).__name__
                )
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return
