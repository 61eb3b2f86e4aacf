"""The packets of one probe as its receiver saw them, and the rate at which they came. Pure.

A mobile scheduler or a busy modem hands packets on in batches. A rate that is read from the first to the last packet of
a window that cuts a batch is wrong by the batch, so on such links it is read from the start of one batch to another's.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

SECOND = 1_000_000_000  # nanoseconds
BATCH_GAP = 1_500_000  # nanoseconds: a shorter pause is no pause between batches
_BATCH_PAUSE = 3.0  # times the mean distance of packets
_FEWEST_BATCHES = 4
_PAUSES = 0.6  # of the time lie between batches, where there are batches
_FEWEST = 12  # packets in which batches can be told
_CLUMP = 0.002  # seconds worth of the rate, or
_CLUMP_PACKETS = 3
_TOGETHER = 0.6  # of the time that they should take: packets so much faster than the rate were held up and let go
_FEWEST_CLUMPS = 3
_SLOW = 1_000_000  # nanoseconds between two packets: there no machine's own coarseness brings them together,
_CLOSE = 0.3  # and no packet should come within this part of it,
_CLOSE_SHARE = 0.15  # as so many of them do where they were held up


@dataclass(slots=True)
class Trace:
    """Packets in the order of their arrival.

    times   when the kernel stamped them, nanoseconds of the receiver's clock, ascending
    totals  bytes at the IP layer up to and with each packet
    delays  nanoseconds between the sender's stamp and the arrival, with an unknown offset between the two clocks
    highest the largest packet number seen; numbers begin at 0
    """

    times: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    highest: int = -1

    def add(self, time: int, size: int, sent: int, number: int) -> None:
        """One packet. A stamp that lies before the last one (the clock was set back) counts as the last one."""
        self.times.append(max(time, self.times[-1]) if self.times else time)
        self.totals.append(size + (self.totals[-1] if self.totals else 0))
        self.delays.append(time - sent)
        self.highest = max(self.highest, number)

    def __len__(self) -> int:
        return len(self.times)

    @property
    def seconds(self) -> float:
        """From the first packet to the last."""
        return (self.times[-1] - self.times[0]) / SECOND if self.times else 0.0

    @property
    def size(self) -> int:
        """Bytes at the IP layer."""
        return self.totals[-1] if self.totals else 0

    @property
    def lost(self) -> int:
        """Packets that were sent before the last one that arrived, and did not."""
        return max(0, self.highest + 1 - len(self))

    @property
    def delay_rise(self) -> float:
        """Seconds by which the last packets were later than the fastest one: the queue that the probe has filled."""
        if not self.delays:
            return 0.0
        recent = sorted(self.delays[-_FEWEST:])
        return max(0.0, (recent[len(recent) // 2] - min(self.delays)) / SECOND)

    def rate(self, seconds: float, before_end: float = 0.0) -> float:
        """Bytes per second in the window of this length that ends so long before the last packet; 0 = unknown."""
        end = self.times[-1] - int(before_end * SECOND)
        first = bisect_left(self.times, end - int(seconds * SECOND))
        last = bisect_right(self.times, end) - 1
        if last <= first + 2 or self.times[last] == self.times[first]:
            return 0.0
        if starts := batch_starts(self.times, first, last):
            begin, end_of = starts[0], starts[-1]
            size = self.totals[end_of - 1] - self.totals[begin - 1]
            return size * SECOND / (self.times[end_of] - self.times[begin])
        return (self.totals[last] - self.totals[first]) * SECOND / (self.times[last] - self.times[first])

    def is_batched(self, seconds: float) -> bool:
        """Whether the packets of the last `seconds` came in batches."""
        return bool(batch_starts(self.times, self._since(seconds), len(self) - 1))

    def is_uneven(self, seconds: float) -> bool:
        """Whether packets of the last `seconds` were held up again and again and came together after that.

        Others' packets between ours make gaps longer; shorter than the link's own no queue can make them.
        """
        first = self._since(seconds)
        if len(self) - first < _FEWEST:
            return False
        apart = (self.times[-1] - self.times[first]) / (len(self) - 1 - first)  # nanoseconds, on average
        if apart > _SLOW and self._close(first, _CLOSE * apart) > _CLOSE_SHARE * (len(self) - first):
            return True
        many = max(_CLUMP_PACKETS, round(_CLUMP * SECOND / max(1.0, apart)))
        clumps, begin = 0, first
        while begin + many < len(self):
            together = self.times[begin + many] - self.times[begin] < _TOGETHER * many * apart
            clumps += together
            begin += many if together else 1
        return clumps >= _FEWEST_CLUMPS

    def _close(self, first: int, distance: float) -> int:
        """How many packets followed another one within so many nanoseconds."""
        return sum(later - earlier < distance for earlier, later in pairwise(self.times[first:]))

    def _since(self, seconds: float) -> int:
        return bisect_left(self.times, self.times[-1] - int(seconds * SECOND)) if self.times else 0


class Line(NamedTuple):
    """rate: bytes per second, 0 = unknown; spread: seconds from the earliest to the latest packet beside the line."""

    rate: float
    spread: float


def line_through(times: Sequence[int], totals: Sequence[int]) -> Line:
    """By least squares, of the time on the bytes: only times are uncertain. Nanoseconds; bytes up to each packet."""
    count = len(times)
    if count < 3:
        return Line(0.0, 0.0)
    middle, half = sum(times) / count, sum(totals) / count
    across = sum((total - half) ** 2 for total in totals)
    slope = sum((time - middle) * (total - half) for time, total in zip(times, totals, strict=True)) / max(1.0, across)
    if slope <= 0:
        return Line(0.0, 0.0)
    beside = [time - middle - slope * (total - half) for time, total in zip(times, totals, strict=True)]
    return Line(SECOND / slope, (max(beside) - min(beside)) / SECOND)


def batch_starts(times: list[int], first: int, last: int) -> list[int]:
    """The indexes after `first`, up to `last`, at which a batch begins; none where packets come smoothly."""
    if last - first < _FEWEST:
        return []
    starts = starts_of_clumps(times, first, last)
    paused = sum(times[index] - times[index - 1] for index in starts)
    if len(starts) < _FEWEST_BATCHES or paused < _PAUSES * (times[last] - times[first]):
        return []
    return starts


def starts_of_clumps(times: Sequence[int], first: int, last: int) -> list[int]:
    """The indexes after `first`, up to `last`, before which there is a pause."""
    pause = max(BATCH_GAP, _BATCH_PAUSE * (times[last] - times[first]) / max(1, last - first))
    return [index for index in range(first + 1, last + 1) if times[index] - times[index - 1] > pause]
