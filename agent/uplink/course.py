"""The true time of one boot of the machine, as a function of the seconds since it began. Pure.

Whatever the wall clock does, the seconds of a boot go on evenly. So the time of everything in it follows from what is
told of any one moment, by somebody who knows: the network time service, or a receiver (header Date). What has left with
a time keeps it: later news holds only for what has not left.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

CLOSE = 5.0  # seconds; `Date` has whole seconds, and its way back takes time
DRIFT = 500e-6  # seconds per second that a machine's quartz may be wrong
_GENTLE = 20.0  # a drift is made good over so many times its size: seconds stay seconds, all but a twentieth


@dataclass(frozen=True, slots=True)
class Knot:
    """At second `at` of the boot Unix time is that plus `offset`; between knots a straight line."""

    at: float
    offset: float


@dataclass(frozen=True, slots=True)
class Course:
    """One boot.

    begun, ended  seconds of the boot at its first and last sign of life; ended None = it is the one that runs
    battery       the offset by the wall clock as it began, where a clock with a battery told the same; else None
    knots         what was told, ascending; two at one moment are a step. () = nothing was told
    rank          who told: the lower, the better he knows
    fixed         times up to here may have left: they are as they are
    confirmed     until then the course was known to be right
    """

    boot: str
    begun: float
    ended: float | None = None
    battery: float | None = None
    knots: tuple[Knot, ...] = ()
    rank: int = 0
    fixed: float = -1.0
    confirmed: float = 0.0

    def time(self, at: float) -> float:
        """Unix time at this second of the boot; only with knots."""
        return at + self._offset(at)

    def _offset(self, at: float) -> float:
        if at <= self.knots[0].at:
            return self.knots[0].offset
        for one, other in pairwise(self.knots):
            if at <= other.at:
                share = (at - one.at) / (other.at - one.at)
                return one.offset + share * (other.offset - one.offset)
        return self.knots[-1].offset

    def stepped_back(self, at: float) -> bool:
        """Whether the time of this second was used before: a step back has given some times twice."""
        time = self.time(at)
        steps = ((one, other) for one, other in pairwise(self.knots) if one.at == other.at)
        return any(at > one.at and time <= one.at + one.offset for one, _ in steps)

    def spans(self) -> tuple[float, float]:
        """First and last time of it, as told."""
        return self.time(self.begun), self.time(self.begun if self.ended is None else self.ended)

    def heard(self, offset: float, rank: int, at: float, late: float = 0.0) -> "Course":
        """With the news that at this second Unix time is `offset` ahead, or up to `late` seconds more.

        Small differences are no news.
        """
        if not self.knots:
            return replace(self, knots=(Knot(at, offset),), rank=rank, confirmed=at)
        if rank > self.rank:
            return self
        ahead = self._offset(at) - offset
        if -CLOSE <= ahead <= CLOSE + late:
            return replace(self, rank=rank, confirmed=max(at, self.confirmed))
        since, apart = max(self.fixed, self.confirmed), abs(ahead)
        if apart <= CLOSE + DRIFT * (at - self.confirmed):
            news = (Knot(since, self._offset(since)), Knot(max(at, since + _GENTLE * apart), offset))
        else:
            since = self.fixed
            news = (Knot(since, self._offset(since)), Knot(since, offset))
        kept = tuple(knot for knot in self.knots if knot.at < since)
        knots = (*kept, *news) if since >= 0 else (Knot(at, offset),)
        return replace(self, knots=knots, rank=rank, confirmed=at)
