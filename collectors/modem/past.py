"""What goes on over the looks at a modem: the usual signal of each technology, dips, changes. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from collectors.core.dips import Bounds, Watch, step
from collectors.modem.said import Signal

LOST = 40.0  # decibels: how deep a modem counts as that has no network at all
LONGEST_GAP = 300.0  # seconds
_SLOW = 240  # looks over which the usual signal is taken: an hour at one each 15 s
_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Usual:
    """A slow mean, dBm, of so many looks."""

    power: float
    looks: int = 1

    def then(self, power: float) -> "Usual":
        looks = min(self.looks + 1, _SLOW)
        return Usual(self.power + (power - self.power) / looks, looks)


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the probe first ran on this machine."""

    dips: int = 0
    dip_seconds: float = 0.0
    cell_changes: int = 0
    technology_changes: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """usual: by technology; cell, technology: of the last look that told them; depth: of the last dip, decibels."""

    counts: Counts = field(default_factory=Counts)
    usual: Mapping[str, Usual] = field(default_factory=lambda: MappingProxyType({}))
    cell: str = ""
    technology: str = ""
    depth: float = 0.0
    watch: Watch = field(default_factory=Watch)

    def plain(self) -> object:
        """The counts survive the agent; what is usual is learnt again in minutes."""
        return asdict(self.counts)

    @classmethod
    def read(cls, kept: object) -> "Past":
        """What `plain` gave. Raises ValueError for anything else."""
        names = {each.name for each in fields(Counts)}
        if not isinstance(kept, dict) or kept.keys() != names or not all(map(_is_count, kept.values())):
            raise ValueError("not what was kept of a modem")
        return cls(Counts(**kept))


def seen(past: Past, signal: Signal, at: float, bounds: Bounds) -> Past:
    """One look more. at: Unix time; bounds: in decibels."""
    past = _changed(past, signal)
    depth = _depth(past, signal)
    if depth is None:
        return past
    watch, dip = step(past.watch, at, depth, bounds)
    past = replace(past, watch=watch)
    if dip is None:
        return past
    counts = replace(past.counts, dips=past.counts.dips + 1, dip_seconds=past.counts.dip_seconds + dip.seconds)
    return replace(past, counts=counts, depth=dip.depth)


def _changed(past: Past, signal: Signal) -> Past:
    """Another cell or technology; the usual signal learns from this look."""
    counts, power = past.counts, signal.power
    moved = bool(signal.cell and past.cell and signal.cell != past.cell)
    other = bool(signal.technology and past.technology and signal.technology != past.technology)
    usual = dict(past.usual)
    if signal.registered and power is not None:
        known = usual.get(signal.technology)
        usual[signal.technology] = known.then(power) if known else Usual(power)
    return replace(
        past,
        counts=replace(
            counts,
            cell_changes=counts.cell_changes + moved,
            technology_changes=counts.technology_changes + other,
        ),
        usual=MappingProxyType(usual),
        cell=signal.cell or past.cell,
        technology=signal.technology or past.technology,
    )


def _depth(past: Past, signal: Signal) -> float | None:
    """Decibels below the usual; None where neither signal nor network tell anything, or nothing is usual yet."""
    if not past.usual:
        return None
    if not signal.registered:
        return LOST
    if signal.power is None:
        return None
    return past.usual[signal.technology].power - signal.power


def _is_count(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= _MOST
