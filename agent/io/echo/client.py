"""`NetPort.echo`: the office's end. One socket, one packet now and then, no thread.

The socket is not connected: each packet takes the way that holds when it leaves, so that a link that took over for
another carries the very next one. The kernel stamps the answers, so that a busy machine looks no slower than it is.
"""

import asyncio
import errno
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import SystemRandom

from agent.io.address import IP, family_of, socket_address
from agent.io.echo.packet import LIFETIME, SESSION, SIZE, Kind, Packet, ask, is_proved, unpack
from agent.io.resolver import Resolver
from agent.io.train.udp import stamp_of
from agent.responder.protocol import Key
from collectors.core import ProbeError, Reason
from collectors.core.ports import Echo, Echoes, EchoRequest

_RECVERR = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}  # linux/in.h, in6.h
_MSG_ERRQUEUE, _SO_TIMESTAMPNS = 0x2000, 35
_HEADERS = {4: 28, 6: 48}  # IP and UDP
_LOST_TOKEN = 3  # echoes without an answer in a row: perhaps the address has changed, so a token is asked for
_RESOLVE_SECONDS = 2.0
_AT_ONCE = 64  # datagrams read before others get their turn
_JITTER = 1e-3  # seconds by which two clocks of one machine may differ over a round trip
_random = SystemRandom()


class EchoClient:
    """Remembers addresses: a dead line has no name server either, and that is when echoes matter."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._known: dict[str, IP] = {}

    async def run(self, request: EchoRequest) -> Echoes:
        """Raises ProbeError where the name never resolved. Silence is part of the result."""
        begun = time.monotonic()
        ip = await self._address(request.host, min(_RESOLVE_SECONDS, request.seconds / 4))
        left = request.seconds - (time.monotonic() - begun)
        with socket.socket(family_of(ip), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as own:
            return await _Run(own, ip, request, Key(request.key)).run(left)

    async def _address(self, host: str, timeout: float) -> IP:
        try:
            async with asyncio.timeout(timeout):
                self._known[host] = (await self._resolver.addresses(host, "any", timeout))[0]
        except (TimeoutError, ProbeError) as error:
            if host not in self._known:
                message = error.message if isinstance(error, ProbeError) else f"no answer within {timeout:.3g} s"
                raise ProbeError(Reason.DNS, message, getattr(error, "name_failure", None)) from None
        return self._known[host]


@dataclass(slots=True)
class _Flight:
    """One packet under way. Times: seconds since the run began; Unix time in nanoseconds."""

    kind: Kind
    at: float
    sent: int
    round_trip: float | None = None
    answered: bool = False


@dataclass(slots=True)
class _Run:
    own: socket.socket
    ip: IP
    request: EchoRequest
    key: Key
    session: bytes = field(default_factory=lambda: secrets.token_bytes(SESSION))
    _begun: float = field(default_factory=time.monotonic)
    _flights: list[_Flight] = field(default_factory=list)
    _token: bytes = b""
    _token_at: float = 0.0
    _highest: int = -1
    _refused: bool = False
    _duplicates: int = 0
    _reordered: int = 0
    _packets: int = 0
    _caught_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, seconds: float) -> Echoes:
        loop = asyncio.get_running_loop()
        self.own.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.own.setsockopt(*_RECVERR[self.own.family], 1)
        loop.add_reader(self.own, self._read)
        try:
            for at in times(self.request.interval, seconds - self.request.patience):
                await asyncio.sleep(max(0.0, at - self._elapsed))
                self._send()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, self._flights[-1].at + self.request.patience - self._elapsed)):
                    await self._caught_up.wait()
            self._read()  # what came in time, though this process was too busy to look
        finally:
            loop.remove_reader(self.own)
        return self._result()

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._begun

    def _send(self) -> None:
        """What cannot be sent, for want of a way, is lost."""
        number = len(self._flights)
        packet = Packet(Kind.ECHO, self.session, number, self._token)
        if self._needs_token():
            packet = ask(self.key, self.session, number)
        data = packet.pack()
        self._caught_up.clear()
        self._flights.append(_Flight(packet.kind, self._elapsed, time.time_ns()))
        try:
            self.own.sendto(data, socket_address(self.ip, self.request.port))
            self._packets += 1
        except OSError as error:
            self._refused |= error.errno == errno.ECONNREFUSED
            self._read()

    def _needs_token(self) -> bool:
        recent = self._flights[-_LOST_TOKEN:]
        silent = len(recent) == _LOST_TOKEN and not any(flight.answered for flight in recent)
        return not self._token or silent or self._elapsed - self._token_at > LIFETIME

    def _read(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, ancillary, _, address = self.own.recvmsg(SIZE + 1, 128)
            except BlockingIOError:
                self._read_errors()
                return
            except OSError as error:
                self._refused |= error.errno == errno.ECONNREFUSED
                continue
            if address[0].partition("%")[0] == str(self.ip).partition("%")[0] and (packet := unpack(data)):
                self._hear(packet, stamp_of(ancillary))

    def _read_errors(self) -> None:
        """What routers said of earlier packets: as long as it waits, the loop would be woken for it."""
        with suppress(OSError):
            for _ in range(_AT_ONCE):
                self.own.recvmsg(SIZE, 512, _MSG_ERRQUEUE)

    def _hear(self, packet: Packet, stamp: int) -> None:
        if packet.session != self.session or packet.number >= len(self._flights):
            return
        flight = self._flights[packet.number]
        if packet.kind != flight.kind + 1 or (packet.kind is Kind.ANSWER and not is_proved(self.key, packet)):
            return
        self._packets += 1
        if flight.answered:
            self._duplicates += 1
            return
        flight.answered = True
        self._reordered += packet.number < self._highest
        self._highest = max(self._highest, packet.number)
        if packet.kind is Kind.TOKEN:
            self._token, self._token_at = packet.proof, flight.at
        if flight is self._flights[-1]:
            self._caught_up.set()
        flight.round_trip = self._round_trip(flight, stamp, packet.held / 1e6)

    def _round_trip(self, flight: _Flight, stamp: int, held: float) -> float | None:
        """By the kernel's stamp; by the loop's own clock where the machine's was set in between."""
        at_most = self._elapsed - flight.at
        stamped = (stamp - flight.sent) / 1e9
        whole = stamped if stamp and 0 <= stamped <= at_most + _JITTER else at_most
        found = max(0.0, whole - held) if held <= whole else whole
        return found if found <= self.request.patience else None

    def _result(self) -> Echoes:
        return Echoes(
            str(self.ip),
            tuple(Echo(flight.at, flight.round_trip) for flight in self._flights),
            self._refused,
            self._duplicates,
            self._reordered,
            self._packets * (SIZE + _HEADERS[self.ip.version]),
        )


def times(interval: float, seconds: float) -> Iterator[float]:
    """When packets leave: the first at once, then after half to one and a half intervals each; at least one."""
    at = 0.0
    yield at
    while (at := at + interval * _random.uniform(0.5, 1.5)) < seconds:
        yield at
