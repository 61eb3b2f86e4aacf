"""The UDP side of a responder: nobody is sent a train who has not proved that he is where his packets say.

A KNOCK of a session that waits is answered by a nonce, which is shorter than the KNOCK; who sends the nonce back hears
what is sent to his address. Echoes of offices go to the reflector. Everything else is dropped without an answer, so
that nothing is amplified.
"""

import asyncio
import hmac
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from agent.io.train.packet import SESSION
from agent.io.train.udp import open_udp, stamp_of
from agent.responder.echo import Reflector

NONCE = 16
_KNOCK = b"communewatch knock"
_LEAST = len(_KNOCK) + SESSION + NONCE
_AT_ONCE = 64  # datagrams read before others get their turn


def knock(session: bytes, nonce: bytes = bytes(NONCE)) -> bytes:
    """A KNOCK, without the nonce or with it."""
    return _KNOCK + session + nonce


@dataclass(slots=True)
class _Waiting:
    """A session whose client is to knock."""

    client: str
    nonce: bytes
    proved: "asyncio.Future[Any]"


@dataclass(slots=True)
class Door:
    """One UDP socket beside the listening TCP socket, with the same address and port."""

    place: tuple[str, int]
    family: socket.AddressFamily
    reflector: Reflector
    _waiting: dict[bytes, _Waiting] = field(default_factory=dict)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """OSError when the address cannot be had."""
        loop = asyncio.get_running_loop()
        with self._bound() as common:
            common.setblocking(False)
            loop.add_reader(common, self._read, common)
            try:
                yield
            finally:
                loop.remove_reader(common)

    @contextmanager
    def expecting(self, session: bytes, client: str) -> Iterator["asyncio.Future[Any]"]:
        """A future that is done with the client's address once that is proved. client: who may knock, as an address."""
        waiting = _Waiting(client, secrets.token_bytes(NONCE), asyncio.get_running_loop().create_future())
        self._waiting[session] = waiting
        try:
            yield waiting.proved
        finally:
            del self._waiting[session]
            waiting.proved.cancel()

    def connected(self, address: Any) -> socket.socket:
        """A socket of its own with the same port, which hears this address only."""
        own = self._bound()
        try:
            own.connect(address)
        except OSError:
            own.close()
            raise
        return own

    def _bound(self) -> socket.socket:
        opened = open_udp(self.family, shared=True)
        try:
            if self.family == socket.AF_INET6 and self.place[0] == "::":
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            opened.bind(self.place)
        except OSError:
            opened.close()
            raise
        return opened

    def _read(self, common: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, ancillary, _, address = common.recvmsg(2048, 128)
            except OSError:
                return  # nothing more, or an error of the network that is of no concern
            now = time.time()
            held = now - stamp / 1e9 if (stamp := stamp_of(ancillary)) else 0.0
            if said := self._heard(data, address) or self.reflector.answer(data, address[0], now, held):
                try:
                    common.sendto(said, address)
                except OSError:
                    return

    def _heard(self, data: bytes, address: Any) -> bytes | None:
        """What is to be answered, if anything."""
        if len(data) != _LEAST or not data.startswith(_KNOCK):
            return None
        session, nonce = data[len(_KNOCK) : -NONCE], data[-NONCE:]
        waiting = self._waiting.get(session)
        if waiting is None or address[0] != waiting.client or waiting.proved.done():
            return None
        if hmac.compare_digest(nonce, waiting.nonce):
            waiting.proved.set_result(address)
            return None
        return waiting.nonce
