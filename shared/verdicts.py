"""What a signed token was found to say, kept until it is over: its signature is checked once."""

import hashlib
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

KEPT_MAX: Final = 10_000

Said = TypeVar("Said")


class Verdicts(Generic[Said]):
    """By a token's hash: until when it holds, and what it says. One that is refused is not kept."""

    def __init__(self, read: Callable[[str], tuple[float, Said]]) -> None:
        """`read` checks a token, raises what refuses it, or gives when it ends and what it says."""
        self._read = read
        self._kept: dict[bytes, tuple[float, Said]] = {}

    def of(self, token: str) -> Said:
        """What a token says; when it is over, it is read again and so refused."""
        name = hashlib.sha256(token.encode()).digest()
        verdict = self._kept.get(name)
        if verdict is None or time.time() >= verdict[0]:
            self._kept.pop(name, None)
            verdict = self._read(token)
            if len(self._kept) >= KEPT_MAX:
                self._forget()
            self._kept[name] = verdict
        return verdict[1]

    def _forget(self) -> None:
        """Those that are over; all, when that makes no room."""
        now = time.time()
        self._kept = {name: kept for name, kept in self._kept.items() if kept[0] > now}
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
