"""From a host name to an open stream: resolve, connect, and where asked for TLS, each phase timed."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agent.io.attempt import Attempt
from agent.io.connect import open_tcp
from agent.io.resolver import Resolver
from agent.io.stream import PlainStream, Stream
from agent.io.tls import TlsStream, TrustStores
from agent.io.turns import Turns
from collectors.core import ProbeError
from collectors.core.ports import Family


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to connect to. `server_name` is the name that TLS asks for and checks; None = no TLS.

    `alpn`: the protocols that TLS offers, the preferred one first.
    `stall`: seconds without a byte, once connected, that are frozen; None = any.
    """

    host: str
    port: int
    family: Family = "any"
    server_name: str | None = None
    ca_file: str = ""
    verify: bool = True
    stall: float | None = None
    alpn: tuple[str, ...] = ()


class Dialer:
    """Opens connections. One per adapter: it keeps the trust stores that the adapter uses."""

    def __init__(self, resolver: Resolver | None = None) -> None:
        self.resolver = resolver or Resolver()
        self._trust = TrustStores()
        self._turns: Turns | None = None

    @asynccontextmanager
    async def open(self, to: Destination, attempt: Attempt, timeout: float) -> AsyncIterator[Stream]:
        """A stream that is closed at the end of the block. Raises ProbeError; the attempt knows in which phase."""
        context = self._context(to, attempt)
        attempt.enter("resolve")
        addresses = await self.resolver.addresses(to.host, to.family, timeout)
        attempt.address = str(addresses[0])
        attempt.enter("connect")
        connection, ip = await open_tcp(addresses, to.port)
        attempt.address = str(ip)
        self._turns = self._turns or Turns()
        stream = PlainStream(connection, self._turns, to.stall)
        try:
            yield stream if context is None else await _secure(stream, context, to, attempt)
        finally:
            stream.release()
            connection.close()

    def _context(self, to: Destination, attempt: Attempt) -> ssl.SSLContext | None:
        """Before the clock runs: reading a trust store is our time, not the service's."""
        if to.server_name is None:
            return None
        try:
            return self._trust.context(to.ca_file, verify=to.verify, alpn=to.alpn)
        except ProbeError:
            attempt.enter("tls")
            raise


async def _secure(stream: PlainStream, context: ssl.SSLContext, to: Destination, attempt: Attempt) -> TlsStream:
    attempt.enter("tls")
    tls = TlsStream(stream, context, (to.server_name or "").rstrip("."))
    await tls.handshake(attempt)
    return tls
