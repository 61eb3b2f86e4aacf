"""The buffer on real disks that are full, that nobody may write to, and that break."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.buffer.durable import DurableBuffer
from agent.buffer.quota import Policy
from agent.buffer.scrape import Labels
from agent.disk import Disk
from collectors.core import Sample
from collectors.core.observed import BUFFER_FAILURES, BUFFER_LOST, BUFFER_SCRAPES
from tests.bench.buffer import DAY, wear
from tests.servers.buffer_writer import NUMBER, stamp
from tests.tools.ext4 import ext4
from tests.tools.tmpfs import tmpfs

ROOM = 8 << 20
NOISE: list[Labels] = [(("__name__", "noise"), ("index", str(index))) for index in range(300)]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    with tmpfs(tmp_path / "small", ROOM) as place:
        yield place


def values(number: int) -> dict[Labels, float]:
    """Two kilobytes of noise."""
    return {NUMBER: number, **{one: hash((number, at)) / 7 for at, one in enumerate(NOISE)}}


async def opened(folder: Path) -> DurableBuffer:
    buffer = DurableBuffer(folder, Disk())
    await buffer.open()
    await buffer.settle(Policy(), ("centre",), 0.0)
    return buffer


async def numbers(buffer: DurableBuffer) -> list[int]:
    """Of all scrapes, each of which holds what was put in."""
    found = await buffer.read(0, 1_000_000)
    assert all(one.values == values(int(one.values[NUMBER])) for one in found)
    return [int(one.values[NUMBER]) for one in found]


async def fill(buffer: DurableBuffer, numbers: range) -> list[int]:
    return [await buffer.append(stamp(number), values(number)) for number in numbers]


def told(buffer: DurableBuffer, sample: Sample) -> float:
    """The value of the sample of the same series."""
    return next(one.value for one in buffer.samples() if (one.metric, one.labels) == (sample.metric, sample.labels))


async def test_on_a_full_disk_all_that_is_there_stays_and_what_comes_waits_for_room(small: Path) -> None:
    buffer = await opened(small / "buffer")
    sequences, count = await fill(buffer, range(100)), 100
    await buffer.settle(Policy(), ("centre",), 0.0)
    (small / "somebody's").write_bytes(bytes(shutil.disk_usage(small).free - 8192))
    while not told(buffer, BUFFER_FAILURES(0, reason="full")):
        sequences += await fill(buffer, range(count, count + 20))
        count += 20
    assert count > 400, "the reserve was there for this"
    sequences += await fill(buffer, range(count, count + 50))
    assert told(buffer, BUFFER_SCRAPES(0, place="memory")) > 0
    assert await numbers(buffer) == list(range(count + 50))

    again = await opened(small / "buffer")
    there = await numbers(again)
    assert there == list(range(len(there)))
    await again.close()

    await buffer.acknowledge("centre", 1, sequences[200])
    await fill(buffer, range(count + 50, count + 51))
    assert told(buffer, BUFFER_SCRAPES(0, place="memory")) == 0
    left = await numbers(buffer)
    assert left == list(range(left[0], count + 51))
    assert left[0] <= 201
    assert told(buffer, BUFFER_LOST(0, reason="dropped")) == told(buffer, BUFFER_LOST(0, reason="thinned")) == 0
    await buffer.close()
    assert (await numbers(await opened(small / "buffer"))) == left


async def test_on_a_disk_that_is_read_only_it_opens_reads_and_goes_on_in_memory(tmp_path: Path) -> None:
    with ext4(tmp_path) as disk:
        first = await opened(disk.place / "buffer")
        await fill(first, range(50))
        await first.close()
        *_, segment = sorted((disk.place / "buffer").glob("*.segment"))
        with segment.open("ab") as file:
            file.write(b"torn")
        disk.read_only(True)
        buffer = await opened(disk.place / "buffer")
        await fill(buffer, range(50, 60))
        assert await numbers(buffer) == list(range(60))
        assert told(buffer, BUFFER_FAILURES(0, reason="read_only")) >= 10
        disk.read_only(False)
        await fill(buffer, range(60, 61))
        assert told(buffer, BUFFER_SCRAPES(0, place="memory")) == 0
        await buffer.close()
        assert await numbers(await opened(disk.place / "buffer")) == list(range(61))


async def test_on_a_disk_that_breaks_it_goes_on_in_memory(tmp_path: Path) -> None:
    with ext4(tmp_path) as disk:
        buffer = await opened(disk.place / "buffer")
        await fill(buffer, range(50))
        disk.cut()
        await fill(buffer, range(50, 60))
        assert told(buffer, BUFFER_FAILURES(0, reason="error")) >= 10
        assert set(range(50, 60)) <= set(await numbers(buffer))
        await buffer.close()
        disk.power_up()
        assert await numbers(await opened(disk.place / "buffer")) == list(range(50))


def test_a_scrape_costs_a_card_about_a_block_not_four(tmp_path: Path) -> None:
    """5,100 bytes were measured, 29 MB a day; the rest is room for what a busy kernel journals meanwhile."""
    with ext4(tmp_path) as disk:
        assert wear(disk, 480) / DAY < 8000
