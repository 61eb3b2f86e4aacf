"""Outages: from what was told at single moments to spans with one cause each, corrected by what was learnt later. Pure.

A span is as long as the store saw it: moments of which it knows nothing are no part of an outage, and no end of one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from inventory.planned.schema import Kind


class Reason(StrEnum):
    """Why something was out: the verdict on an office, or that a service did not work."""

    POWER = "power"
    LINK = "link"
    LAN = "lan"
    SERVICE = "service"
    AGENT = "agent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """What was told at one moment (Unix time) at which something was out.

    evidence  what the cause stood on; plan: of which kind planned work explained it, None = by none
    since     when a silent office was heard last; None = it spoke
    proven    whether its UPS itself had said so: nothing that is learnt later knows better
    """

    at: float
    cause: Reason
    evidence: str
    plan: Kind | None = None
    since: float | None = None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Of a moment that is believed. rank: its number; unbroken: since when the store has been seen without a gap."""

    rank: int
    unbroken: float


@dataclass(frozen=True, slots=True)
class Seen:
    """The moments (Unix time, ascending, `step` seconds apart) of the time from begin to end at which the store is
    believed. over: whether that time ends before now; places: of each moment, for all offices alike.
    """

    moments: Sequence[float]
    step: float
    begin: float
    end: float
    over: bool = True
    places: Mapping[float, Moment] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", dict(_places(self.moments, self.step, self.begin)))

    @property
    def seconds(self) -> float:
        return len(self.moments) * self.step


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage, Unix times, clipped at the period.

    end       None = it goes on
    seconds   how long, without the time of which the store knows nothing (unseen, seconds)
    told      the cause as it was told then; cause: as it is known now
    silences  when the office was heard last before each silence in it whose cause was deduced
    """

    begin: float
    end: float | None
    seconds: float
    unseen: float
    cause: Reason
    evidence: str
    told: Reason
    plan: Kind | None = None
    silences: tuple[float, ...] = ()

    @property
    def until(self) -> float:
        """Its end, or how far it has been seen."""
        return self.begin + self.seconds + self.unseen

    @property
    def planned(self) -> bool:
        return self.plan is not None

    @property
    def corrected(self) -> bool:
        return self.cause is not self.told


def _places(moments: Sequence[float], step: float, begin: float) -> Iterator[tuple[float, Moment]]:
    last, unbroken = float("-inf"), begin
    for rank, moment in enumerate(moments):
        if rank and moment - last > 1.5 * step:
            unbroken = moment
        yield moment, Moment(rank, unbroken)
        last = moment


def believed(moments: Iterable[float], step: float, settle: float) -> Iterator[float]:
    """Those at which the store had been recording for `settle` seconds: before that, everybody looks silent to it."""
    last, since = float("-inf"), 0.0
    for moment in moments:
        if moment - last > 1.5 * step:
            since = moment
        if moment - since >= settle:
            yield moment
        last = moment


def spans(looks: Iterable[Look], seen: Seen, patience: float) -> list[Outage]:
    """The outages of one office, or one service, from its looks in ascending time.

    patience: seconds, what is well for no longer than that goes on.
    """
    found: list[Outage] = []
    for run in _runs(looks, seen.places, 1 + patience // seen.step):
        found.append(_outage(run, seen, found[-1].until if found else seen.begin))
    return found


def _runs(looks: Iterable[Look], places: Mapping[float, Moment], most: float) -> Iterator[list[Look]]:
    """Looks that belong together: at most so many believed moments from one to the next."""
    run: list[Look] = []
    for look in (one for one in looks if one.at in places):
        if run and not (_same(run[-1], look) and places[look.at].rank - places[run[-1].at].rank <= most):
            yield run
            run = []
        run.append(look)
    if run:
        yield run


def _same(one: Look, other: Look) -> bool:
    """Within a silence the cause is a guess that may change: that is no second outage."""
    silent = one.since is not None and other.since is not None
    return one.plan is other.plan and (one.cause is other.cause or silent)


def _outage(run: Sequence[Look], seen: Seen, free: float) -> Outage:
    """`free`: since when no other outage claims the time before it, in which the office was silent already."""
    first, last, places = run[0], run[-1], seen.places
    earliest = max(free, places[first.at].unbroken)
    begin = first.at if first.since is None else max(earliest, min(first.at, first.since))
    until = min(last.at + seen.step, seen.end)
    unseen = last.at - first.at - (places[last.at].rank - places[first.at].rank) * seen.step
    goes_on = not seen.over and last.at == seen.moments[-1]
    cause = next((look.cause for look in reversed(run) if look.cause is not Reason.UNKNOWN), Reason.UNKNOWN)
    evidence = Counter(look.evidence for look in run if look.cause is cause).most_common(1)[0][0]
    deduced = not any(look.proven for look in run)
    silences = {look.since: None for look in run if look.since is not None} if deduced else {}
    return Outage(
        begin, None if goes_on else until, until - begin - unseen, unseen, cause, evidence, cause, first.plan,
        tuple(silences),
    )  # fmt: skip


def joined(outages: Iterable[Outage], patience: float) -> list[Outage]:
    """Neighbours that turned out to have one cause are one outage."""
    found: list[Outage] = []
    for one in outages:
        before = found[-1] if found else None
        same = before and (before.cause, before.plan) == (one.cause, one.plan)
        if before and same and one.begin - before.until <= patience:
            found[-1] = _one(before, one)
        else:
            found.append(one)
    return found


def _one(before: Outage, after: Outage) -> Outage:
    """What was told, and why, is that of the longer; the moment between them belongs to it."""
    longer = before if before.seconds >= after.seconds else after
    unseen = before.unseen + after.unseen
    return replace(
        longer, begin=before.begin, end=after.end, seconds=after.until - before.begin - unseen, unseen=unseen,
        silences=(*before.silences, *after.silences),
    )  # fmt: skip
