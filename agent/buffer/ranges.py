"""Which sequences a receiver has taken: a low mark, and what is taken above it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST = 32  # ranges above the low mark: a live lane ahead of a backlog needs one


@dataclass(frozen=True, slots=True)
class Ranges:
    """Everything up to `low` is taken, and the closed ranges in `above`: ascending, none next to another or to `low`.

    Of more than MOST ranges the shortest is forgotten: it is sent again, which does no harm.
    """

    low: int = 0
    above: tuple[tuple[int, int], ...] = ()

    def __contains__(self, sequence: int) -> bool:
        return sequence <= self.low or any(first <= sequence <= last for first, last in self.above)

    def covers(self, first: int, last: int) -> bool:
        """Whether all from `first` to `last` is taken."""
        return last <= self.low or any(start <= first and last <= end for start, end in self.above)

    @property
    def top(self) -> int:
        """The highest sequence that is taken, 0 without one."""
        return self.above[-1][1] if self.above else self.low

    def gaps(self, newest: int) -> Iterator[tuple[int, int]]:
        """The closed ranges up to `newest` that are not taken, ascending."""
        start = self.low + 1
        for first, last in (*self.above, (newest + 1, newest + 1)):
            if start <= min(first - 1, newest):
                yield start, min(first - 1, newest)
            start = last + 1

    def plus(self, first: int, last: int) -> "Ranges":
        """With these taken too."""
        return _merged([(1, self.low), *self.above, (first, last)])

    def minus(self, first: int, last: int) -> "Ranges":
        """With these not taken, so that they are sent again."""
        pieces = []
        for start, end in ((1, self.low), *self.above):
            pieces += [(start, min(end, first - 1)), (max(start, last + 1), end)]
        return _merged(pieces)


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = [(0, 0)]
    for first, last in sorted(ranges):
        if last < first:
            continue
        start, end = found[-1]
        if first <= end + 1:
            found[-1] = start, max(end, last)
        else:
            found.append((first, last))
    (_, low), *above = found
    while len(above) > MOST:
        above.remove(min(above, key=lambda one: one[1] - one[0]))
    return Ranges(low, tuple(above))
