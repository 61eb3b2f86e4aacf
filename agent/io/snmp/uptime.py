"""Uptime: does an agent still count from the same start? If not it restarted, was upgraded, or is another one. Pure."""

from dataclasses import dataclass

SLACK = 2.0  # seconds that a clock may seem to go back, by the time that answers take
FAST = 1.1  # a card's clock that is faster than this is another card's
LEAP = 30.0  # seconds; and on top of it


@dataclass(frozen=True, slots=True)
class Uptime:
    """sysUpTime (RFC 3418: seconds here) as it was read at the monotonic time `at`."""

    seconds: float
    at: float

    def goes_on_as(self, later: "Uptime") -> bool:
        """Whether `later` can be the same run of the same agent. A clock that is slow or stands is no sign."""
        passed = later.at - self.at
        if later.seconds == self.seconds:
            return True
        if later.seconds < self.seconds - SLACK or later.seconds < passed / FAST - LEAP:
            return False
        return later.seconds - self.seconds <= passed * FAST + LEAP
