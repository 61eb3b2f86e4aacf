"""The helper's raw sockets. They need CAP_NET_RAW, and AF_INET only."""

import errno
import os
import selectors
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack

from agent.io.path.packets import Flow
from collectors.core import ProbeError, Reason

_SOL_RAW, _ICMP_FILTER = 255, 1  # linux/icmp.h
_WANTED = (
    ~(1 << 0 | 1 << 3 | 1 << 11) & 0xFFFFFFFF
)  # echo reply, unreachable, time exceeded; a set bit keeps a type out
_LARGEST = 65_535
_AT_ONCE = 64  # answers that are taken before the next packet gets its turn
_ADVICE = "raw sockets need the capability CAP_NET_RAW (deploy/office/communewatch-agent.service)"


class ParentGoneError(Exception):
    """Whoever asked is not there any more."""


class Sockets:
    """One socket sends, one hears ICMP, one hears TCP from the target; two more keep the source ports for us."""

    def __init__(self, target: str, port: int, parent: int) -> None:
        """parent: a descriptor that ends when whoever asked ends. Raises ProbeError: PERMISSION, UNREACHABLE."""
        self._target, self._parent = target, parent
        with ExitStack() as opened:
            self._selector = opened.enter_context(selectors.DefaultSelector())
            self._send = opened.enter_context(_raw(socket.IPPROTO_RAW))
            hears = [opened.enter_context(_raw(protocol)) for protocol in (socket.IPPROTO_ICMP, socket.IPPROTO_TCP)]
            hears[0].setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", _WANTED))
            udp = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            tcp = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            try:
                udp.connect((target, port))
                hears[1].connect((target, 0))  # the kernel keeps everybody else's segments from us
                source = udp.getsockname()[0]
                tcp.bind((source, 0))
            except OSError as error:
                raise ProbeError(Reason.UNREACHABLE, f"{target}: {error.strerror}") from None
            for ear in hears:
                self._selector.register(ear, selectors.EVENT_READ)
            self._selector.register(parent, selectors.EVENT_READ)
            ident, base = struct.unpack("=HI", os.urandom(6))
            self.flow = Flow(source, target, port, tcp.getsockname()[1], udp.getsockname()[1], ident, base)
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()

    def send(self, packet: bytes) -> int:
        """0, or the errno of what this machine itself has against it."""
        try:
            self._send.sendto(packet, (self._target, 0))
        except OSError as error:
            return error.errno or errno.EIO
        return 0

    def hear(self, until: float) -> Iterator[tuple[bytes, float]]:
        """What has come, and when, after waiting for it until then at most (monotonic). Raises ParentGoneError."""
        for key, _ in self._selector.select(max(0.0, until - time.monotonic())):
            if key.fileobj == self._parent:
                raise ParentGoneError
            assert isinstance(key.fileobj, socket.socket)  # noqa: S101 - nothing else is registered
            yield from _drained(key.fileobj)


def _drained(ear: socket.socket) -> Iterator[tuple[bytes, float]]:
    for _ in range(_AT_ONCE):
        try:
            data = ear.recv(_LARGEST)
        except OSError:  # nothing more, or an ICMP error that the other socket hears too
            return
        yield data, time.monotonic()


def _raw(protocol: int) -> socket.socket:
    try:
        return socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, protocol)
    except PermissionError:
        raise ProbeError(Reason.PERMISSION, _ADVICE) from None
