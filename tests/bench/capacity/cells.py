"""The cells of the comparison: a line, who else uses it, and what is expected of a probe there."""

from dataclasses import dataclass
from enum import StrEnum

MEGABIT = 1e6


class Others(StrEnum):
    """What else runs over the line, in both directions."""

    NOBODY = "nobody"
    UDP = "UDP, 30 %"
    WEB = "web, 30 %"
    TCP = "one greedy TCP"


@dataclass(frozen=True, slots=True)
class Cell:
    """rate, contract: Mbit/s; round_trip, queue, batch: seconds; bucket: bytes of the shaper; loss: share of packets.

    policed  packets beyond the rate are dropped, after a second's worth of it has passed at once
    hogs     busy loops on the machine
    """

    title: str
    rate: float
    others: Others = Others.NOBODY
    contract: float = 0.0
    round_trip: float = 0.02
    queue: float = 0.05
    bucket: int = 0
    loss: float = 0.0
    batch: float = 0.0
    policed: bool = False
    hogs: int = 0

    @property
    def expected(self) -> float:
        """Mbit/s that the probe is told."""
        return self.contract or self.rate


CELLS = (
    *(Cell(f"{rate} Mbit/s", rate, others) for rate in (5, 20, 50, 100) for others in Others),
    Cell("20 Mbit/s, round trip 2 ms", 20, round_trip=0.002),
    Cell("20 Mbit/s, round trip 200 ms", 20, round_trip=0.2),
    Cell("20 Mbit/s, round trip 600 ms", 20, round_trip=0.6),
    Cell("20 Mbit/s, 1 % lost", 20, loss=0.01),
    Cell("20 Mbit/s, queue of 10 ms", 20, queue=0.01),
    Cell("20 Mbit/s, queue of 500 ms", 20, queue=0.5),
    *(Cell(f"20 Mbit/s, bucket of {size // 1000} kB", 20, bucket=size) for size in (64_000, 256_000, 1_000_000)),
    Cell("100 Mbit/s, bucket of 1000 kB", 100, bucket=1_000_000),
    *(Cell(f"20 Mbit/s, batches of {milliseconds} ms", 20, batch=milliseconds / 1000) for milliseconds in (5, 10, 20)),
    Cell("20 Mbit/s, policer with a second's bucket", 20, policed=True),
    *(Cell(f"20 Mbit/s, {20 / told:.0%} of the contract", 20, contract=told) for told in (33.3, 100.0, 15.0, 10.0)),
    Cell("20 Mbit/s, two busy loops", 20, hogs=2),
    Cell("100 Mbit/s, two busy loops", 100, hogs=2),
)
