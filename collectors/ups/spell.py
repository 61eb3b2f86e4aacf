"""A time on battery by the card's word, and what in it tells whether that word is worth anything. Pure."""

from dataclasses import dataclass

from collectors.ups.canonical import Observation
from collectors.ups.signs import Mains

APART = 5.0  # seconds between two looks that count as two signs
DRAINED = 0.10  # of the charge: neither a self-test nor a stuck flag costs that much
FALLEN = 0.03  # of the charge: more than a full battery wavers


@dataclass(frozen=True, slots=True)
class Spell:
    """A time through which the card says "battery", whatever that is worth. Times are monotonic seconds.

    charge   the first that was told in it
    mains    what the input says of it, `since` when, and what the UPS's own count of seconds was then
    testing  since when the card calls it a self-test
    stuck    the word has been found to mean nothing
    """

    charge: float | None
    mains: Mains
    since: float
    counted: float | None
    testing: float | None = None
    stuck: bool = False

    def runs(self, seen: Observation, at: float) -> bool:
        """Whether the UPS's count of seconds on battery has gone on with the time: a second sign."""
        elapsed = at - self.since
        if self.counted is None or seen.on_battery_time is None or elapsed < APART:
            return False
        return 0.5 * elapsed <= seen.on_battery_time - self.counted <= 1.5 * elapsed + APART

    def lost(self, seen: Observation) -> float:
        """How much of the charge is gone, 0 where that is not known."""
        return 0.0 if self.charge is None or seen.charge is None else round(self.charge - seen.charge, 3)

    def falls(self, seen: Observation) -> bool:
        """Whether the charge has fallen more than it wavers: a second sign."""
        return self.lost(seen) >= FALLEN

    def is_frozen(self, seen: Observation, at: float) -> bool:
        """Whether there is such a count, and it has not begun. One that stands later is history of another outage."""
        return self.counted == 0 == seen.on_battery_time and at - self.since >= APART

    def stands(self, seen: Observation, at: float) -> bool:
        """Whether there is such a count, and it does not run: what the card says may be old."""
        return self.counted is not None and seen.on_battery_time is not None and not self.runs(seen, at)
