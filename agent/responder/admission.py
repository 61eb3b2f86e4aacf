"""Who may test now: slots, a fair share of them, and an hourly allowance for each client. Pure; time is an argument."""

import math
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from agent.responder.protocol import Bounds, Refusal, Refused

_HOUR = 3600.0
_BOUNDS = Bounds(200_000_000, 15_000)
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
    """An admitted test. Hand it back with `Admission.release`."""

    client: str
    bounds: Bounds
    ends: float


@dataclass(frozen=True, slots=True)
class _Account:
    """What a client may still use, as of a moment; it fills up again at the hourly rate."""

    left: float
    at: float


class Admission:
    """The responder's only state about its clients."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._running: list[Ticket] = []
        self._accounts: dict[str, _Account] = {}

    @property
    def running(self) -> int:
        return len(self._running)

    def admit(self, client: str, wanted: Bounds, now: float) -> Ticket | Refused:
        """A ticket for at most what was wanted, or when to come again. What it grants is taken from the allowance."""
        own = [ticket for ticket in self._running if ticket.client == client]
        if len(own) >= self.limits.tests_per_client:
            return _busy(min(ticket.ends for ticket in own) - now, "a test from this address is running")
        if len(self._running) >= self.limits.tests:
            soonest = min(ticket.ends for ticket in self._running) - now
            return _busy(soonest, f"all {self.limits.tests} slots are taken")
        bounds = wanted.within(self.limits.bounds)
        left = self._left(client, now)
        if bounds.size > left:
            missing = bounds.size - left
            return _busy(missing / self.limits.hourly_bytes * _HOUR, "this address has used its bytes of the hour")
        self._book(client, left - bounds.size, now)
        ticket = Ticket(client, bounds, now + bounds.seconds)
        self._running.append(ticket)
        return ticket

    def release(self, ticket: Ticket, used: int, now: float) -> None:
        """End a test; what was granted and not used goes back."""
        self._running.remove(ticket)
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


def _busy(seconds: float, text: str) -> Refused:
    return Refused(Refusal.BUSY, max(1, math.ceil(seconds)), text)
