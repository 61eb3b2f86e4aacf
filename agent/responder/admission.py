"""Who may test now: slots, a fair share of them, an hourly allowance for each client, room on the responder's own line.

Pure; time is an argument. Who is refused because others test gets a slip: a place, and when to come again.
"""

import math
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from agent.responder.line import MOST, Line
from agent.responder.protocol import Bounds, Refusal, Refused
from agent.responder.waiting import Waiting
from collectors.core.ports import Direction

_HOUR = 3600.0
_BOUNDS = Bounds(200_000_000, 15_000)
_USUAL_SECONDS = 2.0  # of a test, before the first has ended
_LEARNT = 0.1  # weight of the newest test in what is usual
_REMEMBERED = 4096  # clients; those whose allowance is full again are forgotten first


@dataclass(frozen=True, slots=True)
class Limits:
    """tests: at once. bounds: of each test. hourly_bytes: what one client may use, also all at once."""

    tests: int = 4
    bounds: Bounds = _BOUNDS
    hourly_bytes: int = 2_000_000_000

    @property
    def tests_per_client(self) -> int:
        """At most half of the slots: several offices may share one address, but none may shut out the others."""
        return max(1, self.tests // 2)


@dataclass(frozen=True, slots=True)
class Ticket:
    """An admitted test. Hand it back with `Admission.release`. rate: bytes per second that it was promised, or 0."""

    client: str
    bounds: Bounds
    ends: float
    direction: Direction = "down"
    rate: int = 0


@dataclass(frozen=True, slots=True)
class Full(Refused):
    """A refusal because of other tests: `Admission.slip` gives a place among those who wait."""


@dataclass(frozen=True, slots=True)
class _Account:
    """What a client may still use, as of a moment; it fills up again at the hourly rate."""

    left: float
    at: float


class Admission:
    """The responder's only state about its clients."""

    def __init__(self, limits: Limits, line: Line | None = None) -> None:
        self.limits = limits
        self.line = line
        self._waiting = Waiting()
        self._usual_seconds = _USUAL_SECONDS
        self._running: list[Ticket] = []
        self._accounts: dict[str, _Account] = {}

    @property
    def running(self) -> int:
        return len(self._running)

    def expects(self, client: str, now: float) -> bool:
        """Whether it is worth a moment's wait: a test of the client is running, or it comes when it was told to."""
        return self._tests_of(client) > 0 or self._waiting.is_called(client, now)

    def _tests_of(self, client: str) -> int:
        return sum(ticket.client == client for ticket in self._running)

    def waiting(self, now: float) -> int:
        """How many have a place."""
        return self._waiting.number(now)

    def admit(
        self, client: str, wanted: Bounds, now: float, direction: Direction = "down", rate: int = 0
    ) -> Ticket | Refused:
        """A ticket for at most what was wanted, or when to come again. What it grants is taken from the allowance.

        rate: bytes per second that the test sends whatever happens, 0 where it gives way.
        """
        if objection := self._objection(client, now) or self._line_objection(direction, rate):
            return objection
        bounds = wanted.within(self.limits.bounds)
        left = self._left(client, now)
        if bounds.size > left:
            missing = bounds.size - left
            return _busy(missing / self.limits.hourly_bytes * _HOUR, "this address has used its bytes of the hour")
        self._book(client, left - bounds.size, now)
        ticket = Ticket(client, bounds, now + bounds.seconds, direction, rate)
        self._running.append(ticket)
        self._waiting.served(client, now)
        return ticket

    def slip(self, client: str, refused: Refused, now: float) -> Refused:
        """The refusal with a place and a time of its own, where waiting helps."""
        if not isinstance(refused, Full):
            return refused
        slots = self.limits.tests_per_client if self._tests_of(client) else self.limits.tests
        slip = self._waiting.slip(client, now, self._usual_seconds, self._usual_seconds / slots)
        return Refused(refused.why, slip.seconds, f"{refused.text}; place {slip.place} of those who wait")

    def _objection(self, client: str, now: float) -> Refused | None:
        """Why no slot is free for it."""
        own = [ticket for ticket in self._running if ticket.client == client]
        if len(own) >= self.limits.tests_per_client:
            return _full(min(ticket.ends for ticket in own) - now, "a test from this address is running")
        if len(self._running) >= self.limits.tests:
            soonest = min(ticket.ends for ticket in self._running) - now
            return _full(soonest, f"all {self.limits.tests} slots are taken")
        if len(self._running) + self._waiting.before(client, now) >= self.limits.tests:
            return _full(self._usual_seconds, "the free slots are kept for others who have waited")
        return None

    def _line_objection(self, direction: Direction, rate: int) -> Refused | None:
        """Why the responder's own line has no room for it."""
        if self.line is None:
            return None
        if rate > MOST * self.line.capacity:
            return Refused(Refusal.BUSY, 0, "such a test would take more than half of this responder's own line")
        promised = sum(ticket.rate for ticket in self._running if ticket.direction == direction)
        if self.line.has_room(direction, promised, rate):
            return None
        return _full(self._usual_seconds, "half of this responder's own line is in use")

    def release(self, ticket: Ticket, used: int, now: float) -> None:
        """End a test; what was granted and not used goes back."""
        self._running.remove(ticket)
        seconds = max(0.0, now - (ticket.ends - ticket.bounds.seconds))
        self._usual_seconds += _LEARNT * (seconds - self._usual_seconds)
        unused = max(0, ticket.bounds.size - used)
        self._book(ticket.client, self._left(ticket.client, now) + unused, now)

    def _left(self, client: str, now: float) -> float:
        account = self._accounts.get(client)
        if account is None:
            return float(self.limits.hourly_bytes)
        refilled = (now - account.at) / _HOUR * self.limits.hourly_bytes
        return min(float(self.limits.hourly_bytes), account.left + refilled)

    def _book(self, client: str, left: float, now: float) -> None:
        if len(self._accounts) >= _REMEMBERED and client not in self._accounts:
            full = [name for name in self._accounts if self._left(name, now) >= self.limits.hourly_bytes]
            for name in full or [max(self._accounts, key=lambda name: self._left(name, now))]:
                del self._accounts[name]
        self._accounts[client] = _Account(left, now)


def client_of(address: str) -> str:
    """Whom an address counts as: an IPv4 address itself, also a mapped one; of an IPv6 address its /64 network."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def _full(seconds: float, text: str) -> Full:
    return Full(Refusal.BUSY, max(1, math.ceil(seconds)), text)


def _busy(seconds: float, text: str) -> Refused:
    return Refused(Refusal.BUSY, max(1, math.ceil(seconds)), text)
