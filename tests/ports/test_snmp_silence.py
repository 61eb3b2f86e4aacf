"""The SNMP adapter where no answer comes, or none that makes sense: what it says, when, and that it lives on."""

import asyncio
import os
import random
import resource
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from agent.io.resolver import Resolver
from agent.io.snmp import SnmpAdapter
from collectors.core import ProbeError, Reason
from collectors.core.ports import SnmpAgent
from collectors.core.values import HostPort
from tests.fakes.snmp_wire import OBJECTS, UP_TIME, WANTED, Request, well_behaved, wire_agent
from tests.lab.snmpd import free_udp_port
from tests.servers.names import holding, name_server

TOO_BIG = 1


@pytest.fixture
async def adapter() -> AsyncIterator[SnmpAdapter]:
    adapter = SnmpAdapter()
    yield adapter
    await adapter.close()


async def failure(adapter: SnmpAdapter, agent: SnmpAgent, timeout: float = 1) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        await adapter.get(agent, WANTED, timeout)
    assert agent.community.reveal() not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x30\x82\xff\xff\x02\x01\x01",
        b"\x30\x03\x02\x01\x07",
        bytes(1400),
        b"\x30" * 64,
    ],
    ids=["zero", "http", "endless length", "version 7", "zeros", "nested"],
)
async def test_garbage_is_a_bad_answer(adapter: SnmpAdapter, garbage: bytes) -> None:
    async with wire_agent(lambda _: garbage) as (_, agent):
        error = await failure(adapter, agent)
    assert error.reason is Reason.BAD_ANSWER
    assert "no SNMP answer to our question" in error.message


async def test_truncated_answers_are_bad_answers(adapter: SnmpAdapter) -> None:
    async with wire_agent(lambda request: well_behaved(request)[:-3]) as (_, agent):
        assert (await failure(adapter, agent)).reason is Reason.BAD_ANSWER


async def test_answers_with_a_wrong_request_number_are_bad_answers(adapter: SnmpAdapter) -> None:
    def mixed_up(request: Request) -> bytes:
        return request.answer({**OBJECTS, **UP_TIME}, identifier=request.identifier ^ 0x400000)

    async with wire_agent(mixed_up) as (_, agent):
        assert (await failure(adapter, agent)).reason is Reason.BAD_ANSWER


@pytest.mark.parametrize("seed", range(5))
async def test_any_damage_to_answers_is_survived(adapter: SnmpAdapter, seed: int) -> None:
    chance = random.Random(seed)
    defects: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: defects.append(context))

    def damaged(request: Request) -> list[bytes]:
        right = well_behaved(request)
        return [*(_damaged(right, chance) for _ in range(60)), right]

    async with wire_agent(damaged) as (_, agent):
        for version in ("1", "2c"):
            with suppress(ProbeError):
                await adapter.get(replace(agent, version=version), WANTED, 2)
    assert not defects


def _damaged(answer: bytes, chance: random.Random) -> bytes:
    letters = bytearray(answer)
    for _ in range(chance.randint(1, 4)):
        letters[chance.randrange(len(letters))] = chance.randrange(256)
    return bytes(letters[: chance.randint(1, len(letters))] if chance.random() < 0.3 else letters)


async def test_after_garbage_the_same_agent_is_read_again(adapter: SnmpAdapter) -> None:
    async with wire_agent(lambda _: b"\x30\x84\xff") as (wire, agent):
        for _ in range(4):
            await failure(adapter, agent, 1)
        wire.behave = well_behaved
        assert await adapter.get(agent, WANTED, 5) == OBJECTS


async def test_silence_names_both_of_its_causes(adapter: SnmpAdapter) -> None:
    async with wire_agent(lambda _: None) as (_, agent):
        error = await failure(adapter, agent)
    assert error.reason is Reason.NO_ANSWER
    assert error.message == f"no answer: nobody listens on 127.0.0.1:{agent.port} or the community is wrong"


async def test_a_closed_port_is_told_from_a_silent_host(adapter: SnmpAdapter) -> None:
    agent = SnmpAgent("127.0.0.1", free_udp_port())
    error = await failure(adapter, agent)
    assert error.reason is Reason.REFUSED
    assert f"UDP port {agent.port} is closed" in error.message


async def test_an_address_without_a_route_is_unreachable(adapter: SnmpAdapter) -> None:
    error = await failure(adapter, SnmpAgent("255.255.255.255"))
    assert error.reason is Reason.UNREACHABLE


def first_free_descriptor() -> int:
    """With the limit there nothing more can be opened, even where closed ones have left gaps below the highest."""
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


async def test_a_machine_without_descriptors_says_so_and_recovers(adapter: SnmpAdapter) -> None:
    async with wire_agent(well_behaved) as (_, agent):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (first_free_descriptor(), hard))
        try:
            error = await failure(adapter, agent)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert error.reason is Reason.PERMISSION
        assert "cannot open a UDP socket" in error.message
        assert await adapter.get(agent, WANTED, 5) == OBJECTS


async def test_a_name_that_does_not_resolve_says_so(adapter: SnmpAdapter) -> None:
    error = await failure(adapter, SnmpAgent("ups.office.invalid"))
    assert error.reason is Reason.DNS
    assert "ups.office.invalid" in error.message


async def test_a_dead_name_server_holds_no_thread_and_a_name_keeps_its_last_address() -> None:
    address, alive = holding(A=("127.0.0.1",)), True
    async with (
        name_server(lambda question: address(question) if alive else None) as port,
        wire_agent(well_behaved) as (_, agent),
    ):
        adapter = SnmpAdapter(resolver=Resolver([HostPort("127.0.0.1", port)]))
        named = replace(agent, host="ups.office.test")
        assert await adapter.get(named, WANTED, 5) == OBJECTS
        before, alive = threading.active_count(), False
        assert await adapter.get(named, WANTED, 5) == OBJECTS
        assert (await failure(adapter, replace(agent, host="other.office.test"))).reason is Reason.DNS
        assert threading.active_count() == before
        await adapter.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_names_and_addresses_are_asked_alike(adapter: SnmpAdapter, host: str) -> None:
    async with wire_agent(well_behaved) as (_, agent):
        assert await adapter.get(replace(agent, host=host), WANTED, 5) == OBJECTS


async def test_the_deadline_holds_for_the_whole_poll_and_not_for_each_request(adapter: SnmpAdapter) -> None:
    def one_at_a_time(request: Request) -> bytes:
        return well_behaved(request) if len(request.oids) == 1 else request.answer({}, status=TOO_BIG)

    started = asyncio.get_running_loop().time()
    async with wire_agent(one_at_a_time) as (wire, agent):
        wire.delay = 0.2
        with pytest.raises(ProbeError):
            await adapter.get(agent, [f"{oid}.{row}" for oid in WANTED for row in range(20)], 1)
    assert asyncio.get_running_loop().time() - started < 10, "it would have taken 28 s"


async def test_a_poll_without_a_free_slot_says_why_it_was_not_made() -> None:
    adapter = SnmpAdapter(in_flight=1)
    async with wire_agent(lambda _: None) as (_, silent), wire_agent(well_behaved) as (_, agent):
        first = asyncio.create_task(failure(adapter, silent, 2))
        await asyncio.sleep(0)
        error = await failure(adapter, agent, 0.5)
        await first
    await adapter.close()
    assert error.reason is Reason.TIMEOUT
    assert "kept us waiting" in error.message


async def test_a_cancelled_poll_leaves_nothing_behind(adapter: SnmpAdapter) -> None:
    asked = asyncio.Event()
    async with wire_agent(lambda _: asked.set()) as (wire, agent):
        poll = asyncio.create_task(adapter.get(agent, WANTED, 10))
        await asked.wait()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        wire.behave = well_behaved
        assert await adapter.get(agent, WANTED, 5) == OBJECTS
