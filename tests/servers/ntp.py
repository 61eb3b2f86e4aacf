"""A time server: what it answers to a client's packet, as a function, and on a real socket."""

import asyncio
import struct
from asyncio import DatagramProtocol, DatagramTransport
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from typing import cast

_PACKET = struct.Struct("!BBbbII4sQQQQ")
_UNIX = 2_208_988_800


def stamp(seconds: float) -> int:
    """Unix time as an NTP timestamp; the era is not said."""
    return int((seconds + _UNIX) * 2**32) % 2**64


def reply(
    request: bytes,
    receive: float,
    transmit: float,
    *,
    leap: int = 0,
    mode: int = 4,
    stratum: int = 2,
    code: bytes = b"GPS\0",
    origin: int | None = None,
) -> bytes:
    """A server's packet; times are Unix seconds."""
    cookie = _PACKET.unpack(request)[-1] if origin is None else origin
    head = leap << 6 | 4 << 3 | mode
    return _PACKET.pack(head, stratum, 6, -20, 0, 0, code, stamp(receive), cookie, stamp(receive), stamp(transmit))


def time_server(
    ahead: float = 0.0, way: float = 0.02, at: float = 1_800_000_000.0
) -> Callable[[bytes], tuple[bytes, float, float]]:
    """For FakeNet: whose clock is so far ahead, on a way of so many seconds there and back, heard at that time."""

    def answer(request: bytes) -> tuple[bytes, float, float]:
        middle = at - way / 2 + ahead
        return reply(request, middle, middle), way, at

    return answer


class _Server(DatagramProtocol):
    def __init__(self, answer: Callable[[bytes], bytes | None]) -> None:
        self._answer = answer
        self.transport: DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        answer = self._answer(data)
        if self.transport and answer is not None:
            self.transport.sendto(answer, address)


@asynccontextmanager
async def answering(answer: Callable[[bytes], bytes | None]) -> AsyncIterator[int]:
    """The UDP port of loopback where every datagram is answered so, None = silence."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Server(answer), ("127.0.0.1", 0))
    with closing(transport):
        yield transport.get_extra_info("sockname")[1]
