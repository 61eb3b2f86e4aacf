"""What time it is where the samples go. Pure.

One sample from the future can make a store refuse everybody's (Prometheus before 2.54). So no sample leaves before the
receiver has told its own time once, and a wall clock that differs from it is not believed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

_CLOSE = 5.0  # seconds; `Date` has whole seconds, and its way back takes time


@dataclass(frozen=True, slots=True)
class Anchor:
    """The receiver's time `theirs` (Unix) was heard at `monotonic`."""

    theirs: float
    monotonic: float

    def offset(self, wall: float, monotonic: float) -> float:
        """What to add to a time by our wall clock, which stands at `wall` now: 0 where the clocks agree."""
        apart = self.theirs + (monotonic - self.monotonic) - wall
        return 0.0 if abs(apart) <= _CLOSE else apart


def told(headers: Iterable[tuple[str, str]]) -> float | None:
    """The time in the header Date of an answer (RFC 9110, section 6.6.1), None without a good one."""
    for name, value in headers:
        if name.lower() == "date":
            try:
                return parsedate_to_datetime(value).timestamp()
            except (ValueError, OverflowError):
                return None
    return None
