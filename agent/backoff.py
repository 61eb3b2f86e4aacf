"""Asking a service in trouble less often: a pure function of how often it has failed in the same way.

Only failures that cost the service something count: it was reached, and could not cope or would not. A name that does
not resolve or a port that is closed costs it nothing, and is most often trouble of the office itself, whose end must be
seen at once.
"""

from dataclasses import dataclass

from collectors.core import Collector, Reason

LONGEST = 180.0  # seconds between two runs that back off; the alerts' windows count on it (alerts/settings.py)
_REACHED = frozenset((Reason.ERROR, Reason.FROZEN, Reason.BLOCKED, Reason.MAINTENANCE))
_STEPS = (3, 6)  # after so many equal failures every second turn is taken, after so many every third


@dataclass(frozen=True, slots=True)
class Streak:
    """How often in a row a probe has ended in the same way."""

    result: Reason = Reason.OK
    length: int = 0

    def then(self, result: Reason) -> "Streak":
        """The streak with one more run counted in."""
        return Streak(result, self.length + 1 if result is self.result else 1)


def turns(collector: Collector, streak: Streak, every: float) -> int:
    """1: the next turn is taken, n: each n-th one; never so many that they are over LONGEST apart."""
    if not getattr(collector, "backs_off", False) or streak.result not in _REACHED:
        return 1
    return max(1, min(1 + sum(streak.length >= step for step in _STEPS), int(LONGEST // every)))
