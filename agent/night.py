"""Measuring less often outside of working hours what costs bytes and concerns nobody at the desk then. Pure."""

import math
from datetime import datetime, time

from collectors.core import Collector
from collectors.core.values import VIETNAM

_OPENS, _CLOSES = time(6, 30), time(18, 30)


def turns(collector: Collector, every: float, now: float) -> int:
    """1: the next turn is taken; n: each n-th one, so that runs are as far apart as the collector's `night_every`."""
    night_every = getattr(collector, "night_every", 0.0)
    if _OPENS <= datetime.fromtimestamp(now, VIETNAM).time() < _CLOSES:
        return 1
    return max(1, math.ceil(night_every / every))
