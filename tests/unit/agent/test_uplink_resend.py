"""What was taken is given back where somebody asks for it: exactly that, and only from whom it is meant for."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.buffer.scrape import Stamp
from agent.uplink.resend import FILE, Request, Resender, ask
from agent.uplink.timeline import Unknown
from tests.fakes.buffer import FakeBuffer

LABELS = (("__name__", "up"),)


def time_of(stamp: Stamp) -> float | Unknown:
    """Of the third scrape nobody knows when it was."""
    return Unknown.NEVER if stamp.monotonic == 3 else 1000 + stamp.monotonic


async def filled(count: int = 200) -> FakeBuffer:
    buffer = FakeBuffer()
    for number in range(1, count + 1):
        await buffer.append(Stamp("boot", number, 0), {LABELS: 1.0})
    for name in ("centre", "spare"):
        await buffer.acknowledge(name, 1, count)
    return buffer


def waiting(buffer: FakeBuffer, name: str) -> list[int]:
    taken = buffer.acknowledged(name)
    return [scrape.sequence for scrape in buffer.scrapes if scrape.sequence not in taken]


async def test_what_lies_between_two_times_is_sent_again_to_whom_it_is_meant_for(tmp_path: Path) -> None:
    buffer = await filled()
    resender = Resender(tmp_path, buffer, time_of, ("centre", "spare"))
    await resender.resend(Request(1002, 1006, "centre"))
    assert waiting(buffer, "centre") == [2, 4, 5]
    assert waiting(buffer, "spare") == []
    await resender.resend(Request(1190, 9999))
    assert waiting(buffer, "spare") == list(range(190, 201))


async def test_the_running_agent_finds_the_request_and_takes_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.uplink.resend._LOOK", 0.001)
    buffer = await filled(10)
    task = asyncio.create_task(Resender(tmp_path, buffer, time_of, ("centre", "spare")).run())
    ask(tmp_path, Request(1001, 1003, "spare"))
    async with asyncio.timeout(20):
        while waiting(buffer, "spare") != [1, 2]:
            await asyncio.sleep(0.001)
    task.cancel()
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"since": "x"}', '{"since": NaN, "until": 1, "receiver": ""}', "\xff"]
)
async def test_a_request_that_makes_no_sense_is_taken_away_and_changes_nothing(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.uplink.resend._LOOK", 0.001)
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    buffer = await filled(10)
    task = asyncio.create_task(Resender(tmp_path, buffer, time_of, ("centre",)).run())
    async with asyncio.timeout(20):
        while (tmp_path / FILE).exists():
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()
    assert waiting(buffer, "centre") == []


def test_a_request_is_a_file_of_one_object(tmp_path: Path) -> None:
    ask(tmp_path, Request(1, 2, "centre"))
    assert json.loads((tmp_path / FILE).read_text()) == {"since": 1, "until": 2, "receiver": "centre"}
