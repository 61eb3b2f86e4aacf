"""The responder's own line: a responder whose line is full would measure itself. Pure.

Directions are the offices': down is what the responder sends.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, get_args

from collectors.core import Sample
from collectors.core.ports import Direction
from collectors.core.responder import RESPONDER_LINE, RESPONDER_LINE_BYTES, RESPONDER_LINE_LOAD

MOST = 0.5  # share of the line beyond which no test begins


class Counters(NamedTuple):
    """Bytes that an interface has carried since the machine started."""

    received: int
    sent: int

    def of(self, direction: Direction) -> int:
        """As the offices see it."""
        return self.sent if direction == "down" else self.received


@dataclass(slots=True)
class Line:
    """capacity: bytes per second, each way. rates: of the last second or so, tests and everything else."""

    capacity: float
    rates: Mapping[Direction, float] = field(default_factory=dict)
    _seen: tuple[float, Counters] | None = None

    def look(self, now: float, counters: Counters) -> None:
        """To be told about once a second. A counter that has fallen (the interface is a new one) tells nothing."""
        if self._seen and now > self._seen[0]:
            seconds, before = now - self._seen[0], self._seen[1]
            self.rates = {
                direction: max(0.0, (counters.of(direction) - before.of(direction)) / seconds)
                for direction in get_args(Direction)
            }
        self._seen = now, counters

    def has_room(self, direction: Direction, promised: float, wanted: float) -> bool:
        """Whether a test fits. promised: bytes per second that running tests were granted; wanted: by this one."""
        return max(self.rates.get(direction, 0.0), promised) + wanted <= MOST * self.capacity

    def samples(self) -> Iterator[Sample]:
        """The loads are absent before the second look."""
        yield RESPONDER_LINE(self.capacity)
        for direction, rate in self.rates.items():
            yield RESPONDER_LINE_LOAD(rate / self.capacity, direction=direction)
        if self._seen:
            for direction in get_args(Direction):
                yield RESPONDER_LINE_BYTES(self._seen[1].of(direction), direction=direction)
