"""Tasks that run beside the probes: what ends them, and what does not."""

import asyncio
import logging

import pytest

from agent.tasks import started, within
from tests.fakes.time import run


async def breaks() -> None:
    raise KeyError("a defect")


def test_a_defect_is_said_with_the_tasks_name(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        task = started(breaks(), "some work")
        await asyncio.wait({task})

    run(go())
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "some work" in caplog.text


def test_an_end_on_purpose_is_no_defect(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        task = started(asyncio.sleep(60), "some work")
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait({task})

    run(go())
    assert caplog.records == []


def test_an_event_is_waited_for_and_no_longer_than_allowed() -> None:
    async def go() -> tuple[bool, bool, float]:
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        began = loop.time()
        late = await within(5, event)
        loop.call_later(1, event.set)
        return late, await within(5, event), loop.time() - began

    assert run(go()) == (False, True, 6)


def test_who_is_told_to_end_in_the_moment_of_the_event_ends() -> None:
    async def go() -> bool:
        event = asyncio.Event()

        async def wait_for_ever() -> None:
            while True:
                await within(5, event)
                event.clear()

        task = asyncio.create_task(wait_for_ever())
        await asyncio.sleep(1)
        event.set()
        task.cancel()
        await asyncio.wait({task}, timeout=60)
        return task.cancelled()

    assert run(go())
