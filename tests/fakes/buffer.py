"""A buffer in memory that keeps everything and never fails."""

from collections.abc import Iterator, Mapping

from agent.buffer.ranges import Ranges
from agent.buffer.scrape import Labels, Refused, Scrape, Stamp
from collectors.core import Sample


class FakeBuffer:
    """See agent/buffer/port.py. `scrapes` and `refused` are what was put in; `apart` a gap before the next scrape."""

    def __init__(self) -> None:
        self.apart = 0
        self.scrapes: list[Scrape] = []
        self.refused: list[Refused] = []
        self._taken: dict[str, Ranges] = {}

    async def open(self) -> None: ...

    async def append(self, stamp: Stamp, values: Mapping[Labels, float]) -> int:
        self.scrapes.append(Scrape(await self.newest() + 1 + self.apart, stamp, dict(values)))
        self.apart = 0
        return self.scrapes[-1].sequence

    async def read(self, after: int, limit: int) -> tuple[Scrape, ...]:
        return tuple([scrape for scrape in self.scrapes if scrape.sequence > after][:limit])

    async def newest(self) -> int:
        return self.scrapes[-1].sequence if self.scrapes else 0

    def acknowledged(self, destination: str) -> Ranges:
        return self._taken.get(destination, Ranges())

    async def acknowledge(self, destination: str, first: int, last: int) -> None:
        last = min(last, await self.newest())
        before = max((one.sequence for one in self.scrapes if one.sequence < first), default=0)
        behind = min((one.sequence for one in self.scrapes if one.sequence > last), default=last + 1)
        self._taken[destination] = self.acknowledged(destination).plus(before + 1, behind - 1)

    async def take_back(self, destination: str, first: int, last: int) -> None:
        self._taken[destination] = self.acknowledged(destination).minus(first, last)

    async def quarantine(self, refused: Refused) -> None:
        self.refused.append(refused)
        if refused.labels is None:
            await self.acknowledge(refused.destination, refused.first, refused.last)

    async def close(self) -> None: ...

    def samples(self) -> Iterator[Sample]:
        return iter(())
