"""What a throughput test is told: the responder, and what it may use."""

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.core.ports import Direction
from collectors.core.values import Duration, HostPort, Secret
from collectors.wan.place import Place

DEFAULT_PORT = 9818
LEAST_KEY = 16  # characters
HEADERS = 1.05  # IP bytes for each byte of payload, acknowledgements and what is sent again in a usual test included
_ON_ITS_WAY = 131_072  # bytes of a block, when a flow is at its bound
_MEGABIT = 125_000.0


@dataclass(frozen=True, slots=True)
class Target:
    """A responder, its key, and what a test may use at most in each direction.

    monthly_bytes        that whatever fills this link may use in a calendar month, all together; 0: no bound
    counters             of the office's own bytes: what it moves beside a test makes that no figure of the line
    down_mbps, up_mbps   what the link should carry: a rate far above that is looked at longer, because it may be of a
                         policer's bucket; with counters a test also waits a while for a quiet moment
    """

    responder: HostPort
    key: Secret
    directions: tuple[Direction, ...] = ("down", "up")
    max_bytes: int = 50_000_000
    max_duration: Duration = Duration(5)
    monthly_bytes: int = 0
    counters: Place | None = None
    down_mbps: float = 0.0
    up_mbps: float = 0.0

    def check(self) -> Iterable[tuple[str, str]]:
        if self.key and len(self.key.reveal().strip()) < LEAST_KEY:  # empty where secrets are not read
            yield "key", f"is shorter than {LEAST_KEY} characters"
        if not self.directions or len(set(self.directions)) < len(self.directions):
            yield "directions", "should name down, up or both, each once"
        if not 100_000 <= self.max_bytes <= 1_000_000_000:
            yield "max_bytes", "should be between 100000 and 1000000000"
        if not 1 <= self.max_duration <= 30:
            yield "max_duration", "should be between 1s and 30s"
        if 0 < self.monthly_bytes < self.most_bytes:
            yield "monthly_bytes", f"is less than one test may use ({self.most_bytes})"
        for name, value in (("down_mbps", self.down_mbps), ("up_mbps", self.up_mbps)):
            if not 0 <= value <= 100_000:
                yield name, "should be between 0 (not known) and 100000"

    @property
    def most_bytes(self) -> int:
        """Of one run, at the IP layer."""
        return round(len(self.directions) * (self.max_bytes + _ON_ITS_WAY) * HEADERS)

    @property
    def needs(self) -> frozenset[str]:
        """Ports beside the collector's own."""
        return self.counters.needs if self.counters else frozenset()

    def expected(self, direction: Direction) -> float:
        """Bytes per second, 0 = not known."""
        return (self.down_mbps if direction == "down" else self.up_mbps) * _MEGABIT
