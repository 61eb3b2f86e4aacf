"""What the receivers have taken, and what they still wait for. Blocks."""

from pathlib import Path

from agent.buffer.cursors import Cursors
from agent.buffer.event import Happening, refusal
from agent.buffer.frame import FRAME_EVERY
from agent.buffer.log import Log
from agent.buffer.quota import Policy
from agent.buffer.ranges import Ranges
from agent.buffer.scrape import Refused
from agent.buffer.segment import Segment
from agent.buffer.store import Store


class Receipts:
    """Of the log that it opens. Cursors are written once so many scrapes were acknowledged: the rest is sent again."""

    def __init__(self, folder: Path | None, disk: Store | None, policy: Policy) -> None:
        self.cursors = Cursors(folder)
        self.log = Log(disk, policy, self.taken)
        self.destinations: tuple[str, ...] = ()
        self._unwritten = 0

    def open(self) -> None:
        self.cursors.open()
        self.log.open(max((ranges.top for ranges in self.cursors), default=0))

    def settle(self, policy: Policy, destinations: tuple[str, ...], now: float) -> None:
        """Keep to this from now on; `now` is Unix time. Whoever looks at the folder finds every receiver there."""
        self.log.policy, self.destinations = policy, destinations
        new = [name for name in destinations if name not in self.cursors.destinations]
        for name in new:
            self.cursors.set(name, Ranges())
        if new:
            self.write()
        self.log.tidy(now)

    def taken(self, one: Segment) -> bool:
        """Whether every destination has all of it; without a destination nothing is taken."""
        if not one.scrapes:
            return True
        ranges = [self.cursors.of(name) for name in self.destinations]
        return bool(ranges) and all(taken.covers(one.first, one.last) for taken in ranges)

    def waiting(self, destination: str) -> int:
        """Scrapes that it has not taken: exact where sequences have no gaps."""
        gaps = tuple(self.cursors.of(destination).gaps(self.log.newest))
        return sum(one.within(gaps) for one in self.log.segments)

    def acknowledge(self, destination: str, first: int, last: int) -> None:
        """Gaps on both sides belong to it, so that ranges meet. What is not there yet cannot be taken."""
        first, last = self.log.with_gaps(first, min(last, self.log.newest))
        before = self.cursors.of(destination)
        self._unwritten += last - max(first, before.low + 1) + 1
        self._set(destination, before.plus(first, last))

    def take_back(self, destination: str, first: int, last: int) -> None:
        self._unwritten += FRAME_EVERY
        self._set(destination, self.cursors.of(destination).minus(first, last))

    def _set(self, destination: str, ranges: Ranges) -> None:
        self.cursors.set(destination, ranges)
        if self._unwritten >= FRAME_EVERY:
            self.write()

    def write(self) -> None:
        """The cursors, unless the disk is to rest."""
        if not self.log.held:
            self._unwritten = 0
            self.cursors.write()

    def quarantine(self, refused: Refused) -> None:
        self.log.note(Happening.QUARANTINE, refusal(refused))
        if refused.labels is None:
            self.acknowledge(refused.destination, refused.first, refused.last)

    def close(self) -> None:
        self.log.close()
        self.write()
