"""A byte stream over one connected socket."""

import asyncio
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from agent.io.connect import explain
from agent.io.turns import Turns
from collectors.core import ProbeError, Reason
from collectors.messages.said import Said

T = TypeVar("T")


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
        self._wanted: asyncio.Future[Any] | None = None
        self._take: Callable[[bytes], Any] | None = None
        self._filled = False
        self._patience: asyncio.TimerHandle | None = None

    async def send(self, data: bytes) -> None:
        rest = self.send_some(data)
        if rest:
            try:
                await self._loop.sock_sendall(self._socket, rest)
            except OSError as error:
                raise lost(error) from None

    def send_some(self, data: bytes) -> bytes:
        """What there was no room for now. Raises ProbeError."""
        try:
            return data[self._socket.send(data) :]
        except (BlockingIOError, InterruptedError):
            return data
        except OSError as error:
            raise lost(error) from None

    async def receive(self, limit: int) -> bytes:
        return await self.listen(lambda data: data, limit)

    async def listen(self, take: Callable[[bytes], T | None], limit: int) -> T:
        """Hand what arrives, at most `limit` bytes at once and b"" at the end, to `take` until it gives a result.

        `take` is called in a turn of its own; what it raises is raised here.
        """
        wanted: asyncio.Future[T] = self._loop.create_future()
        self._wanted, self._take = wanted, take
        self._limit, self._filled = limit, False
        self._watch()
        try:
            return await wanted
        finally:
            self._wanted = self._take = None  # who took may hold this stream: no circle is left for the collector
            self._calm()

    def release(self) -> None:
        """Watch the socket no longer; to be called before it is closed."""
        if self._watched:
            self._loop.remove_reader(self._socket.fileno())
            self._watched = False

    def _watch(self) -> None:
        if not self._watched:
            # By its number: for a socket as such, not watched yet, selectors prints the whole of it first.
            self._loop.add_reader(self._socket.fileno(), self._read)
            self._watched = True
        if self._stall is not None:
            self._patience = self._loop.call_later(self._stall, self._give_up)

    def _calm(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None

    def _read(self) -> None:
        wanted = self._wanted
        if wanted is None or wanted.done() or self._filled:
            self.release()  # nobody wants it now
            return
        try:
            data = self._socket.recv(self._limit)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            wanted.set_exception(lost(error))
        else:
            self._filled = True
            self._calm()
            self._turns.give(partial(self._hand_on, wanted, data))

    def _hand_on(self, wanted: asyncio.Future[Any], data: bytes) -> bool:
        """Whether that ended the waiting."""
        if wanted.done() or not self._take:  # whoever waited has given up
            return False
        try:
            found = self._take(data)
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            wanted.set_exception(error)
            return True
        if found is not None:
            wanted.set_result(found)
            return True
        self._filled = False
        self._watch()
        return False

    def _give_up(self) -> None:
        if self._wanted and not self._wanted.done():
            message = Said("time.stalled", seconds=float(self._stall or 0.0))
            self._wanted.set_exception(ProbeError(Reason.FROZEN, message))


def lost(error: OSError) -> ProbeError:
    """What the end of a connection that stood means."""
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return ProbeError(Reason.REFUSED, Said("connection.reset"))
    return explain(error, "connection lost")
