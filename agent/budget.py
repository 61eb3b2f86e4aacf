"""What a link's monthly budget of bytes still allows. Pure.

The budget is never exceeded by what is known to have been used, and it is not gone in the first week: a day may use
twice its even part of what is left, so that a suspected dip can be looked at more closely, and leaves later days
enough. Months and days are Vietnam's.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collectors.core.values import VIETNAM

_REMEMBERED = 64  # days
_DAYS_IN_ONE = 2  # even parts of what is left that one day may use,
_KEPT = 0.5  # of an even part of the whole: what each later day keeps in any case


@dataclass(frozen=True, slots=True)
class Spent:
    """Bytes by day, oldest booking first.

    By day, not as one sum: what was booked while the clock was wrong is then not in the way of the right month.
    """

    days: tuple[tuple[date, int], ...] = ()

    def plus(self, size: int, now: float) -> "Spent":
        """With these bytes counted in; `now` is Unix time."""
        today, found = day_of(now), dict(self.days)
        found[today] = found.get(today, 0) + size
        return Spent(tuple(found.items())[-_REMEMBERED:])

    def on(self, day: date) -> int:
        return dict(self.days).get(day, 0)

    def in_month_of(self, day: date) -> int:
        return sum(size for other, size in self.days if (other.year, other.month) == (day.year, day.month))

    def plain(self) -> object:
        """As JSON has it."""
        return {day.isoformat(): size for day, size in self.days}


def read_spent(kept: object) -> Spent:
    """What `plain` gave. Raises ValueError for anything else."""
    if not isinstance(kept, dict):
        raise ValueError("no mapping of days")  # noqa: TRY004 - whoever reads files expects it
    days = tuple((date.fromisoformat(str(day)), size) for day, size in kept.items())
    if not all(isinstance(size, int) and size >= 0 for _, size in days):
        raise ValueError("no number of bytes")
    return Spent(days)


def day_of(now: float) -> date:
    """The day of a Unix time in Vietnam."""
    return datetime.fromtimestamp(now, VIETNAM).date()


def objection(spent: Spent, budget: int, most: int, now: float) -> str | None:
    """Why nothing may be measured now, for a person; None where it may. most: bytes that one run may use."""
    today = day_of(now)
    left = budget - spent.in_month_of(today)
    last = monthrange(today.year, today.month)[1]
    if most > left:
        again = today.replace(day=last) + timedelta(days=1)
        return (
            f"not measured: {_in_words(budget - left)} of this month's {_in_words(budget)} on this link are used, and "
            f"one run may need {_in_words(most)}; again from {again.isoformat()} on, or with a larger budget"
        )
    used = spent.on(today)
    if used >= _of_today(left + used, budget / last, last - today.day):
        return (
            f"not measured: {_in_words(used)} were used on this link today, the rest of this month's "
            f"{_in_words(budget)} is for the days to come; again tomorrow"
        )
    return None


def _of_today(left: float, part: float, days_after: int) -> float:
    """What this day may use of what its morning had. part: a day's even part of the budget."""
    return min(_DAYS_IN_ONE * left / (days_after + 1), left - days_after * _KEPT * part)


def _in_words(size: int) -> str:
    return f"{size / 1e9:.3g} GB" if size >= 10**9 else f"{size / 1e6:.3g} MB"
