"""Ports that nobody uses, each given once."""

import socket

from shared import ports


def test_whoever_asks_for_several_before_they_listen_gets_several() -> None:
    given = [ports.free() for _ in range(200)]
    assert len(set(given)) == 200
    assert not any(ports.taken(port) for port in given)


def test_a_port_somebody_listens_on_is_taken() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        assert ports.taken(server.getsockname()[1])
