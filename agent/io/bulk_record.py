"""What is known of one bulk flow: our own counts, and the responder's reports as far as they can be true. Pure."""

from dataclasses import dataclass, field
from statistics import median

from agent.responder.frames import LARGEST_DATA, ProtocolError
from agent.responder.protocol import Progress
from collectors.core.ports import Direction, Point

_AHEAD = 1.0  # seconds by which the responder's clock may be ahead of ours
_REPEATED = 1.1  # a packet that was repeated without need arrives twice
_FEWEST = 5  # looks at the sender that tell anything
_CLOSEST = 0.005  # seconds between two reports that are worth keeping


@dataclass(frozen=True, slots=True)
class Pace:
    """One look at the sender.

    held_back   seconds so far in which it waited for a computer, not the network
    repeated    payload bytes so far that it had to send again
    round_trip  seconds, of late; 0 = not known
    """

    seconds: float
    held_back: float
    repeated: int = 0
    round_trip: float = 0.0


@dataclass(slots=True)
class Record:
    """points: what has arrived. Times count from the start of the flow at whichever end looked."""

    direction: Direction
    points: list[Point] = field(default_factory=list)
    _pace: list[Pace] = field(default_factory=list)

    @property
    def arrived(self) -> int:
        """Bytes, since the first look."""
        return self.points[-1][1] if self.points else 0

    @property
    def held_back(self) -> float | None:
        """The share of the second half in which the sender did not wait for the network; None: too little is known.

        The first half does not count: until the windows are open every sender waits. On slow links reports come late.
        """
        tail = self._tail()
        if len(tail) < _FEWEST:
            return None
        since, until = tail[0], tail[-1]
        return min(1.0, max(0.0, (until.held_back - since.held_back) / (until.seconds - since.seconds)))

    @property
    def loaded_round_trip(self) -> float | None:
        """Seconds, the median of the second half: the empty line's and the queue that the flow has filled."""
        trips = [look.round_trip for look in self._tail() if look.round_trip > 0]
        return median(trips) if len(trips) >= _FEWEST else None

    @property
    def repeated(self) -> int | None:
        """Payload bytes that the sender had to send again; None: nobody heard of it."""
        return self._pace[-1].repeated if self._pace else None

    def _tail(self) -> list[Pace]:
        middle = self.points[-1][0] / 2 if self.points else 0.0
        return [look for look in self._pace if look.seconds >= middle]

    def looked(self, elapsed: float, size: int) -> None:
        """Our own count of what has arrived here."""
        self.points.append((elapsed, size))

    def paced(self, look: Pace) -> None:
        """Of the sender, wherever it is."""
        if not self._pace or look.seconds > self._pace[-1].seconds:
            self._pace.append(look)

    def reported(self, progress: Progress, elapsed: float, sent: int) -> None:
        """What the responder says, `elapsed` seconds after the start, when we have sent at most `sent` bytes.

        ProtocolError when it cannot be true. Of reports that come too thick few are kept, so that they take no memory.
        """
        if progress.seconds > elapsed + _AHEAD:
            raise ProtocolError(f"it reports of second {progress.seconds:.1f} after {elapsed:.1f} s")
        if self.direction == "down":
            if not self._pace or progress.seconds >= self._pace[-1].seconds + _CLOSEST:
                self.paced(Pace(progress.seconds, progress.held_back, progress.repeated, progress.round_trip))
            return
        if progress.size > sent * _REPEATED + LARGEST_DATA:
            raise ProtocolError(f"it reports {progress.size} bytes where {sent} were sent")
        if self.points and progress.seconds < self.points[-1][0]:
            raise ProtocolError("its reports go back in time")
        if progress.size < self.arrived:
            raise ProtocolError("it takes back what had arrived")
        if len(self.points) > 1 and progress.seconds < self.points[-2][0] + _CLOSEST:
            self.points.pop()
        self.points.append((progress.seconds, progress.size))
