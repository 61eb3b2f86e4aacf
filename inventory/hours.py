"""Times of the day in Vietnam: when people are at work, when they sleep, when the morning's message goes out."""

import re
from dataclasses import dataclass

from collectors.core.values import VIETNAM

DAY = 86400.0
_OFFSET = VIETNAM.utcoffset(None).total_seconds()


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Minutes since midnight, written 07:30."""

    minutes: int

    @classmethod
    def parse(cls, text: str) -> "TimeOfDay":
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
        if not match:
            raise ValueError(f"{text!r} is not a time of the day; write 07:30")
        return cls(60 * int(match[1]) + int(match[2]))

    def __str__(self) -> str:
        return f"{self.minutes // 60:02}:{self.minutes % 60:02}"

    def next(self, after: float) -> float:
        """The Unix time at which it is so late for the first time after this one."""
        local = after + _OFFSET
        found = local - local % DAY + 60 * self.minutes
        return (found if found > local else found + DAY) - _OFFSET


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day, written 22:00-06:00; the end does not belong to it."""

    start: TimeOfDay
    end: TimeOfDay

    @classmethod
    def parse(cls, text: str) -> "Hours":
        first, dash, last = text.partition("-")
        if not dash:
            raise ValueError(f"{text!r} is not a part of the day; write 22:00-06:00")
        start, end = TimeOfDay.parse(first.strip()), TimeOfDay.parse(last.strip())
        if start == end:
            raise ValueError(f"{text!r} begins when it ends")
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"

    def holds(self, now: float) -> bool:
        """Whether this Unix time lies in it."""
        return self.end.next(now) < self.start.next(now)
