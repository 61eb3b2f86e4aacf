"""The figures of a report. Pure: numbers in, numbers out, each by a method that a partner can repeat in a spreadsheet.

Quantiles   linear interpolation between the closest ranks (Hyndman and Fan's type 7: Excel's PERCENTILE.INC).
Intervals   95 %. Of the median: order statistics (exact for any distribution; Conover 1999, section 3.2). Of a share:
            Wilson 1927.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, comb, floor, fsum, sqrt

CONFIDENCE = 0.95
_Z = 1.959963984540054  # the normal quantile of 0.975


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range of plausible values, in the unit of what it is an interval of."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` out of `total`."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The ratio, 0 to 1. ZeroDivisionError for a share of nothing: there is no such number."""
        return self.count / self.total

    @property
    def interval(self) -> Interval:
        """Wilson's score interval: sane at 0 and 1 and for small totals, where the textbook formula is not."""
        ratio, square = self.value, _Z * _Z
        scale = 1 + square / self.total
        centre = (ratio + square / (2 * self.total)) / scale
        half = _Z * sqrt(ratio * (1 - ratio) / self.total + square / (4 * self.total**2)) / scale
        return Interval(max(0.0, centre - half), min(1.0, centre + half))


@dataclass(frozen=True, slots=True)
class Summary:
    """A month of samples in a few numbers, in the samples' unit; median_interval None = too few samples for one."""

    count: int
    mean: float
    p5: float
    median: float
    p95: float
    median_interval: Interval | None


def summarise(samples: Sequence[float]) -> Summary | None:
    """The summary of samples in any order, None when there are none."""
    if not samples:
        return None
    ordered = sorted(samples)
    return Summary(
        count=len(ordered),
        mean=mean(ordered),
        p5=quantile(ordered, 0.05),
        median=quantile(ordered, 0.5),
        p95=quantile(ordered, 0.95),
        median_interval=median_interval(ordered),
    )


def mean(samples: Sequence[float]) -> float:
    """The arithmetic mean. ZeroDivisionError for no samples."""
    return fsum(samples) / len(samples)


def quantile(ordered: Sequence[float], q: float) -> float:
    """The q-quantile (0 to 1) of at least one sample in ascending order."""
    place = q * (len(ordered) - 1)
    low, high = ordered[floor(place)], ordered[ceil(place)]
    return low + (high - low) * (place - floor(place))


def median_interval(ordered: Sequence[float]) -> Interval | None:
    """The narrowest pair of symmetric order statistics that holds the median with at least 95 % confidence.

    None below six samples, where even the extremes hold it with less.
    """
    rank = _rank_below_median(len(ordered))
    return Interval(ordered[rank - 1], ordered[-rank]) if rank else None


def _rank_below_median(count: int) -> int:
    """The largest r with P(Binomial(count, 1/2) < r) <= 2.5 %; 0 when there is none."""
    if count > 1000:  # the normal approximation is exact to within one rank here, and the sums get long
        return floor((count - _Z * sqrt(count)) / 2)
    allowed = (1 - CONFIDENCE) / 2 * 2**count
    return sum(1 for total in accumulate(comb(count, hits) for hits in range(count + 1)) if total <= allowed)
