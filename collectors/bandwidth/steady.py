"""When has a flow shown what it gets? Pure arithmetic over the arrivals at its receiving end.

A flow starts slowly, a full token bucket lets its first bytes pass unshaped, and a queue fills: what the beginning of a
test shows is not the link. So only a window at its end counts, and only when it is steady: both halves of the window
agree, and its twelve parts do not scatter. The shortest window is 0.6 s or six round trips. A link whose arrivals come
in lumps (a mobile scheduler, or few packets per part) needs a longer one and gets it, as long as the test runs.

Nothing here knows a contract: a test that stops as soon as the contracted rate is seen measures the bucket.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from collectors.core.ports import Point

SEGMENT = 1448  # payload bytes of a full TCP segment at an MTU of 1500, with timestamps
PARTS = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as steady. Shares are of the window's mean rate."""

    window_seconds: float = 0.6
    window_round_trips: float = 6.0
    window_growth: float = 1.5  # each window that is tried is longer than the one before by this factor
    start_seconds: float = 0.3  # of every test, in no window
    start_round_trips: float = 3.0
    halves: float = 0.05  # how far the two halves may lie apart
    spread: float = 0.15  # how far the 10th and 90th percentile of the parts may lie apart
    part_bytes: int = 12 * SEGMENT  # fewer, and the size of a packet alone makes the parts scatter


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Window:
    """The end of a test. rate in bytes per second; halves and spread as shares of it."""

    seconds: float
    rate: float
    halves: float
    spread: float


def steady(points: Sequence[Point], round_trip: float, rule: Rule = RULE) -> Window | None:
    """The shortest window at the end of `points` that is steady, None when there is none (yet).

    points: (seconds, bytes so far), ascending, at any distances; round_trip: seconds, of the empty link.
    """
    for window in _windows(points, round_trip, rule):
        if window.rate * window.seconds < rule.part_bytes * PARTS:
            continue
        if window.halves <= rule.halves and window.spread <= rule.spread:
            return window
    return None


def is_steady(points: Sequence[Point], round_trip: float) -> bool:
    """The question that a test asks: is this enough?"""
    return steady(points, round_trip) is not None


def why_not(points: Sequence[Point], round_trip: float, rule: Rule = RULE) -> str:
    """For a person: what kept the test from being steady."""
    if not points or points[-1][1] == points[0][1]:
        return "nothing arrived"
    windows = tuple(_windows(points, round_trip, rule))
    if not windows:
        lasted, needed = points[-1][0] - points[0][0], sum(_least(round_trip, rule))
        return f"it lasted {lasted:.2f} s, and at least {needed:.2f} s are needed"
    calmest = min(windows, key=lambda window: max(window.halves / rule.halves, window.spread / rule.spread))
    if calmest.halves <= rule.halves and calmest.spread <= rule.spread:
        return f"{calmest.rate * calmest.seconds:.0f} bytes in {calmest.seconds:.1f} s are too few packets to judge"
    return (
        f"at best, over {calmest.seconds:.1f} s, its halves differed by {calmest.halves:.0%} "
        f"(at most {rule.halves:.0%}) and its parts scattered by {calmest.spread:.0%} (at most {rule.spread:.0%})"
    )


def _windows(points: Sequence[Point], round_trip: float, rule: Rule) -> Iterator[Window]:
    """Every window that lies behind the start of the test and has something in it, the shortest first."""
    if len(points) < 2:
        return
    start, seconds = _least(round_trip, rule)
    available = points[-1][0] - points[0][0] - start
    while seconds <= available:
        window = _window(points, seconds)
        if window:
            yield window
        seconds *= rule.window_growth


def _least(round_trip: float, rule: Rule) -> tuple[float, float]:
    """Seconds of start that are never judged, and seconds of the shortest window."""
    return (
        max(rule.start_seconds, rule.start_round_trips * round_trip),
        max(rule.window_seconds, rule.window_round_trips * round_trip),
    )


def _window(points: Sequence[Point], seconds: float) -> Window | None:
    """The last `seconds` in twelve parts, None when nothing arrived in them."""
    marks = _bytes_at(points, [points[-1][0] - seconds * (PARTS - part) / PARTS for part in range(PARTS + 1)])
    mean = (marks[-1] - marks[0]) / PARTS
    if mean <= 0:
        return None
    parts = sorted(later - earlier for earlier, later in pairwise(marks))
    middle = PARTS // 2
    first_half, second_half = marks[middle] - marks[0], marks[-1] - marks[middle]
    tenth = round(0.1 * (PARTS - 1))
    return Window(
        seconds=seconds,
        rate=mean * PARTS / seconds,
        halves=abs(first_half - second_half) / (mean * middle),
        spread=(parts[-1 - tenth] - parts[tenth]) / mean,
    )


def _bytes_at(points: Sequence[Point], times: Sequence[float]) -> list[float]:
    """The bytes that had arrived at ascending times, on straight lines between the points; one walk from the end."""
    found: list[float] = []
    index = len(points) - 1
    for time in reversed(times):
        while index > 1 and points[index - 1][0] >= time:
            index -= 1
        (t0, b0), (t1, b1) = points[index - 1], points[index]
        share = (time - t0) / (t1 - t0) if t1 > t0 else 1.0
        found.append(b0 + (b1 - b0) * min(1.0, max(0.0, share)))
    return found[::-1]
