"""The port that traps come to. What a datagram holds is not even read: only who sent it counts."""

import asyncio
import socket
from collections.abc import Callable
from ipaddress import ip_address

from agent.io.address import IP, family_of, socket_address
from collectors.core.values import Listen

_TURN = 0.01  # seconds between two looks: a flood costs a hundred looks a second, the kernel drops the rest


class TrapPort:
    """An open UDP port. `heard(sender)` is called for each datagram that is taken from it."""

    def __init__(self, listen: Listen, heard: Callable[[IP], None]) -> None:
        """Raises OSError when the address cannot be had."""
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._pause: asyncio.TimerHandle | None = None
        self._socket = socket.socket(family_of(listen.address), socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.bind(socket_address(listen.address, listen.port))
        except OSError:
            self._socket.close()
            raise
        self._watch()

    @property
    def port(self) -> int:
        number: int = self._socket.getsockname()[1]
        return number

    def close(self) -> None:
        if self._pause:
            self._pause.cancel()
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def _watch(self) -> None:
        self._loop.add_reader(self._socket, self._read)

    def _read(self) -> None:
        self._loop.remove_reader(self._socket)
        self._pause = self._loop.call_later(_TURN, self._watch)
        try:
            _, sender = self._socket.recvfrom(1)
        except OSError:  # somebody else's error comes in here too: an ICMP message about a datagram of before
            return
        self._heard(address(sender[0]))


def address(text: str) -> IP:
    """A sender's address; one of IPv4 that a socket of IPv6 has heard is one of IPv4."""
    ip = ip_address(text)
    return (ip.version == 6 and ip.ipv4_mapped) or ip
