"""An office that measures and sends, in virtual time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from agent.buffer.scrape import Labels, Stamp
from agent.disk import Disk
from agent.uplink.courier import Courier, Habits
from agent.uplink.dispatch import Dispatch
from agent.uplink.packing import Packing
from agent.uplink.watch import Watch
from collectors.core.push import Compression, Destination
from collectors.core.values import Url
from tests.fakes.buffer import FakeBuffer
from tests.fakes.uplink import BEGAN, FakeClocks, FakeReceiver

SERIES: tuple[Labels, ...] = tuple((("__name__", f"metric_{number}"), ("office", "x")) for number in range(3))
EVERY = 15.0
TO = Destination(Url("https://store.example.vn/api/v1/write"), compression=Compression.SNAPPY)


class Office:
    """Values are the scrape's sequence, so that each can be told from all others."""

    def __init__(
        self,
        receiver: FakeReceiver,
        clocks: FakeClocks | None = None,
        habits: Habits | None = None,
        folder: Path | None = None,
    ) -> None:
        self.receiver, self.clocks, self.folder = receiver, clocks or FakeClocks(), folder
        self.habits = habits or Habits()
        self.buffer = FakeBuffer()
        self.moments: dict[int, float] = {}  # by sequence: Unix time, in truth
        self.dispatch: Dispatch

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Dispatch]:
        """From the start of an agent to its violent end."""
        watch = Watch(self.clocks, self.folder, Disk(), _at_once)
        newest = self.buffer.scrapes[-1].stamp if self.buffer.scrapes else None
        await watch.begin(newest)
        courier = Courier(self.habits, lambda: 0.5, watch.uptime())
        self.dispatch = Dispatch("centre", 0, self.receiver, Packing(TO), courier, self.buffer, watch)
        tasks = [asyncio.create_task(self.dispatch.run()), asyncio.create_task(self._measure(watch))]
        try:
            yield self.dispatch
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended

    async def _measure(self, watch: Watch) -> None:
        while True:
            await asyncio.sleep(EVERY)
            watch.look()
            await self.put(watch.stamp())

    async def put(self, stamp: Stamp) -> None:
        sequence = await self.buffer.newest() + 1
        self.moments[sequence] = BEGAN + stamp.monotonic + self.clocks.booted
        await self.buffer.append(stamp, dict.fromkeys(SERIES, float(sequence)))

    def reboot(self) -> None:
        """Between two agents."""
        self.clocks.number += 1
        self.clocks.booted = asyncio.get_running_loop().time() - 30.0

    # --- judging ----------------------------------------------------------------------------------------------------

    def exact(self, tolerance: float = 0.0) -> set[tuple[Labels, int]]:
        """What was taken, as (series, sequence); every one at its true time, or as near as `tolerance`."""
        found = set()
        for (labels, at), value in self.receiver.stored.items():
            moment = self.moments[int(value)]
            assert abs(at / 1000 - moment) <= tolerance + 0.001, (labels, value, at / 1000 - moment)
            assert (labels, int(value)) not in found
            found.add((labels, int(value)))
        assert self.receiver.conflicts == 0
        return found

    def refused(self) -> set[tuple[Labels, int]]:
        """What is in quarantine."""
        return {
            (labels, sequence)
            for one in self.buffer.refused
            for sequence in range(one.first, one.last + 1)
            for labels in (SERIES if one.labels is None else (one.labels,))
        }

    def everything(self) -> set[tuple[Labels, int]]:
        return {(labels, scrape.sequence) for scrape in self.buffer.scrapes for labels in SERIES}

    def shown(self) -> Mapping[str, float]:
        """Of all reasons together."""
        found: defaultdict[str, float] = defaultdict(float)
        for sample in self.dispatch.samples():
            found[sample.metric.name] += sample.value
        return found


async def _at_once(work: object, *args: object) -> object:
    return work(*args)  # type: ignore[operator]


def fifo() -> Habits:
    return replace(Habits(), fifo=True)
