"""The cells of the comparison: a line, who else uses it, and what is expected of a probe there."""

from dataclasses import dataclass
from enum import StrEnum

from collectors.core.ports import Direction

MEGABIT = 1e6


class Others(StrEnum):
    """What else runs over the line, in both directions."""

    NOBODY = "nobody"
    UDP = "UDP"
    WEB = "web"
    TCP = "one greedy TCP"


@dataclass(frozen=True, slots=True)
class Cell:
    """rate, up, contract: Mbit/s; round_trip, queue, batch, jitter: seconds; loss: share of packets.

    up       where it differs from the rate downwards
    share    of the line that the others use, where they are not greedy
    bucket   bytes of the shaper's or the policer's bucket
    jitter   each packet is later by a random part of it, in the order of the others
    policed  packets beyond the rate are dropped; without `bucket` a second's worth passes at once before that
    hogs     busy loops on the machine
    """

    title: str
    rate: float
    others: Others = Others.NOBODY
    share: float = 0.3
    up: float = 0.0
    contract: float = 0.0
    round_trip: float = 0.02
    queue: float = 0.05
    bucket: int = 0
    loss: float = 0.0
    batch: float = 0.0
    jitter: float = 0.0
    policed: bool = False
    hogs: int = 0

    def carried(self, direction: Direction) -> float:
        """Mbit/s of the shaper."""
        return self.up or self.rate if direction == "up" else self.rate

    def expected(self, direction: Direction) -> float:
        """Mbit/s that the probe is told."""
        return self.contract or self.carried(direction)

    @property
    def company(self) -> str:
        """Who else uses the line, and how much of it."""
        return f"{self.others}, {self.share:.0%}" if self.others in (Others.UDP, Others.WEB) else self.others


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

_BUCKETS = (32_000, 200_000, 700_000)
FURTHER = (
    *(Cell(f"{rate} Mbit/s", rate, others) for rate in (3, 7, 15, 33, 75) for others in (Others.NOBODY, Others.UDP)),
    *(
        Cell(f"{rate} Mbit/s", rate, share=0.45, others=others)
        for rate in (15, 33)
        for others in (Others.UDP, Others.WEB)
    ),
    Cell("40 down, 8 up", 40, up=8),
    Cell("60 down, 6 up", 60, Others.UDP, up=6),
    *(Cell(f"33 Mbit/s, bucket of {size // 1000} kB", 33, bucket=size) for size in _BUCKETS),
    *(Cell(f"15 Mbit/s, bucket of {size // 1000} kB", 15, Others.UDP, bucket=size) for size in _BUCKETS),
    Cell("15 Mbit/s, bucket of 3000 kB", 15, bucket=3_000_000),
    *(Cell(f"33 Mbit/s, policer of {size // 1000} kB", 33, policed=True, bucket=size) for size in (32_000, 200_000)),
    Cell("33 Mbit/s, policer of 200 kB", 33, Others.UDP, policed=True, bucket=200_000),
    *(Cell(f"33 Mbit/s, jitter of {each} ms", 33, jitter=each / 1000) for each in (2, 5, 20)),
    Cell("15 Mbit/s, jitter of 5 ms", 15, Others.UDP, jitter=0.005),
    Cell("15 Mbit/s, batches of 8 ms, 0.5 % lost", 15, batch=0.008, loss=0.005),
    *(Cell(f"{rate} Mbit/s, batches of 12 ms", rate, Others.UDP, batch=0.012) for rate in (7, 33)),
    Cell("33 Mbit/s, 2 % lost, bucket of 200 kB", 33, Others.UDP, loss=0.02, bucket=200_000),
    Cell("15 Mbit/s, batches of 10 ms, bucket of 200 kB", 15, batch=0.01, bucket=200_000),
    Cell("7 Mbit/s, round trip 600 ms, 1 % lost", 7, round_trip=0.6, loss=0.01),
    Cell("33 Mbit/s, half of the contract", 33, Others.UDP, contract=66),
    *(Cell(f"{rate} Mbit/s", rate) for rate in (150, 300)),
)
