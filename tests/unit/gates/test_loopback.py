import socket

import pytest

from tests.gates.loopback import OutsideConnectionError, is_local


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", b"127.0.0.1", ""])
def test_this_machine(host: str | bytes) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "::ffff:192.0.2.1", "0.0.0.1"])
def test_any_other_machine(host: str) -> None:
    assert not is_local(host)


def test_a_connection_outside_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(OutsideConnectionError):
        outside.connect(("192.0.2.1", 9))
