"""What is put into the buffer: everything on the page, with its owner, and the end of what has left it."""

import asyncio
import struct
from itertools import pairwise

from agent.disk import Disk
from agent.uplink.recorder import Recorder
from agent.uplink.series import STALE
from agent.uplink.watch import Watch
from collectors.core import Sample
from collectors.core.observed import AGENT_START, AGENT_TRAPS
from tests.fakes.buffer import FakeBuffer
from tests.fakes.time import run
from tests.fakes.uplink import FakeClocks

OFFICE = {"province": "04", "commune": "01273", "office": "01273-1"}
START = (("__name__", "agent_start_time_seconds"), ("commune", "01273"), ("office", "01273-1"), ("province", "04"))


def recorded(*pages: tuple[Sample, ...], every: float = 15.0) -> FakeBuffer:
    """One look at each of these pages, the last of them again and again."""

    async def go() -> FakeBuffer:
        buffer, left = FakeBuffer(), list(pages)
        watch = Watch(FakeClocks(), None, Disk())
        await watch.begin(None)
        page = lambda: left.pop(0) if len(left) > 1 else left[0]  # noqa: E731
        task = asyncio.create_task(Recorder(page, OFFICE, every, buffer, watch).run())
        await asyncio.sleep(every * (len(pages) + 0.5))
        task.cancel()
        return buffer

    return run(go())


def test_everything_on_the_page_is_kept_with_its_owner_every_fifteen_seconds() -> None:
    buffer = recorded((AGENT_START(5),), (AGENT_START(5),), (AGENT_START(5),))
    assert [dict(scrape.values) for scrape in buffer.scrapes] == [{START: 5.0}] * len(buffer.scrapes)
    moments = [scrape.stamp.monotonic for scrape in buffer.scrapes]
    assert {later - one for one, later in pairwise(moments)} == {15.0}


def test_of_two_samples_of_one_series_the_first_is_kept_as_on_the_page() -> None:
    assert dict(recorded((AGENT_START(5), AGENT_START(6))).scrapes[0].values) == {START: 5.0}


def test_a_series_that_leaves_the_page_is_over_at_once_and_only_once() -> None:
    trap = AGENT_TRAPS(1, result="accepted")
    first, second, third, *_ = recorded((AGENT_START(5), trap), (AGENT_START(5),), (AGENT_START(5),)).scrapes
    (gone,) = first.values.keys() - {START}
    assert struct.pack("<d", second.values[gone]) == struct.pack("<d", STALE)
    assert gone not in third.values
    assert second.values[START] == 5.0
