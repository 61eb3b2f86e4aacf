"""ICMP echoes (RFC 792, RFC 4443): the unprivileged datagram socket where the kernel allows it, else a raw one."""

import asyncio
import errno
import os
import secrets
import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass

from agent.io.address import IP, family_of, socket_address
from agent.io.connect import explain
from collectors.core import ProbeError, Reason
from collectors.core.ports import Ping

_ECHO = struct.Struct("!BBHHH")  # type, code, checksum, identifier, sequence
_REQUEST = {4: 8, 6: 128}
_REPLY = {4: 0, 6: 129}
_TOKEN = 16  # bytes of payload that only our own echoes carry
_IP_RECVTTL = 12  # linux/in.h
_HOP_LIMIT = {
    4: (socket.IPPROTO_IP, _IP_RECVTTL, socket.IP_TTL),
    6: (socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, socket.IPV6_HOPLIMIT),
}
_ADVICE = (
    "this machine may not send ICMP echoes: allow it for all with the sysctl net.ipv4.ping_group_range='0 2147483647', "
    "or give the agent the capability CAP_NET_RAW"
)


@dataclass(frozen=True, slots=True)
class Burst:
    """What to send: `count` echoes, `interval` seconds apart, all done after `timeout` seconds."""

    count: int
    interval: float
    timeout: float


async def ping(ip: IP, burst: Burst, resolve_seconds: float = 0.0) -> Ping:
    """One burst of echoes to an address. Raises ProbeError: PERMISSION, UNREACHABLE."""
    started = time.monotonic()
    echo, method = _open(ip)
    with echo:
        try:
            echo.connect(socket_address(ip, 0))
        except OSError as error:
            raise explain(error, str(ip)) from None
        setup = time.monotonic() - started
        run = _Run(echo, ip.version, method == "raw")
        await run.send(burst)
    return Ping(str(ip), run.times(), resolve_seconds, method, run.hop_limit, setup)


def _open(ip: IP) -> tuple[socket.socket, str]:
    protocol = socket.IPPROTO_ICMP if ip.version == 4 else socket.IPPROTO_ICMPV6
    for method, kind in (("dgram", socket.SOCK_DGRAM), ("raw", socket.SOCK_RAW)):
        try:
            echo = socket.socket(family_of(ip), kind | socket.SOCK_NONBLOCK, protocol)
        except PermissionError:
            continue
        except OSError as error:
            raise explain(error, str(ip)) from None
        level, wish, _ = _HOP_LIMIT[ip.version]
        echo.setsockopt(level, wish, 1)
        return echo, method
    raise ProbeError(Reason.PERMISSION, _ADVICE)


class _Run:
    """One burst on one socket."""

    def __init__(self, echo: socket.socket, version: int, raw: bool) -> None:
        self.hop_limit: int | None = None
        self._socket = echo
        self._version = version
        self._raw = raw
        self._token = secrets.token_bytes(_TOKEN)
        self._identifier = int.from_bytes(os.urandom(2))
        self._sent: list[float] = []
        self._received: dict[int, float] = {}
        self._count = 0
        self._all_back = asyncio.Event()

    def times(self) -> tuple[float | None, ...]:
        """Seconds per echo that was sent, None = no reply."""
        return tuple(
            self._received[number] - sent if number in self._received else None
            for number, sent in enumerate(self._sent)
        )

    async def send(self, burst: Burst) -> None:
        """Send the burst and wait for its replies."""
        self._count = burst.count
        loop = asyncio.get_running_loop()
        loop.add_reader(self._socket, self._read)
        try:
            async with asyncio.timeout(burst.timeout):
                for number in range(burst.count):
                    if number:
                        await asyncio.sleep(burst.interval)
                    self._send(number)
                await self._all_back.wait()
        except TimeoutError:
            self._read()  # what came in time, though this process was too busy to look; what is not back is lost
        finally:
            loop.remove_reader(self._socket)

    def _send(self, number: int) -> None:
        packet = _ECHO.pack(_REQUEST[self._version], 0, 0, self._identifier, number) + self._token
        if self._version == 4:  # for IPv6 the kernel does it
            packet = packet[:2] + struct.pack("!H", checksum(packet)) + packet[4:]
        self._sent.append(time.monotonic())
        try:
            self._socket.send(packet)
        except OSError as error:
            # One ICMP error for an earlier echo is reported here; only a burst that cannot even begin has failed.
            if number == 0 or error.errno == errno.EPERM:
                raise explain(error, "ICMP echo") from None

    def _read(self) -> None:
        now = time.monotonic()
        while len(self._received) < self._count:
            try:
                packet, ancillary, _, _ = self._socket.recvmsg(2048, 256)
            except OSError:  # nothing more, or an ICMP error, which means: no reply
                return
            self._take(packet, ancillary, now)
        self._all_back.set()

    def _take(self, packet: bytes, ancillary: Iterable[tuple[int, int, bytes]], now: float) -> None:
        if self._raw and self._version == 4:
            packet = packet[(packet[0] & 0x0F) * 4 :]  # raw IPv4 sockets show the IP header too
        if len(packet) < _ECHO.size or packet[0] != _REPLY[self._version] or packet[_ECHO.size :] != self._token:
            return
        *_, number = _ECHO.unpack_from(packet)
        if number < len(self._sent):
            self._received.setdefault(number, now)
        level, _, kind = _HOP_LIMIT[self._version]
        for given_level, given_kind, data in ancillary:
            if (given_level, given_kind) == (level, kind):
                (self.hop_limit,) = struct.unpack_from("=i", data)


def checksum(packet: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    padded = packet + b"\0" * (len(packet) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
