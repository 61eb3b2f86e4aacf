"""Dips of the mains that are shorter than the time between two looks, found by what the UPS itself counts. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.ups.canonical import Condition, Observation
from collectors.ups.signs import dipped, link_lost

MOST = 1000  # more between two looks is a counter that was set anew, or no counter
LATE = 5.0  # seconds that a card may count more than the time between two looks


@dataclass(frozen=True, slots=True)
class Marks:
    """What a UPS on mains counted at the last look; None = it did not say, or was not on mains."""

    ups: str = ""
    at: float | None = None  # monotonic seconds; None = in an earlier life of the agent
    bads: float | None = None
    blames_mains: bool | None = None
    dipped: bool | None = None
    seconds: float | None = None

    @property
    def counts(self) -> bool:
        """Whether there is anything that would tell of a dip."""
        return any(mark is not None for mark in (self.bads, self.blames_mains, self.dipped, self.seconds))


def marks(seen: Observation, at: float) -> Marks:
    """Of a UPS that is not on mains nothing is kept: what is counted then belongs to the outage or to the test."""
    ups = f"{seen.manufacturer} {seen.model} {seen.serial}"
    if seen.source is None or not seen.source.is_mains or link_lost(seen):
        return Marks(ups)
    blames = seen.conditions.get(Condition.CAUSE_MAINS)
    seconds = None if seen.says(Condition.CAUSE_SELF_TEST) else seen.on_battery_time
    return Marks(ups, at, seen.input_bads, blames, dipped(seen), seconds)


def dips(before: Marks, now: Marks) -> int:
    """How many dips there were between two looks that both found the same UPS on mains."""
    if before.ups != now.ups:
        return 0
    counted = 0 if before.bads is None or now.bads is None else round(now.bads - before.bads)
    return max(counted if 0 < counted <= MOST else 0, int(any(_signs(before, now))))


def _signs(before: Marks, now: Marks) -> Iterator[bool]:
    """Each of these may have the same dip as its cause, so together they count once."""
    yield before.blames_mains is False and now.blames_mains is True
    yield before.dipped is False and now.dipped is True
    if None not in (before.at, now.at, before.seconds, now.seconds):
        elapsed = (now.at or 0.0) - (before.at or 0.0)
        # A count that runs on without an end is no sign: a time on battery between two looks is shorter than they.
        yield now.seconds != before.seconds and 0 < (now.seconds or 0.0) <= elapsed + LATE
