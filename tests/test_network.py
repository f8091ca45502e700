"""The guard that keeps tests on this machine."""

import socket
from collections.abc import Callable

import pytest

from tests.network import Refused, is_local

# TEST-NET-3 (RFC 5737): an address that belongs to nobody.
ELSEWHERE = ("203.0.113.7", 443)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        (b"localhost", True),
        (None, True),
        ("0.0.0.0", True),
        ("203.0.113.7", False),
        ("10.0.0.1", False),
        ("example.org", False),
        ("localhost.example.org", False),
    ],
)
def test_is_local(host: object, local: bool) -> None:
    assert is_local(host) is local


def _connect() -> None:
    with socket.socket() as outward:
        outward.connect(ELSEWHERE)


def _send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outward:
        outward.sendto(b"x", ELSEWHERE)


@pytest.mark.parametrize(
    "attempt", [_connect, _send, lambda: socket.create_connection(ELSEWHERE), lambda: socket.getaddrinfo("x.test", 443)]
)
def test_nothing_leaves_this_machine(attempt: Callable[[], object], refused_connections: list[Refused]) -> None:
    with pytest.raises(ConnectionRefusedError, match="Tests do not leave this machine"):
        attempt()
    assert len(refused_connections) == 1
    refused_connections.clear()


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
