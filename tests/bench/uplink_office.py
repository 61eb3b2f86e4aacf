"""An office after an outage: fills a buffer on disk with so many hours, goes on measuring, and sends all of it.

A program of its own, so that it can stand behind a shaped line. Prints one JSON object when the backlog is gone.
"""

import argparse
import asyncio
import json
import random
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from agent.buffer.durable import DurableBuffer
from agent.buffer.scrape import Labels, Stamp
from agent.disk import Disk
from agent.io.line import HttpLine
from agent.uplink.courier import Courier
from agent.uplink.dispatch import Dispatch
from agent.uplink.packing import Packing
from agent.uplink.uplink import habits
from agent.uplink.watch import Watch
from collectors.core.push import Destination, Push
from collectors.core.values import Url
from tests.bench.scrapes import EVERY, scrapes
from tests.servers.backlog import LongRunning

NAME = "centre"


class Office:
    """`first`: when the outage began, in seconds of the boot."""

    def __init__(self, folder: Path, to: Destination, hours: float) -> None:
        self._watch = Watch(LongRunning(), None, Disk())
        self._buffer = DurableBuffer(folder, Disk())
        self._to, self._count = to, round(hours * 3600 / EVERY)
        self._measured = scrapes(1 << 30)
        self._stamps: dict[int, Stamp] = {}
        self.latest = 0.0  # seconds by which the newest figure at the store was late, at worst

    async def run(self) -> dict[str, float]:
        """What it took."""
        await self._buffer.open()
        await self._watch.begin(None)
        begun = self._watch.stamp()
        for back in range(self._count, 0, -1):
            await self._measure(Stamp(begun.boot, begun.monotonic - EVERY * back, begun.wall - EVERY * back))
        size = sum(one.value for one in self._buffer.samples() if one.metric.name == "agent_buffer_bytes")
        push = Push({NAME: self._to})
        courier = Courier(habits(self._to, push, NAME), random.random, self._watch.uptime())
        line = HttpLine(self._to, "bench")
        dispatch = Dispatch(NAME, 0, line, Packing(self._to), courier, self._buffer, self._watch)
        tasks = [asyncio.create_task(work) for work in (dispatch.run(), self._go_on())]
        started, used = time.monotonic(), _cpu()
        while self._behind() > 600 / EVERY:
            await asyncio.sleep(0.1)
            if time.monotonic() - started > 90:
                self._note_lateness()
        seconds = time.monotonic() - started
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._buffer.close()
        shown = {one.metric.name: one.value for one in dispatch.samples()}
        return {
            "seconds": seconds, "cpu": _cpu() - used, "buffer_bytes": size, "latest": self.latest,
            "samples": shown["agent_push_samples_total"], "bytes": shown["agent_push_bytes_total"],
        }  # fmt: skip

    async def _measure(self, stamp: Stamp) -> None:
        values: dict[Labels, float] = next(self._measured)[1]
        self._stamps[await self._buffer.append(stamp, values)] = stamp

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._measure(self._watch.stamp())

    def _behind(self) -> int:
        return max(self._stamps) - self._buffer.acknowledged(NAME).low

    def _note_lateness(self) -> None:
        top = self._stamps.get(self._buffer.acknowledged(NAME).top)
        if top:
            self.latest = max(self.latest, self._watch.uptime() - top.monotonic)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(argv: Sequence[str]) -> int:
    """Exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.uplink_office", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=72)
    parser.add_argument("--share", type=float, default=0.5)
    for name in ("--ca", "--certificate", "--key"):
        parser.add_argument(name, default="", help="a PEM file")
    found = parser.parse_args(argv)
    to = Destination(Url(found.url), share=found.share, ca_file=found.ca, certificate=found.certificate, key=found.key)
    print(json.dumps(asyncio.run(Office(found.folder, to, found.hours).run())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
