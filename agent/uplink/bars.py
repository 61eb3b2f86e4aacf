"""Series that a receiver refuses whenever it sees them: left out, so that the rest is not late for them. Pure.

Where it takes nothing of a look, something is wrong with the look, its time above all, and with none of its series.
"""

from collections import Counter
from collections.abc import Collection

from agent.buffer.scrape import Labels

ENOUGH = 3  # refusals of one series by itself
AGAIN = 900.0  # seconds after which all are tried again: whoever refused them may have been put right


class Bars:
    """Of one receiver. Times are seconds that go on evenly; looks are told by their sequences."""

    def __init__(self) -> None:
        self._refused: Counter[Labels] = Counter()
        self._since = 0.0
        self._look = 0  # the one of which parts are sent
        self._others_taken = False
        self._suspects: list[Labels] = []

    def refused(self, labels: Labels, look: int, now: float) -> None:
        """This series of the look was refused."""
        self._turn_to(look)
        self._suspects.append(labels)
        self._judge(now)

    def taken(self, look: int, now: float) -> None:
        """Other series of the look were taken."""
        self._turn_to(look)
        self._others_taken = True
        self._judge(now)

    def standing(self, now: float) -> Collection[Labels]:
        """What is to be left out."""
        if self._refused and now - self._since > AGAIN:
            self._refused.clear()
        return frozenset(labels for labels, count in self._refused.items() if count >= ENOUGH)

    def _turn_to(self, look: int) -> None:
        if look != self._look:
            self._look, self._others_taken, self._suspects = look, False, []

    def _judge(self, now: float) -> None:
        if self._others_taken and self._suspects:
            if not self._refused:
                self._since = now
            self._refused.update(self._suspects)
            self._suspects = []
