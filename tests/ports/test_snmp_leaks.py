"""Hundreds of polls, a tenth of them failing: descriptors and tasks stay as they were."""

import asyncio
import gc
from pathlib import Path

import pytest

from agent.io.snmp import SnmpAdapter
from collectors.core import ProbeError
from collectors.core.ports import SnmpAgent
from tests.fakes.snmp_wire import Request, wire_agent

CHARGE = "1.3.6.1.2.1.33.1.2.4.0"
UP_TIME = "1.3.6.1.2.1.1.3.0"


def answering(request: Request) -> bytes:
    return request.answer({CHARGE: 77, UP_TIME: 1})


def held() -> tuple[int, int]:
    """Open descriptors and living tasks."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir())), len(asyncio.all_tasks())


async def test_polls_hold_nothing_open_afterwards() -> None:
    adapter = SnmpAdapter()
    async with wire_agent(answering) as (_, agent), wire_agent(lambda _: None) as (_, silent):

        async def round_of_polls() -> None:
            await asyncio.gather(*(adapter.get(agent, (CHARGE,), 5) for _ in range(9)))
            with pytest.raises(ProbeError):
                await adapter.get(silent, (CHARGE,), 0.2)

        await round_of_polls()
        before = held()
        for _ in range(25):  # the silent agent makes the adapter rebuild its engine every few rounds
            await round_of_polls()
        assert held() == before
        await adapter.close()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1


async def test_a_closed_adapter_has_closed_its_sockets_and_timers() -> None:
    before = held()
    adapter = SnmpAdapter()
    async with wire_agent(answering) as (_, agent):
        await asyncio.gather(
            *(adapter.get(SnmpAgent(agent.host, agent.port, version), (CHARGE,), 5) for version in ("1", "2c"))
        )
        await adapter.close()
    await asyncio.sleep(0)
    assert held() == before


async def test_closing_an_adapter_that_was_never_used_is_fine() -> None:
    await SnmpAdapter().close()


async def test_closing_while_a_poll_waits_ends_within_the_polls_own_time() -> None:
    adapter = SnmpAdapter()
    asked = asyncio.Event()
    async with wire_agent(lambda _: asked.set()) as (_, agent):
        poll = asyncio.create_task(adapter.get(agent, (CHARGE,), 1))
        await asked.wait()
        await adapter.close()
        with pytest.raises(ProbeError):
            await poll
