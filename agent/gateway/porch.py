"""Connections whose certificates are not known yet: taken in as fast as they can be served, and never too many.

When a whole province comes back at once, thousands want a handshake in the same second. Each that is begun has a
deadline; were all begun at once, all would miss it together and come again, for ever. So a few are taken in between two
turns of the event loop, and the others wait where it costs nothing, in the kernel's queue.

Whoever connects and says nothing is pushed out by those who come after him, his own address's first.
"""

import asyncio
import logging
import socket
import ssl
from asyncio import sslproto
from collections import Counter
from collections.abc import Callable
from typing import Literal

from collectors.core.logline import logline

_log = logging.getLogger(__name__)
_BATCH = 16  # connections between two turns of the event loop
_QUEUE = 4096  # connections that the kernel keeps meanwhile, as far as net.core.somaxconn lets it
_HANDSHAKE = 10.0  # seconds
_MOST = 512  # handshakes at the same time: a hundred a second over lines that need five seconds for one
_PAUSE = 0.5  # seconds to wait where the machine has no room for another connection

_RECORD = 16_384  # bytes that a TLS record holds at most (RFC 8446, section 5.1)

Serve = Callable[[], asyncio.Protocol]
Ended = Literal["crowded", "handshake"]


class Porch:
    """`full` says whether there is no room behind the porch, `ended` is told of each connection that got no further."""

    def __init__(
        self,
        context: ssl.SSLContext,
        full: Callable[[], bool],
        ended: Callable[[Ended], None],
        most: int = _MOST,
    ) -> None:
        self._context, self._full, self._ended, self._most = context, full, ended, most
        self._shaking: dict[asyncio.Task[None], str] = {}  # and from which address; the oldest first
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
            for task in self._shaking:
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
        task = asyncio.create_task(self._shake_hands(connection, serve))
        self._shaking[task] = address[0]
        task.add_done_callback(lambda done: self._shaking.pop(done, None))
        if len(self._shaking) > self._most:
            self._push_out()

    def _push_out(self) -> None:
        """Of the address with most handshakes the one that takes longest."""
        crowd, _ = Counter(self._shaking.values()).most_common(1)[0]
        oldest = next(task for task, address in self._shaking.items() if address == crowd)
        del self._shaking[oldest]
        oldest.cancel()
        self._ended("crowded")

    async def _shake_hands(self, connection: socket.socket, serve: Serve) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                serve, connection, ssl=self._context, ssl_handshake_timeout=_HANDSHAKE
            )
        except OSError:  # ssl.SSLError and TimeoutError are such, too
            self._ended("handshake")


def spare_memory() -> None:
    """In this process asyncio holds 16 KiB for what arrives on a TLS connection.

    It would hold 256: most of a gigabyte with all offices of the country connected.
    """
    sslproto.SSLProtocol.max_size = _RECORD
