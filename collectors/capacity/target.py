"""What a capacity probe is told: the responder, the contract, and what it may use."""

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.bandwidth.collector import DEFAULT_PORT, LEAST_KEY
from collectors.core.ports import Direction
from collectors.core.values import HostPort, Secret
from collectors.wan.place import Place

BUCKET_BYTES = 3_500_000  # a bucket of a megabyte empties within this
SECONDS = 0.45  # worth of the expected rate beside it: 0.3 s at one and a half times the rate
MEGABIT = 125_000.0
DIRECTIONS: tuple[Direction, ...] = ("down", "up")


@dataclass(frozen=True, slots=True)
class Target:
    """A responder, its key, and what the link should carry at the IP layer, in Mbit/s as contracts have it.

    max_bytes      of one train; 0: enough for a token bucket of a megabyte
    monthly_bytes  that whatever fills this link may use in a calendar month, all together; 0: no bound
    counters       of the office's own bytes: with them a probe waits a while for a quiet moment, and says if none came
    """

    responder: HostPort
    key: Secret
    down_mbps: float
    up_mbps: float
    max_bytes: int = 0
    monthly_bytes: int = 0
    counters: Place | None = None

    def check(self) -> Iterable[tuple[str, str]]:
        if self.key and len(self.key.reveal().strip()) < LEAST_KEY:  # empty where secrets are not read
            yield "key", f"is shorter than {LEAST_KEY} characters"
        for name, value in (("down_mbps", self.down_mbps), ("up_mbps", self.up_mbps)):
            if not 0.1 <= value <= 2000:
                yield name, "should be between 0.1 and 2000"
        if 0 < self.monthly_bytes < self.most_bytes:
            yield "monthly_bytes", f"is less than one probe may use ({self.most_bytes})"
        if self.max_bytes and not 100_000 <= self.max_bytes <= 100_000_000:
            yield "max_bytes", "should be between 100000 and 100000000, or 0"

    @property
    def port(self) -> int:
        return self.responder.port or DEFAULT_PORT

    def expected(self, direction: Direction) -> float:
        """Bytes per second."""
        return (self.down_mbps if direction == "down" else self.up_mbps) * MEGABIT

    def bound(self, direction: Direction) -> int:
        """Bytes of one train."""
        return self.max_bytes or round(BUCKET_BYTES + SECONDS * self.expected(direction))

    @property
    def needs(self) -> frozenset[str]:
        """Ports beside the collector's own."""
        return self.counters.needs if self.counters else frozenset()

    @property
    def most_bytes(self) -> int:
        """Of one run: each direction twice at the usual pace and once at a lower one, whose bound is half of that; and
        what is under way, or in the bursts, when a train is at its bound.
        """
        return round(sum(2.5 * self.bound(each) + 2 * self.expected(each) for each in DIRECTIONS))
