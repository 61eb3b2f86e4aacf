"""What goes when there is not room for everything. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from agent.buffer.segment import Segment


@dataclass(frozen=True, slots=True)
class Policy:
    """quota: bytes; keep: seconds for which what every receiver has taken is kept, while there is room."""

    quota: int = 64 << 20  # three weeks of an office with 150 series
    keep: float = 7 * 86400.0


class Step(Enum):
    """What is done to a segment."""

    FORGET = auto()  # every receiver has taken it
    THIN = auto()  # to a scrape a minute
    DROP = auto()  # nobody has it


Taken = Callable[[Segment], bool]


def outdated(segments: Sequence[Segment], taken: Taken, keep: float, now: float) -> Iterator[Segment]:
    """Those that have been kept long enough. `now` is Unix time."""
    return (one for one in segments if now - one.until > keep and taken(one))


def next_step(segments: Sequence[Segment], taken: Taken) -> tuple[Step, Segment] | None:
    """How to make room: taken ones first, the oldest of them before others; None where nothing is left to give."""
    for one in segments:
        if taken(one):
            return Step.FORGET, one
    for one in segments:
        if not one.sparse:
            return Step.THIN, one
    return (Step.DROP, segments[0]) if segments else None
