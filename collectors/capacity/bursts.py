"""Bursts: what follows a train once it has filled the queue and emptied the token bucket. Pure.

A burst leaves its sender much faster than the link can carry it, so its packets arrive as fast as the link lets them,
with nobody else's between them or with few. Of several bursts the upper part shows the link, the lower what else ran.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from collectors.capacity.trace import SECOND

BURSTS = 5
BURST_SECONDS = 0.015  # worth of the rate that the train has shown
FEWEST_PACKETS = 12  # in a burst
_DROPPED = 0.3  # the first packets of each burst
_FEWEST_KEPT = 6
_PERCENTILE = 0.7


@dataclass(slots=True)
class Bursts:
    """Arrivals (nanoseconds, bytes at the IP layer) of each burst."""

    arrivals: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, burst: int, time: int, size: int) -> None:
        self.arrivals.setdefault(burst, []).append((time, size))

    def rates(self) -> tuple[float, ...]:
        """Bytes per second of each burst that has enough packets left, in their order."""
        found = (_rate(self.arrivals[burst]) for burst in sorted(self.arrivals))
        return tuple(rate for rate in found if rate)


def _rate(arrivals: list[tuple[int, int]]) -> float:
    kept = sorted(arrivals)[int(len(arrivals) * _DROPPED) :]
    if len(kept) < _FEWEST_KEPT or kept[-1][0] <= kept[0][0]:
        return 0.0
    return sum(size for _, size in kept[1:]) * SECOND / (kept[-1][0] - kept[0][0])


def capacity_of(rates: Sequence[float]) -> float:
    """The 70th percentile (of five rates the fourth); 0 without any."""
    return sorted(rates)[int(_PERCENTILE * len(rates))] if rates else 0.0


def scatter(rates: Sequence[float]) -> float:
    """The distance of the quartiles as a share of the median; 0 for fewer than three."""
    if len(rates) < 3:
        return 0.0
    ordered = sorted(rates)
    last = len(ordered) - 1
    return (ordered[round(0.75 * last)] - ordered[round(0.25 * last)]) / ordered[len(ordered) // 2]
