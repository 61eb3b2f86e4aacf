"""Looks at everything that /metrics shows, again and again, and puts it into the buffer. Probes never wait for it.

Each look says its number and how many samples it has. Whoever reads the store can tell by that what is missing there,
also after restarts: the number goes on from what the buffer holds.

A disk that hangs holds up no look: they wait in memory for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from agent.buffer.port import Buffer
from agent.buffer.scrape import Labels, Stamp
from agent.uplink.series import STALE, labels
from agent.uplink.watch import Watch
from collectors.core import Sample
from collectors.core.observed import BUFFER_LOST, SCRAPE_NUMBER, SCRAPE_SAMPLES

Page = Callable[[], Iterable[Sample]]
PATIENCE = 600.0  # seconds of looks that wait for a disk that hangs


class Recorder:
    """`identity`: the labels that say whose the samples are; `every`: seconds between two looks."""

    def __init__(self, page: Page, identity: Mapping[str, str], every: float, buffer: Buffer, watch: Watch) -> None:
        self._page, self._identity, self._every = page, identity, every
        self._buffer, self._watch = buffer, watch
        self._before: frozenset[Labels] = frozenset()
        self._number: int | None = None
        self._waiting: deque[tuple[Stamp, dict[Labels, float]]] = deque()
        self._news = asyncio.Event()
        self._lost = 0

    async def run(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look_again_and_again())
            tasks.create_task(self._write())

    def samples(self) -> Iterator[Sample]:
        """What /metrics shows."""
        yield BUFFER_LOST(self._lost, reason="hung")

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(self._every - self._watch.uptime() % self._every)
            await self.look()

    async def _write(self) -> None:
        """One after the other; what a hanging disk has not taken yet stays the first."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                await self._buffer.append(*self._waiting[0])
                self._waiting.popleft()

    async def look(self) -> None:
        """One look. A series that has left the page is over at once, as it is where the page is scraped."""
        self._watch.look()
        stamp = self._watch.stamp()
        values: dict[Labels, float] = {}
        for sample in self._page():
            values.setdefault(labels(sample, self._identity), sample.value)
        self._number = (await self._last() if self._number is None else self._number) + 1
        for own in (SCRAPE_NUMBER(self._number), SCRAPE_SAMPLES(len(values) + 2)):
            values[labels(own, self._identity)] = own.value
        self._keep(stamp, values)

    def _keep(self, stamp: Stamp, values: dict[Labels, float]) -> None:
        """Where there is room no more the new one is lost: then it ends no series either."""
        if len(self._waiting) * self._every >= PATIENCE:
            self._lost += 1
            return
        gone = self._before - values.keys()
        self._before = frozenset(values)
        self._waiting.append((stamp, values | dict.fromkeys(gone, STALE)))
        self._news.set()

    async def _last(self) -> int:
        """The number of the newest look in the buffer, 0 without one."""
        newest = await self._buffer.newest()
        number = labels(SCRAPE_NUMBER(0), self._identity)
        return max((int(scrape.values.get(number, 0)) for scrape in await self._buffer.read(newest - 1, 1)), default=0)
