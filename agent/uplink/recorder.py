"""Looks at everything that /metrics shows, again and again, and puts it into the buffer. Probes never wait for it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from agent.buffer.port import Buffer
from agent.buffer.scrape import Labels
from agent.uplink.series import STALE, labels
from agent.uplink.watch import Watch
from collectors.core import Sample

Page = Callable[[], Iterable[Sample]]


class Recorder:
    """`identity`: the labels that say whose the samples are; `every`: seconds between two looks."""

    def __init__(self, page: Page, identity: Mapping[str, str], every: float, buffer: Buffer, watch: Watch) -> None:
        self._page, self._identity, self._every = page, identity, every
        self._buffer, self._watch = buffer, watch
        self._before: frozenset[Labels] = frozenset()

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
        gone = self._before - values.keys()
        self._before = frozenset(values)
        await self._buffer.append(stamp, values | dict.fromkeys(gone, STALE))
