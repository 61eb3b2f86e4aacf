"""A byte stream over one connected socket."""

import asyncio
import socket
from typing import Protocol

from agent.io.connect import explain
from agent.io.turns import Turns
from collectors.core import ProbeError, Reason


class Stream(Protocol):
    """Errors of the connection are ProbeErrors; the end of the stream is b"". `protocol`: as ALPN agreed, or ""."""

    protocol: str

    async def send(self, data: bytes) -> None: ...

    async def receive(self, limit: int) -> bytes: ...


class PlainStream:
    """TCP as it is. The socket stays the caller's to close. `stall`: seconds of silence that are frozen, None = any.

    The loop watches the socket from the first receive to `release`, and each receive takes what it reports: a third of
    the system calls of sock_recv, which asks first and watches anew every time. It also lets go of the loop each time,
    or a socket that always has data would keep other probes, and timeouts, from getting on.
    """

    protocol = ""

    def __init__(self, connection: socket.socket, turns: Turns, stall: float | None = None) -> None:
        self._socket = connection
        self._turns = turns
        self._stall = stall
        self._loop = asyncio.get_running_loop()
        self._watched = False
        self._limit = 0
        self._wanted: asyncio.Future[bytes] | None = None
        self._filled = False

    async def send(self, data: bytes) -> None:
        try:
            await self._loop.sock_sendall(self._socket, data)
        except OSError as error:
            raise lost(error) from None

    async def receive(self, limit: int) -> bytes:
        self._limit, self._wanted, self._filled = limit, self._loop.create_future(), False
        if not self._watched:
            self._loop.add_reader(self._socket, self._read)
            self._watched = True
        patience = self._loop.call_later(self._stall, self._give_up) if self._stall is not None else None
        try:
            return await self._wanted
        finally:
            self._wanted = None
            if patience:
                patience.cancel()

    def release(self) -> None:
        """Watch the socket no longer; to be called before it is closed."""
        if self._watched:
            self._loop.remove_reader(self._socket)
            self._watched = False

    def _read(self) -> None:
        if self._wanted is None or self._wanted.done() or self._filled:
            self.release()  # nobody wants it now
            return
        try:
            data = self._socket.recv(self._limit)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            self._wanted.set_exception(lost(error))
        else:
            self._filled = True
            self._turns.give(self._wanted, data)

    def _give_up(self) -> None:
        if self._wanted and not self._wanted.done() and not self._filled:
            message = f"connected, then {self._stall:.3g} s without a byte"
            self._wanted.set_exception(ProbeError(Reason.FROZEN, message))


def lost(error: OSError) -> ProbeError:
    """What the end of a connection that stood means."""
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return ProbeError(Reason.REFUSED, "the far end reset the connection")
    return explain(error, "connection lost")
