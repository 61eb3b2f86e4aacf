"""When an office's probes run, and what the last one that has ended found: each has a pace and a turn. Pure."""

from collections.abc import Callable, Iterator

from collectors.core import Reason

SLOW_FAILURES = frozenset((Reason.FROZEN, Reason.TIMEOUT, Reason.UNREACHABLE))
PATIENCE = 20.0  # seconds after which a service that says nothing is given up
BACKS_OFF = frozenset((Reason.ERROR, Reason.FROZEN, Reason.BLOCKED, Reason.MAINTENANCE))
_STEPS = (3, 6)  # equal failures after which every second, every third turn is taken (agent/backoff.py)
_LONGEST = 180.0
_QUICK = 0.5


def last_run(moment: float, every: float, turn: float) -> float:
    """When the run began that was due last. turn: 0 to 1, where in its pace the probe has its turn."""
    first = turn * every
    return (moment - first) // every * every + first


def found(
    moment: float, every: float, turn: float, world: Callable[[float], Reason], since: float
) -> tuple[Reason, float]:
    """The result that stands at this moment and when its run began.

    world  what a run that begins at a time finds
    since  nothing was wrong before: runs that back off are counted from here
    """
    stands, began = Reason.OK, last_run(since, every, turn)
    for run, result in _runs(last_run(since, every, turn), every, world):
        if run + (PATIENCE if result in SLOW_FAILURES else _QUICK) > moment:
            break
        stands, began = result, run
    return stands, began


def _runs(first: float, every: float, world: Callable[[float], Reason]) -> Iterator[tuple[float, Reason]]:
    """One after the other, more seldom while they fail in the same way and the service was reached."""
    at, before, streak = first, Reason.OK, 0
    while True:
        result = world(at)
        streak = streak + 1 if result is before else 1
        before = result
        yield at, result
        at += every * _turns(result, streak, every)


def _turns(result: Reason, streak: int, every: float) -> int:
    if result not in BACKS_OFF:
        return 1
    return max(1, min(1 + sum(streak >= step for step in _STEPS), int(_LONGEST // every)))
