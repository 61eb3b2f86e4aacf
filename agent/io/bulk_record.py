"""What is known of one bulk flow: our own counts, and the responder's reports as far as they can be true. Pure."""

from dataclasses import dataclass, field

from agent.responder.frames import LARGEST_DATA, ProtocolError
from agent.responder.protocol import Progress
from collectors.core.ports import Direction, Point

_AHEAD = 1.0  # seconds by which the responder's clock may be ahead of ours
_REPEATED = 1.1  # a packet that was repeated without need arrives twice
_FEWEST = 5  # looks at the sender that tell anything
_CLOSEST = 0.005  # seconds between two reports that are worth keeping


@dataclass(slots=True)
class Record:
    """points: what has arrived; pace: (seconds, seconds in which the sender waited for a computer, not the network).

    Times count from the start of the flow at whichever end looked.
    """

    direction: Direction
    points: list[Point] = field(default_factory=list)
    _pace: list[tuple[float, float]] = field(default_factory=list)

    @property
    def arrived(self) -> int:
        """Bytes, since the first look."""
        return self.points[-1][1] if self.points else 0

    @property
    def held_back(self) -> float | None:
        """The share of the second half in which the sender did not wait for the network; None: too little is known.

        The first half does not count: until the windows are open every sender waits. On slow links reports come late.
        """
        middle = self.points[-1][0] / 2 if self.points else 0.0
        tail = [moment for moment in self._pace if moment[0] >= middle]
        if len(tail) < _FEWEST:
            return None
        (since, before), (until, after) = tail[0], tail[-1]
        return min(1.0, max(0.0, (after - before) / (until - since)))

    def looked(self, elapsed: float, size: int) -> None:
        """Our own count of what has arrived here."""
        self.points.append((elapsed, size))

    def paced(self, elapsed: float, held_back: float) -> None:
        """Of the sender, wherever it is."""
        if not self._pace or elapsed > self._pace[-1][0]:
            self._pace.append((elapsed, held_back))

    def reported(self, progress: Progress, elapsed: float, sent: int) -> None:
        """What the responder says, `elapsed` seconds after the start, when we have sent at most `sent` bytes.

        ProtocolError when it cannot be true. Of reports that come too thick few are kept, so that they take no memory.
        """
        if progress.seconds > elapsed + _AHEAD:
            raise ProtocolError(f"it reports of second {progress.seconds:.1f} after {elapsed:.1f} s")
        if self.direction == "down":
            if not self._pace or progress.seconds >= self._pace[-1][0] + _CLOSEST:
                self.paced(progress.seconds, progress.held_back)
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
