"""What every buffer does, the real one and the fake."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.buffer.durable import DurableBuffer
from agent.buffer.port import Buffer
from agent.buffer.ranges import Ranges
from agent.buffer.scrape import Labels, Refused, Stamp
from agent.disk import Disk
from tests.fakes.buffer import FakeBuffer

UP: Labels = (("__name__", "up"), ("office", "x"))
LOAD: Labels = (("__name__", "load"), ("office", "x"))


@pytest.fixture(params=["fake", "disk", "memory"])
async def buffer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Buffer]:
    folder = tmp_path / "buffer" if request.param == "disk" else None
    one: Buffer = FakeBuffer() if request.param == "fake" else DurableBuffer(folder, Disk())
    await one.open()
    yield one
    await one.close()


def stamp(number: int) -> Stamp:
    return Stamp("boot", 100.0 + 15 * number, 1_800_000_000.0 + 15 * number)


async def filled(buffer: Buffer, count: int) -> list[int]:
    return [await buffer.append(stamp(number), {UP: 1.0, LOAD: number / 3}) for number in range(count)]


async def test_an_empty_buffer_has_nothing(buffer: Buffer) -> None:
    assert await buffer.read(0, 10) == ()
    assert await buffer.newest() == 0
    assert buffer.acknowledged("centre") == Ranges()


async def test_what_was_put_in_comes_out_in_order_and_whole(buffer: Buffer) -> None:
    sequences = await filled(buffer, 100)
    assert sequences == sorted(set(sequences))
    assert await buffer.newest() == sequences[-1]
    found = await buffer.read(0, 1000)
    assert [scrape.sequence for scrape in found] == sequences
    assert [scrape.stamp for scrape in found] == [stamp(number) for number in range(100)]
    assert [dict(scrape.values) for scrape in found] == [{UP: 1.0, LOAD: number / 3} for number in range(100)]


async def test_reading_goes_on_where_it_ended(buffer: Buffer) -> None:
    sequences = await filled(buffer, 100)
    found: list[int] = []
    while part := await buffer.read(found[-1] if found else 0, 7):
        assert len(part) <= 7
        found += [scrape.sequence for scrape in part]
    assert found == sequences


async def test_a_series_that_comes_and_goes_is_there_only_when_it_was(buffer: Buffer) -> None:
    looks: list[dict[Labels, float]] = [{UP: 1.0}, {UP: 1.0, LOAD: 2.0}, {LOAD: 2.0}, {}, {UP: 0.0}]
    for number, look in enumerate(looks):
        await buffer.append(stamp(number), look)
    assert [dict(scrape.values) for scrape in await buffer.read(0, 10)] == looks


async def test_each_destination_has_taken_its_own(buffer: Buffer) -> None:
    sequences = await filled(buffer, 10)
    await buffer.acknowledge("centre", sequences[0], sequences[4])
    await buffer.acknowledge("spare", sequences[8], sequences[9])
    assert sequences[4] in buffer.acknowledged("centre")
    assert sequences[5] not in buffer.acknowledged("centre")
    assert [one in buffer.acknowledged("spare") for one in sequences] == [False] * 8 + [True] * 2


async def test_what_is_taken_back_is_to_be_sent_again_and_still_there(buffer: Buffer) -> None:
    sequences = await filled(buffer, 10)
    await buffer.acknowledge("centre", sequences[0], sequences[-1])
    await buffer.take_back("centre", sequences[3], sequences[5])
    assert [one for one in sequences if one not in buffer.acknowledged("centre")] == sequences[3:6]
    assert [scrape.sequence for scrape in await buffer.read(sequences[2], 3)] == sequences[3:6]


async def test_whole_scrapes_that_are_refused_are_not_sent_again_one_series_of_them_is_only_noted(
    buffer: Buffer,
) -> None:
    sequences = await filled(buffer, 4)
    await buffer.quarantine(Refused("centre", sequences[1], sequences[1], UP, "out of bounds"))
    assert sequences[1] not in buffer.acknowledged("centre")
    await buffer.quarantine(Refused("centre", sequences[1], sequences[2], None, "out of bounds"))
    assert [one in buffer.acknowledged("centre") for one in sequences] == [False, True, True, False]


async def test_what_is_not_there_yet_cannot_be_taken(buffer: Buffer) -> None:
    sequences = await filled(buffer, 3)
    await buffer.acknowledge("centre", sequences[0], sequences[-1] + 100)
    assert buffer.acknowledged("centre").top == sequences[-1]
    (new,) = await filled(buffer, 1)
    assert new not in buffer.acknowledged("centre")
