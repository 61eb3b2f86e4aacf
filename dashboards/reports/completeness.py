"""Whether a store holds what the offices measured and pushed. Pure.

Each look that an agent pushes says its number and how many samples it has. So a store tells by itself what is missing
in it: a number that is skipped is a look that never came, and a look with fewer samples than it says came in part.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class State(StrEnum):
    """How an office stands in some time."""

    COMPLETE = "complete"
    WAITING = "waiting"  # the office has more, and is sending it
    REFUSED = "refused"  # put aside by the agent: the store would never take it
    DROPPED = "dropped"  # the office's disk was full: thinned or dropped by its agent
    MISSING = "missing"  # the store should have it and does not: it can be asked for
    DOUBLED = "doubled"  # the store counts what came twice: its deduplication is off
    SILENT = "silent"  # nothing was measured, or nothing has come yet


@dataclass(frozen=True, slots=True)
class Look:
    """One look of an agent, as the store has it. at: Unix seconds; samples: of the whole look, as it says."""

    at: float
    number: int
    samples: int


@dataclass(frozen=True, slots=True)
class Held:
    """What the store holds of one office in some time.

    looks    ascending in time; the last one from before that time first, so that a gap at its beginning is seen
    samples  of everything that the office pushed in that time
    waiting  samples that the office said last it had still to send; refused, dropped: samples, looks, by its counters
    """

    looks: Sequence[Look]
    samples: int
    waiting: int = 0
    refused: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """expected, found: samples; looks: how many are missing; gaps: between which moments, Unix seconds."""

    state: State
    expected: int
    found: int
    gaps: tuple[tuple[float, float], ...] = ()
    looks: int = 0

    @property
    def ratio(self) -> float | None:
        """Share of what was measured that is there; None where nothing was."""
        return min(1.0, self.found / self.expected) if self.expected else None


def verdict(held: Held, begin: float, end: float) -> Verdict:
    """Of the time from `begin` to before `end`, Unix seconds."""
    inside = [look for look in held.looks if begin <= look.at < end]
    gaps = tuple(_gaps(held.looks))
    missing = sum(count for _, _, count in gaps)
    usual = sum(look.samples for look in inside) / len(inside) if inside else 0.0
    expected = round(sum(look.samples for look in inside) + usual * missing)
    places = tuple((since, until) for since, until, _ in gaps)
    return Verdict(_state(held, expected, bool(inside)), expected, held.samples, places, missing)


def _gaps(looks: Sequence[Look]) -> Iterator[tuple[float, float, int]]:
    """Where numbers are skipped. A smaller number than before is a new buffer, and no gap."""
    for before, after in pairwise(looks):
        if after.number > before.number + 1:
            yield before.at, after.at, after.number - before.number - 1


def _state(held: Held, expected: int, heard: bool) -> State:
    if not heard:
        return State.WAITING if held.waiting else State.SILENT
    lacking = expected - held.samples
    if lacking == 0:
        return State.COMPLETE
    if lacking < 0:
        return State.DOUBLED
    if held.waiting:
        return State.WAITING
    if held.dropped:
        return State.DROPPED
    return State.REFUSED if held.refused >= lacking else State.MISSING


def hours(begin: float, end: float) -> Iterable[tuple[float, float]]:
    """The whole hours of a time."""
    start = begin - begin % 3600
    while start + 3600 <= end:
        if start >= begin:
            yield start, start + 3600
        start += 3600
