"""Sending no faster than the line takes it: a burst that overflows a small router's buffer is sent twice.

The kernel measures how fast data arrive at the other end (linux/tcp.h, `struct tcp_info`), and spreads what is sent
over time when it is told a rate (SO_MAX_PACING_RATE, linux/asm-generic/socket.h). Where it knows neither, all stays as
it is.
"""

import socket
import struct
from contextlib import suppress

_MAX_PACING_RATE = 47
_DELIVERY_RATE = 160  # the place of tcpi_delivery_rate in it: bytes per second, a u64
_ROOM = 1.5  # of that rate: else nobody would notice that the line has become faster
_MOST = 2**32 - 1


def pace(connection: socket.socket) -> None:
    """From now on at half as much again as what arrived lately."""
    with suppress(OSError):
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _DELIVERY_RATE + 8)
        if len(told) < _DELIVERY_RATE + 8:
            return
        (rate,) = struct.unpack_from("=Q", told, _DELIVERY_RATE)
        if rate:
            wanted = struct.pack("=I", min(round(_ROOM * rate), _MOST))
            connection.setsockopt(socket.SOL_SOCKET, _MAX_PACING_RATE, wanted)
