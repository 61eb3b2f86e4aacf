"""The router at a distance on the way to a host: one UDP packet that lives that many hops, and the ICMP answer to it.

The kernel hands the answer to the socket that sent the packet (IP_RECVERR), so no privilege is needed.
"""

import asyncio
import socket
import struct
from contextlib import nullcontext, suppress
from ipaddress import IPv4Address, IPv6Address

from agent.io.address import IP, family_of, socket_address
from agent.io.connect import explain
from collectors.core import ProbeError

_TRIES = 3
_PORT = 33_434  # where nobody listens, as traceroute has it
_RECVERR = {4: (socket.IPPROTO_IP, 11), 6: (socket.IPPROTO_IPV6, 25)}  # linux/in.h, linux/in6.h
_HOPS = {4: (socket.IPPROTO_IP, socket.IP_TTL), 6: (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)}
_ERROR = struct.Struct("=IBBBBII")  # linux/errqueue.h: errno, origin, type, code, pad, info, data
_TIME_EXCEEDED = {4: (2, 11), 6: (3, 3)}  # origin and ICMP type
_OFFENDER = {4: slice(4, 8), 6: slice(8, 24)}  # the address within sockaddr_in, sockaddr_in6


async def hop(ip: IP, distance: int, timeout: float) -> str | None:
    """The address of the router whose turn it was to drop the packet; None when none says so in time."""
    with socket.socket(family_of(ip), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as probe:
        probe.setsockopt(*_RECVERR[ip.version], 1)
        probe.setsockopt(*_HOPS[ip.version], distance)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str | None] = loop.create_future()
        loop.add_reader(probe, _settle, probe, ip.version, answer)
        try:
            for number in range(_TRIES):
                with suppress(ProbeError) if number else nullcontext():  # a late error for the packet before
                    _send(probe, ip, _PORT + number)
                done, _ = await asyncio.wait({answer}, timeout=timeout / _TRIES)
                if done:
                    return answer.result()
        finally:
            loop.remove_reader(probe)
    return None


def _send(probe: socket.socket, ip: IP, port: int) -> None:
    try:
        probe.sendto(b"communewatch", socket_address(ip, port))
    except OSError as error:
        raise explain(error, str(ip)) from None


def _settle(probe: socket.socket, version: int, answer: "asyncio.Future[str | None]") -> None:
    try:
        _, ancillary, _, _ = probe.recvmsg(512, 512, socket.MSG_ERRQUEUE)
    except OSError:
        return
    if answer.done():
        return
    for level, kind, data in ancillary:
        if (level, kind) == _RECVERR[version]:
            answer.set_result(_router(version, data))
            return


def _router(version: int, data: bytes) -> str | None:
    _, origin, kind, _, _, _, _ = _ERROR.unpack_from(data)
    if (origin, kind) != _TIME_EXCEEDED[version]:
        return None  # the host itself answered, or a router that will not let it through
    packed = data[_ERROR.size :][_OFFENDER[version]]
    return str(IPv4Address(packed) if version == 4 else IPv6Address(packed))
