"""When has a link shown what it carries? Asked by the receiver of a paced train that is faster than the link. Pure.

While a token bucket empties or a queue fills, packets arrive as fast as they are sent. Then the arrival rate drops to
the rate of the link and stays there: the knee. A link that is a little faster than the contract shows no clear drop,
but its queue grows; that counts too, where the rate is steady to 3 %. A sender that its own machine holds back looks
like a knee, but fills no queue and loses nothing.
"""

from dataclasses import dataclass

from collectors.capacity.trace import BATCH_GAP, Trace
from collectors.core.ports import Ending

SHORTEST_WINDOW = 0.04  # seconds
LONGEST_WINDOW = 0.4
WINDOW_PACKETS = 60  # that were sent: some 40 arrive
WINDOW_BATCHES = 10
DROPPED = 0.85  # of the sending rate: below it the link is the limit
AGREED = 0.05  # how far the halves of a window may differ at a knee
STEADY = 0.03  # and where only the queue says that the link is the limit
PRESSED = 0.003  # seconds of queue, or
LOST = 0.02  # of the packets: signs that the link is the limit, not the sender
QUEUED = 0.020  # seconds by which packets are later than the fastest one
_FULL_PACKET = 1500
_FIRST_LOOK, _EVERY = 48, 16  # packets
_BIG_GAP = 2 * BATCH_GAP  # nanoseconds


@dataclass(slots=True)
class KneeWatch:
    """Looks at a trace while it grows. sending: bytes per second at the IP layer at which the train is sent."""

    sending: float
    window: float = 0.0
    _next: int = _FIRST_LOOK

    def look(self, trace: Trace) -> Ending | None:
        """To be asked after each packet; looks closely at every sixteenth."""
        if len(trace) < self._next:
            return None
        self._next = len(trace) + _EVERY
        self.window = self._window(trace)
        if trace.seconds < 1.5 * self.window:
            return None
        half = self.window / 2
        return self._ending(trace.rate(half, before_end=half), trace.rate(half), trace)

    def _ending(self, earlier: float, later: float, trace: Trace) -> Ending | None:
        if not earlier or not later:
            return None
        apart = abs(earlier - later) / ((earlier + later) / 2)
        if max(earlier, later) < DROPPED * self.sending and apart < AGREED and _is_pressed(trace):
            return Ending.KNEE
        slower = max(earlier, later) < self.sending * (1 - STEADY)
        if slower and apart < STEADY and trace.delay_rise > QUEUED:
            return Ending.QUEUE
        return None

    def _window(self, trace: Trace) -> float:
        """Seconds: enough packets, and enough batches where they come in batches."""
        least = max(SHORTEST_WINDOW, WINDOW_PACKETS * _FULL_PACKET / self.sending)
        times = trace.times
        gaps = sorted(
            times[index] - times[index - 1]
            for index in range(max(1, len(times) - 2000), len(times))
            if times[index] - times[index - 1] > _BIG_GAP
        )
        if len(gaps) < 4:
            return least
        typical = gaps[len(gaps) // 2] / 1e9
        if len(gaps) * typical < 0.3 * trace.seconds:
            return least
        return max(least, min(LONGEST_WINDOW, WINDOW_BATCHES * typical))


def _is_pressed(trace: Trace) -> bool:
    return trace.delay_rise > PRESSED or trace.lost > LOST * len(trace)
