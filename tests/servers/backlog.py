"""An office whose line was down: what it measured meanwhile, and the sending of it over a real line."""

import asyncio
import time
from contextlib import suppress

from agent.buffer.scrape import Labels, Stamp
from agent.disk import Disk
from agent.io.line import HttpLine
from agent.uplink.courier import Courier, Habits
from agent.uplink.dispatch import Dispatch
from agent.uplink.packing import Packing
from agent.uplink.watch import Watch
from collectors.core.push import Destination
from collectors.core.values import Url
from tests.fakes.buffer import FakeBuffer

EVERY = 15.0
_HABITS = Habits(every=0.2, full=40, live=8, share=1.0)


class LongRunning:
    """Clocks of a machine that has run for a year, right from the beginning."""

    def boot(self) -> str:
        return "boot"

    def uptime(self) -> float:
        return time.monotonic() + 3e7

    def wall(self) -> float:
        return time.time()

    def synchronised(self) -> bool:
        return True

    def battery_agrees(self) -> bool:
        return False


class Backlog:
    """`series` series of `scrapes` scrapes; each value tells its series and its scrape."""

    def __init__(self, office: str, series: int, scrapes: int) -> None:
        self.office, self.scrapes = office, scrapes
        self.labels: tuple[Labels, ...] = tuple(
            (("__name__", f"metric_{number}"), ("commune", office[:5]), ("office", office), ("province", "04"))
            for number in range(series)
        )
        self.watch = Watch(LongRunning(), None, Disk())
        self.buffer = FakeBuffer()
        self.sent = self.bytes = 0

    async def fill(self, ancient: int = -1) -> None:
        """`ancient`: the one scrape that lies 100 hours back, before what a store takes."""
        await self.watch.begin(None)
        now = self.watch.stamp()
        for back in range(self.scrapes, 0, -1):
            index = self.scrapes - back
            age = EVERY * back + (360_000 if index == ancient else 0)
            await self._measure(Stamp(now.boot, now.monotonic - age, now.wall - age), index)

    async def go_on(self) -> None:
        """Measure, until this is cancelled."""
        while True:
            await asyncio.sleep(0.3)
            await self._measure(self.watch.stamp(), await self.buffer.newest())

    async def _measure(self, stamp: Stamp, index: int) -> None:
        values = {labels: number * 1e6 + index + 0.5 for number, labels in enumerate(self.labels)}
        await self.buffer.append(stamp, values)

    async def send(self, url: str) -> None:
        """Until the receiver has all of it."""
        await self.send_to(Destination(Url(f"{url}/api/v1/write")))

    async def send_to(self, to: Destination) -> None:
        """The same."""
        courier = Courier(_HABITS, lambda: 0.02, self.watch.uptime())
        dispatch = Dispatch("store", 0, HttpLine(to, "test"), Packing(to), courier, self.buffer, self.watch)
        task = asyncio.create_task(dispatch.run())
        try:
            while self.taken() < self.scrapes:
                await asyncio.sleep(0.02)
                assert not task.done(), task.exception()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            shown = {one.metric.name: int(one.value) for one in dispatch.samples()}
            self.sent += shown["agent_push_samples_total"]
            self.bytes += shown["agent_push_bytes_total"]

    def taken(self) -> int:
        """Scrapes up to which all is taken."""
        return self.buffer.acknowledged("store").low

    def expected(self) -> dict[tuple[str, str], dict[int, float]]:
        """As a store should have it."""
        found: dict[tuple[str, str], dict[int, float]] = {}
        for scrape in self.buffer.scrapes:
            at = self.watch.time(scrape.stamp)
            assert isinstance(at, float)
            for labels, value in scrape.values.items():
                found.setdefault((labels[0][1], self.office), {})[round(at * 1000)] = value
        return found
