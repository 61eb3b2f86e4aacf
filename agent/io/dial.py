"""From a host name to an open stream: resolve, connect, and where asked for TLS, each phase timed."""

import socket
import ssl
from dataclasses import dataclass

from agent.io.attempt import Attempt
from agent.io.connect import open_tcp
from agent.io.resolver import Resolver
from agent.io.stream import PlainStream, Stream
from agent.io.tls import Pair, TlsStream, TrustStores
from agent.io.turns import Turns
from collectors.core import ProbeError
from collectors.core.ports import Family


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to connect to. `server_name` is the name that TLS asks for and checks; None = no TLS.

    `alpn`: the protocols that TLS offers, the preferred one first.
    `stall`: seconds without a byte, once connected, that are frozen; None = any.
    `own`: files of the certificate and key that tell who we are; None = nobody asks.
    """

    host: str
    port: int
    family: Family = "any"
    server_name: str | None = None
    ca_file: str = ""
    verify: bool = True
    stall: float | None = None
    alpn: tuple[str, ...] = ()
    own: Pair | None = None


class Dialer:
    """Opens connections. One per adapter: it keeps the trust stores that the adapter uses."""

    def __init__(self, resolver: Resolver | None = None) -> None:
        self.resolver = resolver or Resolver()
        self._trust = TrustStores()
        self._turns: Turns | None = None

    def open(self, to: Destination, attempt: Attempt, timeout: float) -> "Opening":
        """`async with` it: a stream that is closed at the end of the block. Raises ProbeError; the attempt knows in
        which phase.
        """
        return Opening(self, to, attempt, timeout)

    async def connect(self, to: Destination, attempt: Attempt, timeout: float) -> socket.socket:
        """Resolve the name and connect. The socket is the caller's to close."""
        attempt.enter("resolve")
        addresses = await self.resolver.addresses(to.host, to.family, timeout)
        attempt.address = str(addresses[0])
        attempt.enter("connect")
        connection, ip = await open_tcp(addresses, to.port)
        attempt.address = str(ip)
        attempt.heard()
        return connection

    def stream(self, connection: socket.socket, stall: float | None) -> PlainStream:
        """All streams share the turns of the loop."""
        self._turns = self._turns or Turns()
        return PlainStream(connection, self._turns, stall)

    def context(self, to: Destination, attempt: Attempt) -> ssl.SSLContext | None:
        """Before the clock runs: reading a trust store is our time, not the service's."""
        if to.server_name is None:
            return None
        try:
            return self._trust.context(to.ca_file, verify=to.verify, alpn=to.alpn, own=to.own)
        except ProbeError:
            attempt.enter("tls")
            raise


class Opening:
    """A connection from its beginning to its end. A class, for a generator costs as much as the rest of it."""

    __slots__ = ("_attempt", "_connection", "_dialer", "_stream", "_timeout", "_to")

    def __init__(self, dialer: Dialer, to: Destination, attempt: Attempt, timeout: float) -> None:
        self._dialer = dialer
        self._to = to
        self._attempt = attempt
        self._timeout = timeout

    async def __aenter__(self) -> Stream:
        context = self._dialer.context(self._to, self._attempt)
        self._connection = await self._dialer.connect(self._to, self._attempt, self._timeout)
        self._stream = self._dialer.stream(self._connection, self._to.stall)
        if context is None:
            return self._stream
        try:
            return await secure(self._stream, context, self._to, self._attempt)
        except BaseException:
            self._close()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        self._stream.release()
        self._connection.close()


async def secure(stream: PlainStream, context: ssl.SSLContext, to: Destination, attempt: Attempt) -> TlsStream:
    """TLS over a stream that stands. Raises ProbeError."""
    attempt.enter("tls")
    tls = TlsStream(stream, context, (to.server_name or "").rstrip("."))
    await tls.handshake(attempt)
    return tls
