"""Looks at everything that /metrics shows, again and again, and puts it into the buffer. Probes never wait for it.

Each look says its number and how many samples it has. Whoever reads the store can tell by that what is missing there,
also after restarts: the number goes on from what the buffer holds.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from agent.buffer.port import Buffer
from agent.buffer.scrape import Labels
from agent.uplink.series import STALE, labels
from agent.uplink.watch import Watch
from collectors.core import Sample
from collectors.core.observed import SCRAPE_NUMBER, SCRAPE_SAMPLES

Page = Callable[[], Iterable[Sample]]


class Recorder:
    """`identity`: the labels that say whose the samples are; `every`: seconds between two looks."""

    def __init__(self, page: Page, identity: Mapping[str, str], every: float, buffer: Buffer, watch: Watch) -> None:
        self._page, self._identity, self._every = page, identity, every
        self._buffer, self._watch = buffer, watch
        self._before: frozenset[Labels] = frozenset()
        self._number: int | None = None

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(self._every - self._watch.uptime() % self._every)
            await self.look()

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
        gone = self._before - values.keys()
        self._before = frozenset(values)
        await self._buffer.append(stamp, values | dict.fromkeys(gone, STALE))

    async def _last(self) -> int:
        """The number of the newest look in the buffer, 0 without one."""
        newest = await self._buffer.newest()
        number = labels(SCRAPE_NUMBER(0), self._identity)
        return max((int(scrape.values.get(number, 0)) for scrape in await self._buffer.read(newest - 1, 1)), default=0)
