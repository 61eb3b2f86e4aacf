"""Period: a time of whole minutes, Vietnamese time, and the pieces in which the store is asked for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from collectors.core.values import VIETNAM
from dashboards.reports.month import DAY, Month, local


class PeriodError(ValueError):
    """A time that no report can be about; the text says why to a person."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to before `end`, Unix time."""

    start: float
    end: float
    name: str

    @classmethod
    def of(cls, month: Month) -> "Period":
        """A calendar month."""
        return cls(month.start, month.end, str(month))

    @classmethod
    def between(cls, start: float, end: float) -> "Period":
        """Raises PeriodError."""
        if end <= start:
            raise PeriodError("the end is not after the begin: --to should be later than --from")
        return cls(start, end, "_".join(_written(moment) for moment in (start, end)))

    def pieces(self, step: float, now: float) -> Iterator[tuple[float, float]]:
        """Begin and end of pieces of at most a day, each but the last a multiple of `step` long, until now."""
        length, begin = DAY // step * step, self.start
        while begin < min(self.end, now):
            yield begin, min(begin + length, self.end, now)
            begin += length


def moment_of(text: str) -> float:
    """Read 2026-11-01 or 2026-11-01T08:30, Vietnamese time unless it says another. ValueError for a person."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time; write it as 2026-11-01 or 2026-11-01T08:30") from None
    return found.replace(second=0, microsecond=0, tzinfo=found.tzinfo or VIETNAM).timestamp()


def _written(moment: float) -> str:
    when = local(moment)
    return f"{when:%Y-%m-%d}" if (when.hour, when.minute) == (0, 0) else f"{when:%Y-%m-%dT%H%M}"
