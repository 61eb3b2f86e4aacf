"""From the recorded series of dips to a list of them: begin, end, depth, own load, neighbours and cause. Pure.

The rules have judged already (alerts/rules/dips.py); here their points are put together. A dip is told by when its
first low test ended, which stays the same for as long as it lasts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.methods import Method
from alerts.rules.dips import Blame
from alerts.settings import PRODUCTION
from dashboards.reports.link import Direction, Key, Link, Point

LASTING = 2 * PRODUCTION.trends.contract_evaluation_seconds  # a dip that was seen so shortly before the end lasts


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the store shows of a dip.

    neighbours  links of the operator in the area that are low, too, and that have a recent figure; None = not known
    """

    time: float
    method: Method
    cause: Blame
    depth: float
    own_load: float | None = None
    neighbours: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Dip:
    """One dip. Times: Unix time; ratios of the contracted rate.

    start       the end of the first low test; end: within a look of the test that was good again, None = it lasts
    own_load    the most that the office moved itself meanwhile, None = not known
    neighbours  how many were low, of how many that were tested, when most were low
    """

    start: float
    end: float | None
    direction: Direction
    method: Method
    depth: float
    own_load: float | None
    neighbours: tuple[int, int] | None
    cause: Blame


_Looks = dict[tuple[Direction, float], dict[float, Look]]


@dataclass(slots=True)
class DipLog:
    """Fed window by window; windows may overlap."""

    _looks: defaultdict[Key, _Looks] = field(default_factory=lambda: defaultdict(dict))

    def add(self, key: Key, direction: Direction, start: float, look: Look) -> None:
        self._looks[key].setdefault((direction, start), {})[look.time] = look

    def of(self, key: Key, until: float) -> list[Dip]:
        """The dips of one link, oldest first; `until`: one that was seen at this time or later lasts."""
        known = self._looks.get(key, {})
        found = (_dip(direction, start, list(looks.values()), until) for (direction, start), looks in known.items())
        return sorted(found, key=lambda dip: (dip.start, dip.direction))


def _dip(direction: Direction, start: float, looks: Sequence[Look], until: float) -> Dip:
    last = max(look.time for look in looks)
    loads = [look.own_load for look in looks if look.own_load is not None]
    neighbours = [look.neighbours for look in looks if look.neighbours]
    return Dip(
        start=start,
        end=None if last >= until else last,
        direction=direction,
        method=looks[-1].method,
        depth=min(look.depth for look in looks),
        own_load=max(loads, default=None),
        neighbours=max(neighbours, default=None),
        cause=_cause([look.cause for look in looks]),
    )


def _cause(causes: Sequence[Blame]) -> Blame:
    """A region if it ever was one: neighbours are recognised one after the other; else what held for longest."""
    if Blame.REGION in causes:
        return Blame.REGION
    held = Counter(causes)
    return max(Blame, key=lambda cause: held[cause])


@dataclass(frozen=True, slots=True)
class Points:
    """The recorded series of one link and direction in one window, by moment; causes: (method, cause) -> depth."""

    since: Sequence[Point]
    causes: Mapping[tuple[Method, Blame], Sequence[Point]]
    own_load: Mapping[float, float] = field(default_factory=dict)
    low: Mapping[float, float] = field(default_factory=dict)
    measured: Mapping[float, float] = field(default_factory=dict)


def looks_at(points: Points) -> Iterator[tuple[float, Look]]:
    """When the dip began, and the look; a moment without a word on the cause tells nothing."""
    judged = {
        time: (method, cause, depth)
        for (method, cause), known in points.causes.items()
        for time, depth in known
    }  # fmt: skip
    for time, since in points.since:
        if time in judged:
            method, cause, depth = judged[time]
            yield since, Look(time, method, cause, depth, points.own_load.get(time), _neighbours(points, time))


def _neighbours(points: Points, time: float) -> tuple[int, int] | None:
    measured = points.measured.get(time)
    return None if measured is None else (int(points.low.get(time, 0)), int(measured))


@dataclass(frozen=True, slots=True)
class LinkDip:
    """A dip and whose it is."""

    link: Link
    dip: Dip


def told(dips: Sequence[LinkDip]) -> list[LinkDip]:
    """Without those in a power outage; oldest first."""
    kept = (one for one in dips if one.dip.cause is not Blame.POWER)
    return sorted(kept, key=lambda one: (one.dip.start, one.link, one.dip.direction))
