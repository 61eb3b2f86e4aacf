"""What the packets of one run say of the line. Pure. Times in seconds."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from collectors.core.ports import Echo

STATS = ("min", "p50", "p95", "p99", "max")
_SHARES = (0.0, 0.5, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Summary:
    """Of one run.

    round_trips  by the names of STATS; nothing where no answer came
    jitter       mean difference of successive answers' round trips (the D of RFC 3550, section 6.4.1, not
                 smoothed); None for fewer than two answers
    bursts       stretches of at least two lost packets in a row
    longest      packets of the longest stretch of lost ones, also of a single one
    """

    sent: int
    lost: int
    round_trips: tuple[float, ...]
    jitter: float | None
    bursts: int
    longest: int

    @property
    def loss(self) -> float:
        """0 to 1."""
        return self.lost / self.sent


def summary(echoes: Sequence[Echo]) -> Summary:
    """Of at least one packet, in the order in which they were sent."""
    answered = [echo.round_trip for echo in echoes if echo.round_trip is not None]
    stretches = tuple(_stretches(echoes))
    return Summary(
        sent=len(echoes),
        lost=len(echoes) - len(answered),
        round_trips=tuple(percentile(sorted(answered), share) for share in _SHARES) if answered else (),
        jitter=_jitter(answered),
        bursts=sum(length > 1 for length in stretches),
        longest=max(stretches, default=0),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """By nearest rank: a value that was measured. ordered: ascending, at least one; share: 0 to 1."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _jitter(answered: Sequence[float]) -> float | None:
    if len(answered) < 2:
        return None
    return sum(abs(later - earlier) for earlier, later in pairwise(answered)) / (len(answered) - 1)


def _stretches(echoes: Sequence[Echo]) -> Iterator[int]:
    for lost, stretch in groupby(echoes, key=lambda echo: echo.round_trip is None):
        if lost:
            yield sum(1 for _ in stretch)
