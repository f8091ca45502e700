"""A guard that refuses every connection that would leave this machine, and remembers who tried."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

Refused = tuple[str, Any]
"""The call and the address it was given."""


def is_local(host: object) -> bool:
    """Whether a host name or address is this machine."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@contextmanager
def guarded() -> Iterator[list[Refused]]:
    """While the block runs, sockets reach this machine only; the list fills with what was refused."""
    refused: list[Refused] = []

    def refuse(call: str, address: Any) -> None:
        refused.append((call, address))
        raise ConnectionRefusedError(f"Tests do not leave this machine: {call} to {address} was refused.")

    def on_connect(call: str) -> Callable[..., Any]:
        original = getattr(socket.socket, call)

        def connect(self: socket.socket, address: Any, *rest: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
                refuse(call, address)
            return original(self, address, *rest)

        return connect

    def sendto(self: socket.socket, data: Any, *rest: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(rest[-1][0]):
            refuse("sendto", rest[-1])
        return original_sendto(self, data, *rest)

    def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        if not is_local(host):
            refuse("getaddrinfo", host)
        return original_getaddrinfo(host, *rest, **more)

    original_sendto, original_getaddrinfo = socket.socket.sendto, socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        for call in ("connect", "connect_ex"):
            patch.setattr(socket.socket, call, on_connect(call))
        patch.setattr(socket.socket, "sendto", sendto)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield refused
