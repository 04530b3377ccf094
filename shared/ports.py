"""Which ports of this machine are free."""

import socket
from collections import deque
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_GIVEN: Final[deque[int]] = deque(maxlen=256)


def free() -> int:
    """A port nobody listens on at this moment, and none of those given last: whoever asks for two
    before they listen gets two."""
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in _GIVEN:
            _GIVEN.append(port)
            return port


def taken(port: int) -> bool:
    """Whether somebody listens on a port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
