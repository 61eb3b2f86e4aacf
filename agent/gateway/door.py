"""Connections of offices: no more than there is room for, none that asks drop by drop, none that only sits there.

The library that speaks HTTP has no deadline for a request's head; so each connection passes through here, unchanged,
and is watched. An office needs one connection, and a line that breaks may leave some behind: of more than a few the one
that has been silent for longest is ended, so that no office takes the room of others.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Literal

from agent.gateway.offices import caller
from collectors.core import Sample
from collectors.core.gateway import GATEWAY_CONNECTIONS, GATEWAY_TURNED_AWAY

_HEAD = 10.0  # seconds for the head of a request, from its first byte
_IDLE = 150.0  # seconds without a request: offices come once a minute
_EACH = 8  # connections of one office
_LOOK = 1.0

Why = Literal["crowded", "handshake", "idle", "repeated", "slow"]
_WHYS: tuple[Why, ...] = ("crowded", "handshake", "idle", "repeated", "slow")


class _Guest(asyncio.Protocol):
    """One connection, handed on to the protocol that serves it."""

    def __init__(self, inner: asyncio.Protocol, door: "Door") -> None:
        self._inner, self._door = inner, door
        self.transport: asyncio.BaseTransport | None = None
        self.office = ""  # whoever has no office in his certificate shares the room of one
        self.since = door.now()  # idle since, or asking since
        self.asking = self.busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        found = caller(transport.get_extra_info("peercert"))
        self.office = found.office if found else ""
        self._door.came(self, transport)
        self._inner.connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._door.left(self)
        self._inner.connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if not self.busy and not self.asking:
            self.asking, self.since = True, self._door.now()
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def end(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class Door:
    """All connections. `now`: monotonic seconds."""

    def __init__(self, most: int, now: Callable[[], float]) -> None:
        self._most, self.now = most, now
        self._guests: dict[asyncio.BaseTransport, _Guest] = {}
        self._of: defaultdict[str, dict[_Guest, None]] = defaultdict(dict)  # in the order in which they came
        self._ended: Counter[Why] = Counter()

    def leading_to(self, serve: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """The same protocols, watched: for `loop.create_server`."""
        return lambda: _Guest(serve(), self)

    def full(self) -> bool:
        """Whether there is no room for another connection."""
        return len(self._guests) >= self._most

    def came(self, guest: _Guest, transport: asyncio.BaseTransport) -> None:
        crowded = self.full()
        self._guests[transport] = guest
        same = self._of[guest.office]
        same[guest] = None
        if crowded:
            self._end(guest, "crowded")
        elif len(same) > _EACH:
            silent = (one for one in same if not (one.busy or one.asking or one is guest))
            self._end(min(silent, key=lambda one: one.since, default=guest), "repeated")

    def left(self, guest: _Guest) -> None:
        """Also told of those that were ended, after that."""
        if guest.transport:
            self._guests.pop(guest.transport, None)
        self._of[guest.office].pop(guest, None)
        if not self._of[guest.office]:
            del self._of[guest.office]

    def note(self, why: Why) -> None:
        """A connection did not come as far as here."""
        self._ended[why] += 1

    def begun(self, transport: asyncio.BaseTransport | None) -> None:
        """The head of a request is there; from now on whoever serves it has a clock of his own."""
        if transport and (guest := self._guests.get(transport)):
            guest.busy, guest.asking = True, False

    def ended(self, transport: asyncio.BaseTransport | None) -> None:
        """It has its answer."""
        if transport and (guest := self._guests.get(transport)):
            guest.busy, guest.since = False, self.now()

    async def watch(self) -> None:
        """End what lasts too long, until it is cancelled."""
        while True:
            await asyncio.sleep(_LOOK)
            self.look()

    def look(self) -> None:
        """Once."""
        now = self.now()
        for guest in list(self._guests.values()):
            if guest.busy:
                continue
            if now - guest.since > (_HEAD if guest.asking else _IDLE):
                self._end(guest, "slow" if guest.asking else "idle")

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        yield GATEWAY_CONNECTIONS(len(self._guests))
        for why in _WHYS:
            yield GATEWAY_TURNED_AWAY(self._ended[why], reason=why)

    def _end(self, guest: _Guest, why: Why) -> None:
        self.note(why)
        self.left(guest)
        guest.end()
