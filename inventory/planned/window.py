"""When planned work is under way: from one moment to another, in Vietnam's time unless something else is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.core.values import VIETNAM

LONGEST = timedelta(days=31)  # work that takes longer is a slip in a date, or no work that explains an outage


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Two moments with their zone, as an interval of ISO 8601: 2026-11-25T07:30/2026-11-25T11:00."""

    start: datetime
    end: datetime

    @classmethod
    def parse(cls, text: str) -> "Window":
        """ValueError for anything but two moments, the later one after the slash and within LONGEST."""
        start, slash, end = text.partition("/")
        if not slash:
            raise ValueError(f"{text!r} is not a time; write 2026-11-25T07:30/2026-11-25T11:00")
        window = cls(_moment(start), _moment(end))
        if fault := window.fault:
            raise ValueError(f"{text!r} {fault}")
        return window

    @property
    def fault(self) -> str:
        """Why nothing can happen between these moments, "" where it can."""
        if self.end <= self.start:
            return "ends before it begins"
        if self.end - self.start > LONGEST:
            return f"lasts longer than {LONGEST.days} days"
        return ""

    def __str__(self) -> str:
        return f"{_written(self.start)}/{_written(self.end)}"

    def spoken(self) -> str:
        """07:30–11:00 25/11/2026; over midnight 22:00 25/11/2026 – 05:00 26/11/2026."""
        start, end = self.start.astimezone(VIETNAM), self.end.astimezone(VIETNAM)
        if start.date() == end.date():
            return f"{start:%H:%M}–{end:%H:%M} {start:%d/%m/%Y}"
        return f"{start:%H:%M %d/%m/%Y} – {end:%H:%M %d/%m/%Y}"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a moment; write 2026-11-25T07:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _written(moment: datetime) -> str:
    local = moment.astimezone(VIETNAM).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second or local.microsecond else "minutes")
