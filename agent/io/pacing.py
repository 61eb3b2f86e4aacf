"""Sending no faster than the line takes it: a burst that overflows a small router's buffer is sent twice.

The kernel measures how fast data arrive at the other end (linux/tcp.h, `struct tcp_info`), and spreads what is sent
over time when it is told a rate (SO_MAX_PACING_RATE, linux/asm-generic/socket.h). Where it does neither, all stays as
it is.
"""

import socket
import struct
from contextlib import suppress

_MAX_PACING_RATE = 47
_DELIVERY_RATE = 160  # the place of tcpi_delivery_rate in it: bytes per second, a u64
_ROOM = 1.5  # of the line's rate: else nobody would notice that it has become faster
_FADING = 0.5  # of what the line has carried is believed after a request that was slower
_MOST = 2**32 - 1


class Pacing:
    """Of one connection.

    The kernel's figure alone is no good: after a packet was lost it can be a tenth of the truth, and whoever paces by
    that makes it true. So what the last request came to counts too, and what those before it did.
    """

    def __init__(self) -> None:
        self.rate = 0.0  # bytes per second that the line is thought to carry

    def carried(self, connection: socket.socket, size: int, seconds: float) -> None:
        """A request of so many bytes was answered after so many seconds: send the next one half as fast again."""
        with suppress(OSError):
            self.rate = max(_delivery_rate(connection), size / max(seconds, 1e-3), _FADING * self.rate)
            wanted = struct.pack("=I", min(round(_ROOM * self.rate), _MOST))
            connection.setsockopt(socket.SOL_SOCKET, _MAX_PACING_RATE, wanted)


def _delivery_rate(connection: socket.socket) -> float:
    """Bytes per second, 0 where the kernel does not tell."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _DELIVERY_RATE + 8)
    return float(struct.unpack_from("=Q", told, _DELIVERY_RATE)[0]) if len(told) >= _DELIVERY_RATE + 8 else 0.0
