"""What a flow says of the line, and whether it may be believed. Pure.

A figure of the line only where the flow was steady, the network alone set its pace, and the office did not use the line
beside it. What it got beside the office's own traffic is told by another name.
"""

from dataclasses import dataclass
from enum import StrEnum

from collectors.bandwidth.steady import Window, steady, why_not
from collectors.core import Reason
from collectors.core.ports import Arrivals, Direction
from collectors.wan.load import CONTENDED

MOST_HELD_BACK = 0.1
_MEGABIT = 125_000


class Doubt(StrEnum):
    """Why a test gives no figure of the line: a closed list, exported as the label `reason`."""

    BYTES = "byte_limit"  # reached before the rate was steady
    SECONDS = "time_limit"
    UNSTEADY = "unsteady"
    HELD_BACK = "held_back"  # a computer, not the link, set the pace
    CONTENDED = "contended"  # the office itself used a notable share of the line meanwhile


_BOUNDS = {
    "bytes": (Doubt.BYTES, "the byte limit was reached before the rate was steady"),
    "seconds": (Doubt.SECONDS, "the time limit was reached before the rate was steady"),
}
_NO_BOUND = (Doubt.UNSTEADY, "the rate was not steady")


@dataclass(frozen=True, slots=True)
class Finding:
    """One direction's test, judged. Without `window` there is no rate at all, and `text` says why.

    doubts  why there is no figure of the line; none where the test failed
    others  bytes per second that the office moved beside the test, None = not known
    """

    direction: Direction
    arrivals: Arrivals
    result: Reason
    text: str
    window: Window | None = None
    doubts: tuple[Doubt, ...] = ()
    others: float | None = None

    @property
    def valid(self) -> bool:
        return self.window is not None and not self.doubts


def judge(direction: Direction, arrivals: Arrivals, others: float | None = None) -> Finding:
    """others: bytes per second that the office moved beside the test in this direction, where its counters tell."""
    if arrivals.failure:
        return Finding(direction, arrivals, arrivals.failure.reason, arrivals.failure.message)
    window = steady(arrivals.points, arrivals.round_trip_seconds)
    if window is None:
        doubt, why = _BOUNDS.get(arrivals.ended, _NO_BOUND)
        text = f"no figure: {why}; {why_not(arrivals.points, arrivals.round_trip_seconds)}"
        return Finding(direction, arrivals, Reason.INVALID, text, doubts=(doubt,), others=others)
    if (arrivals.held_back or 0.0) > MOST_HELD_BACK:
        text = f"no figure: for {arrivals.held_back:.0%} of the time a computer, not the link, set the pace"
        return Finding(direction, arrivals, Reason.INVALID, text, window, (Doubt.HELD_BACK,), others)
    if others is not None and _contends(others, window.rate * arrivals.segment.at_ip_layer):
        text = f"{_in_words(window, arrivals)}; no figure of the line: {_beside(others)}"
        return Finding(direction, arrivals, Reason.OK, text, window, (Doubt.CONTENDED,), others)
    return Finding(direction, arrivals, Reason.OK, _in_words(window, arrivals), window, others=others)


def _contends(others: float, ours: float) -> bool:
    return others >= CONTENDED * (others + ours)


def _beside(others: float) -> str:
    return f"the office itself moved {others / _MEGABIT:.2f} Mbit/s beside it"


def _in_words(window: Window, arrivals: Arrivals) -> str:
    at_ip_layer = window.rate * arrivals.segment.at_ip_layer
    return (
        f"{window.rate / _MEGABIT:.2f} Mbit/s of TCP payload ({at_ip_layer / _MEGABIT:.2f} at the IP layer), "
        f"steady over the last {window.seconds:.1f} s (scatter {window.spread:.0%}); {_cost(arrivals)}"
    )


def _cost(arrivals: Arrivals) -> str:
    flow = f"{arrivals.used_bytes / 1e6:.2f} MB in {arrivals.phases.get('flow', 0):.2f} s"
    trip = f"round trip {arrivals.round_trip_seconds * 1e3:.1f} ms"
    if arrivals.loaded_round_trip_seconds is not None:
        trip += f", {arrivals.loaded_round_trip_seconds * 1e3:.0f} ms under load"
    again = "" if arrivals.repeated is None else f", {arrivals.repeated:.1%} sent again"
    return f"{flow}{again}, {trip}, {arrivals.congestion or 'unknown congestion control'}"
