"""Bursts: what follows a train once it has filled the queue and emptied the token bucket. Pure.

A burst leaves its sender much faster than the link can carry it, so its packets arrive as fast as the link lets them,
with nobody else's between them or with few. Most of their distances are then the link's own. Where stamps are too
coarse for that, the upper part of several bursts shows the link, the lower what else ran.

A mobile scheduler or a busy modem hands packets on in clumps. There the distances tell nothing, and bursts are longer
and more: each gives the rate over all of it, from clump to clump, and their mean is the link's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from statistics import fmean, median, stdev
from typing import NamedTuple

from collectors.capacity.trace import SECOND, line_through, starts_of_clumps

FEWEST_PACKETS = 16  # in a burst
_DROPPED = 0.3  # the first packets of each burst
_FEWEST_KEPT = 6
_PERCENTILE = 0.7
_STRAIGHT = 0.04  # of the time of a burst may its packets lie beside a straight line
_ALIKE = 0.25  # so far distances may be from their median
_REGULAR = 0.6  # and so many must not
_MOST_OTHERS = 0.25
_FEWEST_GAPS = 15
_ROUNDS = 3  # in which the distance is settled
_APART = 0.05  # so far may the rate by distances and that of the whole be apart,
_OTHERS = 0.6 / 125e6  # or, for each byte per second, by what others send between ours where they share a gigabit wire
MOST_BURSTS = 8
_LEFT = 0.6  # of the packets of the longest burst


class Wanted(NamedTuple):
    """What is to follow a train: so many bursts of so many seconds each, spaced at a rate (bytes per second)."""

    rate: float
    bursts: int
    seconds: float

    def at(self, rate: float) -> "Wanted":
        return self._replace(rate=rate)

    def packets(self, size: int) -> int:
        """Of each burst, of packets of this size (bytes)."""
        return max(FEWEST_PACKETS, int(self.rate * self.seconds / size))


NOTHING = Wanted(0.0, 0, 0.0)
SHORT = Wanted(0.0, 5, 0.015)
LONG = Wanted(0.0, MOST_BURSTS, 0.045)  # hardly longer than what a router queues


@dataclass(slots=True)
class Bursts:
    """Arrivals (nanoseconds, bytes at the IP layer) of each burst."""

    arrivals: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    batched: bool = False

    def add(self, burst: int, time: int, size: int) -> None:
        self.arrivals.setdefault(burst, []).append((time, size))

    def rates(self, uneven: bool = False) -> tuple[float, ...]:
        """Bytes per second of each burst that has enough packets left; uneven: that come in clumps."""
        found = map(self._rate_of_clumps, self._whole()) if uneven else map(_rate, self._kept())
        return tuple(rate for rate in found if rate)

    def gap_rate(self) -> float:
        """Bytes per second, where most packets follow each other at one distance; 0 where they do not.

        A gap of two or three distances holds one or two packets of somebody else, or lost ones: they count too.
        """
        kept = self._kept()
        gaps = [later[0] - earlier[0] for burst in kept for earlier, later in pairwise(burst)]
        if len(gaps) < _FEWEST_GAPS or (usual := median(gaps)) <= 0:
            return 0.0
        if sum(abs(gap - usual) <= _ALIKE * usual for gap in gaps) < _REGULAR * len(gaps):
            return 0.0
        for _ in range(_ROUNDS):
            usual = sum(gaps) / max(1, sum(round(gap / usual) for gap in gaps))
        found = median(size for burst in kept for _, size in burst) * SECOND / usual
        whole = median(_whole(burst) for burst in kept)
        least = 1 - max(_APART, min(_MOST_OTHERS, _OTHERS * found))
        return found if least <= whole / found <= 1 + _APART else 0.0

    def _whole(self) -> list[list[tuple[int, int]]]:
        """Bursts without those that found the queue full."""
        longest = max(map(len, self.arrivals.values()), default=0)
        return [sorted(burst) for burst in self.arrivals.values() if len(burst) >= max(_FEWEST_KEPT, longest * _LEFT)]

    def _rate_of_clumps(self, burst: Sequence[tuple[int, int]]) -> float:
        times, totals = [time for time, _ in burst], list(accumulate(size for _, size in burst))
        if not self.batched:
            return line_through(times, totals).rate
        starts = starts_of_clumps(times, 0, len(times) - 1)
        if len(starts) < 2:
            return 0.0
        return (totals[starts[-1] - 1] - totals[starts[0] - 1]) * SECOND / (times[starts[-1]] - times[starts[0]])

    def _kept(self) -> list[list[tuple[int, int]]]:
        """Of each burst what came when the queue before it was gone."""
        bursts = (sorted(self.arrivals[burst]) for burst in sorted(self.arrivals))
        kept = (burst[int(len(burst) * _DROPPED) :] for burst in bursts)
        return [burst for burst in kept if len(burst) >= _FEWEST_KEPT and burst[-1][0] > burst[0][0]]


def _whole(burst: Sequence[tuple[int, int]]) -> float:
    return sum(size for _, size in burst[1:]) * SECOND / (burst[-1][0] - burst[0][0])


def _rate(burst: Sequence[tuple[int, int]]) -> float:
    line = line_through([time for time, _ in burst], list(accumulate(size for _, size in burst)))
    seconds = (burst[-1][0] - burst[0][0]) / SECOND
    return _whole(burst) if line.spread <= _STRAIGHT * seconds else 0.0


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


def error_of_mean(rates: Sequence[float]) -> float:
    """The standard error of their mean as a share of it; 1 for fewer than three."""
    return stdev(rates) / math.sqrt(len(rates)) / fmean(rates) if len(rates) >= 3 else 1.0
