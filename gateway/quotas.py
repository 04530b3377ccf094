"""How many requests a minute one caller may send to one route."""

import time
from ipaddress import IPv6Network, ip_address
from typing import Final

from fastapi import Request

from shared.problems import TooMany

CALLERS_MAX: Final = 50_000


class QuotaSpent(TooMany):
    """This caller has sent too many requests in this minute."""


class Quotas:
    """Counts in this process's memory, a minute at a time: a restart forgets a minute at most."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: dict[tuple[str, str], int] = {}

    def spend(self, caller: str, what: str, per_minute: int) -> None:
        """Count one request.

        Raises:
            QuotaSpent: the minute's number is used up.
        """
        minute = int(time.monotonic() // 60)
        if minute != self._minute or len(self._counts) >= CALLERS_MAX:
            self._minute, self._counts = minute, {}
        key = (caller, what)
        count = self._counts.get(key, 0) + 1
        self._counts[key] = count
        if count > per_minute:
            raise QuotaSpent()


def peer_of(request: Request) -> str:
    """Where a request comes from, for whoever has no name here yet.

    Returns:
        an IPv4 address, or the /64 of an IPv6 one, within which a subscriber takes what address
        they like; "-" for what is no address.
    """
    try:
        address = ip_address(request.client.host if request.client else "-")
    except ValueError:
        return "-"
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False))


def spend_by_peer(request: Request, what: str, per_minute: int) -> None:
    """Count one request of whoever calls from there.

    Raises:
        QuotaSpent: as `Quotas.spend` says.
    """
    quotas: Quotas = request.app.state.quotas
    quotas.spend(peer_of(request), what, per_minute)
