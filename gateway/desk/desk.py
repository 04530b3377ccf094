"""What every desk page needs: the services, called as the person who sits here, and the month."""

import asyncio
from typing import Any

from fastapi import Request

from shared.calls import Peer
from shared.clock import Clock
from shared.months import Month
from shared.problems import Malformed


class NoSuchMonth(Malformed):
    """A month is written like 2026-10."""


def peer(request: Request, name: str) -> Peer:
    """A service, called for whoever is signed in."""
    found: Peer = request.app.state.peers[name]
    return found.on_behalf_of(request.state.caller)


def month_of(request: Request, said: str | None) -> str:
    """The month a page is about: the one said, or the county's current one.

    Raises:
        NoSuchMonth: what was said is no month.
    """
    if not said:
        clock: Clock = request.app.state.clock
        return str(clock.month())
    try:
        return str(Month.parse(said))
    except ValueError as problem:
        raise NoSuchMonth() from problem


async def together(*asked: Any) -> list[Any]:
    """Several answers, asked for at once; the first refusal refuses the page."""
    return list(await asyncio.gather(*asked))
