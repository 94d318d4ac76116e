"""Brings up a network namespace's own address, for systems without a program that does."""

from __future__ import annotations

import fcntl
import socket
import struct

SET_FLAGS = 0x8914  # SIOCSIFFLAGS
UP = 0x1

with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))
