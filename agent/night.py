"""Measuring less often outside of working hours what concerns nobody at the desk then, and at night what needs an empty
line. Pure.
"""

from datetime import date, datetime, time, timedelta

from collectors.core import Collector
from collectors.core.values import VIETNAM

_OPENS, _CLOSES = time(6, 30), time(18, 30)
_DARK, _DAWN = time(22), time(5)  # nobody is at the desk, whatever the season's work


def turns(collector: Collector, every: float, now: float) -> int:
    """1: the next turn is taken; 2: every other one, until runs are as far apart as the collector's `night_every`.

    Never fewer than half: whoever has set a shorter `every` than usual wants to see more, at night too.
    """
    night_every = getattr(collector, "night_every", 0.0)
    if _OPENS <= datetime.fromtimestamp(now, VIETNAM).time() < _CLOSES:
        return 1
    return 2 if every < night_every else 1


def of(now: float) -> date | None:
    """The night that this Unix time lies in, by the day on which it began; None by day."""
    here = datetime.fromtimestamp(now, VIETNAM)
    if _DAWN <= here.time() < _DARK:
        return None
    return here.date() if here.time() >= _DARK else here.date() - timedelta(days=1)
