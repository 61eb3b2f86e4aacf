"""A byte stream over one connected socket."""

import asyncio
import socket
from typing import Protocol

from agent.io.connect import explain
from collectors.core import ProbeError, Reason


class Stream(Protocol):
    """Errors of the connection are ProbeErrors; the end of the stream is b"". `protocol`: as ALPN agreed, or ""."""

    protocol: str

    async def send(self, data: bytes) -> None: ...

    async def receive(self, limit: int) -> bytes: ...


class PlainStream:
    """TCP as it is. The socket stays the caller's to close. `stall`: seconds of silence that are frozen, None = any."""

    protocol = ""

    def __init__(self, connection: socket.socket, stall: float | None = None) -> None:
        self._socket = connection
        self._stall = stall
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        try:
            await self._loop.sock_sendall(self._socket, data)
        except OSError as error:
            raise lost(error) from None

    async def receive(self, limit: int) -> bytes:
        # A socket that always has data would never let go of the loop: neither other probes nor timeouts would get on.
        await asyncio.sleep(0)
        patience = asyncio.timeout(self._stall)
        try:
            async with patience:
                return await self._loop.sock_recv(self._socket, limit)
        except OSError as error:
            if patience.expired():
                raise ProbeError(Reason.FROZEN, f"connected, then {self._stall:.3g} s without a byte") from None
            raise lost(error) from None


def lost(error: OSError) -> ProbeError:
    """What the end of a connection that stood means."""
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return ProbeError(Reason.REFUSED, "the far end reset the connection")
    return explain(error, "connection lost")
