"""Keeps the tests on this machine: a connection to any other address fails the test that made it.

The product asks nothing from outside at run time, so its tests must not either. Only this process
is watched; children are started by the tests with settings that name loopback addresses.
"""

from __future__ import annotations

import ipaddress
import socket
import sys

LOCAL_NAMES = frozenset({"", "localhost"})


class OutsideConnectionError(RuntimeError):
    pass


def is_local(host: str | bytes) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_outside(event: str, args: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    connecting, address = args
    if not isinstance(connecting, socket.socket) or connecting.family not in {
        socket.AF_INET,
        socket.AF_INET6,
    }:
        return
    if isinstance(address, tuple) and not is_local(address[0]):
        raise OutsideConnectionError(f"A test tried to reach {address[0]}.")


sys.addaudithook(refuse_outside)
