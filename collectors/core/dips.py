"""Dips: stretches in which something that is watched lies below what is usual. Pure; time is an argument.

Whoever watches says how deep each look lies below the usual: decibels of a signal, the share of echoes that went wrong.
Between `enter` and `leave` neither does a dip begin nor one end, so a value that trembles at the edge makes one dip.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Bounds:
    """In the unit of the depth, leave < enter; longest_gap: seconds without a look after which a dip ends unseen."""

    enter: float
    leave: float
    longest_gap: float


@dataclass(frozen=True, slots=True)
class Dip:
    """Seconds on the caller's clock; depth: the most that was seen."""

    start: float
    end: float
    depth: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known between two looks. open: the dip so far; looked: when, None = not yet."""

    open: Dip | None = None
    looked: float | None = None


def step(watch: Watch, at: float, depth: float, bounds: Bounds) -> tuple[Watch, Dip | None]:
    """One look more, and the dip that it has ended. A dip lasts until the first look that finds it over."""
    watch, ended = _forget(watch, at, bounds)
    if watch.open is None:
        begun = Dip(at, at, depth) if depth >= bounds.enter else None
        return Watch(begun, at), ended
    if depth < bounds.leave:
        return Watch(None, at), replace(watch.open, end=at)
    return Watch(replace(watch.open, end=at, depth=max(watch.open.depth, depth)), at), ended


def _forget(watch: Watch, at: float, bounds: Bounds) -> tuple[Watch, Dip | None]:
    """Nobody knows what happened while nobody looked, or on a clock that went back."""
    if watch.looked is None or 0 <= at - watch.looked <= bounds.longest_gap:
        return watch, None
    return Watch(), watch.open
