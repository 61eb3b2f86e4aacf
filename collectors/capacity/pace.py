"""How fast a train is sent. Pure.

Usually half as fast again as the contract. A line that was last seen at a fifth of it would be overloaded seven times
over for that, and lose what the office sends beside it: there twice the last figure is enough to fill it. Where the
line carries all of that it has recovered, and a usual train tells how far.
"""

from dataclasses import dataclass

from collectors.capacity.past import Low
from collectors.capacity.target import Target
from collectors.core.ports import Direction, TrainRequest

USUAL, AFTER_A_DIP = 1.5, 2.0  # times the contract; times the last figure
_SECONDS = 0.5  # of a train at the lower pace: a recovered line should soon be asked at the usual one
_BUCKETS = 3.0  # times the bucket that was seen: at twice the line's rate it is empty after two


@dataclass(frozen=True, slots=True)
class Pace:
    """expected: bytes per second; factor: how many times as fast the train is; max_bytes: of the train."""

    expected: float
    factor: float
    max_bytes: int
    usual: bool = True

    def request(self, target: Target, direction: Direction) -> TrainRequest:
        """What the port is asked for."""
        return TrainRequest(
            target.responder.host, target.port, target.key, direction, self.expected, self.max_bytes, self.factor
        )


def usual(target: Target, direction: Direction) -> Pace:
    """Of a line of which nothing bad is known."""
    return Pace(target.expected(direction), USUAL, target.bound(direction))


def after(target: Target, direction: Direction, low: Low | None) -> Pace:
    """Of a line that was this low when it was last seen, None = it was not."""
    as_ever = usual(target, direction)
    if low is None or AFTER_A_DIP * low.capacity >= USUAL * as_ever.expected:
        return as_ever
    needed = AFTER_A_DIP * low.capacity * _SECONDS + _BUCKETS * low.bucket
    return Pace(low.capacity, AFTER_A_DIP, round(min(needed, as_ever.max_bytes / 2)), usual=False)
