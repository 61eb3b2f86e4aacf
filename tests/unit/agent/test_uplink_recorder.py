"""What is put into the buffer: everything on the page, with its owner, and the end of what has left it."""

import asyncio
import struct
from collections.abc import Mapping
from itertools import pairwise

from agent.buffer.scrape import Labels, Scrape, Stamp
from agent.disk import Disk
from agent.uplink.recorder import Recorder
from agent.uplink.series import STALE
from agent.uplink.watch import Watch
from collectors.core import Sample
from collectors.core.observed import AGENT_START, AGENT_TRAPS, BUFFER_LOST
from tests.fakes.buffer import FakeBuffer
from tests.fakes.time import run
from tests.fakes.uplink import FakeClocks

OFFICE = {"province": "04", "commune": "01273", "office": "01273-1"}
NUMBER, SAMPLES = "agent_scrape_number", "agent_scrape_samples"
START = (("__name__", "agent_start_time_seconds"), ("commune", "01273"), ("office", "01273-1"), ("province", "04"))


def own(name: str) -> Labels:
    return (("__name__", name), *START[1:])


def page_of(scrape: Scrape) -> dict[Labels, float]:
    """Without what a look says of itself."""
    return {key: value for key, value in scrape.values.items() if key not in (own(NUMBER), own(SAMPLES))}


def recorded(*pages: tuple[Sample, ...], every: float = 15.0, buffer: FakeBuffer | None = None) -> FakeBuffer:
    """One look at each of these pages, the last of them again and again."""
    kept = buffer or FakeBuffer()

    async def go() -> FakeBuffer:
        buffer, left = kept, list(pages)
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
    assert [page_of(scrape) for scrape in buffer.scrapes] == [{START: 5.0}] * len(buffer.scrapes)
    moments = [scrape.stamp.monotonic for scrape in buffer.scrapes]
    assert {later - one for one, later in pairwise(moments)} == {15.0}


def test_of_two_samples_of_one_series_the_first_is_kept_as_on_the_page() -> None:
    assert page_of(recorded((AGENT_START(5), AGENT_START(6))).scrapes[0]) == {START: 5.0}


def test_a_series_that_leaves_the_page_is_over_at_once_and_only_once() -> None:
    trap = AGENT_TRAPS(1, result="accepted")
    first, second, third, *_ = recorded((AGENT_START(5), trap), (AGENT_START(5),), (AGENT_START(5),)).scrapes
    (gone,) = page_of(first).keys() - {START}
    assert struct.pack("<d", second.values[gone]) == struct.pack("<d", STALE)
    assert gone not in third.values
    assert second.values[START] == 5.0


class HangingBuffer(FakeBuffer):
    """Takes nothing until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = asyncio.Event()

    async def append(self, stamp: Stamp, values: Mapping[Labels, float]) -> int:
        await self.let.wait()
        return await super().append(stamp, values)


def after_a_hang(seconds: float) -> tuple[HangingBuffer, Recorder]:
    """A disk that hangs for so long, a look each 15 s, and what is there a minute later."""

    async def go() -> tuple[HangingBuffer, Recorder]:
        buffer, watch = HangingBuffer(), Watch(FakeClocks(), None, Disk())
        await watch.begin(None)
        recorder = Recorder(lambda: (AGENT_START(5),), OFFICE, 15.0, buffer, watch)
        task = asyncio.create_task(recorder.run())
        await asyncio.sleep(seconds)
        buffer.let.set()
        await asyncio.sleep(60)
        task.cancel()
        return buffer, recorder

    return run(go())


def test_a_disk_that_hangs_costs_no_look() -> None:
    buffer, recorder = after_a_hang(200)
    moments = [scrape.stamp.monotonic for scrape in buffer.scrapes]
    assert {later - one for one, later in pairwise(moments)} == {15.0}
    assert list(recorder.samples()) == [BUFFER_LOST(0, reason="hung")]


def test_what_a_disk_that_hangs_too_long_costs_is_counted_and_seen_by_the_numbers() -> None:
    buffer, recorder = after_a_hang(3000)
    (lost,) = (int(sample.value) for sample in recorder.samples())
    numbers = [int(scrape.values[own(NUMBER)]) for scrape in buffer.scrapes]
    assert lost > 100
    assert numbers[-1] == len(numbers) + lost
    assert buffer.scrapes[-1].stamp.monotonic > buffer.scrapes[0].stamp.monotonic + 3000


def test_each_look_says_its_number_and_how_much_a_store_should_hold_of_it() -> None:
    trap = AGENT_TRAPS(1, result="accepted")
    first, second, *_ = recorded((AGENT_START(5), trap), (AGENT_START(5),)).scrapes
    assert [scrape.values[own(NUMBER)] for scrape in (first, second)] == [1, 2]
    assert [scrape.values[own(SAMPLES)] for scrape in (first, second)] == [4, 3]  # a stale marker is no sample


def test_the_number_goes_on_after_a_restart() -> None:
    buffer = recorded((AGENT_START(5),))
    before = len(buffer.scrapes)
    recorded((AGENT_START(6),), buffer=buffer)
    assert [scrape.values[own(NUMBER)] for scrape in buffer.scrapes] == list(range(1, len(buffer.scrapes) + 1))
    assert len(buffer.scrapes) > before
