"""What an outage costs to make good: requests and bytes, on which a slow line depends."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from agent.buffer.scrape import Stamp
from agent.disk import Disk
from agent.uplink.answer import Headers
from agent.uplink.courier import Courier
from agent.uplink.dispatch import Dispatch
from agent.uplink.line import Posted
from agent.uplink.packing import Packing
from agent.uplink.uplink import habits
from agent.uplink.watch import Watch
from collectors.core.push import Compression, Destination, Push
from collectors.core.values import Url
from tests.bench.scrapes import EVERY, SERIES, scrapes
from tests.fakes.buffer import FakeBuffer
from tests.fakes.time import run
from tests.fakes.uplink import FakeClocks, truth

HOURS = 4
COUNT = round(HOURS * 3600 / EVERY)


class Scales:
    """A receiver that weighs what it is sent, two seconds each."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def post(self, headers: Headers, body: bytes) -> Posted:
        await asyncio.sleep(2.0)
        self.sizes.append(len(body))
        date = format_datetime(datetime.fromtimestamp(truth(), UTC), usegmt=True)
        return Posted(204, (("Date", date),), seconds=2.0)

    def close(self) -> None: ...


async def made_good(compression: Compression) -> tuple[Scales, int]:
    """The receiver after two minutes, and how many samples it has taken."""
    clocks, buffer, scales = FakeClocks(), FakeBuffer(), Scales()
    watch = Watch(clocks, None, Disk())
    await watch.begin(None)
    now = watch.stamp()
    for number, (_, values) in enumerate(scrapes(COUNT)):
        back = EVERY * (COUNT - number)
        await buffer.append(Stamp(now.boot, now.monotonic - back, now.wall - back), values)
    to = Destination(Url("https://centre.example.vn/api/v1/write"), compression=compression)
    courier = Courier(habits(to, Push({"centre": to}), "office"), lambda: 0.5, watch.uptime())
    dispatch = Dispatch("centre", 0, scales, Packing(to), courier, buffer, watch)
    task = asyncio.create_task(dispatch.run())
    await asyncio.sleep(120)
    task.cancel()
    return scales, buffer.acknowledged("centre").low * SERIES


@pytest.mark.parametrize(("compression", "most"), [(Compression.SNAPPY, 5.9), (Compression.ZSTD, 2.9)])
def test_an_outage_is_made_good_with_few_requests_and_few_bytes(compression: Compression, most: float) -> None:
    """72 hours then take 15.3 or 7.5 MB: at 256 kbit/s eight minutes, or four."""
    scales, taken = run(made_good(compression))
    assert taken == COUNT * SERIES
    assert sum(scales.sizes) / taken < most
    assert len(scales.sizes) <= COUNT / 80 + 6  # the trial, those of the present, a rest
