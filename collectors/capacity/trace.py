"""The packets of one probe as its receiver saw them, and the rate at which they came. Pure.

A mobile scheduler or a busy modem hands packets on in batches. A rate that is read from the first to the last packet of
a window that cuts a batch is wrong by the batch, so on such links it is read from the start of one batch to another's.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

SECOND = 1_000_000_000  # nanoseconds
BATCH_GAP = 1_500_000  # nanoseconds: a shorter pause is no pause between batches
_BATCH_PAUSE = 3.0  # times the mean distance of packets
_FEWEST_BATCHES = 4
_PAUSES = 0.6  # of the time lie between batches, where there are batches
_FEWEST = 12  # packets in which batches can be told


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
        first = bisect_left(self.times, self.times[-1] - int(seconds * SECOND)) if self.times else 0
        return bool(batch_starts(self.times, first, len(self.times) - 1))


def batch_starts(times: list[int], first: int, last: int) -> list[int]:
    """The indexes after `first`, up to `last`, at which a batch begins; none where packets come smoothly."""
    number = last - first
    if number < _FEWEST:
        return []
    pause = max(BATCH_GAP, _BATCH_PAUSE * (times[last] - times[first]) / number)
    starts = [index for index in range(first + 1, last + 1) if times[index] - times[index - 1] > pause]
    paused = sum(times[index] - times[index - 1] for index in starts)
    if len(starts) < _FEWEST_BATCHES or paused < _PAUSES * (times[last] - times[first]):
        return []
    return starts
