"""Month: a calendar month of Vietnam, and the windows in which the store is asked for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from collectors.core.values import VIETNAM

DAY = 86400.0
LATE = 900.0


@dataclass(frozen=True, slots=True)
class Month:
    """`Month.parse("2026-11")`: from midnight of its first day to midnight after its last, Vietnamese time."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read YYYY-MM. ValueError with a text for a person."""
        match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        if not match or not 2000 <= int(match[1]) <= 2199:
            raise ValueError(f"{text!r} is not a month; write it as 2026-11")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def start(self) -> float:
        """Unix time of its first moment."""
        return datetime(self.year, self.month, 1, tzinfo=VIETNAM).timestamp()

    @property
    def end(self) -> float:
        """Unix time of the first moment after it."""
        return self._next.start

    @property
    def days(self) -> int:
        return round((self.end - self.start) / DAY)

    def __contains__(self, moment: float) -> bool:
        return self.start <= moment < self.end

    def day_of(self, moment: float) -> int:
        """The day of the month, 1 to 31, of a moment within it."""
        return int((moment - self.start) // DAY) + 1

    def windows(self, now: float) -> Iterator[tuple[float, float]]:
        """Begin and end of each day that has begun by now; the day that is still running ends now.

        The last day is read a little longer: a test of its last minutes reaches the store after midnight.
        """
        for day in range(self.days):
            begin = self.start + day * DAY
            grace = LATE if day == self.days - 1 else 0.0
            if begin < now:
                yield begin, min(begin + DAY + grace, now)

    @property
    def _next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)


def local(moment: float) -> datetime:
    """Unix time as Vietnamese time."""
    return datetime.fromtimestamp(moment, UTC).astimezone(VIETNAM)
