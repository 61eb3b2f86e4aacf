"""What was taken is given back where somebody asks for it: exactly that, and only from whom it is meant for."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from agent.buffer.scrape import Stamp
from agent.uplink.resend import SUFFIX, Request, Resender, ask
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


def requests(folder: Path) -> list[Path]:
    return list(folder.glob("*" + SUFFIX))


async def test_what_lies_between_two_times_is_sent_again_to_whom_it_is_meant_for(tmp_path: Path) -> None:
    buffer = await filled()
    resender = Resender(tmp_path, buffer, time_of, ("centre", "spare"))
    await resender.resend(Request(1002, 1006, "centre"))
    assert waiting(buffer, "centre") == [2, 4, 5]
    assert waiting(buffer, "spare") == []
    await resender.resend(Request(1190, 9999))
    assert waiting(buffer, "spare") == list(range(190, 201))


async def test_the_running_agent_finds_each_request_and_takes_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.uplink.resend._LOOK", 0.001)
    buffer = await filled(10)
    task = asyncio.create_task(Resender(tmp_path, buffer, time_of, ("centre", "spare")).run())
    ask(tmp_path, Request(1001, 1003, "spare"))
    ask(tmp_path, Request(1006, 1008, "spare"))
    async with asyncio.timeout(20):
        while waiting(buffer, "spare") != [1, 2, 6, 7]:
            await asyncio.sleep(0.001)
    task.cancel()
    assert requests(tmp_path) == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"since": "x"}', '{"since": NaN, "until": 1, "receiver": ""}', "\xff"]
)
async def test_a_request_that_makes_no_sense_is_taken_away_and_changes_nothing(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.uplink.resend._LOOK", 0.001)
    request = tmp_path / f"one{SUFFIX}"
    request.write_text(text, encoding="latin-1")
    buffer = await filled(10)
    task = asyncio.create_task(Resender(tmp_path, buffer, time_of, ("centre",)).run())
    async with asyncio.timeout(20):
        while request.exists():
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()
    assert waiting(buffer, "centre") == []


def test_a_request_is_a_file_of_one_object(tmp_path: Path) -> None:
    ask(tmp_path, Request(1, 2, "centre"))
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text()) == {"since": 1, "until": 2, "receiver": "centre"}


def test_a_request_that_root_has_left_can_be_read_by_the_agent(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        ask(tmp_path, Request(1, 2))
    finally:
        os.umask(before)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o644
