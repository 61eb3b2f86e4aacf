"""Whether a store holds what the offices measured and pushed, and why not. Pure.

Each look that an agent pushes says its number and how many samples it has. So a store tells by itself what is missing
in it: a number that is skipped is a look that never came, and a look with fewer samples than it says came in part.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from collectors.core.lastword import Away


class State(StrEnum):
    """How an office stands in some time."""

    COMPLETE = "complete"
    WAITING = "waiting"  # the office has more, and is sending it
    REFUSED = "refused"  # put aside by the agent: the store would never take it
    TIMELESS = "timeless"  # put aside by the agent: nobody knows when it was measured, for its clock was wrong
    DROPPED = "dropped"  # the office's disk was full: thinned or dropped by its agent
    MISSING = "missing"  # the store should have it and does not: it can be asked for
    DOUBLED = "doubled"  # the store counts what came twice: its deduplication is off
    RENEWED = "renewed"  # the agent began with an empty buffer: what it had not sent before nobody knows
    AWAY = "away"  # nothing was measured, and the agent has said why
    SILENT = "silent"  # nothing was measured, or nothing has come yet


@dataclass(frozen=True, slots=True)
class Look:
    """One look of an agent, as the store has it. at: Unix seconds; samples: of all of it, 0 = that was lost, too."""

    at: float
    number: int
    samples: int


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which an agent did not run, by its own journal. Unix seconds."""

    begin: float
    end: float
    cause: Away


@dataclass(frozen=True, slots=True)
class Told:
    """What an office has said of itself from the first hour in question until now.

    since              the oldest that it had still to send, Unix seconds; None = nothing waited
    refused, timeless  samples that it put aside; dropped: looks for which there was no room
    """

    since: float | None = None
    refused: int = 0
    timeless: int = 0
    dropped: int = 0
    absences: Sequence[Absence] = ()

    def without(self, found: "Verdict") -> "Told":
        """What is left to explain other hours with."""
        match found.state:
            case State.REFUSED:
                return replace(self, refused=max(0, self.refused - found.lacking))
            case State.TIMELESS:
                return replace(self, timeless=max(0, self.timeless - found.lacking))
            case State.DROPPED:
                return replace(self, dropped=max(0, self.dropped - found.looks))
        return self


@dataclass(frozen=True, slots=True)
class Held:
    """What the store holds of one office in some time.

    looks    ascending in time; the last one from before that time first, so that a gap at its beginning is seen
    samples  of everything that the office pushed in that time
    """

    looks: Sequence[Look]
    samples: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """expected, found: samples; looks: how many are missing; gaps: between which moments, Unix seconds.

    cause  why the agent was away, where that is the state
    """

    state: State
    expected: int
    found: int
    gaps: tuple[tuple[float, float], ...] = ()
    looks: int = 0
    cause: Away | None = None

    @property
    def lacking(self) -> int:
        return self.expected - self.found

    @property
    def ratio(self) -> float | None:
        """Share of what was measured that is there; None where nothing was."""
        return min(1.0, self.found / self.expected) if self.expected else None


def verdict(held: Held, told: Told, begin: float, end: float) -> Verdict:
    """Of the time from `begin` to before `end`, Unix seconds."""
    inside = [look for look in held.looks if begin <= look.at < end]
    if not inside:
        return _of_nothing(told, begin, end)
    gaps = tuple(_gaps(held.looks))
    missing = sum(count for _, _, count in gaps)
    expected = _expected([look.samples for look in inside], missing, held.samples)
    places = tuple((since, until) for since, until, _ in gaps)
    found = Verdict(State.COMPLETE, expected, held.samples, places, missing)
    return replace(found, state=_state(found, told, end, renewed=_renewed(held.looks)))


def _expected(sizes: Sequence[int], missing: int, found: int) -> int:
    """What is not known of looks is taken for the usual; a look whose size was lost lacks that sample, at least."""
    known = [size for size in sizes if size]
    lost = len(sizes) - len(known)
    usual = sum(known) / len(known) if known else 0.0
    expected = round(sum(known) + usual * (lost + missing))
    return max(expected, found + lost) if lost else expected


def _of_nothing(told: Told, begin: float, end: float) -> Verdict:
    if _waits(told, end):
        return Verdict(State.WAITING, 0, 0)
    for one in told.absences:
        if one.begin < end and begin < one.end:
            return Verdict(State.AWAY, 0, 0, cause=one.cause)
    return Verdict(State.SILENT, 0, 0)


def _gaps(looks: Sequence[Look]) -> Iterator[tuple[float, float, int]]:
    """Where numbers are skipped. A smaller number than before is a new buffer, and no gap."""
    for before, after in pairwise(looks):
        if after.number > before.number + 1:
            yield before.at, after.at, after.number - before.number - 1


def _renewed(looks: Sequence[Look]) -> bool:
    return any(after.number < before.number for before, after in pairwise(looks))


def _state(found: Verdict, told: Told, end: float, *, renewed: bool) -> State:
    if found.lacking < 0:
        return State.DOUBLED
    if found.lacking == 0:
        return State.RENEWED if renewed else State.COMPLETE
    if _waits(told, end):
        return State.WAITING
    if found.looks and _explains(told.dropped, found.looks):
        return State.DROPPED
    if _explains(told.timeless, found.lacking):
        return State.TIMELESS
    return State.REFUSED if _explains(told.refused, found.lacking) else State.MISSING


def _waits(told: Told, end: float) -> bool:
    """Whether something from before `end` was still to come; what is measured this minute always is."""
    return told.since is not None and told.since < end


def _explains(said: int, lacking: int) -> bool:
    """How much a look that never came would have had is known but roughly."""
    return said >= 0.9 * lacking


def verdicts(hours_held: Sequence[tuple[float, Held]], told: Told, after: Look | None) -> Iterator[Verdict]:
    """Of one office's hours, by their begins; `after`: its first look after them."""
    seen = list(_with_last(hours_held, told, after))
    found = []
    for begin, held in seen:
        one = verdict(held, told, begin, begin + 3600)
        told = told.without(one)
        found.append((begin, one))
    return _in_hindsight(found)


def _with_last(
    hours_held: Sequence[tuple[float, Held]], told: Told, after: Look | None
) -> Iterator[tuple[float, Held]]:
    """The look after them belongs to the last hour with looks, unless what lies between is still to come."""
    measured = [begin for begin, held in hours_held if any(look.at >= begin for look in held.looks)]
    known = after is not None and (told.since is None or told.since >= after.at)
    for begin, held in hours_held:
        last = known and measured and begin == measured[-1]
        yield begin, replace(held, looks=(*held.looks, after)) if last and after else held


def _in_hindsight(found: Sequence[tuple[float, Verdict]]) -> Iterator[Verdict]:
    """A gap in the numbers says that silent hours within it were not without looks."""
    for begin, one in found:
        around = (other for _, other in found for since, until in other.gaps if since < begin + 3600 and begin < until)
        other = next(around, None) if one.state is State.SILENT else None
        yield replace(one, state=other.state) if other else one


def hours(begin: float, end: float) -> Iterable[tuple[float, float]]:
    """The whole hours of a time."""
    start = begin - begin % 3600
    while start + 3600 <= end:
        if start >= begin:
            yield start, start + 3600
        start += 3600
