"""Throughput tests over an imaginary link: what arrives is a function of time, and no time passes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from collectors.core import Reason
from collectors.core.ports import FULL_SEGMENT, Arrivals, BulkRequest, Direction, Failure, Point, Segment

_LOOK = 0.02


def constant(megabits: float) -> Callable[[float], float]:
    """Bytes that have arrived after so many seconds at this rate."""
    return lambda seconds: megabits * 125_000 * seconds


@dataclass(slots=True)
class FakeBulk:
    """The `bulk` of a net port. `key` is what the responder has; `failure` meets every test, in the phase it names."""

    arrived: Callable[[float], float] = field(default_factory=lambda: constant(20))
    round_trip: float = 0.02
    held_back: float | None = 0.0
    repeated: float | None = 0.0
    segment: Segment = FULL_SEGMENT
    key: str = "sixteen letters!"
    failure: Failure | None = None
    asked: list[BulkRequest] = field(default_factory=list)
    _totals: Counter[Direction] = field(default_factory=Counter)

    async def bulk(self, request: BulkRequest, timeout: float) -> Arrivals:
        self.asked.append(request)
        failure = self.failure
        if request.key.reveal() != self.key:
            failure = Failure(Reason.DENIED, "handshake", "this responder has another key")
        if failure:
            return Arrivals(total_bytes=self._totals[request.direction], phases={failure.phase: 0.0}, failure=failure)
        return self._measure(request)

    def _measure(self, request: BulkRequest) -> Arrivals:
        points: list[Point] = []
        ended = None
        while ended is None:
            elapsed = len(points) * _LOOK
            points.append((elapsed, int(self.arrived(elapsed))))
            if request.enough(points, self.round_trip):
                ended = "enough"
            elif points[-1][1] >= request.max_bytes:
                ended = "bytes"
            elif elapsed >= request.max_seconds:
                ended = "seconds"
        used = points[-1][1]
        self._totals[request.direction] += used
        return Arrivals(
            tuple(points), self.round_trip, used, self._totals[request.direction], self.held_back, self.repeated,
            2 * self.round_trip, self.segment, "bbr", ended,  # type: ignore[arg-type]
            {"resolve": 0.0, "connect": self.round_trip, "handshake": self.round_trip, "flow": points[-1][0]},
        )  # fmt: skip
