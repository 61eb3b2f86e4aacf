"""The SNMP adapter against agents that do what real cards have been seen to do, and against no agent at all."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

import pytest
from pysnmp.proto import rfc1902

from agent.io.snmp import SnmpAdapter
from agent.io.snmp.conversation import SYS_UP_TIME
from collectors.core import ProbeError, Reason
from collectors.core.ports import Oid, SnmpAgent, SnmpValue
from tests.fakes.snmp_wire import Behaviour, Request, wire_agent
from tests.lab.snmpd import free_udp_port

OBJECTS: dict[Oid, SnmpValue] = {f"1.3.6.1.2.1.33.1.2.{number}.0": number for number in range(1, 8)}
WANTED = tuple(OBJECTS)
UP_TIME = {SYS_UP_TIME: rfc1902.TimeTicks(4711)}
GEN_ERR, TOO_BIG, NO_SUCH_NAME = 5, 1, 2


@pytest.fixture
async def adapter() -> AsyncIterator[SnmpAdapter]:
    adapter = SnmpAdapter()
    yield adapter
    await adapter.close()


def well_behaved(request: Request) -> bytes:
    return request.answer({**OBJECTS, **UP_TIME})


async def failure(adapter: SnmpAdapter, agent: SnmpAgent, timeout: float = 1) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        await adapter.get(agent, WANTED, timeout)
    assert agent.community.reveal() not in caught.value.message
    return caught.value


# --- limits that are learnt -------------------------------------------------------------------------------------------


async def test_an_agent_that_ignores_all_but_single_objects_is_read_one_by_one(adapter: SnmpAdapter) -> None:
    def singles_only(request: Request) -> bytes | None:
        return well_behaved(request) if len(request.oids) == 1 else None

    async with wire_agent(singles_only) as (wire, agent):
        assert await adapter.get(agent, WANTED, 10) == OBJECTS
        wire.requests.clear()
        assert await adapter.get(agent, WANTED, 10) == OBJECTS
        assert {len(request.oids) for request in wire.requests} == {1}, "what was learnt is remembered"


async def test_a_request_that_is_too_big_is_halved_until_it_fits(adapter: SnmpAdapter) -> None:
    def three_at_most(request: Request) -> bytes:
        fits = len(request.oids) <= 3
        return well_behaved(request) if fits else request.answer({}, status=TOO_BIG)

    async with wire_agent(three_at_most) as (wire, agent):
        assert await adapter.get(agent, WANTED, 5) == OBJECTS
        wire.requests.clear()
        await adapter.get(agent, WANTED, 5)
        assert max(len(request.oids) for request in wire.requests) <= 3


def failing_because_of(culprit: Oid, status: int, *, named: bool = True) -> Behaviour:
    """An agent that fails a whole request because of one object, and says or does not say because of which."""

    def behave(request: Request) -> bytes:
        if culprit not in request.oids:
            return well_behaved(request)
        return request.answer({**OBJECTS, **UP_TIME}, status, request.oids.index(culprit) + 1 if named else 0)

    return behave


async def test_version_1_leaves_out_the_missing_object_and_remembers_it(adapter: SnmpAdapter) -> None:
    missing = WANTED[3]
    rest = {oid: value for oid, value in OBJECTS.items() if oid != missing}
    async with wire_agent(failing_because_of(missing, NO_SUCH_NAME)) as (wire, agent):
        assert await adapter.get(replace(agent, version="1"), WANTED, 5) == rest
        wire.requests.clear()
        assert await adapter.get(replace(agent, version="1"), WANTED, 5) == rest
        assert [request.oids for request in wire.requests] == [tuple(rest), (missing,)], "asked again, but by itself"


async def test_an_object_that_appears_later_is_found(adapter: SnmpAdapter) -> None:
    async with wire_agent(failing_because_of(WANTED[3], NO_SUCH_NAME)) as (wire, agent):
        await adapter.get(replace(agent, version="1"), WANTED, 5)
        wire.behave = well_behaved
        assert await adapter.get(replace(agent, version="1"), WANTED, 5) == OBJECTS


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("version", ["1", "2c"])
async def test_one_object_with_a_general_error_costs_only_itself(
    adapter: SnmpAdapter, version: Literal["1", "2c"], named: bool
) -> None:
    culprit = WANTED[5]
    async with wire_agent(failing_because_of(culprit, GEN_ERR, named=named)) as (_, agent):
        found = await adapter.get(replace(agent, version=version), WANTED, 5)
    assert found == {oid: value for oid, value in OBJECTS.items() if oid != culprit}


async def test_null_is_absent(adapter: SnmpAdapter) -> None:
    nulls = {WANTED[0]: rfc1902.Null("")}
    async with wire_agent(lambda request: request.answer({**OBJECTS, **UP_TIME, **nulls})) as (_, agent):
        assert WANTED[0] not in await adapter.get(agent, WANTED, 5)


async def test_numbers_keep_their_value_whatever_their_type(adapter: SnmpAdapter) -> None:
    typed = {
        WANTED[0]: rfc1902.Gauge32(4_000_000_000),
        WANTED[1]: rfc1902.Counter64(2**63),
        WANTED[2]: rfc1902.TimeTicks(12),
        WANTED[3]: rfc1902.OctetString("12"),
        WANTED[4]: rfc1902.IpAddress("10.0.0.5"),
        WANTED[5]: rfc1902.Opaque(b"\x9f\x78\x04\x41\xd0\x00\x00"),
        WANTED[6]: rfc1902.ObjectIdentifier("1.3.6.1"),
    }
    async with wire_agent(lambda request: request.answer({**UP_TIME, **typed})) as (_, agent):
        assert list((await adapter.get(agent, WANTED, 5)).values()) == [
            4_000_000_000, 2**63, 12, b"12", bytes((10, 0, 0, 5)), b"\x9f\x78\x04\x41\xd0\x00\x00", "1.3.6.1",
        ]  # fmt: skip


async def test_answers_to_other_questions_are_not_taken(adapter: SnmpAdapter) -> None:
    def renamed(request: Request) -> bytes:
        other = replace(request, oids=tuple(f"{oid}.1" for oid in request.oids))
        return other.answer({f"{oid}.1": 99 for oid in request.oids})

    async with wire_agent(renamed) as (_, agent):
        assert await adapter.get(agent, WANTED, 5) == {}


# --- no answer, or none that makes sense ------------------------------------------------------------------------------


async def test_a_slow_card_is_waited_for(adapter: SnmpAdapter) -> None:
    async with wire_agent(well_behaved) as (wire, agent):
        wire.delay = 0.8
        assert await adapter.get(agent, WANTED, 12) == OBJECTS
        assert len(wire.requests) == 2, "a slow answer is no reason to ask again"


async def test_a_card_known_to_be_slow_is_given_the_time_that_it_needs(adapter: SnmpAdapter) -> None:
    async with wire_agent(well_behaved) as (wire, agent):
        wire.delay = 1.0
        await adapter.get(agent, WANTED, 8)
        wire.requests.clear()
        assert await adapter.get(agent, WANTED, 2.5) == OBJECTS
        assert len(wire.requests) == 1


async def test_a_poll_too_short_for_a_slow_card_does_not_make_it_a_stranger(adapter: SnmpAdapter) -> None:
    async with wire_agent(well_behaved) as (wire, agent):
        wire.delay = 1.0
        await adapter.get(agent, WANTED, 8)
        await failure(adapter, agent, 0.6)
        wire.requests.clear()
        await adapter.get(agent, WANTED, 8)
        assert [request.oids for request in wire.requests] == [WANTED], "no greeting, no narrower requests"


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
        return request.answer({**OBJECTS, **UP_TIME}, identifier=request.identifier ^ 1)

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


async def test_a_name_that_does_not_resolve_says_so(adapter: SnmpAdapter) -> None:
    error = await failure(adapter, SnmpAgent("ups.office.invalid"))
    assert error.reason is Reason.DNS
    assert "ups.office.invalid" in error.message


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


async def test_a_walk_ends_when_the_agent_goes_in_circles(adapter: SnmpAdapter) -> None:
    root = "1.3.6.1.2.1.33.1.6.2.1.2"

    def circling(request: Request) -> bytes:
        return replace(request, oids=(f"{root}.1",)).answer({f"{root}.1": 1})

    async with wire_agent(circling) as (_, agent):
        assert await adapter.walk(agent, root, 24, 5) == {f"{root}.1": 1}
