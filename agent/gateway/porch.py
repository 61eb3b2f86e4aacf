"""Connections whose certificates are not known yet: bounded, and served as fast as that can be done.

When a whole province comes back at once, thousands want a handshake in the same second. Each that is begun has a
deadline; were all begun at once, all would miss it together and come again, for ever. So some are under way at a
time, and the others wait where it costs next to nothing: in the kernel's queue, or here before they have said a word.

Whoever connects and says nothing is pushed out by those who come after him, his own address's first; whoever begins and
does not go on takes turns with other addresses.
"""

import asyncio
import logging
import socket
import ssl
from asyncio import sslproto
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import chain
from typing import Literal

from agent.gateway.turns import Turns
from collectors.core.logline import logline

_log = logging.getLogger(__name__)
_BATCH = 16  # connections between two turns of the event loop
_QUEUE = 4096  # connections that the kernel keeps meanwhile, as far as net.core.somaxconn lets it
_WORD = 30.0  # seconds for its first word: as long as an agent tries; who waits here costs next to nothing
_HANDSHAKE = 20.0  # and for the rest, from when its turn has come
_AT_ONCE, _EACH = 128, 64  # handshakes of all, of one address: that many a second over lines that need one for each
_PAUSE = 0.5  # seconds to wait where the machine has no room for another connection

_ESTABLISHED = 1  # the state in which both ends are there: tcpi_state of struct tcp_info (tcp(7))
_RECORD = 16_384  # bytes that a TLS record holds at most (RFC 8446, section 5.1)

Serve = Callable[[], asyncio.Protocol]
Ended = Literal["crowded", "handshake"]


class Porch:
    """`most` connections, `patience` seconds for the first word of each.

    `full` says whether there is room for none behind, `ended` is told of who got no further.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        full: Callable[[], bool],
        ended: Callable[[Ended], None],
        most: int,
        patience: float = _WORD,
    ) -> None:
        self._context, self._full, self._ended, self._most, self._patience = context, full, ended, most, patience
        self._turns = Turns(_AT_ONCE, _EACH)
        self._here: dict[str, dict[asyncio.Task[None], None]] = {}  # by address; the oldest first
        self._many = 0
        self._listening: socket.socket | None = None

    def use(self, context: ssl.SSLContext) -> None:
        """For handshakes from now on."""
        self._context = context

    def listen(self, host: str, port: int) -> int:
        """The port. OSError when the address cannot be had."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family, backlog=_QUEUE)
        self._listening.setblocking(False)
        found: int = self._listening.getsockname()[1]
        return found

    async def admit(self, serve: Serve) -> None:
        """Take in whoever comes, until it is cancelled. `serve` makes the protocol of who has shaken hands."""
        if self._listening is None:
            raise RuntimeError("nobody listens")
        try:
            while True:
                for _ in range(_BATCH):
                    await self._next(self._listening, serve)
                await asyncio.sleep(0)
        finally:
            self._listening.close()
            for task in chain.from_iterable(self._here.values()):
                task.cancel()

    async def _next(self, listening: socket.socket, serve: Serve) -> None:
        try:
            connection, address = await asyncio.get_running_loop().sock_accept(listening)
        except OSError as error:  # no descriptor or no memory left, or gone before it was taken in
            if not isinstance(error, ConnectionError):
                _log.warning(logline("connection_not_taken", error=str(error)))
                await asyncio.sleep(_PAUSE)
            return
        if self._full():
            connection.close()
            self._ended("crowded")
            return
        task = asyncio.create_task(self._receive(connection, address[0], serve))
        self._here.setdefault(address[0], {})[task] = None
        self._many += 1
        task.add_done_callback(partial(self._forget, address[0]))
        if self._many > self._most:
            self._push_out()

    def _push_out(self) -> None:
        """Of the address with most connections here the one that is here for longest."""
        address, crowd = max(self._here.items(), key=lambda item: len(item[1]))
        oldest = next(iter(crowd))
        self._forget(address, oldest)
        oldest.cancel()
        self._ended("crowded")

    def _forget(self, address: str, task: asyncio.Task[None]) -> None:
        """Once or twice."""
        same = self._here.get(address, {})
        if task in same:
            del same[task]
            self._many -= 1
            if not same:
                del self._here[address]

    async def _receive(self, connection: socket.socket, address: str, serve: Serve) -> None:
        with ExitStack() as stack:
            stack.callback(connection.close)
            try:
                await _said_something(connection, self._patience)
                async with self._turns.turn(address):
                    _expect_somebody(connection)
                    stack.pop_all()  # from here on it is asyncio's to close
                    await asyncio.get_running_loop().connect_accepted_socket(
                        serve, connection, ssl=self._context, ssl_handshake_timeout=_HANDSHAKE
                    )
            except OSError:  # ssl.SSLError and TimeoutError are such, too
                self._ended("handshake")


async def _said_something(connection: socket.socket, patience: float) -> None:
    """Wait until there is something to read, but no longer than so many seconds. TimeoutError."""
    loop = asyncio.get_running_loop()
    said = asyncio.Event()
    loop.add_reader(connection, said.set)
    try:
        async with asyncio.timeout(patience):
            await said.wait()
    finally:
        loop.remove_reader(connection)


def _expect_somebody(connection: socket.socket) -> None:
    """ConnectionResetError where the other end has given up: a handshake with nobody keeps others waiting."""
    if connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != _ESTABLISHED:
        raise ConnectionResetError("gone before its turn")


def spare_memory() -> None:
    """In this process asyncio holds 16 KiB for what arrives on a TLS connection.

    It would hold 256: most of a gigabyte with all offices of the country connected.
    """
    sslproto.SSLProtocol.max_size = _RECORD
