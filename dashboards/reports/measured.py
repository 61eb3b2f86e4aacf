"""From what was scraped to what was measured: each bandwidth test once. Pure.

A gauge shows the result of the last test until the next one, so a scraped series repeats every result many times. A new
value of the test's time stamp is a new test; its figures are those of the same scrape. It does not matter how often a
result is read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards.reports.link import Direction, Key, Link

Point = tuple[float, float]  # (Unix time of the scrape, value)
CLOCK_TOLERANCE = 300.0  # seconds by which the office's clock may be ahead of the store's


@dataclass(frozen=True, slots=True)
class Measurement:
    """One test in one direction. `stamp`: Unix time by the office's clock; rate: bytes/s, None = not a valid test."""

    stamp: float
    rate: float | None
    bytes_used: float = 0.0


@dataclass(frozen=True, slots=True)
class Scraped:
    """What the store holds about one link and direction in one window."""

    stamps: Sequence[Point] = ()
    rates: Sequence[Point] = ()
    valid: Sequence[Point] = ()
    bytes_used: Sequence[Point] = ()


@dataclass(slots=True)
class Tally:
    """What is known of one link and direction so far. Fed window by window in ascending time; windows may overlap.

    clock_ahead counts tests left out because their time stamp lay in the future of their own scrape.
    """

    measurements: list[Measurement] = field(default_factory=list)
    clock_ahead: int = 0
    _last_stamp: float | None = None
    _read_until: float = float("-inf")

    def add(self, scraped: Scraped, begin: float, end: float) -> None:
        """Count the tests that are new in this window and stamped from begin up to (not including) end."""
        rates, valid, spent = dict(scraped.rates), dict(scraped.valid), dict(scraped.bytes_used)
        for time, stamp in scraped.stamps:
            if time <= self._read_until:
                continue
            self._read_until = time
            if stamp == self._last_stamp:
                continue
            self._last_stamp = stamp
            if stamp > time + CLOCK_TOLERANCE:
                self.clock_ahead += 1
            elif begin <= stamp < end:
                rate = rates.get(time) if valid.get(time) == 1 else None
                self.measurements.append(Measurement(stamp, rate, spent.get(time, 0.0)))


@dataclass(slots=True)
class ProvinceMonth:
    """All that was read of one province. contracts: bytes/s by day of the month."""

    links: dict[Key, Link] = field(default_factory=dict)
    contracts: defaultdict[tuple[Key, Direction], dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    tallies: defaultdict[tuple[Key, Direction], Tally] = field(default_factory=lambda: defaultdict(Tally))

    def of(self, key: Key, direction: Direction) -> tuple[Tally, Mapping[int, float]]:
        """The tests and the contracts of one direction of a link."""
        return self.tallies[key, direction], self.contracts[key, direction]


def contract_on(day: int, known: Mapping[int, float]) -> float | None:
    """The contract in force on a day of the month: that day's, else the last known before it, else the first after."""
    earlier = [other for other in known if other <= day]
    if earlier:
        return known[max(earlier)]
    return known[min(known)] if known else None
