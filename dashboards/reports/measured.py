"""From what was scraped to what was measured: each test once, whatever its method. Pure.

A gauge shows the result of the last test until the next one, so a scraped series repeats every result many times. A new
value of the test's time stamp is a new test; its figures are those of the same scrape. It does not matter how often a
result is read.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.methods import Method
from collectors.capacity.estimate import Doubt
from dashboards.reports.dips import DipLog
from dashboards.reports.link import Direction, Key, Link, Point

Measured = tuple[Key, Direction, Method]
CLOCK_TOLERANCE = 300.0  # seconds by which the office's clock may be ahead of the store's


@dataclass(frozen=True, slots=True)
class Measurement:
    """One test in one direction. `stamp`: Unix time by the office's clock.

    rate      bytes/s, None = no figure; at_least: what an unsaturated link was seen to carry, where that is all
    why       reasons for which there is no figure, in alphabetical order
    outage    whether the office had no mains: whatever the figure says, it is no word about the operator
    """

    stamp: float
    rate: float | None
    bytes_used: float = 0.0
    at_least: float | None = None
    why: tuple[str, ...] = ()
    outage: bool = False


@dataclass(frozen=True, slots=True)
class Scraped:
    """What the store holds about one link, direction and method in one window.

    doubts    the moments at which each reason held
    outages   moments of scrapes in a power outage
    """

    stamps: Sequence[Point] = ()
    rates: Sequence[Point] = ()
    valid: Sequence[Point] = ()
    bytes_used: Sequence[Point] = ()
    at_least: Sequence[Point] = ()
    doubts: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    outages: Collection[float] = ()


@dataclass(slots=True)
class Tally:
    """What is known of one link, direction and method so far. Fed window by window in ascending time, overlaps allowed.

    clock_ahead counts tests left out because their time stamp lay in the future of their own scrape.
    """

    measurements: list[Measurement] = field(default_factory=list)
    clock_ahead: int = 0
    _last_stamp: float | None = None
    _read_until: float = float("-inf")

    def add(self, scraped: Scraped, begin: float, end: float) -> None:
        """Count the tests that are new in this window and stamped from begin up to (not including) end."""
        seen = _Seen.of(scraped)
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
                self.measurements.append(seen.test(time, stamp))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A window by the moment of the scrape."""

    rates: Mapping[float, float]
    valid: Mapping[float, float]
    spent: Mapping[float, float]
    at_least: Mapping[float, float]
    doubts: Mapping[float, tuple[str, ...]]
    outages: Collection[float]

    @classmethod
    def of(cls, scraped: Scraped) -> "_Seen":
        doubts: defaultdict[float, list[str]] = defaultdict(list)
        for reason, points in sorted(scraped.doubts.items()):
            for time, _ in points:
                doubts[time].append(reason)
        return cls(
            dict(scraped.rates), dict(scraped.valid), dict(scraped.bytes_used), dict(scraped.at_least),
            {time: tuple(reasons) for time, reasons in doubts.items()}, frozenset(scraped.outages),
        )  # fmt: skip

    def test(self, time: float, stamp: float) -> Measurement:
        valid = self.valid.get(time) == 1
        rate = self.rates.get(time) if valid else None
        why = () if rate is not None else self.doubts.get(time, ())
        only_faster = why == (Doubt.NO_KNEE,)
        return Measurement(
            stamp, rate, self.spent.get(time, 0.0), self.at_least.get(time) if only_faster else None, why,
            time in self.outages,
        )  # fmt: skip


@dataclass(slots=True)
class ProvinceMonth:
    """All that was read of one province. contracts: bytes/s by day of the month."""

    links: dict[Key, Link] = field(default_factory=dict)
    contracts: defaultdict[tuple[Key, Direction], dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    tallies: defaultdict[Measured, Tally] = field(default_factory=lambda: defaultdict(Tally))
    dips: DipLog = field(default_factory=DipLog)

    def of(self, key: Key, direction: Direction) -> tuple[Mapping[Method, Tally], Mapping[int, float]]:
        """The tests of one direction of a link by the methods that were used, and its contracts."""
        found = {method: self.tallies[key, direction, method] for method in Method
                 if (key, direction, method) in self.tallies}  # fmt: skip
        return found, self.contracts[key, direction]


def contract_on(day: int, known: Mapping[int, float]) -> float | None:
    """The contract in force on a day of the month: that day's, else the last known before it, else the first after."""
    earlier = [other for other in known if other <= day]
    if earlier:
        return known[max(earlier)]
    return known[min(known)] if known else None
