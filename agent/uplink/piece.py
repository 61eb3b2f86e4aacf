"""What one request carries. Pure."""

from dataclasses import dataclass
from enum import Enum


class Lane(Enum):
    """Why something is sent now. A trial carries nothing: it asks whether we are let in, and what time it is."""

    LIVE = "live"
    BACKLOG = "backlog"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Piece:
    """Scrapes by their sequences, both included.

    part  of a single scrape only the series from a place to a place in their order, the second one left out
    """

    lane: Lane
    first: int = 0
    last: int = 0
    part: tuple[int, int] | None = None

    @property
    def scrapes(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Orders:
    """What the buffer is to be told after an answer.

    acknowledge  sequences, both included; quarantine: what is never sent again, and noted as refused
    """

    acknowledge: tuple[int, int] | None = None
    quarantine: Piece | None = None
