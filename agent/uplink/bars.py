"""Series that a receiver refuses whenever it sees them: left out, so that the rest is not late for them. Pure."""

from collections import Counter
from collections.abc import Collection

from agent.buffer.scrape import Labels

ENOUGH = 3  # refusals of one series by itself
AGAIN = 900.0  # seconds after which all are tried again: whoever refused them may have been put right


class Bars:
    """Of one receiver. Times are seconds that go on evenly."""

    def __init__(self) -> None:
        self._refused: Counter[Labels] = Counter()
        self._since = 0.0

    def refused(self, labels: Labels, now: float) -> None:
        """This series alone was refused."""
        if not self._refused:
            self._since = now
        self._refused[labels] += 1

    def standing(self, now: float) -> Collection[Labels]:
        """What is to be left out."""
        if self._refused and now - self._since > AGAIN:
            self._refused.clear()
        return frozenset(labels for labels, count in self._refused.items() if count >= ENOUGH)
