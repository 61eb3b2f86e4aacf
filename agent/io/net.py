"""The net port: connections, name servers, echoes, routers on the way, and throughput tests."""

import asyncio
import time
from typing import TYPE_CHECKING

from agent.io.address import IP
from agent.io.attempt import Attempt
from agent.io.datagram import datagram
from agent.io.dial import Destination, Dialer
from agent.io.dns_query import query
from agent.io.hop import hop
from agent.io.icmp import Burst, ping
from agent.io.staple import staple
from agent.io.talk import talk
from collectors.core import NameFailure, ProbeError, Reason
from collectors.core.ports import (
    Arrivals,
    BulkRequest,
    Connection,
    Datagram,
    DnsAnswer,
    Echoes,
    EchoRequest,
    Family,
    Iperf3Report,
    Iperf3Request,
    Ping,
    Script,
    Staple,
    Talk,
    Trace,
    TraceRequest,
    Train,
    TrainRequest,
)
from collectors.core.values import HostPort
from collectors.messages.said import Said

if TYPE_CHECKING:
    from agent.io.bulk import BulkClient
    from agent.io.echo.client import EchoClient
    from agent.io.path.client import PathClient
    from agent.io.train.client import TrainClient


class NetAdapter:
    """The net port on a real machine."""

    def __init__(self, dialer: Dialer | None = None) -> None:
        self._dialer = dialer or Dialer()
        self._bulk: BulkClient | None = None
        self._echo: EchoClient | None = None
        self._train: TrainClient | None = None
        self._path: PathClient | None = None

    async def connect(
        self,
        host: str,
        port: int,
        timeout: float,
        *,
        family: Family = "any",
        tls: bool = False,
        server_name: str = "",
        ca_file: str = "",
    ) -> Connection:
        """Open and close; what the network or the far end does wrong is part of the result."""
        attempt = Attempt()
        to = Destination(host, port, family, (server_name or host) if tls else None, ca_file)
        failure = await attempt.run(self._touch(to, attempt, timeout), timeout)
        return Connection(dict(attempt.seconds), attempt.address, attempt.tls, failure)

    async def _touch(self, to: Destination, attempt: Attempt, timeout: float) -> None:
        async with self._dialer.open(to, attempt, timeout):
            pass

    async def talk(
        self,
        host: str,
        port: int,
        timeout: float,
        script: Script,
        *,
        family: Family = "any",
        server_name: str = "",
        ca_file: str = "",
    ) -> Talk:
        """What the network or the far end does wrong is part of the result."""
        to = Destination(host, port, family, (server_name or host) if script.secure else None, ca_file)
        return await talk(self._dialer, to, timeout, script)

    async def staple(self, host: str, port: int, server_name: str, timeout: float, *, family: Family = "any") -> Staple:
        """Raises ProbeError: what resolving and connecting raise, TLS, FROZEN, UNSUPPORTED."""
        return await staple(self._dialer, Destination(host, port, family), server_name, timeout)

    async def datagram(
        self, host: str, port: int, payload: bytes, timeout: float, *, family: Family = "any"
    ) -> Datagram:
        """Raises ProbeError: DNS, NO_ANSWER, REFUSED, UNREACHABLE."""
        started = time.monotonic()
        ip = await self._resolve(host, family, timeout)
        resolved = time.monotonic() - started
        data, seconds, received = await datagram(ip, port, payload, max(0.001, timeout - resolved))
        return Datagram(str(ip), data, resolved, seconds, received)

    async def query(self, server: str, name: str, record: str, timeout: float) -> DnsAnswer:
        """`server` may be a host name, which is resolved first. Raises ProbeError."""
        where = HostPort.parse(server) if server else self._dialer.resolver.first_server()
        deadline = time.monotonic() + timeout
        ip = await self._resolve(where.host, "any", timeout)
        return await query(HostPort(str(ip), where.port), name, record, max(0.001, deadline - time.monotonic()))

    async def ping(
        self, host: str, timeout: float, *, count: int = 1, interval: float = 0.2, family: Family = "any"
    ) -> Ping:
        """Raises ProbeError: DNS, UNREACHABLE, PERMISSION. Lost echoes are part of the result."""
        started = time.monotonic()
        ip = await self._resolve(host, family, timeout)
        resolved = time.monotonic() - started
        return await ping(ip, Burst(count, interval, max(0.001, timeout - resolved)), resolved)

    async def hop(self, host: str, distance: int, timeout: float) -> str | None:
        """Raises ProbeError: DNS, UNREACHABLE."""
        started = time.monotonic()
        ip = await self._resolve(host, "any", timeout)
        return await hop(ip, distance, max(0.001, timeout - (time.monotonic() - started)))

    async def trace(self, request: TraceRequest, timeout: float) -> Trace:
        """Raises ProbeError: what resolving raises, and what the helper does (agent/io/path/client.py)."""
        if self._path is None:
            from agent.io.path.client import PathClient  # noqa: PLC0415 - an office without paths never loads it

            self._path = PathClient()
        started = time.monotonic()
        ip = await self._resolve(request.host, "ip4", timeout)
        return await self._path.trace(ip, request, max(0.001, timeout - (time.monotonic() - started)))

    async def echo(self, request: EchoRequest) -> Echoes:
        """Raises ProbeError with Reason.DNS where the name never resolved. Silence is part of the result."""
        if self._echo is None:
            from agent.io.echo.client import EchoClient  # noqa: PLC0415 - an office without a responder never loads it

            self._echo = EchoClient(self._dialer.resolver)
        return await self._echo.run(request)

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        """Never raises for what the network or the responder does: failures are part of the result."""
        if self._bulk is None:
            from agent.io.bulk import BulkClient  # noqa: PLC0415 - an office without bandwidth tests never loads it

            self._bulk = BulkClient(self._dialer.resolver)
        return await self._bulk.transfer(request, timeout)

    async def iperf3(self, request: Iperf3Request, timeout: float) -> Iperf3Report:
        """Raises ProbeError: what resolving raises, and what the program does (agent/io/iperf3.py)."""
        from agent.io.iperf3 import transfer  # noqa: PLC0415 - only where a partner asks for it

        started = time.monotonic()
        ip = await self._resolve(request.host, "any", timeout)
        return await transfer(ip, request, max(0.001, timeout - (time.monotonic() - started)))

    async def train(self, request: TrainRequest, timeout: float) -> Train:
        """Never raises for what the network or the responder does: failures are part of the result."""
        if self._train is None:
            from agent.io.train.client import TrainClient  # noqa: PLC0415 - as above

            self._train = TrainClient(self._dialer.resolver)
        return await self._train.run(request, timeout)

    async def _resolve(self, host: str, family: Family, timeout: float) -> IP:
        try:
            async with asyncio.timeout(timeout):
                return (await self._dialer.resolver.addresses(host, family, timeout))[0]
        except TimeoutError:
            said = Said("time.names", seconds=float(timeout))
            raise ProbeError(Reason.DNS, said, NameFailure.TIMEOUT) from None
