"""UDP sockets whose packets the kernel stamps when they arrive, and that say how many they had no room for.

Linux only, as the agent is. Times of packets are never taken in Python: a busy process looks late.
"""

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

_SO_RCVBUFFORCE, _SO_TIMESTAMPNS, _SO_RXQ_OVFL = 33, 35, 40  # asm-generic/socket.h; Python names them not
_UDP_SEGMENT = 103  # linux/udp.h
_IP_MTU, _IPV6_MTU = 14, 24  # linux/in.h, linux/in6.h
_IP_MTU_DISCOVER, _IPV6_MTU_DISCOVER, _DO = 10, 23, 2
_BUFFER = 4 << 20
_FULL_PACKET = 1500  # larger ones exist on no way to an office
_LEAST_PACKET = 1280  # RFC 8200: every IPv6 link carries this, and hardly an IPv4 link does not
_TIMESPEC, _COUNT = struct.Struct("@ll"), struct.Struct("@I")
_LARGEST, _ANCILLARY = 2048, 128
_IP_HEADERS = {socket.AF_INET: 20, socket.AF_INET6: 40}
_UDP_HEADER = 8


class Arrival(NamedTuple):
    """time: nanoseconds since 1970 by the kernel; dropped: packets that this socket has had no room for so far."""

    time: int
    data: bytes
    dropped: int


def open_udp(family: socket.AddressFamily, *, shared: bool = False) -> socket.socket:
    """shared: others may have the same port; the kernel hands a packet to the one that is connected to its sender."""
    opened = socket.socket(family, socket.SOCK_DGRAM)
    if shared:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    for option in (socket.SO_RCVBUF, _SO_RCVBUFFORCE):  # the second needs CAP_NET_ADMIN, and is not bounded by a sysctl
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
    with suppress(OSError):
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    opened.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
    with suppress(OSError):  # a fragment that is lost would cost the whole packet
        level, option = (
            (socket.IPPROTO_IPV6, _IPV6_MTU_DISCOVER)
            if family == socket.AF_INET6
            else (socket.IPPROTO_IP, _IP_MTU_DISCOVER)
        )
        opened.setsockopt(level, option, _DO)
    return opened


def receive(connected: socket.socket) -> Arrival:
    """The next packet. TimeoutError after the socket's timeout, ConnectionRefusedError when the peer has gone."""
    data, ancillary, _, _ = connected.recvmsg(_LARGEST, _ANCILLARY)
    return Arrival(stamp_of(ancillary), data, _dropped(ancillary))


def stamp_of(ancillary: Iterable[tuple[int, int, bytes]]) -> int:
    """When the kernel got the packet, nanoseconds since 1970; 0 where it does not say."""
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS) and len(content) == _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack(content)
            return int(seconds * 1_000_000_000 + nanoseconds)
    return 0


def _dropped(ancillary: Iterable[tuple[int, int, bytes]]) -> int:
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_RXQ_OVFL) and len(content) == _COUNT.size:
            return int(_COUNT.unpack(content)[0])
    return 0


def segment(connected: socket.socket, size: int) -> bool:
    """Let the kernel cut what is sent into datagrams of this size (UDP_SEGMENT); False where it cannot."""
    try:
        connected.setsockopt(socket.IPPROTO_UDP, _UDP_SEGMENT, size)
    except OSError:
        return False
    return True


def headers(connected: socket.socket) -> int:
    """Bytes of the IP and UDP headers of a packet to the peer; an IPv4 peer of an IPv6 socket counts as IPv4."""
    mapped = connected.family == socket.AF_INET6 and connected.getpeername()[0].startswith("::ffff:")
    return _IP_HEADERS[socket.AF_INET if mapped else connected.family] + _UDP_HEADER


def packet_size(connected: socket.socket) -> int:
    """Bytes of the largest packet that fits on the way, as far as the kernel knows; from any connected socket."""
    mapped = connected.family == socket.AF_INET6 and connected.getpeername()[0].startswith("::ffff:")
    level, option = (
        (socket.IPPROTO_IPV6, _IPV6_MTU)
        if connected.family == socket.AF_INET6 and not mapped
        else (socket.IPPROTO_IP, _IP_MTU)
    )
    try:
        return min(_FULL_PACKET, connected.getsockopt(level, option))
    except OSError:
        return _LEAST_PACKET
